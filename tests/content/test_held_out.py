"""Questions that measure the bot stay out of what it is trained on."""

from pathlib import Path

import pytest

from bot.content.errors import HeldOutError
from bot.content.held_out import exact, held_out_questions, near
from bot.content.reading import examples_in

from .bases import PROJECT


def test_held_out_files_of_all_kinds_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.jsonl").write_text('{"question": "one"}\n{"turns": [{"text": "two"}]}\n')
    Path("b.txt").write_text("three\n\n")
    Path("c.yml").write_text("nlu:\n- intent: x\n  examples: |\n    - four [five](role)\n")
    Path("list.yml").write_text("files: [a.jsonl, b.txt, c.yml]\n")
    assert held_out_questions(Path("list.yml")) == ["one", "two", "three", "four five"]
    Path("list.yml").write_text("files: [gone.txt]\n")
    with pytest.raises(HeldOutError, match=r"gone\.txt"):
        held_out_questions(Path("list.yml"))


def test_no_held_out_question_is_in_the_training_data(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(PROJECT)
    questions = held_out_questions(Path("tests/held_out.yml"))
    assert len(questions) > 1000
    training = [text for text, _ in examples_in(PROJECT / "data" / "nlu.yml")]
    known = exact(training, held_out_questions(Path("tests/held_out.yml")))
    assert known == []
    assert near(["how much coffee"], ["what is the weather"]) == []
