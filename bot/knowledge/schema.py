"""The records of the knowledge base: what each YAML entry must look like."""

from __future__ import annotations

from datetime import date as Date
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, Extra, StrictBool, constr, validator

MAX_TEXT_WORDS = 40
MAX_POINT_WORDS = 12

EntityKind = Literal[
    "tool",
    "technique",
    "application",
    "industry",
    "company",
    "hardware",
    "skill",
    "workplace",
    "concept",
]

# Text is a non-empty string; numbers and booleans are rejected instead of being converted.
if TYPE_CHECKING:
    Text = str
else:
    Text = constr(strict=True, strip_whitespace=True, min_length=1)


class Record(BaseModel):
    """Anything with an id; immutable, and strict about fields that it does not know."""

    id: Text

    class Config:
        extra = Extra.forbid
        frozen = True


class Source(Record):
    """Where facts come from. From `outdated_from` on, answers say that what they draw on is out of date."""

    title: Text
    publisher: Text
    date: Date
    url: Text | None
    outdated_from: Date | None = None

    @validator("date", "outdated_from", pre=True)
    def _date_is_not_a_number(cls, value: object) -> object:
        if value is not None and not isinstance(value, (str, Date)):
            raise ValueError("must be an ISO date such as 2025-06-11")
        return value

    @validator("date", pre=True)
    def _date_is_given(cls, value: object) -> object:
        if value is None:
            raise ValueError("must be an ISO date such as 2025-06-11")
        return value

    def is_outdated(self, today: Date) -> bool:
        """Whether answers of this day have to say that the source is out of date."""
        return self.outdated_from is not None and self.outdated_from <= today


class Role(Record):
    """A job that users ask about. `short` labels columns and buttons."""

    name: Text
    plural: Text
    short: Text
    aliases: tuple[Text, ...]


class Topic(Record):
    """What can be asked about a role. `ask` is a suggestion, in which {roles} may stand."""

    name: Text
    covers: Text
    ask: Text
    aliases: tuple[Text, ...]

    @validator("ask")
    def _ask_can_be_filled_in(cls, value: str) -> str:
        try:
            value.format(roles="")
        except (LookupError, ValueError):
            raise ValueError("may hold no placeholder but {roles}") from None
        return value


class Entity(Record):
    """A thing that facts name and users ask for."""

    name: Text
    kind: EntityKind
    aliases: tuple[Text, ...]


class Fact(Record):
    """One statement of a source, in our own words.

    `text` stands alone; `point` is the same as a bullet below a heading that already names
    role and topic; the `overview` of a role and topic is the short answer to it.
    """

    roles: tuple[Text, ...]
    topic: Text
    entities: tuple[Text, ...]
    text: Text
    point: Text
    source: Text
    section: Text
    overview: StrictBool = False

    @validator("roles")
    def _has_a_role(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not value:
            raise ValueError("must name at least one role")
        return value

    @validator("text")
    def _text_is_short(cls, value: str) -> str:
        return _at_most(MAX_TEXT_WORDS, value)

    @validator("point")
    def _point_is_short(cls, value: str) -> str:
        return _at_most(MAX_POINT_WORDS, value)


class UncoveredItem(Record):
    """A thing or role that belongs to an uncovered kind, such as Python to programming."""

    name: Text
    aliases: tuple[Text, ...]


class Uncovered(Record):
    """Something that users ask for and no source says; `nearest` are topics to offer instead."""

    name: Text
    phrase: Text
    aliases: tuple[Text, ...]
    nearest: tuple[Text, ...]
    items: tuple[UncoveredItem, ...] = ()


class Pair(Record):
    """Two tasks to choose between in the fit check, each built on a fact about a single role."""

    first: Text
    first_fact: Text
    second: Text
    second_fact: Text
    tie_breaker: StrictBool = False

    @validator("first", "second")
    def _task_is_short(cls, value: str) -> str:
        return _at_most(MAX_POINT_WORDS, value)


def _at_most(limit: int, text: str) -> str:
    words = len(text.split())
    if words > limit:
        raise ValueError(f"has {words} words, at most {limit} are allowed")
    return text
