"""Which questions had no answer."""

from __future__ import annotations

from collections.abc import Iterator

from bot.insights.groups import Encoder, Unanswered, UnansweredGroup, group_questions
from bot.insights.period import Period
from bot.insights.sample import Reservoir
from bot.insights.source import Progress, Source
from bot.insights.turns import Part, Turn, items_of
from bot.knowledge import KnowledgeBase, current
from bot.language.personal_details.masking import Masker

MOST_QUESTIONS = 20_000
"""Of more unanswered questions than this, as many are drawn at random."""

FALLBACK = "nlu_fallback"


def unanswered(
    database: str | None = None,
    period: Period | None = None,
    knowledge: KnowledgeBase | None = None,
    encoder: Encoder | None = None,
    progress: Progress | None = None,
) -> list[UnansweredGroup]:
    """The questions of the period (default: the last 30 days) that had no answer, grouped, the largest group first.

    ``database`` is the address of the store as in TRACKER_DB_URL, which is the default; ``knowledge`` and ``encoder``
    default to the bot's own. Examples have personal details masked. Raises InsightsError if the store cannot be read.
    """
    period = period or Period.last_days(30)
    kb = knowledge or current.knowledge()
    sample: Reservoir[Unanswered] = Reservoir(MOST_QUESTIONS)
    conversations = Source(database).conversations(period.start, period.end, progress)
    for number, conversation in enumerate(conversations):
        for item in items_of(conversation):
            if isinstance(item, Turn):
                for question in unanswered_in(item, number):
                    sample.add(question)
    if not sample.items:
        return []
    return group_questions(
        sample.items, kb, encoder or default_encoder(), Masker(words for _, _, words in kb.phrases())
    )


def unanswered_in(turn: Turn, sender: int) -> Iterator[Unanswered]:
    """The questions of a turn that had no answer; buttons ask nothing in people's own words.

    An answer in parts leaves those questions open that were read as not covered, or as nothing the bot knows; so does
    one whose kind was not recorded.
    """
    if turn.payload:
        return
    for part in turn.parts:
        if turn.kind in ("declined", "off_topic") or (turn.kind != "smalltalk" and _open(part, turn.kind)):
            yield Unanswered(part.text, part.intent, turn.kind or "not recorded", sender)


def _open(part: Part, kind: str) -> bool:
    if not kind and part.intent.startswith("offtopic_"):
        return True
    return part.intent.startswith("uncovered_") or part.intent == FALLBACK


def default_encoder() -> Encoder:
    """The bot's own sentence encoder."""
    # Imported here: its libraries take a second, and callers may bring an encoder of their own.
    from bot.language.encoder import shared_encoder

    return shared_encoder()
