"""Actions that answer, wait, block, crash, or say nothing."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import ActionExecutionRejection

Events = list[dict[str, Any]]


class Echo(Action):
    """Repeats the message, numbered."""

    def name(self) -> str:
        return "action_echo"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        count = (tracker.get_slot("count") or 0) + 1
        custom = {"kind": "answer", "topics": ["skills"], "roles": [], "facts": ["a.b.c"], "sources": []}
        parts = [{"type": "text", "text": "for Slack"}]
        seen = {"turns": sum(event["event"] == "user" for event in tracker.events), "domain": bool(domain)}
        text = f"{count}: {tracker.latest_message['text']}"
        dispatcher.utter_message(text=text, json_message={**custom, "parts": parts, "seen": seen})
        return [SlotSet("count", count)]


class Wait(Action):
    """Takes its time, and lets others work meanwhile."""

    def name(self) -> str:
        return "action_wait"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        await asyncio.sleep(float(next(tracker.get_latest_entity_values("seconds"), 30)))
        dispatcher.utter_message(text="waited")
        return []


class Block(Action):
    """Takes its time, and would hold up everybody."""

    def name(self) -> str:
        return "action_block"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        time.sleep(600)
        return []


class Crash(Action):
    """Raises an exception that quotes the message."""

    def name(self) -> str:
        return "action_crash"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        raise ValueError(tracker.latest_message)


class Silent(Action):
    """Says nothing."""

    def name(self) -> str:
        return "action_silent"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        return []


class Reject(Action):
    """Declines to run."""

    def name(self) -> str:
        return "action_reject"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        raise ActionExecutionRejection(self.name())


class Secret(Action):
    """What no visitor may reach."""

    def name(self) -> str:
        return "action_secret"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        dispatcher.utter_message(text="SECRET")
        return []
