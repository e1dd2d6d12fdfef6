"""Questions about the two careers, and the follow-ups to them."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.answering import context_of, questions_in, remember, say
from bot.advice import reply
from bot.knowledge.current import knowledge


class ActionAdvise(Action):
    """Answers every question that is about the article, covered or not, and every follow-up."""

    def name(self) -> str:
        return "action_advise"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        # The NLU pipeline has already split the message and found roles, things and the nearest facts.
        questions = questions_in(tracker.latest_message)
        answer, context = reply(knowledge(), questions, context_of(tracker))
        say(dispatcher, tracker, answer)
        return remember(context)
