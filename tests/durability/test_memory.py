"""What the server keeps in memory about a conversation, and that it goes."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from bot.channels.personal_data import PersonalData, personal_data_of
from bot.channels.replies import Replies, Reply


async def answer() -> Reply:
    return [{"text": str(object())}]


async def test_a_kept_reply_is_given_again_until_it_is_forgotten() -> None:
    replies = Replies()
    first, other = [await replies.once((sender, "1"), answer) for sender in ("visitor", "other")]
    assert await replies.once(("visitor", "1"), answer) == first
    await replies.forget("visitor")
    assert await replies.once(("visitor", "1"), answer) != first
    assert await replies.once(("other", "1"), answer) == other


async def test_a_reply_is_not_kept_for_long() -> None:
    replies = Replies(seconds=0.01)
    await replies.once(("visitor", "1"), answer)
    await asyncio.sleep(0.05)
    assert not replies._tasks


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
