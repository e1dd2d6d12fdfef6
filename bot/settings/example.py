"""The file .env.example: every setting with its default and its meaning, from the table."""

from __future__ import annotations

import textwrap
from dataclasses import MISSING, fields
from typing import Any

from bot.settings.table import Settings, shown_before

_WIDTH = 120
_HEAD = "Settings of Career Advisor. Each line shows a variable with its default; an empty value means the default."


def example() -> str:
    """The text of the file."""
    lines = [_comment(_HEAD)]
    for field in fields(Settings):
        for text in shown_before(field):
            lines += ["", _comment(text)]
        default = None if field.default is MISSING else field.default
        lines.append(f"{field.name.upper()}={_written(default)}")
    lines += [
        "",
        _comment(
            "OpenTelemetry traces go where OTEL_EXPORTER_OTLP_ENDPOINT says, http://localhost:4318 for example; unset: "
            "there are none."
        ),
        "",
        _comment(
            "For tests only: a PostgreSQL database that may be emptied. Empty: they start a server of their own where "
            "they can."
        ),
        "TEST_POSTGRES_URL=",
    ]
    return "\n".join(lines) + "\n"


def _written(default: Any) -> str:
    if isinstance(default, bool):
        return "on" if default else "off"
    if isinstance(default, tuple):
        return ",".join(default)
    return f"{default:g}" if isinstance(default, float) else str(default or (0 if default == 0 else ""))


def _comment(text: str) -> str:
    return textwrap.fill(text, _WIDTH, initial_indent="# ", subsequent_indent="# ", break_on_hyphens=False)
