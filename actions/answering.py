"""What every answering action does around the advice: tracker in, message and context slot out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.advice import Answer, Context, Question
from bot.knowledge.current import knowledge
from bot.render import envelope, to_markdown, to_plain
from bot.render.sources import credits_of

CONTEXT_SLOT = "context"
_PLAIN_CHANNELS = frozenset({"cmdline"})


def questions_in(message: Mapping[str, Any]) -> list[Question]:
    """The questions of the latest message; a button payload is one question."""
    parsed = message.get("questions") or []
    if len(parsed) > 1:
        return [Question.from_parse(each) for each in parsed]
    whole = {**(parsed[0] if parsed else {}), "entities": message.get("entities", [])}
    text = str(message.get("text") or "")
    # A payload skips the pipeline. It is no wording to be read: it says what it asks by its intent and entities.
    whole.setdefault("text", "" if not parsed and text.startswith("/") else text)
    whole["intent"] = (message.get("intent") or {}).get("name", "nlu_fallback")
    return [Question.from_parse(whole)]


def told_in(message: Mapping[str, Any]) -> list[Question]:
    """The parts of the latest message in which somebody tells about themselves."""
    return [Question.from_parse(part) for part in message.get("told") or []]


def context_of(tracker: Tracker) -> Context:
    """What the conversation was about before this message."""
    return Context.from_slot(tracker.get_slot(CONTEXT_SLOT))


def say(dispatcher: CollectingDispatcher, tracker: Tracker, answer: Answer) -> None:
    """Send the answer in the look of the conversation's channel."""
    kb = knowledge()
    credits = credits_of(kb, answer)
    buttons = [{"title": s.title, "payload": s.payload} for s in answer.suggestions]
    if tracker.get_latest_input_channel() in _PLAIN_CHANNELS:
        # The console turns buttons into a menu that has to be left before one can type, so they become text there.
        dispatcher.utter_message(text=to_plain(answer, credits))
        return
    dispatcher.utter_message(
        text=to_markdown(answer, credits), buttons=buttons or None, json_message=envelope(kb, answer)
    )


def remember(context: Context) -> list[dict[str, Any]]:
    """The events that keep the context for the next message."""
    return [SlotSet(CONTEXT_SLOT, context.to_slot())]
