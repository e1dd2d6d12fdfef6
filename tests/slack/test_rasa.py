"""The channel with a real Rasa agent, as Rasa itself mounts it."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
import rasa.model_training
from rasa.core.agent import Agent
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.core.domain import Domain

from .conftest import Serve
from .limits import texts
from .mock_api import MockSlack
from .payloads import click, direct, labels, mention, moment

CONFIG = """
recipe: default.v1
assistant_id: slack-test
language: en
pipeline:
- name: KeywordIntentClassifier
policies:
- name: RulePolicy
"""
DOMAIN = """
version: "3.1"
intents: [greet, ask_tools]
entities: [role]
slots:
  role:
    type: text
    influence_conversation: false
    mappings: [{type: from_entity, entity: role}]
responses:
  utter_greet:
  - text: "**Hello**, what do you want to know?"
    metadata: {kind: smalltalk}
    buttons:
    - {title: "Tools", payload: '/ask_tools{"role": "ml_engineer"}'}
    - {title: "Something else", payload: "hello"}
  utter_tools:
  - text: "Tools of {role}: Spark & more."
    metadata: {kind: answer}
"""
NLU = """
version: "3.1"
nlu:
- intent: greet
  examples: |
    - hello
    - hi
- intent: ask_tools
  examples: |
    - tools
    - libraries
"""
RULES = """
version: "3.1"
rules:
- rule: greet
  steps:
  - intent: greet
  - action: utter_greet
- rule: tools
  steps:
  - intent: ask_tools
  - action: utter_tools
"""


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("rasa")
    for name, text in (("config", CONFIG), ("domain", DOMAIN), ("nlu", NLU), ("rules", RULES)):
        (folder / f"{name}.yml").write_text(text)
    result = rasa.model_training.train(
        domain=str(folder / "domain.yml"),
        config=str(folder / "config.yml"),
        training_files=[str(folder / "nlu.yml"), str(folder / "rules.yml")],
        output=str(folder / "models"),
    )
    return Path(result.model)


@pytest.fixture
def agent(model: Path) -> Any:
    return Agent.load(str(model), tracker_store=InMemoryTrackerStore(Domain.empty()))


@pytest.mark.asyncio
async def test_rasa_answers_and_its_buttons_continue_the_conversation(
    serve: Serve, slack: MockSlack, agent: Any
) -> None:
    server = await serve(agent)
    await server.event(direct("hello"))
    (greeting,) = await slack.until("chat.postMessage")
    assert next(texts(greeting.body["blocks"])) == "*Hello*, what do you want to know?"
    assert labels(greeting.body["blocks"]) == ["Tools", "Something else"]
    await server.interaction(click(greeting, "Tools"))
    answer = (await slack.until("chat.postMessage", 2))[1]
    assert answer.body["text"] == "Tools of ml_engineer: Spark &amp; more."
    tracker = await agent.tracker_store.retrieve("slack-T1-dm-U1")
    assert tracker.get_slot("role") == "ml_engineer"
    assert tracker.get_latest_input_channel() == "slack"


@pytest.mark.asyncio
async def test_conversations_of_people_in_one_channel_are_kept_apart_by_rasa(
    serve: Serve, slack: MockSlack, agent: Any
) -> None:
    server = await serve(agent)
    thread = moment()
    await asyncio.gather(
        *(server.event(mention("tools", user=f"U{number}", thread_ts=thread)) for number in range(4)),
        server.event(mention("hello", user="U9", thread_ts=thread)),
    )
    await slack.until("chat.postMessage", 5)
    await server.drained()
    keys = set(await agent.tracker_store.keys())
    assert keys == {f"slack-T1-C1-{thread}-U{number}" for number in (0, 1, 2, 3, 9)}
    assert await agent.tracker_store.exists(f"slack-T1-C1-{thread}-U9")
