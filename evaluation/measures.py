"""What the scorecard says besides the suite: held-out intents, out-of-scope messages, and the looks of the channels."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bot.knowledge import KnowledgeBase
from bot.render.slack import as_messages, content_blocks
from evaluation.behaviour import Case
from evaluation.curves import QUESTIONS, examples
from evaluation.in_process import InProcessBot
from evaluation.judging import problems
from evaluation.reply import Reply

PROJECT = Path(__file__).resolve().parents[1]
OUT_OF_SCOPE = PROJECT / "evaluation" / "out_of_scope.txt"
OUT_OF_SCOPE_NEAR = PROJECT / "evaluation" / "out_of_scope_near.txt"
"""Questions that are put like ours and are about something else: "what skills does a plumber need"."""
CONTENT = frozenset({"answer", "partial", "recommendation"})
_SLACK_TEXT = 3000
_SLACK_BLOCKS = 50


@dataclass(frozen=True)
class HeldOut:
    """A question of tests/nlu/questions.yml with the intent it has and the one that was found."""

    wanted: str
    found: str
    answered: bool
    confidence: float

    @property
    def groups_agree(self) -> bool:
        """Whether questions about the subject, off-topic messages and talk were told apart."""
        return group(self.wanted) == group(self.found)


def held_out(bot: InProcessBot) -> list[HeldOut]:
    """Every held-out question, asked in a conversation of its own."""
    return [_held_out(intent, bot.conversation().ask(text)) for text, intent in examples(QUESTIONS)]


def confusions(found: Iterable[HeldOut], most: int = 10) -> list[tuple[str, str, int]]:
    """The commonest (wanted, found, how often) among wrong intents."""
    wrong = Counter((each.wanted, each.found) for each in found if each.wanted != each.found)
    return [(wanted, got, count) for (wanted, got), count in wrong.most_common(most)]


def out_of_scope(bot: InProcessBot, path: Path) -> list[HeldOut]:
    """The repository's own out-of-scope messages, one a line of ``path``, asked in the same way."""
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [_held_out("offtopic", bot.conversation().ask(line)) for line in lines]


def curve(inside: Sequence[HeldOut], outside: Sequence[HeldOut]) -> list[tuple[float, float, float]]:
    """(threshold, per cent of ours answered, per cent of others answered) if only confident readings were answered."""

    def share(items: Sequence[HeldOut], threshold: float) -> float:
        return 100 * sum(each.answered and each.confidence >= threshold for each in items) / len(items)

    return [(step / 10, share(inside, step / 10), share(outside, step / 10)) for step in range(10)]


def channel_problems(
    cases: Iterable[Case], rest: InProcessBot, console: InProcessBot, kb: KnowledgeBase
) -> Iterator[tuple[str, Case, list[str]]]:
    """(channel, case, problems) for the console and Slack looks of the replies, against the case's expectations."""
    for case in cases:
        reply = _last(case.turns, rest)
        spoken = _last(case.turns, console)
        yield (
            "console",
            case,
            [
                *problems(case, replace(reply, text=spoken.text), None, kb),
                *(f"shows markup {mark}" for mark in ("**", "| ---") if mark in spoken.text),
            ],
        )
        messages = as_messages(content_blocks(reply.text, reply.parts or None))
        shown = "\n".join(message.text for message in messages)
        too_big = [m for m in messages if len(m.blocks) > _SLACK_BLOCKS or len(m.text) > _SLACK_TEXT]
        yield (
            "Slack",
            case,
            [
                *problems(case, replace(reply, text=_unescaped(shown)), None, kb),
                *("more than a message holds" for _ in too_big),
            ],
        )


def _last(turns: tuple[str, ...], bot: InProcessBot) -> Reply:
    talk = bot.conversation()
    return [talk.ask(turn) for turn in turns][-1]


def _unescaped(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _held_out(wanted: str, reply: Reply) -> HeldOut:
    questions: list[dict[str, Any]] = reply.parse.get("questions") or []
    found = questions[0]["intent"] if reply.intent == "several_questions" and questions else reply.intent
    confidence = float(questions[0]["ranking"][0][1]) if questions else 0.0
    return HeldOut(wanted, found, reply.kind in CONTENT, confidence)


def group(intent: str) -> str:
    """What kind of message an intent is of: a question about the subject, off topic, or talk."""
    if intent.startswith("offtopic_"):
        return "off topic"
    return "question" if intent.startswith(("ask_", "uncovered_")) and intent != "ask_source" else "talk"


def passed(results: Iterable[bool]) -> tuple[int, int]:
    """(how many hold, how many there are)."""
    values = list(results)
    return sum(values), len(values)
