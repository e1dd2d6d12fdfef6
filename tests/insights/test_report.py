import json
import os
from datetime import date, datetime, timezone
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from benchmarks.synthetic import turn_events
from bot.content.suggest import review
from bot.insights import InsightsError, Period, Place, unanswered
from bot.insights.files import to_csv, to_json, to_text
from bot.insights.groups import Encoder
from bot.insights.questions import default_encoder
from bot.insights.report import Report, make_report
from bot.insights.source import Source, conversations, events
from bot.insights.tables import tables_of
from bot.knowledge import KnowledgeBase
from bot.stores import schema

from ..stores.postgres import postgresql
from .conftest import Store, copy_store

MAY = Period(date(2026, 5, 1), date(2026, 5, 31))


def at(day: int, hour: int = 12, minute: int = 0, month: int = 5) -> float:
    return datetime(2026, month, day, hour, minute, tzinfo=timezone.utc).timestamp()


def feedback(rating: str, message_id: str | None, reason: str | None = None, facts: list[str] | None = None) -> Any:
    value = {"message_id": message_id, "facts": facts or [], "rating": rating, "reason": reason}
    return [{"event": "slot", "name": "feedback", "value": value}]


def fit(answers: list[str], active: bool, outcome: tuple[str, ...] | None = None) -> list[dict[str, Any]]:
    progress = {"answers": answers, "tie": False, "active": active}
    kind = "quiz" if outcome is None else "recommendation"
    return turn_events("/pick_option", "pick_option", kind, roles=outcome or (), fit=progress)


def drawing_on(*sources: dict[str, str]) -> list[dict[str, Any]]:
    """A turn whose answer names these sources."""
    turn = turn_events("what do they earn?", "ask_pay", "answer", topic="pay", facts=("ml.pay",))
    turn[3]["data"]["custom"]["sources"] = list(sources)
    return turn


def source(title: str, outdated_from: str = "", **more: str) -> dict[str, str]:
    entry = {"title": title, "publisher": "P", "date": "2024-01-01", "section": "S", **more}
    return {**entry, "outdated_from": outdated_from} if outdated_from else entry


SALARY = ("how much do they earn", "what is the pay for ml engineers", "what salary does an ai engineer get")
PETS = ("may i bring my dog to the office", "are dogs allowed at work")


@pytest.fixture
def filled(store: Store) -> Store:
    tools = turn_events("what tools?", "ask_tools", "answer", topic="tools", facts=("ml.t",), message_id="m1")
    store.put("a", (at(4), tools), (at(4, 12, 5), turn_events(SALARY[0], "uncovered_salary", "declined")))
    # Comes back after two hours, on Slack.
    store.put(
        "b",
        (at(5, 9), turn_events(SALARY[1], "uncovered_salary", "declined", "slack")),
        (at(5, 11), turn_events("hi", "greet", "smalltalk", "slack")),
        (at(5, 11, 1), turn_events(SALARY[0].upper() + "?", "uncovered_salary", "declined", "slack")),
    )
    store.put("c", (at(6), turn_events(SALARY[2], "uncovered_salary", "partial", topic="skills")))
    store.put(
        "d",
        (at(7), turn_events(PETS[0], "offtopic_other", "off_topic", candidates=(("off:life", 0.9),))),
        created=at(1, month=3),
    )
    store.put(
        "e",
        (
            at(8),
            turn_events(
                PETS[1], "nlu_fallback", "clarify", runner_up=("ask_tools", 0.8), candidates=(("off:life", 0.6),)
            ),
        ),
    )
    store.put("f", (at(9), turn_events('/ask_skills{"role": ["x"]}', "ask_skills", "answer", topic="skills")))
    # The month before, and the month after, which does not count.
    store.put("g", (at(20, month=4), tools), (at(10), tools), created=at(20, month=4))
    store.put("h", (at(1, month=6), tools))
    return store


def test_the_counts_are_those_of_the_store(filled: Store, kb: KnowledgeBase, encoder: Encoder) -> None:
    report = make_report(filled.url, MAY, kb, encoder)
    assert (report.conversations, report.messages, report.buttons) == (7, 10, 1)
    assert (report.conversations_before, report.messages_before) == (1, 1)
    assert report.visits == 8
    assert report.returning == 3, "b came twice, d and g had been there before"
    assert report.channels == [("rest", 7, 6), ("slack", 3, 1)]
    assert dict(report.kinds) == {
        "answer": 3, "declined": 3, "smalltalk": 1, "partial": 1, "off_topic": 1, "clarify": 1
    }  # fmt: skip
    assert report.topics == [("skills", 2), ("tools", 2)]
    assert report.roles == [("ml_engineer", 4)]
    assert sum(count for _, count in report.days) == 10
    assert dict(report.days)[date(2026, 5, 5)] == 3
    assert report.hours[date(2026, 5, 5).weekday()][11] == 2
    assert dict(report.intents)["ask_pay"] == 4, "the name that the intent has now"
    assert dict(report.subjects)["pay"] == 4
    assert (report.missed, report.unanswered_total, report.unanswered_before) == (6, 6, 0)


def test_days_and_hours_are_those_of_the_time_zone(store: Store, kb: KnowledgeBase, encoder: Encoder) -> None:
    store.put("a", (at(4, 23), turn_events("hi", "greet", "smalltalk")))
    report = make_report(store.url, Period(MAY.first, MAY.last, "Asia/Tokyo"), kb, encoder)
    assert dict(report.days)[date(2026, 5, 5)] == 1
    assert report.hours[date(2026, 5, 5).weekday()][8] == 1


def test_unanswered_questions_are_grouped_by_meaning(filled: Store, kb: KnowledgeBase, encoder: Encoder) -> None:
    salary, pets = unanswered(filled.url, MAY, kb, encoder)
    assert (salary.count, salary.conversations) == (4, 3)
    assert salary.kinds == {"declined": 3, "partial": 1}
    assert set(salary.examples) <= {*SALARY, SALARY[0].upper() + "?"} and len(salary.examples) == 3
    assert salary.intent == "ask_pay"
    assert (pets.count, set(pets.examples), pets.kinds) == (2, set(PETS), {"off_topic": 1, "clarify": 1})
    assert salary.nearest is not None and salary.nearest.id in kb.facts
    assert (pets.place.file, pets.place.topic) == ("uncovered.yml", None)


INDIA, TOOLS, PIZZA = "uncovered:pay_india", "ml_engineer.tools.overview", "off:life"


def asked(text: str, kind: str, *near: tuple[str, float], intent: str = "ask_fact") -> list[dict[str, Any]]:
    return turn_events(text, intent, kind, candidates=near)


def texts(store: Store, kb: KnowledgeBase, encoder: Encoder) -> set[str]:
    return {example for group in unanswered(store.url, MAY, kb, encoder) for example in group.examples}


@pytest.mark.parametrize(
    ("kind", "near", "listed"),
    [
        # The kind of the reply decides, whatever the question was near to and whatever intent was read.
        ("declined", (TOOLS, 0.9), True),
        ("off_topic", (TOOLS, 0.9), True),
        ("clarify", (TOOLS, 0.9), True),
        ("answer", (INDIA, 0.9), False),
        ("smalltalk", (PIZZA, 0.9), False),
        ("recommendation", (INDIA, 0.9), False),
        ("quiz", (INDIA, 0.9), False),
        ("partial", (INDIA, 0.3), True),
    ],
)
@pytest.mark.parametrize("intent", ["ask_fact", "nlu_fallback", "ask_tools"])
def test_whether_a_question_was_answered_is_what_the_reply_says(
    kind: str, near: tuple[str, float], listed: bool, intent: str, store: Store, kb: KnowledgeBase, encoder: Encoder
) -> None:
    store.put("a", (at(4), asked("what about this", kind, near, intent=intent)))
    assert texts(store, kb, encoder) == ({"what about this"} if listed else set())


@pytest.mark.parametrize(
    ("near", "intent", "listed"),
    [
        ((INDIA, 0.9), "ask_pay", True),
        ((TOOLS, 0.9), "ask_pay", False),
        ((PIZZA, 0.9), "offtopic_life", True),
        ((PIZZA, 0.9), "greet", False),
    ],
)
def test_in_the_console_what_a_question_was_near_to_decides(
    near: tuple[str, float], intent: str, listed: bool, store: Store, kb: KnowledgeBase, encoder: Encoder
) -> None:
    store.put("a", (at(4), turn_events("what about this", intent, "answer", "cmdline", candidates=(near,))))
    assert texts(store, kb, encoder) == ({"what about this"} if listed else set())


def several(kind: str, *questions: dict[str, Any]) -> list[dict[str, Any]]:
    message = turn_events(" and ".join(question["text"] for question in questions), "several_questions", kind)
    message[0]["parse_data"]["questions"] = list(questions)
    return message


def part(text: str, intent: str, *near: tuple[str, float]) -> dict[str, Any]:
    candidates = {"candidates": [[key, 9.0, share] for key, share in near]} if near else {}
    return {"text": text, "intent": intent, "ranking": [[intent, 0.9]], **candidates}


def test_of_several_questions_only_the_open_ones_count(store: Store, kb: KnowledgeBase, encoder: Encoder) -> None:
    store.put("now", (at(4), several("partial", part("what tools", "ask_tools", (TOOLS, 0.9), (INDIA, 0.05)),
                                     part("what pay in india", "ask_pay", (INDIA, 0.7), (TOOLS, 0.2)),
                                     part("which pizza", "ask_fact", (PIZZA, 0.9)))))  # fmt: skip
    store.put(
        "0.1", (at(4), several("partial", part("what gadgets", "ask_tools"), part("what pay", "uncovered_salary")))
    )
    assert texts(store, kb, encoder) == {"what pay in india", "which pizza", "what pay"}


def test_of_several_questions_that_were_all_declined_each_counts(
    store: Store, kb: KnowledgeBase, encoder: Encoder
) -> None:
    store.put("a", (at(4), several("declined", part("one thing", "ask_fact", (TOOLS, 0.9)),
                                   part("quite another", "ask_pay", (INDIA, 0.9)))))  # fmt: skip
    report = make_report(store.url, MAY, kb, encoder)
    assert (report.unanswered_total, report.missed) == (2, 1)


DISTRESS = "i want to be dead and my name is Ola Nordmann"


def everything_said(report: Report, kb: KnowledgeBase) -> str:
    tables = tables_of(report, kb)
    return "\n".join([to_json(report), to_text(report, tables), *map(to_csv, tables)])


@pytest.mark.parametrize("kind", ["declined", "clarify", "partial", "answer"])
@pytest.mark.parametrize(
    "message",
    [
        turn_events(DISTRESS, "distress", "KIND", candidates=((INDIA, 0.9),), message_id="m"),
        turn_events(DISTRESS, "distress", "KIND", runner_up=("offtopic_life", 0.89), message_id="m"),
        several("KIND", part(DISTRESS, "distress", (PIZZA, 0.9)), part("what tools", "ask_tools", (TOOLS, 0.9))),
        # Not read as distress, but close to it.
        several("KIND", {**part(DISTRESS, "ask_fact", (PIZZA, 0.9)), "urgent": 0.3}),
    ],
)
def test_distress_is_counted_apart_and_never_shown(
    message: list[dict[str, Any]], kind: str, store: Store, kb: KnowledgeBase, encoder: Encoder
) -> None:
    message = json.loads(json.dumps(message).replace("KIND", kind))
    store.put("a", (at(4), message), (at(4, 12, 1), feedback("down", "m.1", "wrong")))
    store.put("b", (at(5), asked("what does it pay in india", "declined", (INDIA, 0.9))))
    store.put("before", (at(20, month=4), message))
    report = make_report(store.url, MAY, kb, encoder)
    assert (report.messages, report.distress, report.distress_before) == (2, 1, 1)
    assert dict(report.kinds) == {"distress": 1, "declined": 1}
    assert [group.examples for group in report.unanswered] == [("what does it pay in india",)]
    assert (report.unanswered_total, report.unanswered_before, report.confusions) == (1, 0, [])
    assert dict(report.subjects) == {"uncovered:pay_india": 1}
    said = everything_said(report, kb)
    assert "to be dead" not in said and "Messages in distress" in said and "pay in india" in said
    groups = unanswered(store.url, MAY, kb, encoder)
    assert [group.label for group in groups] == ["what does it pay in india"]
    assert "to be dead" not in review(groups, kb, "review.yml")


def line_of(place: Place) -> str:
    return (Path("data/knowledge") / place.file).read_text("utf-8").splitlines()[place.line - 1]


@pytest.mark.parametrize("key", [TOOLS, "pay.data_scientists_median", INDIA])
def test_an_entry_leads_to_the_line_of_what_it_is_nearest_to(
    key: str, store: Store, kb: KnowledgeBase, encoder: Encoder
) -> None:
    store.put("a", (at(4), asked("and what about this", "declined", (key, 0.6), (PIZZA, 0.2))))
    report = make_report(store.url, MAY, kb, encoder)
    (group,) = report.unanswered
    record = key.removeprefix("uncovered:")
    assert (group.place.record, line_of(group.place).split("id: ")[1].split(",")[0]) == (record, record)
    if key in kb.facts:
        fact = kb.facts[key]
        assert (group.place.roles, group.place.topic) == (fact.roles, fact.topic)
        assert group.nearest is not None and (group.nearest.id, group.nearest.probability) == (key, 0.6)
    table = next(table for table in tables_of(report, kb) if table.name == "unanswered")
    assert str(table.rows[0][-1]).startswith(f"data/knowledge/{group.place.file}:{group.place.line} (")


def test_an_answer_in_part_leads_to_what_was_not_covered(store: Store, kb: KnowledgeBase, encoder: Encoder) -> None:
    store.put("a", (at(4), asked("tools and pay there", "partial", (TOOLS, 0.8), (INDIA, 0.1))))
    store.put("b", (at(4), asked("why do hammers exist", "declined", (TOOLS, 0.8), (INDIA, 0.1))))
    by_label = {group.label: group.place.record for group in unanswered(store.url, MAY, kb, encoder)}
    assert by_label == {"tools and pay there": "pay_india", "why do hammers exist": TOOLS}


def test_the_nearest_is_the_mean_of_what_was_stored(store: Store, kb: KnowledgeBase, encoder: Encoder) -> None:
    other = "ai_engineer.tools.overview"
    for sender, near in (("a", (TOOLS, 0.6)), ("b", (other, 0.9)), ("c", (TOOLS, 0.5))):
        store.put(sender, (at(4), asked("the very same words", "declined", near)))
    (group,) = unanswered(store.url, MAY, kb, encoder)
    assert group.nearest is not None and (group.nearest.id, group.nearest.probability) == (TOOLS, 0.367)


def test_what_is_off_topic_leads_to_where_a_new_kind_would_stand(
    store: Store, kb: KnowledgeBase, encoder: Encoder
) -> None:
    store.put("a", (at(4), asked("which pizza", "off_topic", (PIZZA, 0.8), (TOOLS, 0.15))))
    (group,) = unanswered(store.url, MAY, kb, encoder)
    lines = (Path("data/knowledge") / group.place.file).read_text("utf-8").splitlines()
    assert (group.place.file, group.place.record, group.place.topic) == ("uncovered.yml", "", None)
    assert len(lines) - group.place.line <= 1


def test_conversations_of_version_0_1_are_set_beside_the_nearest_fact(
    store: Store, kb: KnowledgeBase, encoder: Encoder
) -> None:
    text = "do ml engineers have to tune hyperparameters and run experiments all the time"
    store.put("a", (at(4), turn_events(text, "nlu_fallback", "declined")))
    store.put("b", (at(4), turn_events("salary of ml engineers in india", "uncovered_salary", "declined")))
    hyper, india = sorted(unanswered(store.url, MAY, kb, encoder), key=lambda group: group.label)
    assert hyper.nearest is not None
    fact = kb.facts[hyper.nearest.id]
    assert "hyperparameter" in fact.text.lower()
    assert (hyper.place.roles, hyper.place.topic, hyper.place.record) == (fact.roles, fact.topic, fact.id)
    assert india.place.topic == "pay"


@pytest.mark.parametrize(
    ("old", "now", "subject"),
    [
        ("uncovered_salary", "ask_pay", "pay"),
        ("uncovered_education", "ask_education", "education"),
        ("uncovered_hiring_process", "ask_hiring", "hiring"),
        ("uncovered_how_to_become", "ask_how_to_start", "how_to_start"),
        ("uncovered_job_market", "ask_job_market", "job_market"),
        ("uncovered_mathematics", "ask_mathematics", "mathematics"),
        ("uncovered_programming", "ask_programming", "programming"),
        ("uncovered_other_roles", "ask_other_roles", "other_roles"),
        ("uncovered_ai_impact", "ask_ai_impact", "ai_impact"),
        ("uncovered_technique", "uncovered_technique", "uncovered:technique"),
        ("offtopic_other", "offtopic_other", "off_topic"),
    ],
)
def test_a_renamed_intent_is_no_change(
    old: str, now: str, subject: str, store: Store, kb: KnowledgeBase, encoder: Encoder
) -> None:
    for number in range(12):
        store.put(f"o{number}", (at(20, month=4), turn_events("q", old, "declined")))
        store.put(f"n{number}", (at(10), turn_events("q", now, "declined")))
    report = make_report(store.url, MAY, kb, encoder)
    assert report.drift.distance == 0
    assert (report.intents, report.subjects) == ([(now, 12)], [(subject, 12)])


def test_thumbs_down_are_told_with_reason_and_question(store: Store, kb: KnowledgeBase, encoder: Encoder) -> None:
    asked = turn_events("what tools does Ola Nordmann use", "ask_tools", "answer", facts=("f1",), message_id="m1")
    store.put("a", (at(4), asked), (at(4, 12, 1), turn_events("hi", "greet", "smalltalk", message_id="m2")),
              (at(4, 12, 2), feedback("down", "m1.1", "wrong", ["f1"])))  # fmt: skip
    # Changes their mind: only the last word counts.
    store.put("b", (at(4), asked), (at(4, 12, 1), feedback("up", "m1.1", None, ["f1"])),
              (at(4, 12, 2), feedback("down", "m1.1", "too_long", ["f1"])))  # fmt: skip
    store.put("c", (at(4), asked), (at(4, 12, 1), feedback("up", "m1.1", None, ["f1"])))
    report = make_report(store.url, MAY, kb, encoder)
    assert (report.thumbs_up, report.thumbs_down) == (1, 2)
    assert report.reasons == [("too_long", 1), ("wrong", 1)]
    (unhelpful,) = report.unhelpful
    assert (unhelpful.facts, unhelpful.count) == (("f1",), 2)
    assert unhelpful.reasons == {"too_long": 1, "wrong": 1}
    assert unhelpful.example == "what tools does [name] use"


def test_fit_checks_are_followed_to_their_end(store: Store, kb: KnowledgeBase, encoder: Encoder) -> None:
    first = "first"
    store.put("lean", (at(4), fit([], True)), (at(4, 12, 1), fit([first], True)),
              (at(4, 12, 2), fit([first, first], False, ("ai_engineer",))),
              (at(4, 12, 3), fit([first, first], False)))  # fmt: skip
    store.put("close", (at(4), fit([], True)), (at(4, 12, 1), fit([first], False, ("ai_engineer", "ml_engineer"))))
    store.put("gone", (at(4), fit([], True)), (at(4, 12, 1), fit([first], True)), (at(4, 12, 2), fit([first], True)))
    store.put("stopped", (at(4), fit([], True)), (at(4, 12, 1), fit([first], False)))
    # Two runs: left the first, finished the second with too few answers.
    store.put("again", (at(4), fit([first], True)), (at(4, 12, 1), fit([], True)),
              (at(4, 12, 2), fit(["skip"], False, ())))  # fmt: skip
    check = make_report(store.url, MAY, kb, encoder).fit_check
    assert (check.started, check.finished, check.stopped) == (6, 3, 1)
    assert check.results == {("ai_engineer",): 1, ("ai_engineer", "ml_engineer"): 1, (): 1}
    assert check.left == {1: 3}


def test_close_calls_between_intents_are_confusions(filled: Store, kb: KnowledgeBase, encoder: Encoder) -> None:
    (confusion,) = make_report(filled.url, MAY, kb, encoder).confusions
    assert (confusion.first, confusion.second, confusion.count) == ("ask_tools", "nlu_fallback", 1)
    assert confusion.example == PETS[1]


def test_drift_tells_change_from_chance(store: Store, kb: KnowledgeBase, encoder: Encoder) -> None:
    for number in range(40):
        before, now = ("ask_tools" if number % every else "ask_pay" for every in (2, 10))
        store.put(f"o{number}", (at(10, month=4), turn_events("q", before, "answer")))
        talk = (at(10, 13), turn_events("hi", "greet", "smalltalk"))
        store.put(f"n{number}", (at(10), turn_events("q", now, "answer")), talk)
    changes = {change.name: change for change in make_report(store.url, MAY, kb, encoder).drift.changes}
    assert (changes["tools"].share_before, changes["tools"].share_now) == (0.5, 0.9)
    assert changes["tools"].clear
    assert set(changes) == {"tools", "pay"}, "talk is about no subject"
    same = make_report(store.url, Period(date(2026, 5, 10), date(2026, 5, 10)), kb, encoder).drift
    assert same.distance is None, "the day before is empty"


@pytest.mark.parametrize("url", ["sqlite:////nowhere/at/all.db", "/nowhere/at/all.db"])
def test_a_store_that_is_not_there_is_empty(url: str, kb: KnowledgeBase, encoder: Encoder) -> None:
    report = make_report(url, MAY, kb, encoder)
    assert (report.messages, report.unanswered) == (0, [])
    assert len(tables_of(report, kb)) == 16


def test_an_empty_store_gives_an_empty_report(store: Store, kb: KnowledgeBase, encoder: Encoder) -> None:
    assert make_report(store.url, MAY, kb, encoder).conversations == 0


@pytest.mark.parametrize("url", ["mysql://x/y", "nonsense://", "sqlite:///pyproject.toml"])
def test_what_is_no_store_is_one_clear_line(url: str, kb: KnowledgeBase, encoder: Encoder) -> None:
    with pytest.raises(InsightsError) as raised:
        make_report(url, MAY, kb, encoder)
    assert "\n" not in str(raised.value)


def test_an_error_does_not_show_the_password_of_the_database(kb: KnowledgeBase, encoder: Encoder) -> None:
    with pytest.raises(InsightsError) as raised:
        make_report("postgresql://owner:hunter2@127.0.0.1:9/none", MAY, kb, encoder)
    assert "hunter2" not in str(raised.value)


def test_reading_changes_nothing(filled: Store) -> None:
    source = Source(filled.url)
    with pytest.raises(sa.exc.OperationalError), source._engine.begin() as connection:
        connection.execute(sa.text("DELETE FROM events"))


def test_the_columns_are_those_of_the_store() -> None:
    assert set(conversations.c.keys()) <= set(schema.conversations.c.keys())
    assert set(events.c.keys()) <= set(schema.events.c.keys())


def test_the_kind_of_a_response_of_the_domain_is_in_its_own_metadata(
    store: Store, kb: KnowledgeBase, encoder: Encoder
) -> None:
    greeting = turn_events("hi", "greet", "smalltalk")
    greeting[3] |= {
        "data": {"custom": None},
        "metadata": {"metadata": {"kind": "smalltalk"}, "utter_action": "utter_x"},
    }
    store.put("a", (at(4), greeting))
    assert make_report(store.url, MAY, kb, encoder).kinds == [("smalltalk", 1)]


def test_postgresql_gives_the_same_report(filled: Store, kb: KnowledgeBase, encoder: Encoder) -> None:
    try:
        with postgresql() as url:
            copy_store(filled.url, url)
            report = make_report(url, MAY, kb, encoder)
    except LookupError as reason:
        if os.environ.get("CI"):
            raise
        pytest.skip(str(reason))
    assert report == make_report(filled.url, MAY, kb, encoder)


HOSTILE = [
    "'; DROP TABLE events; --",
    '" OR 1=1 --',
    "x' UNION SELECT sql FROM sqlite_master --",
    "%_%",
    "😀\u202e",
    "~~~",
]


def test_ids_and_texts_that_are_sql_are_only_counted(store: Store, kb: KnowledgeBase, encoder: Encoder) -> None:
    for number, hostile in enumerate(HOSTILE):
        intent = hostile
        store.put(hostile, (at(4), turn_events(hostile, intent, "declined", hostile, message_id=hostile)))
        store.put(f"plain-{number}", (at(4), turn_events("hi", "greet", "smalltalk")))
    report = make_report(store.url, MAY, kb, encoder)
    assert (report.conversations, report.unanswered_total) == (12, 6)
    assert {name for name, _, _ in report.channels} == {"rest", *HOSTILE}


def test_broken_unicode_is_counted_and_shown_as_a_question_mark(store: Store, kb: KnowledgeBase) -> None:
    hostile = "what about \ud800 and \U0001f469"
    store.put("a", (at(4), turn_events(hostile, "nlu_fallback", "declined", facts=("\udfff",))))
    report = make_report(store.url, MAY, kb, default_encoder())
    assert (report.messages, report.unanswered_total) == (1, 1)
    assert [group.examples for group in report.unanswered] == [("what about ? and \U0001f469",)]


@pytest.mark.parametrize(
    "data",
    ["", "null", "[]", "{", '"x"', "{}", '{"text": 5}',
     '{"text": "x", "parse_data": {"questions": [1, null], "intent": []}}',
     '{"text": "x", "parse_data": {"intent_ranking": [1, [], [1, 2, 3], {"name": 1}]}}', '{"data": [], "metadata": []}',
     '{"name": "feedback", "value": {"rating": "down", "facts": [[]], "message_id": 5}}',
     '{"name": "context", "value": {"fit": {"answers": 5}}}'],
)  # fmt: skip
def test_rows_that_make_no_sense_cost_nothing(data: str, store: Store, kb: KnowledgeBase, encoder: Encoder) -> None:
    store.put("a", (at(4), turn_events("hi", "greet", "smalltalk")), (at(5), turn_events("hi", "greet", "smalltalk")))
    engine = sa.create_engine(store.url)
    with engine.begin() as connection:
        for kind in ("user", "bot", "slot"):
            query = sa.text("UPDATE events SET data = :data WHERE type = :kind AND id <= 7")
            connection.execute(query, {"data": data, "kind": kind})
    report: Report = make_report(store.url, MAY, kb, encoder)
    assert report.messages in (1, 2)
    assert json.loads(json.dumps(report.kinds))


def test_answers_that_drew_on_outdated_sources_are_counted_once_each_and_by_source(
    store: Store, kb: KnowledgeBase, encoder: Encoder
) -> None:
    old = source("Old", "2026-01-01")
    store.put(
        "a",
        (at(4), drawing_on(old, {**old, "section": "T"}, source("New"))),
        (at(5), drawing_on(old, source("Older", "2025-01-01", edition="spring 2023"))),
        (at(6), drawing_on(source("New"))),
        (at(7), turn_events("hi", "greet", "smalltalk")),
    )
    store.put("b", (at(20, month=4), drawing_on(old)))
    report = make_report(store.url, MAY, kb, encoder)
    assert (report.sourced, report.outdated, report.outdated_before) == (3, 2, 1)
    assert report.outdated_sources == [("Old, 2024-01-01", 2), ("Older, spring 2023", 1)]
    table = next(table for table in tables_of(report, kb) if table.name == "outdated")
    assert table.note.startswith("2 of 3 answers with a source (66.7%)")


@pytest.mark.parametrize("sources", ["x", [None], [{}], [{"title": 3, "outdated_from": 4}], {"outdated_from": "x"}])
def test_sources_that_make_no_sense_are_passed_over(
    store: Store, kb: KnowledgeBase, encoder: Encoder, sources: Any
) -> None:
    turn = drawing_on()
    turn[3]["data"]["custom"]["sources"] = sources
    store.put("a", (at(4), turn))
    assert make_report(store.url, MAY, kb, encoder).outdated == 0
