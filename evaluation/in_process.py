"""The trained bot in this process, without HTTP, store and policies: for suites of thousands of questions.

A message is parsed by the trained NLU pipeline, the rule of its intent (data/rules.yml) names the action or response,
and the real action runs on a tracker of its own. What is left out is what does not decide an answer: channel, lock,
conversation store, and Rasa's policies (one rule an intent, see docs/architecture.md).
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import yaml
from rasa.core.agent import Agent
from rasa.shared.core.events import UserUttered
from rasa_sdk import Tracker
from rasa_sdk.executor import ActionExecutor, CollectingDispatcher

from bot.training import train
from evaluation.reply import Reply

PROJECT = Path(__file__).resolve().parents[1]
_CHANNEL = "rest"


class InProcessBot:
    """Parses messages and runs actions; trains first if the model is out of date."""

    def __init__(self, channel: str = _CHANNEL, agent: Agent | None = None) -> None:
        """``channel`` is the channel whose look the replies have, by Rasa's name for it; ``agent`` spares loading."""
        self.agent = agent or Agent.load(str(train(PROJECT)[0]))
        self.channel = channel
        self._loop = asyncio.new_event_loop()
        self._actions = _actions()
        rules = yaml.safe_load((PROJECT / "data" / "rules.yml").read_text(encoding="utf-8"))["rules"]
        self._rules = {rule["steps"][0]["intent"]: rule["steps"][1]["action"] for rule in rules}
        self._responses = yaml.safe_load((PROJECT / "domain.yml").read_text(encoding="utf-8"))["responses"]

    def parse(self, text: str) -> dict[str, Any]:
        """The parse result of a message or button payload."""
        result: dict[str, Any] = self._loop.run_until_complete(self.agent.parse_message(text))
        return result

    def conversation(self) -> LocalConversation:
        """A new conversation."""
        return LocalConversation(self)

    def turn(self, text: str, slots: dict[str, Any]) -> Reply:
        """Answer one message; ``slots`` are changed as the action says."""
        parsed = self.parse(text)
        intent = str(parsed["intent"]["name"])
        name = self._rules[intent]
        if name in self._responses:
            response = self._responses[name][0]
            data = response.get("metadata", {})
            titles = tuple(b["title"] for b in data.get("buttons", []))
            return Reply(response["text"], data.get("kind", ""), buttons=titles, intent=intent, parse=parsed)
        event = UserUttered(text, parsed["intent"], parsed.get("entities"), parsed, input_channel=self.channel)
        tracker = Tracker("local", dict(slots), parsed, [event.as_dict()], False, None, {}, "action_listen")
        dispatcher = CollectingDispatcher()
        run: Any = self._actions[name](dispatcher, tracker, {})
        for change in self._loop.run_until_complete(run):
            slots[change["name"]] = change["value"]
        return Reply.of([self._filled(message) for message in dispatcher.messages], intent, parsed)

    def _filled(self, message: dict[str, Any]) -> dict[str, Any]:
        """A message of an action with the response that it names, as Rasa fills it in."""
        if not message.get("response"):
            return message
        response = self._responses[message["response"]][0]
        data = response.get("metadata", {})
        return {**message, "text": response["text"], "custom": data, "buttons": data.get("buttons")}


class LocalConversation:
    """One conversation with an :class:`InProcessBot`."""

    def __init__(self, bot: InProcessBot) -> None:
        self._bot = bot
        self._slots: dict[str, Any] = {}

    def ask(self, message: str) -> Reply:
        """Send a message and return the reply."""
        return self._bot.turn(message, self._slots)


def _actions() -> dict[str, Any]:
    executor = ActionExecutor()
    executor.register_package("actions")
    return dict(executor.actions)
