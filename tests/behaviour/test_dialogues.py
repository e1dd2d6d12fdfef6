"""Conversations with a live bot, judged turn by turn (tests/behaviour/dialogues.yml)."""

import pytest

from bot.knowledge import KnowledgeBase
from evaluation.dialogues import Dialogue, hold, load_dialogues
from evaluation.live import LiveTalk


@pytest.mark.parametrize("dialogue", load_dialogues(), ids=lambda dialogue: dialogue.name)
def test_dialogue(url: str, kb: KnowledgeBase, dialogue: Dialogue) -> None:
    assert not hold(dialogue, lambda: LiveTalk(url), kb)
