"""Praise, complaints and starting over: what is kept besides being answered."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.answering import context_of, questions_in, remember, say
from bot.advice import Context
from bot.advice.complaints import answer_complaint
from bot.advice.talk import rated, start_over
from bot.channels.feedback import SLOT, feedback
from bot.knowledge.current import knowledge
from bot.language.wording import wording


class ActionComplaint(Action):
    """Keeps the complaint with the facts that were shown; puts it right where it can, and apologises otherwise."""

    def name(self) -> str:
        return "action_complaint"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        question = questions_in(tracker.latest_message)[0]
        before = context_of(tracker)
        answer, context = answer_complaint(knowledge(), question, before)
        say(dispatcher, tracker, answer)
        return [*_opinion(before, "down", wording().complaint(question.text)), *remember(context)]


class ActionPraise(Action):
    """Keeps the praise with the facts that were shown, and says thank you."""

    def name(self) -> str:
        return "action_praise"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        dispatcher.utter_message(response="utter_praise")
        return _opinion(context_of(tracker), "up")


class ActionStartOver(Action):
    """Forgets what the conversation was about, or starts the fit check afresh."""

    def name(self) -> str:
        return "action_start_over"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        question = questions_in(tracker.latest_message)[0]
        answer, context = start_over(knowledge(), question)
        say(dispatcher, tracker, answer)
        return remember(context)


def _opinion(context: Context, rating: str, reason: str | None = None) -> list[dict[str, Any]]:
    """The event that keeps an opinion in words on the answer just before it; none where nothing was answered yet."""
    facts = rated(context)
    return [] if facts is None else [SlotSet(SLOT, feedback(rating, facts, reason, by="words"))]
