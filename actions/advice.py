"""Everything that is answered from the knowledge base or from what was said before."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.answering import context_of, questions_in, remember, say, told_in
from bot.advice import reply
from bot.knowledge.current import knowledge


class ActionAdvise(Action):
    """Answers every question about the subject, covered or not, every follow-up, and talk about the choice."""

    def name(self) -> str:
        return "action_advise"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        # The NLU pipeline has already split the message and found roles, things and what it may be about.
        message = tracker.latest_message
        answer, context = reply(knowledge(), questions_in(message), context_of(tracker), told_in(message))
        say(dispatcher, tracker, answer)
        return remember(context)
