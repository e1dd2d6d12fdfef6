"""The behavioural suite (tests/behaviour/suite); how many cases may fail is in evaluation/thresholds.yml."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.knowledge import KnowledgeBase
from bot.knowledge.current import knowledge
from bot.language.spelling import words
from evaluation.behaviour import Case, SuiteError, load_suite
from evaluation.curves import examples
from evaluation.in_process import InProcessBot
from evaluation.judging import problems
from evaluation.live import LiveTalk
from evaluation.measures import OUT_OF_SCOPE
from evaluation.reply import Reply
from evaluation.server import PROJECT
from evaluation.suite import SUITE, Outcome, by_group, failed, may_fail, may_fail_in_group, run, thresholds
from evaluation.typos import with_typos

KB = knowledge()
CASES = load_suite(SUITE, KB)
GROUPS = list(dict.fromkeys((case.suite, case.group) for case in CASES))
LIVE_SAMPLE = 45
ALLOWANCES = thresholds()


@pytest.fixture(scope="session")
def outcomes(bot: InProcessBot, kb: KnowledgeBase) -> dict[tuple[str, str], list[Outcome]]:
    return by_group(run(CASES, bot.conversation, kb))


@pytest.mark.parametrize(("suite", "group"), GROUPS)
def test_group(outcomes: dict[tuple[str, str], list[Outcome]], suite: str, group: str) -> None:
    found = outcomes[suite, group]
    wrong = [(o.case.turns, o.problems, o.reply.text[:100]) for o in failed(found)]
    assert len(wrong) <= may_fail_in_group(found, ALLOWANCES), wrong[:10]


@pytest.mark.parametrize("suite", list(dict.fromkeys(suite for suite, _ in GROUPS)))
def test_all_groups_of_a_suite_together(outcomes: dict[tuple[str, str], list[Outcome]], suite: str) -> None:
    found = [outcome for (name, _), group in outcomes.items() if name == suite for outcome in group]
    wrong = [(o.case.turns, o.problems) for o in failed(found)]
    assert len(wrong) <= may_fail(ALLOWANCES["suites"][suite]["in_all"], len(found)), wrong[:20]


def test_the_suite_covers_what_it_claims(kb: KnowledgeBase) -> None:
    assert len(CASES) >= 1500
    assert sum(case.group.startswith("who asks") for case in CASES) >= 200
    seen = {label: {case.labels[label] for case in CASES} for label in ("kind", "topic", "role", "turn")}
    assert seen["turn"] == {"first", "follow-up", "several"}
    assert set(kb.main_roles) <= seen["role"]
    assert set(kb.profile_topics) <= seen["topic"]
    assert {"answer", "partial", "declined", "off_topic", "smalltalk", "quiz", "recommendation", "clarify"} <= seen[
        "kind"
    ]


def test_every_number_of_a_group_is_of_one_that_is_there() -> None:
    assert set(ALLOWANCES["groups"]) <= {group for _, group in GROUPS}
    assert set(ALLOWANCES["suites"]) == {suite for suite, _ in GROUPS}


def allowances(value: Any) -> Iterator[Any]:
    if isinstance(value, dict) and "of_100" not in value:
        for each in value.values():
            yield from allowances(each)
    else:
        yield value


def test_no_allowance_is_decided_by_one_case() -> None:
    given = list(allowances(ALLOWANCES))
    assert len(given) > 15
    assert all(may_fail(each, total) >= 2 for each in given for total in (1, 10, 100))
    assert may_fail({"of_100": 5, "at_least": 2}, 41) == 3
    assert may_fail({"of_100": 5, "at_least": 2}, 40) == may_fail(2, 1_000) == 2


def test_the_live_bot_answers_as_the_one_in_this_process(
    url: str, kb: KnowledgeBase, outcomes: dict[tuple[str, str], list[Outcome]]
) -> None:
    here = {outcome.case.id: outcome for found in outcomes.values() for outcome in found}
    sample = [case for case in CASES if case.suite != "invariance"][::LIVE_SAMPLE]
    for outcome in run(sample, lambda: LiveTalk(url), kb):
        expected = here[outcome.case.id]
        assert outcome.problems == expected.problems or expected.reply.kind in ("smalltalk", "off_topic"), outcome
        assert (outcome.reply.kind, outcome.reply.facts) == (expected.reply.kind, expected.reply.facts), outcome.case


def test_one_or_two_typing_errors_cost_little(
    bot: InProcessBot, kb: KnowledgeBase, outcomes: dict[tuple[str, str], list[Outcome]]
) -> None:
    asked = [o for o in by_first_turn(outcomes) if o.case.labels["kind"] in ("answer", "declined", "partial")][::5]
    clean = sum(not o.problems for o in asked)
    for count in (1, 2):
        typed = 0
        for number, outcome in enumerate(asked):
            reply = bot.conversation().ask(with_typos(outcome.case.turns[0], count, number))
            typed += not problems(outcome.case, reply, None, kb)
        print(f"{len(asked)} questions: clean {clean}, with {count} typing errors {typed}")
        assert clean - typed <= may_fail(ALLOWANCES["typing_errors"], len(asked))


def by_first_turn(outcomes: dict[tuple[str, str], list[Outcome]]) -> list[Outcome]:
    minimum = [o for (suite, _), found in outcomes.items() if suite == "minimum" for o in found]
    return [o for o in minimum if len(o.case.turns) == 1 and o.case.labels["topic"] != "typos"]


def test_messages_of_nothing_but_personal_details_get_the_same_answer(bot: InProcessBot) -> None:
    told = ["I'm a 45 year old mother from Brazil", "I am 19", "I have two kids", "I'm a Harvard graduate", "I'm a man"]
    replies = Counter((r.kind, r.facts, r.text) for r in (bot.conversation().ask(each) for each in told))
    assert len(replies) == 1


@pytest.mark.parametrize("question", ["am I too old at 45?", "I'm 45, am I too old?", "is it harder for women?"])
def test_a_question_about_such_a_detail_is_declined(bot: InProcessBot, question: str) -> None:
    assert bot.conversation().ask(question).kind in ("declined", "partial")


def case(**expect: object) -> Case:
    return Case("x", "minimum", "x", ("?",), (), expect)


@pytest.mark.parametrize(
    "expect",
    [
        {"kind": "declined"},
        {"roles": ["ai_engineer"]},
        {"topics": ["skills"]},
        {"thing": "opencv"},
        {"says": "nothing"},
        {"says_not": "spark"},
        {"words": 2},
        {"intent": "ask_skills"},
    ],
)
def test_the_judge_sees_what_is_wrong(kb: KnowledgeBase, expect: dict[str, object]) -> None:
    reply = Reply(
        "Spark and Hadoop", "answer", ("ml_engineer.tools.spark",), ("ml_engineer",), ("tools",), (), "ask_tools"
    )
    assert problems(case(**expect), reply, None, kb)


def test_a_template_with_an_unknown_filler_is_refused(tmp_path: Path, kb: KnowledgeBase) -> None:
    (tmp_path / "a.yml").write_text("suite: minimum\ngroups: [{name: x, messages: ['what is {that}?']}]\n")
    with pytest.raises(SuiteError, match="group x"):
        load_suite(tmp_path, kb)


def test_typing_errors_are_made_in_different_words() -> None:
    text = "which programming languages should engineers learn"
    for seed in range(200):
        changed = [a != b for a, b in zip(text.split(), with_typos(text, 2, seed).split(), strict=True)]
        assert sum(changed) == 2
    assert with_typos(text, 2, 1) == with_typos(text, 2, 1)


def test_no_message_of_the_suite_or_the_dialogues_is_a_training_example() -> None:
    training = {" ".join(words(text)) for text, _ in examples(PROJECT / "data" / "nlu.yml")}
    asked = {" ".join(words(case.turns[-1])) for case in CASES if case.suite == "minimum" and len(case.turns) == 1}
    asked |= {" ".join(words(line)) for line in OUT_OF_SCOPE.read_text(encoding="utf-8").splitlines()}
    # What has to be an example, because there are few ways to say it: greetings, commands of the fit check.
    short = {text for text in asked if len(text.split()) < 6}
    assert not (asked - short) & training
