"""Where an answer is from: each source once with sections, publisher and date, and what its licence asks to be said.

Addresses come from the knowledge base, which takes http and https only; nothing that a person wrote gets in here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timezone
from typing import Any

from bot.advice import Answer
from bot.knowledge import Fact, KnowledgeBase, Source

_SECTIONS = 3
"""Of more sections than this only the first are named."""

_NEXT = "; "
"""Stands between two sources of the same publisher and date."""

Span = tuple[str, str | None]
"""Some text, and the address that it links to."""


@dataclass(frozen=True)
class Citation:
    """A source with the sections that an answer draws on; ``outdated_from`` where it is out of date."""

    source: Source
    sections: tuple[str, ...]
    outdated_from: date | None = None

    @property
    def published(self) -> str:
        """Publisher, and the edition or else the date."""
        return f"{self.source.publisher} · {edition_of(self.source)}{since(self.outdated_from)}"


@dataclass(frozen=True)
class Credits:
    """What stands under an answer: a line for each publisher and date, and the credit lines of licences."""

    lines: tuple[tuple[Span, ...], ...]
    credits: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """All of it in one line without addresses."""
        lines = ". ".join("".join(text for text, _ in line) for line in self.lines)
        return " ".join([f"{self.heading}: {lines}{'.' if self.credits else ''}", *self.credits])

    @property
    def heading(self) -> str:
        """ "Source", or "Sources" of several."""
        several = len(self.lines) > 1 or any(text == _NEXT for line in self.lines for text, _ in line)
        return "Sources" if several else "Source"

    def to_dict(self) -> dict[str, Any]:
        """The neutral part ``source`` of an answer (see docs/architecture.md)."""
        lines = [[list(span) for span in line] for line in self.lines]
        return {
            "type": "source",
            "text": self.text,
            "heading": self.heading,
            "lines": lines,
            "credits": [*self.credits],
        }


def today() -> date:
    """The day it is, UTC."""
    return datetime.now(timezone.utc).date()


def citations(kb: KnowledgeBase, facts: Iterable[Fact], day: date | None = None) -> list[Citation]:
    """Each source of the facts once, in order; ``day`` (default: today) decides whether it is out of date."""
    day = day or today()
    sections: dict[str, dict[str, None]] = {}
    for fact in facts:
        sections.setdefault(fact.source, {})[fact.section] = None
    found = [(kb.sources[name], tuple(named)) for name, named in sections.items()]
    return [Citation(s, named, s.outdated_from if s.is_outdated(day) else None) for s, named in found]


def credits_of(kb: KnowledgeBase, answer: Answer, day: date | None = None) -> Credits | None:
    """What stands under the answer; None for one without facts."""
    by_edition: dict[str, list[Citation]] = {}
    cited = citations(kb, (kb.facts[fact] for fact in answer.facts), day)
    for each in cited:
        by_edition.setdefault(each.published, []).append(each)
    if not cited:
        return None
    lines = tuple((*_titles(group), (f" · {published}", None)) for published, group in by_edition.items())
    return Credits(lines, tuple(dict.fromkeys(each.source.credit for each in cited if each.source.credit)))


def _titles(group: Sequence[Citation]) -> Iterator[Span]:
    for number, each in enumerate(group):
        if number:
            yield _NEXT, None
        yield each.source.title, each.source.url
        yield f", {_brief(each.sections)}", None


def entries(kb: KnowledgeBase, answer: Answer, day: date | None = None) -> list[dict[str, Any]]:
    """The envelope's ``sources``: an entry for each source and section; what a source does not have is left out."""
    found = []
    for each in citations(kb, (kb.facts[fact] for fact in answer.facts), day):
        source = each.source
        more = {
            "url": source.url,
            "edition": source.edition,
            "geography": source.geography,
            "kind": source.kind,
            "licence": source.licence,
            "credit": source.credit,
            "outdated_from": each.outdated_from.isoformat() if each.outdated_from else None,
        }
        for section in each.sections:
            entry = {"title": source.title, "publisher": source.publisher, "date": source.date.isoformat()}
            found.append({**entry, "section": section, **{name: value for name, value in more.items() if value}})
    return found


def edition_of(source: Source) -> str:
    """The edition in words where there is one, else the date."""
    return source.edition or in_words(source.date)


def since(outdated: date | None) -> str:
    """ " (out of date since March 1, 2026)", or nothing."""
    return f" (out of date since {in_words(outdated)})" if outdated else ""


def in_words(day: date) -> str:
    """ "June 11, 2025"."""
    return f"{day:%B} {day.day}, {day.year}"


def _brief(names: Sequence[str]) -> str:
    if len(names) <= _SECTIONS:
        return ", ".join(names)
    return f"{', '.join(names[: _SECTIONS - 1])} and {len(names) - _SECTIONS + 1} more sections"
