"""The same sentence has the same embedding, and leads to the same decision, on processors of other generations."""

import os
import platform
import shutil
import subprocess
import sys
from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest

from bot.language.encoder import Vectors
from bot.language.softmax import Scores
from tests.nlu.elsewhere import SENTENCES, embedded_and_decided

PROJECT = Path(__file__).resolve().parents[2]
SCRIPT = PROJECT / "tests" / "nlu" / "elsewhere.py"
# With 8-bit products for AVX2 but none for VNNI, and with neither.
PROCESSORS = ["Haswell", "Nehalem"]


@lru_cache(maxsize=1)
def here() -> tuple[Vectors, Scores]:
    return embedded_and_decided()


def emulated(processor: str, result: Path) -> tuple[Vectors, Scores]:
    """What :func:`here` gives, on an emulated processor."""
    emulator = shutil.which("qemu-x86_64")
    if platform.machine() != "x86_64":
        pytest.skip("programs of this processor cannot be run on an emulated x86-64")
    if not emulator:
        reason = "not installed: qemu-user (as root: scripts/services.sh)"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    # A forced kind of processor would have numpy run instructions that the emulated one lacks.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("OPENBLAS_")}
    command = [emulator, "-cpu", processor, sys.executable, "-W", "ignore", str(SCRIPT), str(result)]
    environment["PYTHONPATH"] = str(PROJECT)
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    with np.load(result) as found:
        return found["embeddings"], found["probabilities"]


@pytest.mark.parametrize("processor", PROCESSORS)
def test_processors_agree(processor: str, tmp_path: Path) -> None:
    embeddings, probabilities = here()
    others, other_probabilities = emulated(processor, tmp_path / "result.npz")
    for sentence, one, other in zip(SENTENCES, embeddings, others, strict=True):
        assert float(one @ other) >= 0.9995, sentence
    # A classifier trained there decides there as one trained here decides here.
    assert np.array_equal(probabilities.argmax(axis=1), other_probabilities.argmax(axis=1))
    assert np.allclose(probabilities, other_probabilities, atol=0.01)


def test_the_number_of_threads_changes_nothing_that_counts() -> None:
    embeddings, probabilities = here()
    others, other_probabilities = embedded_and_decided(threads=2)
    assert np.all((embeddings * others).sum(axis=1) >= 0.9999)
    assert np.allclose(probabilities, other_probabilities, atol=0.01)
