import logging
import sys

import pytest

from bot.observe.logs import TextFreeFormatter


def record(name: str) -> logging.LogRecord:
    try:
        raise ValueError("zebra") from KeyError("zebra")
    except Exception:
        return logging.LogRecord(name, logging.ERROR, "/x/file.py", 7, "Failed on %s", ("zebra",), sys.exc_info())


def test_lines_of_dependencies_say_where_and_what_but_quote_nothing() -> None:
    line = TextFreeFormatter(show_text=False).format(record("rasa.core"))
    assert line.startswith("error in rasa.core (file.py:7)")
    assert "builtins.ValueError" in line
    assert "builtins.KeyError" in line
    assert "test_logs.py" in line
    assert "zebra" not in line


@pytest.mark.parametrize("name", ["bot.channels.rest.channel", "actions.advice"])
def test_own_lines_are_kept_without_the_texts_of_exceptions(name: str) -> None:
    line = TextFreeFormatter(show_text=False).format(record(name))
    assert line.startswith("Failed on zebra\n")
    assert line.count("zebra") == 1


def test_text_is_shown_when_asked_for() -> None:
    line = TextFreeFormatter(show_text=True).format(record("rasa.core"))
    assert line.startswith("Failed on zebra\n")
    assert "ValueError: zebra" in line
