"""The records of the knowledge base: what each YAML entry must look like."""

from __future__ import annotations

import re
from datetime import date as Date
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, Extra, StrictBool, StrictInt, constr, validator

MAX_TEXT_WORDS = 40
MAX_POINT_WORDS = 14
MAX_TASK_WORDS = 12

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
    "language",
    "qualification",
    "course",
]

Lead = Literal["comparison", "definitions", "choice", "both_fit"]

SourceKind = Literal[
    "article",
    "official_statistics",
    "official_classification",
    "official_guidance",
    "industry_report",
    "research",
    "self_selected_survey",
    "practitioner_guide",
    "provider_page",
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
    """Where facts come from. From `outdated_from` on, answers say that what they draw on is out of date.

    `edition` says in words which edition it is, where the date alone would mislead; `credit` is a line that the licence
    asks for wherever the source is used; `note` is a caution ("who answers is self-selected"), `checked` how its facts
    were checked.
    """

    title: Text
    publisher: Text
    date: Date
    url: Text | None
    outdated_from: Date | None = None
    kind: SourceKind = "article"
    edition: Text | None = None
    geography: Text | None = None
    licence: Text | None = None
    credit: Text | None = None
    note: Text | None = None
    checked: Text | None = None

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

    @validator("url")
    def _url_can_be_linked(cls, value: str | None) -> str | None:
        if value is not None and not re.fullmatch(r"https?://[^\s\"'<>\\]+", value):
            raise ValueError("must start with http:// or https:// and hold no blanks, quotes or angle brackets")
        return value

    def is_outdated(self, today: Date) -> bool:
        """Whether answers of this day have to say that the source is out of date."""
        return self.outdated_from is not None and self.outdated_from <= today


class Role(Record):
    """A job that users ask about. `short` labels columns and buttons.

    A `secondary` role is answered when it is named; it is neither meant by "both roles" nor found by the fit check.
    """

    name: Text
    plural: Text
    short: Text
    aliases: tuple[Text, ...]
    secondary: StrictBool = False
    plain: Text | None = None


class Topic(Record):
    """What can be asked about a role. `ask` is a suggestion, in which {roles} may stand.

    `intent` is the intent of questions about it (`ask_` and the id, unless given), `next` are the topics to offer
    after it, `profile` says whether a portrait of a role has a line on it, `comparable` whether roles can be set side
    by side on it, `several` whether it is about all roles that work together. `caveat` is what an answer about a main
    role has to say first.
    """

    name: Text
    covers: Text
    ask: Text
    aliases: tuple[Text, ...]
    intent: str = ""
    next: tuple[Text, ...] = ()
    profile: StrictBool = False
    comparable: StrictBool = False
    several: StrictBool = False
    caveat: Text | None = None

    @validator("ask")
    def _ask_can_be_filled_in(cls, value: str) -> str:
        try:
            value.format(roles="")
        except (LookupError, ValueError):
            raise ValueError("may hold no placeholder but {roles}") from None
        return value

    @validator("intent", always=True)
    def _intent_follows_the_id(cls, value: str, values: dict[str, Any]) -> str:
        return value or f"ask_{values.get('id', '')}"


class Entity(Record):
    """A thing that facts name and users ask for."""

    name: Text
    kind: EntityKind
    aliases: tuple[Text, ...]


class Figure(BaseModel):
    """A number that a fact states, as a row of a table: what is measured of whom, and when."""

    label: Text
    measure: Text
    value: Text
    period: Text

    class Config:
        extra = Extra.forbid
        frozen = True


class Fact(Record):
    """One statement of a source, in our own words.

    `text` stands alone; `point` is the same as a bullet below a heading that already names
    role and topic; the `overview` of a role and topic is the short answer to it, `overview_for` names the roles for
    which it is that when it is not so for all. `about` is the occupation or group that the source speaks of; with
    `proxy` it stands in for our roles, for which the source has nothing. `as_of` is the year that figures describe.
    `questions` are examples of what it answers, `plain` says it to somebody who knows no technology, and `example`
    marks what can be pictured. `lead` is what it opens: a comparison of roles, the definitions of several roles, the
    advice on the choice, or the words for whom both roles fit.
    """

    roles: tuple[Text, ...]
    topic: Text
    entities: tuple[Text, ...]
    text: Text
    point: Text
    source: Text
    section: Text
    overview: StrictBool = False
    overview_for: tuple[Text, ...] = ()
    about: Text | None = None
    as_of: StrictInt | None = None
    proxy: StrictBool = False
    figures: tuple[Figure, ...] = ()
    questions: tuple[Text, ...] = ()
    plain: Text | None = None
    example: StrictBool = False
    lead: Lead | None = None

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

    @validator("overview_for")
    def _overview_is_for_its_roles(cls, value: tuple[str, ...], values: dict[str, Any]) -> tuple[str, ...]:
        if not set(value) <= set(values.get("roles", value)):
            raise ValueError("may name only roles of the fact")
        return value

    @validator("figures")
    def _figures_are_in_the_text(cls, value: tuple[Figure, ...], values: dict[str, Any]) -> tuple[Figure, ...]:
        for figure in value:
            if figure.value not in values.get("text", figure.value):
                raise ValueError(f"{figure.value!r} is not in the text")
        return value

    def is_overview_of(self, role: str) -> bool:
        """Whether it is the short answer to its topic for the role."""
        return role in (self.overview_for or (self.roles if self.overview else ()))


class UncoveredItem(Record):
    """A thing or role that belongs to an uncovered kind, such as Python to programming."""

    name: Text
    aliases: tuple[Text, ...]


class Uncovered(Record):
    """Something that users ask for and no source says; `nearest` are topics to offer instead.

    `nearest_facts` are said after it, best first; `partly` are topics of which a fact may answer a part.
    `unless_topics` and `if_topics` tie it to what is loaded: it is left out when there are facts on one of the first,
    or not on all of the second. `examples` are questions of this kind; `in_part` are questions of which another part is
    covered, so that they may stand with a fact as well. With `named`, an answer names the item that was asked for and
    not the phrase.
    """

    name: Text
    phrase: Text
    named: StrictBool = False
    aliases: tuple[Text, ...]
    nearest: tuple[Text, ...]
    nearest_facts: tuple[Text, ...] = ()
    items: tuple[UncoveredItem, ...] = ()
    partly: tuple[Text, ...] = ()
    unless_topics: tuple[Text, ...] = ()
    if_topics: tuple[Text, ...] = ()
    examples: tuple[Text, ...] = ()
    in_part: tuple[Text, ...] = ()


class Pair(Record):
    """Two tasks to choose between in the fit check, each built on a fact about a single role."""

    first: Text
    first_fact: Text
    second: Text
    second_fact: Text
    tie_breaker: StrictBool = False

    @validator("first", "second")
    def _task_is_short(cls, value: str) -> str:
        return _at_most(MAX_TASK_WORDS, value)


def _at_most(limit: int, text: str) -> str:
    words = len(text.split())
    if words > limit:
        raise ValueError(f"has {words} words, at most {limit} are allowed")
    return text
