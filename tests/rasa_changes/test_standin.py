"""The stand-in for TensorFlow: inert, loud when used, and never in the way of the real one."""

import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]


def python(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env={"PATH": "/usr/bin:/bin", **environment}
    )


def test_tensorflow_is_not_installed() -> None:
    from importlib.metadata import PackageNotFoundError, distribution

    with pytest.raises(PackageNotFoundError):
        distribution("tensorflow")


def test_rasa_components_that_need_tensorflow_can_be_imported() -> None:
    done = python("import rasa.nlu.classifiers.diet_classifier as m; print(m.DIETClassifier.__name__)")
    assert done.stdout.strip() == "DIETClassifier", done.stderr[-500:]


def test_using_it_names_the_user_and_the_way_out() -> None:
    code = "import tensorflow as tf\nclass Mine:\n    def go(self): tf.zeros(3)\nMine().go()"
    done = python(code)
    assert done.returncode == 1
    assert "TensorFlowMissingError: Mine needs TensorFlow" in done.stderr
    assert "uv pip install" in done.stderr


def test_a_real_tensorflow_wins(tmp_path: Path) -> None:
    (tmp_path / "tensorflow.py").write_text("REAL = True")
    assert python("import tensorflow; print(tensorflow.REAL)", PYTHONPATH=str(tmp_path)).stdout.strip() == "True"


def test_a_missing_part_of_a_real_tensorflow_stays_missing(tmp_path: Path) -> None:
    (tmp_path / "tensorflow").mkdir()
    (tmp_path / "tensorflow" / "__init__.py").write_text("")
    done = python("import tensorflow.keras", PYTHONPATH=str(tmp_path))
    assert "ModuleNotFoundError" in done.stderr


def test_a_tensorflow_component_in_the_configuration_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "config.yml").write_text(
        "recipe: default.v1\nassistant_id: x\nlanguage: en\npipeline:\n- name: WhitespaceTokenizer\n"
        "- name: CountVectorsFeaturizer\n- name: DIETClassifier\npolicies:\n- name: RulePolicy\n"
    )
    (tmp_path / "domain.yml").write_text('version: "3.1"\nintents:\n- hi\n- bye\n')
    (tmp_path / "nlu.yml").write_text(
        'version: "3.1"\nnlu:\n- intent: hi\n  examples: |\n    - hello\n    - hi\n'
        "- intent: bye\n  examples: |\n    - bye\n    - see you\n"
    )
    rasa = Path(sys.executable).with_name("rasa")
    command = [rasa, "train", "nlu", "--nlu", "nlu.yml", "--config", "config.yml", "--domain", "domain.yml"]
    done = subprocess.run(
        command,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env={"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "RASA_TELEMETRY_ENABLED": "false"},
    )
    said = done.stdout + done.stderr
    assert done.returncode != 0
    (line,) = [line for line in said.splitlines() if "DIETClassifier" in line and "TensorFlow" in line]
    assert "DIETClassifier needs TensorFlow" in line
    assert "uv pip install 'tensorflow==2.12.0'" in line
