"""Questions as the pipeline hands them over, made by hand."""

import math

from bot.advice import Answer, Context, Question, reply
from bot.advice.answer import texts_of
from bot.knowledge import load_knowledge

KB = load_knowledge("data/knowledge")
AI, ML = "ai_engineer", "ml_engineer"
MAIN = tuple(KB.main_roles)


def near(*candidates: tuple[str, float]) -> tuple[tuple[str, float, float], ...]:
    """Candidates (key, probability) as the ranker gives them, with scores that say the same."""
    return tuple((key, 20 + math.log(p), p) for key, p in candidates)


def ask(
    intent: str, *, context: Context | None = None, told: tuple[Question, ...] = (), **found: object
) -> tuple[Answer, Context]:
    """What one question gets."""
    return reply(KB, [Question(intent, **found)], context or Context(), told)  # type: ignore[arg-type]


def talk(*questions: Question, context: Context | None = None) -> tuple[Answer, Context]:
    """What the last of several messages gets; the context is stored and read again between them."""
    context = context or Context()
    for question in questions:
        answer, context = reply(KB, [question], Context.from_slot(context.to_slot()))
    return answer, context


def text(answer: Answer) -> str:
    """All words of an answer."""
    return " ".join(piece for part in answer.parts for piece in texts_of(part))
