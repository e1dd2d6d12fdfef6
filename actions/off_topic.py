"""What is said to messages that are not about the subject."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.answering import context_of, questions_in, remember, say
from bot.advice.conversation import ours_after_all
from bot.knowledge.current import knowledge


class ActionOffTopic(Action):
    """Says what the bot is for, in the words of the intent's response, unless the message is about the last answer."""

    def name(self) -> str:
        return "action_off_topic"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        # "What are those good for?" sounds like anything; only the conversation tells what it is about.
        question = questions_in(tracker.latest_message)[0]
        found = ours_after_all(knowledge(), question, context_of(tracker))
        if found is None:
            dispatcher.utter_message(response=f"utter_{question.intent}")
            return []
        answer, context = found
        say(dispatcher, tracker, answer)
        return remember(context)
