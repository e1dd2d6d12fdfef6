"""How Rasa 3.6.21 reads a message (``MessageProcessor.parse_message``), off the event loop and only where needed.

The pipeline computes for milliseconds, and for tens of milliseconds on a long message; meanwhile everybody else waits
if it runs on the event loop. It gets a thread of its own, and long messages another one, so that short ones do not
queue behind them. onnxruntime, where most of the time goes, lets other threads run.

A button's payload (``/intent{...}``) says what it means. Rasa runs the whole pipeline on it and then throws the result
away; here the payload is unpacked by the same function, alone.

Left out are a debug line and ``_check_for_unseen_features``, whose warnings this server does not show.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from rasa.core.channels.channel import UserMessage
from rasa.core.processor import MessageProcessor
from rasa.nlu.classifiers.regex_message_handler import RegexMessageHandler
from rasa.shared.constants import INTENT_MESSAGE_PREFIX
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.core.training_data.story_reader.yaml_story_reader import YAMLStoryReader
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_NAME_KEY, PREDICTED_CONFIDENCE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.observe.metrics import CountedOutput
from bot.observe.tracing import span

LONG = 240
"""Messages of more characters than this are read beside the others."""

_short_messages = ThreadPoolExecutor(1, thread_name_prefix="nlu")
_long_messages = ThreadPoolExecutor(1, thread_name_prefix="nlu-long")
_parse_message = MessageProcessor.parse_message


async def parse_message(
    self: Any, message: UserMessage, tracker: DialogueStateTracker | None = None, only_output_properties: bool = True
) -> dict[str, Any]:
    """What the message means, as a dictionary with ``text``, ``intent``, ``entities`` and what the pipeline adds."""
    with span("nlu", {"characters": len(message.text or "")}):
        parsed = await _parsed(self, message, tracker, only_output_properties)
    if isinstance(message.output_channel, CountedOutput):
        message.output_channel.understood(parsed[INTENT].get(INTENT_NAME_KEY), self.domain.intents)
    return parsed


async def _parsed(
    self: Any, message: UserMessage, tracker: DialogueStateTracker | None, only_output_properties: bool
) -> dict[str, Any]:
    if self.http_interpreter:
        asked: dict[str, Any] = await _parse_message(self, message, tracker, only_output_properties)
        return asked
    payload = _unpacked(self, message.text or "", only_output_properties)
    if payload is not None:
        return payload
    thread = _long_messages if len(message.text or "") > LONG else _short_messages
    tracker = tracker or DialogueStateTracker.from_events(message.sender_id, [])
    parsed: dict[str, Any] = await asyncio.get_running_loop().run_in_executor(
        thread, self._parse_message_with_graph, message, tracker, only_output_properties
    )
    self._update_full_retrieval_intent(parsed)
    return parsed


def _unpacked(self: Any, text: str, only_output_properties: bool) -> dict[str, Any] | None:
    if not text.strip().startswith(INTENT_MESSAGE_PREFIX):
        return None
    message = Message({TEXT: text})
    unpacked = YAMLStoryReader.unpack_regex_message(message, self.domain, RegexMessageHandler.__name__)
    if unpacked is message:  # It looks like a payload and is none.
        return None
    empty = {TEXT: "", INTENT: {INTENT_NAME_KEY: None, PREDICTED_CONFIDENCE_KEY: 0.0}, ENTITIES: []}
    return {**empty, **unpacked.as_dict(only_output_properties=only_output_properties)}
