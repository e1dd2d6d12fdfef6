"""What this process counts for Prometheus; ``/metrics`` (bot/server/metrics_page.py) shows it.

Labels come from fixed sets, so that nobody can make the server keep ever more series: intents are those of the domain,
kinds those of :data:`bot.advice.answer.Kind`, and whatever else arrives is "other".
"""

from __future__ import annotations

import logging
from typing import Any, get_args

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.gc_collector import GCCollector
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector
from rasa.core.channels.channel import OutputChannel

from bot.advice.answer import Kind

OTHER = "other"
_FALLBACK = "nlu_fallback"
_KINDS = frozenset(get_args(Kind))
_OWN = frozenset({"bot", "actions"})
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

registry = CollectorRegistry()
for _collector in (ProcessCollector, PlatformCollector, GCCollector):
    _collector(registry=registry)

requests = Counter("advisor_http_requests", "Requests answered.", ["method", "route", "status"], registry=registry)
request_seconds = Histogram(
    "advisor_http_request_seconds", "Time to answer a request.", ["route"], buckets=_SECONDS, registry=registry
)
intents = Counter("advisor_intents", "Messages by what they were understood to mean.", ["intent"], registry=registry)
fallbacks = Counter("advisor_fallbacks", "Messages that no intent fits.", registry=registry)
answers = Counter("advisor_answers", "Replies of the bot by kind of answer.", ["kind"], registry=registry)
errors = Counter("advisor_errors", "Errors in the log, by the part that reports them.", ["part"], registry=registry)
pending = Gauge("advisor_pending_messages", "Messages that wait or are being answered.", ["channel"], registry=registry)
pending_limit = Gauge(
    "advisor_pending_messages_limit", "How many may, before others are turned away.", ["channel"], registry=registry
)


class CountedOutput(OutputChannel):  # type: ignore[misc, unused-ignore]
    """An output channel that counts what goes through it on its way to another one."""

    def __init__(self, output: OutputChannel) -> None:
        self._output = output

    def name(self) -> str:  # type: ignore[override, unused-ignore]
        """The name of the channel behind it."""
        name: str = self._output.name()
        return name

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Count one reply and pass it on."""
        kind = (message.get("custom") or {}).get("kind") or (message.get("metadata") or {}).get("kind") or "smalltalk"
        answers.labels(kind if kind in _KINDS else OTHER).inc()
        await self._output.send_response(recipient_id, message)

    def understood(self, intent: Any, known: Any) -> None:
        """Count a message by its intent, of the ``known`` ones."""
        intents.labels(intent if isinstance(intent, str) and intent in known else OTHER).inc()
        if intent == _FALLBACK:
            fallbacks.inc()


class CountErrors(logging.Handler):
    """Counts what is logged as an error."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)

    def emit(self, record: logging.LogRecord) -> None:
        """Count one record."""
        part = record.name.split(".")[0]
        errors.labels(part if part in _OWN else OTHER).inc()
