"""Which questions had no answer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bot.insights.groups import Encoder, Unanswered, UnansweredGroup, group_questions
from bot.insights.nearest import Index, Nearest
from bot.insights.period import Period
from bot.insights.sample import Reservoir
from bot.insights.source import Progress, Source
from bot.insights.subjects import asks, covered
from bot.insights.turns import NO_KIND, Part, Turn, items_of
from bot.knowledge import KnowledgeBase, current
from bot.knowledge.places import places_in
from bot.language.personal_details.masking import Masker
from bot.settings import Settings, SettingsError

MOST_QUESTIONS = 20_000
"""Of more unanswered questions than this, as many are drawn at random."""

FALLBACK = "nlu_fallback"
_NOT_ANSWERED = frozenset({"declined", "off_topic", "clarify"})


def unanswered(
    database: str | None = None,
    period: Period | None = None,
    knowledge: KnowledgeBase | None = None,
    encoder: Encoder | None = None,
    progress: Progress | None = None,
    index: Index | None = None,
    folder: Path | None = None,
) -> list[UnansweredGroup]:
    """The questions of the period (default: the last 30 days) that had no answer, grouped, the largest group first.

    ``database`` is the address of the store as in TRACKER_DB_URL, which is the default; ``knowledge``, ``encoder``
    and ``index`` default to the bot's own, as does ``folder``, where the files of ``knowledge`` are. Examples have
    personal details masked. Raises InsightsError if the store cannot be read.
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
    places = places_in(folder or current.knowledge_folder())
    find = Nearest(kb, lambda: index or default_index(kb))
    return group_questions(
        sample.items, kb, encoder or default_encoder(), find, Masker(words for _, _, words in kb.phrases()), places
    )


def unanswered_in(turn: Turn, sender: int) -> Iterator[Unanswered]:
    """The questions of a turn that had no answer, by the kind of the reply that is stored with it.

    Buttons ask nothing in people's own words. An answer in parts leaves those questions open that are nearer to what no
    source covers than to a fact; so does one whose kind was not recorded. Nobody's distress is a question.
    """
    if turn.payload or turn.distress:
        return
    for part in turn.parts:
        alone = turn.kind == "partial" and len(turn.parts) == 1
        if turn.kind in _NOT_ANSWERED or alone or (turn.kind in ("partial", "") and _is_open(part)):
            yield Unanswered(part, turn.kind or NO_KIND, sender)


def _is_open(part: Part) -> bool:
    if not part.candidates:
        return part.intent.startswith(("uncovered_", "offtopic_")) or part.intent == FALLBACK
    return asks(part) and 2 * covered(part) < sum(share for _, share in part.candidates)


def default_encoder() -> Encoder:
    """The bot's own sentence encoder."""
    # Imported here: its libraries take a second, and callers may bring an encoder of their own.
    from bot.language.encoder import shared_encoder

    return shared_encoder()


def default_index(kb: KnowledgeBase) -> Index:
    """The index of the newest trained model; see :func:`bot.language.candidates.index_of`."""
    from bot.language.candidates import index_of

    try:
        models = Settings.from_environment(only=("MODEL",)).model_files()
    except SettingsError:
        models = []
    return index_of(kb, models)
