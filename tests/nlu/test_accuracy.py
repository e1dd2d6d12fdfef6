"""Accuracy on questions that were written apart from the training data, and that share no line with it."""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import yaml

from bot.knowledge.current import knowledge
from bot.language.spelling import words
from evaluation.measures import group
from evaluation.suite import thresholds

HERE = Path(__file__).parent
PROJECT = HERE.parents[1]
MAY_FAIL = thresholds()["held_out"]
Parse = Callable[[str], dict[str, Any]]


def examples(path: Path) -> Iterator[tuple[str, str]]:
    for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
        for line in block["examples"].splitlines():
            if line.startswith("- "):
                yield re.sub(r"\[([^\]]*)\]\{[^}]*\}", r"\1", line[2:]), block["intent"]


def intent_of(parsed: dict[str, Any]) -> str:
    """A message split into several questions counts as its first one."""
    name = parsed["intent"]["name"]
    return parsed["questions"][0]["intent"] if name == "several_questions" else name


def training() -> Iterator[tuple[str, str]]:
    """What the model learns from: examples of intents, and those that stand with facts and uncovered kinds."""
    for name in ("nlu.yml", "moves.yml"):
        yield from examples(PROJECT / "data" / name)
    kb = knowledge()
    yield from ((text, fact.id) for fact in kb.facts.values() for text in fact.questions)
    yield from ((text, kind.id) for kind in kb.uncovered.values() for text in kind.examples)


def test_no_held_out_question_is_a_training_example() -> None:
    trained = {" ".join(words(text)) or text for text, _ in training()}
    held_out = {" ".join(words(text)) or text for text, _ in examples(HERE / "questions.yml")}
    assert not trained & held_out


def test_every_intent_has_examples_and_held_out_questions() -> None:
    trained = Counter(intent for name in ("nlu.yml", "moves.yml") for _, intent in examples(PROJECT / "data" / name))
    held_out = Counter(intent for _, intent in examples(HERE / "questions.yml"))
    assert set(trained) == set(held_out)
    assert min(trained.values()) >= 40
    assert min(held_out.values()) >= 7


def test_no_example_belongs_to_two_intents() -> None:
    owners: dict[str, set[str]] = defaultdict(set)
    for name in ("nlu.yml", "moves.yml"):
        for text, intent in examples(PROJECT / "data" / name):
            owners[text.lower()].add(intent)
    doubled = {text: sorted(intents) for text, intents in owners.items() if len(intents) > 1}
    assert len(doubled) <= 20, doubled


def test_intents_are_recognised(parse: Parse) -> None:
    cases = list(examples(HERE / "questions.yml"))
    right = sum(intent_of(parse(text)) == intent for text, intent in cases)
    print(f"held-out intent accuracy: {right}/{len(cases)} = {right / len(cases):.3f}")
    assert len(cases) - right <= MAY_FAIL["intents"]


def test_questions_off_topic_messages_and_talk_are_told_apart(parse: Parse) -> None:
    cases = list(examples(HERE / "questions.yml"))
    right = sum(group(intent_of(parse(text))) == group(intent) for text, intent in cases)
    print(f"held-out group accuracy: {right}/{len(cases)} = {right / len(cases):.3f}")
    assert len(cases) - right <= MAY_FAIL["groups"]


def test_roles_are_found(parse: Parse) -> None:
    cases = [json.loads(line) for line in (HERE / "entities.jsonl").read_text(encoding="utf-8").splitlines()]
    wrong = []
    for case in cases:
        found = {e["value"] for e in parse(case["text"])["entities"] if e["entity"] == "role"}
        if re.search(r"\b(both roles|the two roles|both|the two)\b", case["text"], re.IGNORECASE):
            found = found or set(case["roles"])  # resolved by the advice, which knows what "both" refers to
        if found != set(case["roles"]):
            wrong.append((case["text"], sorted(found), case["roles"]))
    print(f"roles found: {len(cases) - len(wrong)}/{len(cases)}")
    assert len(wrong) <= MAY_FAIL["roles"], wrong[:40]


def test_typing_errors_cost_little(parse: Parse) -> None:
    pairs = [json.loads(line) for line in (HERE / "typos.jsonl").read_text(encoding="utf-8").splitlines()]
    clean = sum(intent_of(parse(pair["clean"])) == pair["intent"] for pair in pairs)
    typed = sum(intent_of(parse(pair["typo"])) == pair["intent"] for pair in pairs)
    print(f"clean {clean}/{len(pairs)}, with typing errors {typed}/{len(pairs)}")
    assert clean - typed <= MAY_FAIL["typing_errors"]
