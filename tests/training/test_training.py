import gzip
import io
import tarfile
from pathlib import Path

import pytest

from bot.model_files import is_whole, newest_whole
from bot.training import INPUTS, TrainingError, current_model, fingerprint, train


def write_model(file: Path, name: str = "metadata.json") -> None:
    """An archive as Rasa writes it, with nothing to load in it."""
    with tarfile.open(file, "w:gz") as archive:
        content = b'{"trained": "never"}' * 40
        member = tarfile.TarInfo(name)
        member.size = len(content)
        archive.addfile(member, io.BytesIO(content))


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
    write_model(model)
    assert train(project) == (model, False)
    assert model.stat().st_mode & 0o077 == model.parent.stat().st_mode & 0o077 == 0


def test_a_model_that_is_damaged_is_trained_again(project: Path) -> None:
    model = current_model(project)
    model.parent.mkdir()
    model.write_bytes(b"")
    # There is nothing to train from here, which only a training can find out.
    with pytest.raises(TrainingError):
        train(project)


def test_only_a_whole_file_is_a_model(tmp_path: Path) -> None:
    whole = tmp_path / "whole.tar.gz"
    write_model(whole)
    content = whole.read_bytes()
    assert is_whole(whole)
    damaged = tmp_path / "damaged.tar.gz"
    assert not is_whole(damaged)
    for size in range(len(content)):
        damaged.write_bytes(content[:size])
        assert not is_whole(damaged), size
    for place in range(content.index(b"whole.tar\0") + 10, len(content)):
        altered = content[:place] + bytes([content[place] ^ 64]) + content[place + 1 :]
        damaged.write_bytes(altered)
        assert not is_whole(damaged) or gzip.decompress(altered) == gzip.decompress(content), place
    write_model(damaged, "something.json")
    assert not is_whole(damaged)
    assert newest_whole([damaged, whole]) == whole
    assert newest_whole([damaged]) == damaged


def test_a_failure_says_what_rasa_said(project: Path) -> None:
    with pytest.raises(TrainingError, match="Rasa says"):
        train(project)
