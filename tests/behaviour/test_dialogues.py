"""Conversations with a live bot, judged turn by turn (tests/behaviour/dialogues.yml)."""

from bot.knowledge import KnowledgeBase
from evaluation.dialogues import hold, load_dialogues
from evaluation.live import LiveTalk
from evaluation.suite import may_fail, thresholds


def test_dialogues(url: str, kb: KnowledgeBase) -> None:
    dialogues = load_dialogues()
    held = {dialogue.name: hold(dialogue, lambda: LiveTalk(url), kb) for dialogue in dialogues}
    wrong = {name: problems for name, problems in held.items() if problems}
    assert len(wrong) <= may_fail(thresholds()["dialogues"], len(dialogues)), wrong
