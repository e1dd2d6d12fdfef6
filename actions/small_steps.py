"""Yes, no, complaints and starting over: short messages whose meaning depends on what the bot said last."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.answering import context_of, knowledge, questions_in, remember, say
from bot.advice.small_steps import agree, disagree, start_over
from bot.advice.small_steps import complaint as answer_complaint


class ActionSmallStep(Action):
    """Answers a bare yes or no with what was offered, or asks what it refers to."""

    def name(self) -> str:
        return "action_small_step"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        question = questions_in(tracker.latest_message)[0]
        step = agree if question.intent == "affirm" else disagree
        answer, context = step(knowledge(), context_of(tracker))
        say(dispatcher, tracker, answer)
        return remember(context)


class ActionComplaint(Action):
    """Apologises, and offers what the person may have meant; never the same sentence twice in a row."""

    def name(self) -> str:
        return "action_complaint"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        question = questions_in(tracker.latest_message)[0]
        answer, context = answer_complaint(knowledge(), question, context_of(tracker))
        say(dispatcher, tracker, answer)
        return remember(context)


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
