"""``python -m evaluation.curves``: the curves from which the thresholds were chosen, written to docs/curves.md.

Questions: tests/nlu/questions.yml, written apart from the training data. For each threshold of the intent classifier
the table tells how many questions of ours keep the right intent, and how many off-topic messages would be taken for a
question of ours. For each threshold of the ranker it tells how many of our questions count as ours, and how many
off-topic messages do.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from bot.nlu.classifier import EmbeddingIntentClassifier
from bot.nlu.ranker import CandidateRanker
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


def ours(scores: list[tuple[float, str]]) -> list[str]:
    """Rows of the table for the ranker's threshold, from what speaks for each question and its intent."""
    rows = ["| threshold | our questions that count as ours | off-topic messages that do |", "| --- | --- | --- |"]
    mine = [score for score, intent in scores if intent.startswith(("ask_", "uncovered_"))]
    foreign = [score for score, intent in scores if intent.startswith("offtopic_")]
    for threshold in range(0, 25, 2):
        kept, taken = (sum(score > threshold for score in each) / len(each) for each in (mine, foreign))
        rows.append(f"| {threshold} | {100 * kept:.1f} % | {100 * taken:.1f} % |")
    return rows


async def measure(model: Path) -> str:
    """Parse everything with the model and return the page. Raises StopIteration if the model has no ranker."""
    from rasa.core.agent import Agent

    agent = Agent.load(str(model))
    nodes: Any = agent.processor.graph_runner._instantiated_nodes.values()
    ranker: Any = next(node._component for node in nodes if isinstance(node._component, CandidateRanker))
    configured = pipeline()["bot.nlu.classifier.EmbeddingIntentClassifier"]
    threshold = (EmbeddingIntentClassifier.get_default_config() | configured)["threshold"]
    parsed = []
    for text, intent in examples(QUESTIONS):
        result = await agent.parse_message(text)
        if result.get("questions"):
            parsed.append((result["questions"][0], intent))
    scores = [(ranker.ours(ranker.learnt, question), intent) for question, intent in parsed if question["candidates"]]
    lines = [
        "# How the thresholds were chosen",
        "",
        f"Written by `make nlu-curve` on {date.today().isoformat()} with {model.name}.",
        "",
        f"## Intent classifier: `threshold` ({len(parsed)} questions)",
        "",
        *intents(parsed),
        "",
        f"Chosen: {threshold}. What falls below is not lost: the ranker says what it is about.",
        "",
        f"## Ranker: `ours` ({len(scores)} questions)",
        "",
        "The weighted sum of what scores, classifier and intents say (`CandidateRanker.ours`).",
        "",
        *ours(scores),
        "",
        f"Chosen: {ranker.get_default_config()['ours']:g}. The intent has its say as well: see `bot/nlu/ranker.py`.",
        "",
    ]
    return "\n".join(lines)


def pipeline() -> dict[str, dict[str, Any]]:
    """What config.yml sets for each component, by its name."""
    components = yaml.safe_load((PROJECT / "config.yml").read_text(encoding="utf-8"))["pipeline"]
    return {each["name"]: each for each in components}


def main() -> int:
    """Write the page and print it."""
    model, _ = train(PROJECT)
    page = asyncio.run(measure(model))
    TARGET.write_text(page, encoding="utf-8")
    print(page)
    return 0


if __name__ == "__main__":
    sys.exit(main())
