"""What the server writes to its log: a few lines of its own, and never what people wrote.

Rasa and its dependencies put messages, entities and database parameters into log lines and into the texts of
exceptions. Unless ``LOG_TEXT`` is on, their lines are therefore reduced to where they come from, and an exception to
its type and the places it passed.
"""

from __future__ import annotations

import logging
import os
import sys
import traceback
import warnings
from collections.abc import Mapping, MutableMapping
from datetime import datetime, timezone
from types import TracebackType
from typing import Any

import structlog

_OWN = ("bot", "actions")
_FRAMES = 6
_ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class TextFreeFormatter(logging.Formatter):
    """Formats records without anything that may hold what a person wrote."""

    def __init__(self, show_text: bool) -> None:
        super().__init__()
        self._show_text = show_text

    def format(self, record: logging.LogRecord) -> str:
        line = self.event(record)
        if record.exc_info and record.exc_info[0]:
            line = f"{line}\n{self.formatException(record.exc_info)}"
        return line

    def event(self, record: logging.LogRecord) -> str:
        """What happened, in one line; of dependencies where."""
        if self._show_text or record.name.split(".")[0] in _OWN:
            return record.getMessage()
        return f"{record.levelname.lower()} in {record.name} ({record.filename}:{record.lineno})"

    def formatException(self, ei: _ExcInfo) -> str:
        if self._show_text:
            return super().formatException(ei)
        lines = []
        error: BaseException | None = ei[1]
        while error:
            lines.append(f"  {type(error).__module__}.{type(error).__qualname__}")
            frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
            lines += [f"    {frame.filename}:{frame.lineno} in {frame.name}" for frame in frames]
            error = error.__cause__ or error.__context__
        return "\n".join(lines)


class JsonFormatter(TextFreeFormatter):
    """The same as one JSON object a line: time, level, logger, event, the request's id, and the exception if any."""

    def format(self, record: logging.LogRecord) -> str:
        entry: MutableMapping[str, Any] = {
            "time": datetime.fromtimestamp(record.created, tz=timezone.utc).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": self.event(record),
            **getattr(record, "fields", {}),
        }
        if record.exc_info and record.exc_info[0]:
            entry["exception"] = self.formatException(record.exc_info)
        entry = structlog.contextvars.merge_contextvars(None, "", entry)
        line = structlog.processors.JSONRenderer(ensure_ascii=True)(None, "", entry)
        return line if isinstance(line, str) else line.decode()


def configure_logging(show_text: bool, log_format: str = "text") -> None:
    """Set up logging, structlog and warnings for the process. Has to be called before Rasa is imported.

    With ``log_format`` "json" lines are JSON, and there is one for each request.
    """
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    # Not a filter: some dependencies set filters of their own when they are imported.
    warnings.showwarning = _no_warning
    handler = logging.StreamHandler(sys.stderr)
    as_json = log_format == "json"
    handler.setFormatter(JsonFormatter(show_text) if as_json else TextFreeFormatter(show_text))
    logging.basicConfig(handlers=[handler], level=logging.ERROR, force=True)
    for name in _OWN:
        logging.getLogger(name).setLevel(logging.INFO)
    # Requests are told by debug lines, which only the machines that read JSON want to have.
    logging.getLogger("bot.observe.request_ids").setLevel(logging.DEBUG if as_json else logging.INFO)
    # These report what clients do wrong as errors; the server answers and reports for itself.
    for name in ("sanic.root", "sanic.error", "sanic.access", "uvicorn.error"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    structlog.configure(
        processors=[_as_log_record],
        wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )


def quiet_loop(_: Any, context: Mapping[str, Any]) -> None:
    """An event loop's exception handler that leaves out the task, whose description holds the exception's text."""
    error = context.get("exception")
    logging.getLogger(__name__).error("%s", context.get("message", "A task failed"), exc_info=error)


def _no_warning(*_: Any, **__: Any) -> None:
    """Dependencies warn of their own dependencies, and Rasa of messages, which it quotes."""


def _as_log_record(_: Any, __: str, event: MutableMapping[str, Any]) -> tuple[tuple[str], dict[str, Any]]:
    error = event.pop("exc_info", None)
    return (str(dict(event)),), {"exc_info": error}
