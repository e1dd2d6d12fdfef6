"""The fit check: starting, skipping, "neither", cancelling and resuming. Choices arrive as ordinary messages."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.answering import context_of, questions_in, remember, say
from bot.advice import fit_check
from bot.knowledge.current import knowledge


class ActionFitCheck(Action):
    """Moves the fit check of the conversation one step on."""

    def name(self) -> str:
        return "action_fit_check"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        # How far it is stands in the context slot, so that any question in between does not lose it.
        question = questions_in(tracker.latest_message)[0]
        answer, context = fit_check.step(knowledge(), question, context_of(tracker))
        say(dispatcher, tracker, answer)
        return remember(context)
