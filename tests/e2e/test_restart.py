"""A conversation goes on where it was after the server was stopped and started again."""

from pathlib import Path

from bot.training import train
from evaluation.server import PROJECT, Conversation, live_bot


def test_a_conversation_survives_a_restart(tmp_path: Path) -> None:
    train(PROJECT)
    settings = {"STATE_DIR": str(tmp_path / "state")}
    with live_bot(settings) as url:
        Conversation(url, "visitor").ask("what tools do ML engineers use?")
    with live_bot(settings) as url:
        _, custom = Conversation(url, "visitor").ask("and AI?")
    assert custom["topics"] == ["tools"]
    assert custom["roles"] == ["ai_engineer"]
