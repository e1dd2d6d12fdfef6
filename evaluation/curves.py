"""``python -m evaluation.curves``: the curves from which the thresholds were chosen, written to docs/curves.md.

Questions: tests/nlu/questions.yml, written apart from the training data. For each threshold of the intent classifier
the table tells how many questions of ours keep the right intent, and how many off-topic messages would be taken for a
question of ours. For each threshold of the fact index it tells how many facts are found by their own bullet, and how
many off-topic messages find a fact.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from bot.knowledge.current import knowledge
from bot.training import train

PROJECT = Path(__file__).resolve().parents[1]
QUESTIONS = PROJECT / "tests" / "nlu" / "questions.yml"
TARGET = PROJECT / "docs" / "curves.md"


def examples(path: Path) -> Iterator[tuple[str, str]]:
    """(text, intent) of each example of an NLU file without annotations."""
    for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
        for line in block["examples"].splitlines():
            if line.startswith("- "):
                yield line[2:], block["intent"]


def intents(parsed: list[tuple[dict[str, Any], str]]) -> list[str]:
    """Rows of the table for the classifier's threshold."""
    rows = [
        "| threshold | questions with the right intent | off-topic messages taken for a question |",
        "| --- | --- | --- |",
    ]
    ours = [(q, intent) for q, intent in parsed if intent.startswith(("ask_", "uncovered_"))]
    foreign = [q for q, intent in parsed if intent.startswith("offtopic_")]
    for step in range(2, 13):
        threshold = step * 0.05
        right = sum(q["ranking"][0][0] == i and q["ranking"][0][1] >= threshold for q, i in ours)
        taken = sum(q["ranking"][0][0].startswith("ask_") and q["ranking"][0][1] >= threshold for q in foreign)
        rows.append(f"| {threshold:.2f} | {100 * right / len(ours):.1f} % | {100 * taken / len(foreign):.1f} % |")
    return rows


def facts(found: list[list[tuple[str, float]]], wanted: list[str], foreign: list[float]) -> list[str]:
    """Rows of the table for the fact index's threshold."""
    rows = ["| threshold | facts found by their bullet | off-topic messages with a fact |", "| --- | --- | --- |"]
    for step in range(4, 15):
        threshold = step * 0.05
        right = sum(
            any(fact == want and score >= threshold for fact, score in hits[:3])
            for hits, want in zip(found, wanted, strict=True)
        )
        taken = sum(score >= threshold for score in foreign)
        rows.append(f"| {threshold:.2f} | {100 * right / len(wanted):.1f} % | {100 * taken / len(foreign):.1f} % |")
    return rows


async def measure(model: Path) -> str:
    """Parse everything with the model and return the page."""
    from rasa.core.agent import Agent

    agent = Agent.load(str(model))
    parsed = []
    for text, intent in examples(QUESTIONS):
        result = await agent.parse_message(text)
        if result.get("questions"):
            parsed.append((result["questions"][0], intent))
    known = knowledge().facts
    found = [(await agent.parse_message(fact.point))["questions"][0]["facts"] for fact in known.values()]
    foreign = [q["facts"][0][1] for q, intent in parsed if intent.startswith("offtopic_")]
    lines = [
        "# How the thresholds were chosen",
        "",
        f"Written by `make nlu-curve` on {date.today().isoformat()} with {model.name}.",
        "",
        f"## Intent classifier: `threshold` in config.yml ({len(parsed)} questions)",
        "",
        *intents(parsed),
        "",
        "Chosen: 0.15. What falls below is not lost: it is read by its likeliest kind or by the fact index.",
        "",
        f"## Fact index: `CLEAR` (0.42) and `_NEAR` (0.33) in bot/advice ({len(known)} facts)",
        "",
        *facts(found, list(known), foreign),
        "",
        "From 0.42 on a fact is told, from 0.33 on it is offered (Did you mean ...), below that it is declined.",
        "",
    ]
    return "\n".join(lines)


def main() -> int:
    """Write the page and print it."""
    model, _ = train(PROJECT)
    page = asyncio.run(measure(model))
    TARGET.write_text(page, encoding="utf-8")
    print(page)
    return 0


if __name__ == "__main__":
    sys.exit(main())
