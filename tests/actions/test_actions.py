"""Actions: from a tracker to messages and events, in this process."""

import asyncio
from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import ActionExecutor, CollectingDispatcher


@pytest.fixture(scope="module")
def executor() -> ActionExecutor:
    executor = ActionExecutor()
    executor.register_package("actions")
    return executor


def run(
    executor: ActionExecutor, action: str, message: dict[str, Any], channel: str = "rest", slots: Any = None
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    events = [{"event": "user", "text": message.get("text"), "input_channel": channel, "parse_data": message}]
    tracker = Tracker("someone", slots or {}, message, events, False, None, {}, "action_listen")
    dispatcher = CollectingDispatcher()
    result = asyncio.run(executor.actions[action](dispatcher, tracker, {}))
    return dispatcher.messages, result


def asked(intent: str, **found: Any) -> dict[str, Any]:
    entities = [{"entity": kind, "value": value} for kind, value in found.items()]
    return {"text": f"/{intent}", "intent": {"name": intent}, "entities": entities}


def test_every_action_of_the_domain_exists(executor: ActionExecutor) -> None:
    import yaml

    with open("domain.yml", encoding="utf-8") as file:
        assert set(yaml.safe_load(file)["actions"]) <= set(executor.actions)


def test_an_answer_carries_markdown_buttons_and_the_envelope(executor: ActionExecutor) -> None:
    (message,), events = run(executor, "action_advise", asked("ask_tools", role="ml_engineer"))
    assert "Spark" in message["text"]
    assert "Source" in message["text"]
    assert "Understanding the Difference" in message["text"]
    assert message["custom"]["kind"] == "answer"
    assert 1 <= len(message["buttons"]) <= 3
    assert events[0]["name"] == "context"
    assert events[0]["value"]["roles"] == ["ml_engineer"]


def test_a_button_gets_what_its_payload_says(executor: ActionExecutor) -> None:
    for intent in ("ask_tools", "ask_projects", "ask_skills"):
        (message,), _ = run(executor, "action_advise", asked(intent, role="ai_engineer"))
        assert message["custom"]["kind"] == "answer"
        assert message["custom"]["topics"] == [intent.removeprefix("ask_")]


def test_the_console_gets_plain_text_only(executor: ActionExecutor) -> None:
    (message,), _ = run(executor, "action_advise", asked("ask_tools", role="ml_engineer"), channel="cmdline")
    assert "**" not in message["text"]
    assert "\\*" not in message["text"]
    assert not message["buttons"]
    assert not message["custom"]


@pytest.mark.parametrize(
    ("action", "text", "rating", "reason"),
    [
        ("action_complaint", "that's wrong", "down", "wrong"),
        ("action_complaint", "this is not what I asked", "down", "not_asked"),
        ("action_complaint", "far too long", "down", "too_long"),
        ("action_complaint", "your info is outdated", "down", "outdated"),
        ("action_complaint", "waste of time", "down", "other"),
        ("action_praise", "that was helpful", "up", None),
    ],
)
def test_an_opinion_in_words_is_kept_with_the_facts_shown(
    executor: ActionExecutor, action: str, text: str, rating: str, reason: str | None
) -> None:
    (first,), events = run(executor, "action_advise", asked("ask_tools", role="ml_engineer"))
    slots = {"context": events[0]["value"]}
    messages, events = run(executor, action, {"text": text, "intent": {"name": action}, "entities": []}, slots=slots)
    assert events[0]["name"] == "feedback"
    kept = events[0]["value"]
    assert (kept["rating"], kept["reason"], kept["by"], kept["message_id"]) == (rating, reason, "words", None)
    assert kept["facts"] == slots["context"]["facts"] != []
    if reason == "too_long":
        assert len(messages[0]["text"]) < len(first["text"]) / 2
    if reason == "outdated":
        assert "comes from" in messages[0]["text"]


def test_an_opinion_before_any_answer_is_about_nothing(executor: ActionExecutor) -> None:
    _, praised = run(executor, "action_praise", {"text": "nice", "intent": {"name": "praise"}, "entities": []})
    _, events = run(executor, "action_complaint", {"text": "wrong", "intent": {"name": "complaint"}, "entities": []})
    assert praised == []
    assert [event["name"] for event in events] == ["context"]


def test_an_opinion_on_a_decline_names_no_facts(executor: ActionExecutor) -> None:
    message = {"text": "how long is a working day", "intent": {"name": "uncovered_work_life"}}
    question = {**message, "intent": "uncovered_work_life", "candidates": [["uncovered:work_life", 9.0, 0.98]]}
    (said,), events = run(executor, "action_advise", {**message, "questions": [question]})
    assert said["custom"]["kind"] == "declined"
    slots = {"context": events[0]["value"]}
    _, events = run(
        executor, "action_praise", {"text": "ok", "intent": {"name": "praise"}, "entities": []}, slots=slots
    )
    assert events[0]["value"]["facts"] == []


def test_context_is_read_from_the_slot(executor: ActionExecutor) -> None:
    _, events = run(executor, "action_advise", asked("ask_tools", role="ml_engineer"))
    (message,), _ = run(executor, "action_advise", asked("ask_projects"), slots={"context": events[0]["value"]})
    assert message["custom"]["roles"] == ["ml_engineer"]


@pytest.mark.parametrize("slot", [None, "nonsense", 7, {"roles": 3}, {"turn": "x"}])
def test_a_broken_context_does_no_harm(executor: ActionExecutor, slot: Any) -> None:
    (message,), _ = run(executor, "action_advise", asked("ask_skills"), slots={"context": slot})
    assert message["text"]


@pytest.mark.parametrize("action", ["action_advise", "action_complaint", "action_start_over", "action_fit_check"])
def test_small_actions_answer_without_a_history(executor: ActionExecutor, action: str) -> None:
    messages, events = run(executor, action, asked("affirm"))
    assert messages[0]["text"]
    assert events[0]["name"] == "context"


def test_entities_that_are_not_ours_are_ignored(executor: ActionExecutor) -> None:
    (message,), _ = run(executor, "action_advise", asked("ask_tools", role="<script>", thing="x", topic="y"))
    assert "<script>" not in message["text"]
