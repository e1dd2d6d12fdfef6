"""The one custom action of the baseline: it answers with a sentence, as the simplest of ours does."""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher


class ActionTools(Action):
    def name(self) -> str:
        return "action_tools"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        dispatcher.utter_message(text="ML engineers work with Apache Spark and Hadoop.")
        return []
