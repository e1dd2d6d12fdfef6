"""Where the last answer comes from: who published what and when, its licence, how it was checked, and where it is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timezone

from bot.advice.answer import Answer, Bullets, Part, Text
from bot.advice.case import Case
from bot.advice.followups import last_facts
from bot.advice.wording import ids, join, roles_of, topics_of
from bot.knowledge import Fact, KnowledgeBase, Source

_TOLD = 3
"""Of more sources than this only the first are told in full; all of them stand under the answer."""


def source(case: Case) -> Answer:
    """Where the last answer comes from; without one, where everything does."""
    kb, facts = case.kb, last_facts(case.kb, case.context) if case.context.fresh else []
    parts = _origins(kb, facts) if facts else (_everything(kb),)
    return Answer("answer" if facts else "smalltalk", parts, ids(facts), roles_of(facts, kb), topics_of(facts))


def _everything(kb: KnowledgeBase) -> Text:
    first, *others = kb.sources.values()
    beyond = ""
    if len(others) > 1:
        beyond = (
            f" What is beyond it comes from {len(others)} statistics, surveys and guides; each answer names its own."
        )
    return Text(f"It comes from {_named(first)}.{beyond}")


def _origins(kb: KnowledgeBase, facts: Sequence[Fact]) -> tuple[Part, ...]:
    sections: dict[str, dict[str, None]] = {}
    for fact in facts:
        sections.setdefault(fact.source, {})[fact.section] = None
    sources = [kb.sources[name] for name in sections]
    if len(sources) == 1:
        used = f"The part used here: {join(list(sections[sources[0].id]))}."
        return (Text(" ".join([f"It comes from {_named(sources[0])}.", used, *_details(sources[0])])),)
    told = sources[:_TOLD]
    # What was checked in the same way is said to be so once.
    together = {origin.checked for origin in told} if len({origin.checked for origin in told}) == 1 else set()
    items = tuple(
        " ".join([f"{_cited(s)}: {join(list(sections[s.id]))}.", *_details(s, checked=not together)]) for s in told
    )
    after = [*(check for check in together if check)]
    if more := len(sources) - len(told):
        after.append("One more is named below." if more == 1 else f"{more} more are named below.")
    parts: tuple[Part, ...] = (Text(f"It comes from {len(sources)} sources:"), Bullets(items))
    return (*parts, Text(" ".join(after))) if after else parts


def _named(origin: Source) -> str:
    return f"the article {_cited(origin)}" if origin.kind == "article" else _cited(origin)


def _cited(origin: Source) -> str:
    day = origin.edition or origin.date.strftime("%B %-d, %Y")
    return f'"{origin.title}" ({origin.publisher}, {day}{_since(origin)})'


def _since(origin: Source) -> str:
    if origin.outdated_from is None or not origin.is_outdated(datetime.now(timezone.utc).date()):
        return ""
    return f"; out of date since {origin.outdated_from.strftime('%B %-d, %Y')}"


def _details(origin: Source, checked: bool = True) -> list[str]:
    """Licence, check and link, as far as the knowledge base has them; the link last, where no full stop spoils it."""
    return [
        *([f"Licence: {origin.licence}."] if origin.licence else []),
        *([origin.checked] if checked and origin.checked else []),
        *([f"Link: {origin.url}"] if origin.url else []),
    ]
