import asyncio

import pytest

from bot.channels.replies import Replies, Reply


async def test_replies_are_made_once_and_the_oldest_are_dropped() -> None:
    made = []

    async def answer() -> Reply:
        made.append(1)
        return [{"text": str(len(made))}]

    replies = Replies(kept=2)
    first = await replies.once(("a", "1"), answer)
    assert await replies.once(("a", "1"), answer) == first
    for number in "23":
        await replies.once(("a", number), answer)
    assert await replies.once(("a", "1"), answer) != first
    await replies.forget("a")
    assert await replies.once(("a", "1"), answer) == [{"text": "5"}]


async def test_the_work_goes_on_when_the_client_is_gone() -> None:
    free = asyncio.Event()

    async def answer() -> Reply:
        await free.wait()
        return [{"text": "done"}]

    replies = Replies()
    client = asyncio.create_task(replies.once(("a", "1"), answer))
    await asyncio.sleep(0)
    client.cancel()
    with pytest.raises(asyncio.CancelledError):
        await client
    free.set()
    assert await replies.once(("a", "1"), answer) == [{"text": "done"}]
