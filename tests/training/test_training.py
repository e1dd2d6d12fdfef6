from pathlib import Path

import pytest

from bot.training import INPUTS, TrainingError, current_model, fingerprint, train


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name in INPUTS:
        path = tmp_path / name
        if path.suffix:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("a: 1\n")
        else:
            path.mkdir(parents=True, exist_ok=True)
            (path / "file.yml").write_text("b: 2\n")
    return tmp_path


def test_the_fingerprint_follows_contents_and_names(project: Path) -> None:
    before = fingerprint(project)
    assert fingerprint(project) == before
    (project / "data" / "file.yml").write_text("b: 3\n")
    changed = fingerprint(project)
    (project / "data" / "file.yml").rename(project / "data" / "other.yml")
    assert len({before, changed, fingerprint(project)}) == 3


def test_files_that_no_model_is_made_from_do_not_count(project: Path) -> None:
    before = fingerprint(project)
    (project / "data" / "notes.txt").write_text("x")
    (project / "README.md").write_text("x")
    assert fingerprint(project) == before


def test_a_model_is_of_the_sources_that_are_chosen(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = fingerprint(project)
    monkeypatch.setenv("SOURCES", "article, survey")
    chosen = fingerprint(project)
    monkeypatch.setenv("SOURCES", "survey,article,survey")
    assert fingerprint(project) == chosen != whole
    monkeypatch.setenv("SOURCES", " , ")
    assert fingerprint(project) == whole


def test_a_model_that_is_there_is_not_trained_again(project: Path) -> None:
    model = current_model(project)
    model.parent.mkdir()
    model.write_bytes(b"model")
    assert train(project) == (model, False)


def test_a_failure_says_what_rasa_said(project: Path) -> None:
    with pytest.raises(TrainingError, match="Rasa says"):
        train(project)
