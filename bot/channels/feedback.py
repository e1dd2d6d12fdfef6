"""What a person thinks of an answer, in the one form in which every channel stores it.

It is kept in the conversation as an event of the tracker store: ``SlotSet("feedback", value)``, in SQL a row of
``events`` with ``type_name`` "slot" whose JSON has ``name`` "feedback", ``timestamp`` (seconds) and ``value``:

===========  =============================================================================================
rating       "up" or "down"
reason       one of :data:`REASONS` for "down", or None where none was given (yet)
facts        ids of the facts that the rated answer showed, in order; [] for a decline
message_id   the rated message: on the web "<id of the user's message>.<number>", on Slack the time stamp of the
             message, None for a rating in words, which is about the answer just before it
by           "button" or "words"
===========  =============================================================================================

A reason that follows a thumb is a second event with the same ``message_id``; the last event on a message counts.
The slot is never emptied, so every event is one act of a person.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

SLOT = "feedback"
RATINGS = ("up", "down")
MOST_FACTS = 50
LONGEST_ID = 128
REASONS = {
    "wrong": "Not correct",
    "not_asked": "Not what I asked",
    "too_long": "Too long",
    "outdated": "Out of date",
    "other": "Something else",
}
"""The reasons for a thumb down, with the words on the buttons."""

Rating = Literal["up", "down"]


def feedback(
    rating: str, facts: Sequence[str], reason: str | None = None, message_id: str | None = None, by: str = "button"
) -> dict[str, Any]:
    """The value of the slot (see the module's text); the caller has checked what came from outside."""
    return {"message_id": message_id, "facts": list(facts), "rating": rating, "reason": reason, "by": by}


def all_facts(values: Sequence[Any]) -> bool:
    """Whether these can be ids of facts, and are not too many."""
    return len(values) <= MOST_FACTS and all(_fact(value) for value in values)


def _fact(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= LONGEST_ID and value.isprintable()
