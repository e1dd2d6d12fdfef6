"""What the server keeps in memory about a conversation, and that it goes."""

from types import SimpleNamespace
from typing import Any

import pytest

from bot.channels.personal_data import PersonalData, personal_data_of


async def test_the_other_places_are_erased_if_one_fails(caplog: pytest.LogCaptureFixture) -> None:
    erased: list[str] = []

    async def fails(_: str) -> None:
        raise ConnectionError("what somebody wrote")

    async def works(sender: str) -> None:
        erased.append(sender)

    places = PersonalData()
    places.register("one", fails)
    places.register("two", works)
    with pytest.raises(ConnectionError):
        await places.forget("visitor")
    assert erased == ["visitor"]
    assert "visitor could not be erased from one (ConnectionError)." in caplog.text
    assert "what somebody wrote" not in caplog.text


def test_all_parts_of_a_server_register_in_one_place() -> None:
    context: Any = SimpleNamespace()
    assert personal_data_of(context) is personal_data_of(context)
