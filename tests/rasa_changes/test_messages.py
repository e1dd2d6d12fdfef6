"""What Rasa does with a message with the changes is what it does without them."""

import asyncio
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.core.policies.rule_policy import RulePolicy
from rasa.engine.exceptions import GraphRunError
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.rasa_changes.changes import original
from bot.rasa_changes.parsing import LONG, parse_message
from bot.rasa_changes.prediction import (
    CopyForDebugging,
    action_from_rules,
    possible_keys,
    recent_states,
    resolve_by_type,
    run_in_order,
)
from bot.training import train

PROJECT = Path(__file__).parents[2]
STOCK_RUN = original("rasa.engine.runner.dask.DaskGraphRunner.run")
STOCK_PARSE = original("rasa.core.processor.MessageProcessor.parse_message")
STOCK_KEYS = original("rasa.core.policies.rule_policy.RulePolicy._get_possible_keys")
STOCK_STATES = original("rasa.core.policies.rule_policy.RulePolicy._prediction_states")
STOCK_ACTION = original("rasa.core.policies.rule_policy.RulePolicy._find_action_from_rules")
STOCK_RESOLVE = original("rasa.shared.core.events.Event.resolve_by_type")
MESSAGES = (
    "what tools do ML engineers use",
    "and AI?",
    "hello",
    "what do they do day to day, what tools do they use and do I need a degree",
    "x" * (LONG + 1),
    "/ask_tools",
    '/ask_tools{"role": ["ai_engineer"]}',
    '/ask_tools{"role": "ml_engineer", "thing": "spark"}',
    "/there_is_no_such_intent",
    "/",
    "/ not a payload",
    "",
)


@pytest.fixture(scope="module")
def processor() -> Any:
    agent = Agent.load(str(train(PROJECT)[0]))
    return agent.processor


def conversation(*intents: str) -> DialogueStateTracker:
    events: list[Event] = []
    for intent in intents:
        events += [ActionExecuted("action_listen"), UserUttered(intent, {"name": intent, "confidence": 1.0})]
        events += [ActionExecuted("action_advise"), BotUttered("An answer."), SlotSet("context", {"turn": 1})]
    return DialogueStateTracker.from_events("somebody", events[:-3])


@pytest.mark.parametrize("text", MESSAGES)
def test_messages_mean_what_they_mean_to_rasa(processor: Any, text: str) -> None:
    message = UserMessage(text, sender_id="somebody")
    stock = asyncio.run(STOCK_PARSE(processor, message))
    assert asyncio.run(parse_message(processor, message)) == stock


def test_the_graph_gives_the_same_outputs(processor: Any) -> None:
    tracker = conversation("greet", "ask_tools")
    targets = [processor.model_metadata.core_target]
    inputs = {"__tracker__": tracker, "__message__": None}
    ours = run_in_order(processor.graph_runner, dict(inputs), targets)[targets[0]]
    theirs = STOCK_RUN(processor.graph_runner, dict(inputs), targets)[targets[0]]
    assert ours.probabilities == theirs.probabilities
    assert ours.policy_name == theirs.policy_name
    assert ours.max_confidence == 1.0


def test_an_input_named_like_a_node_is_refused(processor: Any) -> None:
    node = next(iter(processor.graph_runner._graph_schema.nodes))
    with pytest.raises(GraphRunError):
        run_in_order(processor.graph_runner, {"__message__": node}, None)


@pytest.fixture(scope="module")
def policy(processor: Any) -> Any:
    nodes = processor.graph_runner._instantiated_nodes.values()
    return next(n._component for n in nodes if isinstance(n._component, RulePolicy))


def conversations(processor: Any) -> Iterator[DialogueStateTracker]:
    intents = sorted(processor.domain.intents)
    assert len(intents) > 50
    for first, second in zip(intents, [*intents[1:], "an intent without a rule"], strict=True):
        yield conversation(first)
        yield conversation(first, second)


def test_the_same_rules_are_found_for_every_intent(processor: Any, policy: Any) -> None:
    lookups = [lookup for lookup in policy.lookup.values() if isinstance(lookup, dict) and lookup]
    found = 0
    for tracker in conversations(processor):
        states = STOCK_STATES(policy, tracker, processor.domain)
        for lookup in lookups:
            for part in (states, states[:-1], states[:1], []):
                expected = STOCK_KEYS(policy, lookup, part)
                assert possible_keys(policy, lookup, part) == expected
                found += len(expected)
    assert found


@pytest.mark.parametrize("by_text", [False, True])
def test_the_last_states_are_those_of_rasa(processor: Any, policy: Any, by_text: bool) -> None:
    for tracker in conversations(processor):
        for events in range(len(tracker.events) + 1):
            part = DialogueStateTracker.from_events("somebody", list(tracker.events)[:events])
            states = recent_states(policy, part, processor.domain, by_text)
            every = STOCK_STATES(policy, part, processor.domain, by_text)
            assert states == every[-len(states) :]
            for lookup in (lookup for lookup in policy.lookup.values() if isinstance(lookup, dict)):
                assert STOCK_KEYS(policy, lookup, states) == STOCK_KEYS(policy, lookup, every)
    assert len(states) < len(every)


@pytest.mark.parametrize("by_text", [False, True])
def test_the_action_is_that_of_rasa(processor: Any, policy: Any, by_text: bool) -> None:
    actions = set()
    for tracker in conversations(processor):
        for events in range(len(tracker.events) + 1):
            part = DialogueStateTracker.from_events("somebody", list(tracker.events)[:events])
            expected = STOCK_ACTION(policy, part, processor.domain, by_text)
            assert action_from_rules(policy, part, processor.domain, by_text)[::2] == expected[::2]
            actions.add(expected[0])
    assert len(actions) > (0 if by_text else 2)


def test_a_rule_without_an_intent_is_looked_for_by_text(processor: Any, policy: Any, monkeypatch: Any) -> None:
    rule = '[{"prev_action": {"action_name": "action_listen"}, "user": {"text": "open sesame"}}]'
    monkeypatch.setitem(policy.lookup, "rules", {rule: "utter_greet"})
    policy.__dict__.pop("_rules_by_names", None)
    events = [ActionExecuted("action_listen"), UserUttered("open sesame", {"name": "greet", "confidence": 1.0})]
    tracker = DialogueStateTracker.from_events("somebody", events)
    assert action_from_rules(policy, tracker, processor.domain, True)[0] == "utter_greet"
    policy.__dict__.pop("_rules_by_names", None)


@pytest.mark.parametrize("name", ["user", "bot", "slot", "action", "session_started", "topic"])
def test_events_are_found_by_their_names(name: str) -> None:
    assert resolve_by_type(name) is STOCK_RESOLVE(name)


def test_an_unknown_event_is_an_error_or_the_default() -> None:
    assert resolve_by_type("strange", SlotSet) is SlotSet
    with pytest.raises(ValueError, match="strange"):
        resolve_by_type("strange")


def test_copies_are_made_for_debug_lines_only_where_they_are_written() -> None:
    value: dict[str, list[int]] = {"a": []}
    rasa = logging.getLogger("rasa")
    before = rasa.level
    try:
        rasa.setLevel(logging.INFO)
        assert CopyForDebugging.deepcopy(value) is value
        rasa.setLevel(logging.DEBUG)
        copied = CopyForDebugging.deepcopy(value)
    finally:
        rasa.setLevel(before)
    assert copied == value
    assert copied["a"] is not value["a"]
