"""Every place of this process that keeps something about a conversation, so that all of it can be erased at once."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Any

from bot.channels.conversations import erase

Forget = Callable[[str], Awaitable[object]]
logger = logging.getLogger(__name__)


class PersonalData:
    """Places by name, each with a coroutine function that erases what it keeps about a conversation id."""

    def __init__(self) -> None:
        self._places: dict[str, Forget] = {}

    def register(self, place: str, forget: Forget) -> None:
        """Have ``forget`` called with each conversation that is to be erased; doing so again replaces it."""
        self._places[place] = forget

    async def forget(self, sender: str) -> None:
        """Erase a conversation in every place. Where one fails the others are erased, then its error is raised."""
        failed: Exception | None = None
        for place, forget in self._places.items():
            try:
                await forget(sender)
            except Exception as error:
                logger.error("%s could not be erased from %s (%s).", sender, place, type(error).__name__)
                failed = failed or error
        if failed:
            raise failed


def personal_data_of(context: Any) -> PersonalData:
    """The places of a Sanic app, by its ``app.ctx``; the tracker store of ``app.ctx.agent`` is one of them."""
    found = getattr(context, "personal_data", None)
    if isinstance(found, PersonalData):
        return found

    async def forget(sender: str) -> None:
        await erase(context.agent, sender)

    made = context.personal_data = PersonalData()
    made.register("the tracker store", forget)
    return made
