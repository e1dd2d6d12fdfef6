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

import re
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

# Read in this order: "you did not answer what I asked, that is plainly wrong" is foremost about the question.
_IN_WORDS = (
    ("not_asked", r"not what i (?:asked|meant|wanted)|(?:did not|didn't|not) answer|answered? (?:a|another|something)"
     r"|asked (?:something|for something)|mis(?:sed|ses) the point|misunder\w+|misread|off topic|irrelevant"
     r"|not (?:an|my) (?:answer|question)|ignored"),
    ("too_long", r"too (?:long|much|wordy)|long[- ]?winded|wall of text|(?:shorter|briefer)|essay|rambl\w+"),
    ("outdated", r"out ?dated|out of date|not up to date|old (?:info\w*|news|data)|years old|obsolete|stale"),
    ("wrong", r"wrong|incorrect|not (?:right|true|correct)|false|isn't (?:right|true|correct)|mistake\w*|error|nonsense"
     r"|contradict\w*|inaccurate"),
)  # fmt: skip
_PATTERNS = tuple((reason, re.compile(rf"\b(?:{words})\b", re.IGNORECASE)) for reason, words in _IN_WORDS)


def reason_in(text: str) -> str:
    """The reason that a complaint gives in its words; "other" where it gives none of them."""
    return next((reason for reason, pattern in _PATTERNS if pattern.search(text)), "other")


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
