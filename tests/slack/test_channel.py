"""The channel with a real Rasa agent, as Rasa itself mounts it."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
import rasa.model_training
from rasa.core.agent import Agent
from rasa.core.lock_store import InMemoryLockStore
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.core.domain import Domain

from bot.channels.feedback import feedback
from bot.channels.slack.messages import rating_value
from bot.rasa_changes.agent import OnceAgent
from bot.render.slack import rating_block
from bot.stores import WindowedTrackerStore

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
  feedback:
    type: any
    mappings: [{type: custom}]
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


@pytest.mark.asyncio
async def test_a_thumb_is_stored_under_plain_rasa_too(serve: Serve, slack: MockSlack, agent: Any) -> None:
    server = await serve(agent)
    await server.event(direct("tools"))
    (posted,) = await slack.until("chat.postMessage")
    # Thumbs are under answers of actions; this bot has none.
    posted.body["blocks"].append(rating_block(rating_value("slack-T1-dm-U1", ["ml_engineer.tools.spark"])))
    await server.interaction(click(posted, ":thumbsdown:"))
    await slack.until("chat.update")
    tracker = await agent.tracker_store.retrieve("slack-T1-dm-U1")
    assert tracker.get_slot("feedback") == feedback("down", ["ml_engineer.tools.spark"], None, posted.ts)


@pytest.mark.asyncio
async def test_an_event_that_another_server_has_answered_is_not_answered_again(
    serve: Serve, slack: MockSlack, model: Path, tmp_path: Path
) -> None:
    """Two servers without Redis share what is stored; Slack tells the second of an event that the first answered."""
    stores = [WindowedTrackerStore(Domain.empty(), str(tmp_path / "conversations.db")) for _ in range(2)]
    payload = direct("hello")
    for store in stores:
        agent = OnceAgent(tracker_store=store, lock_store=InMemoryLockStore())
        agent.load_model(model)
        server = await serve(agent)
        await server.event(payload)
        await server.drained()
    assert len(slack.of("chat.postMessage")) == 1
    await server.event(direct("hello"))
    await server.drained()
    assert len(slack.of("chat.postMessage")) == 2
    for store in stores:
        store.close()
