"""Whether what the settings name can be used: looked at before anything heavy is loaded, one line for each problem."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from urllib.parse import unquote

from bot.channels.rest.tokens import conversation_secret
from bot.private_files import UMASK, make_private
from bot.settings import Settings, SettingsError
from bot.settings.values import url

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})


def checked_settings(parts: Iterable[str], environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings, if each of them can be used; ``parts`` are names of CHECKS.

    Makes the state folder and the secret in it where they are missing. Raises SettingsError with all problems.
    """
    settings, found = Settings.read(environment)
    wrong = {line.partition(" ")[0] for line in found}
    for part in parts:
        names, check = CHECKS[part]
        if not wrong.intersection(names):
            lines = check(settings)
            found += lines
            # A part whose folder cannot be used is not told as well.
            wrong |= {names[0]} if lines else set()
    if endpoint := environment.get("OTEL_EXPORTER_OTLP_ENDPOINT", "").strip():
        try:
            url(endpoint)
        except ValueError as problem:
            found.append(f"OTEL_EXPORTER_OTLP_ENDPOINT {problem}")
    if found:
        raise SettingsError("\n".join(found))
    return settings


def _state(settings: Settings) -> list[str]:
    folder = settings.state_dir
    try:
        folder.mkdir(mode=0o777 & ~UMASK, parents=True, exist_ok=True)
        # One that somebody made for this may be shared on purpose.
        if folder == Settings.state_dir:
            make_private(folder)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except (FileExistsError, NotADirectoryError):
        return [f"STATE_DIR must be a folder, and {folder} is or leads through a file."]
    except OSError as error:
        # A disk without room may have some later, and until then /health says so.
        return [] if error.errno in _FULL else [f"STATE_DIR={folder} cannot be written to: {error.strerror}."]
    return []


def _secret(settings: Settings) -> list[str]:
    return _problem(lambda: conversation_secret(settings))


def _database(settings: Settings) -> list[str]:
    scheme, _, path = settings.tracker_url().partition(":///")
    if scheme != "sqlite":
        return []
    file = Path(unquote(path.partition("?")[0]))
    name = "TRACKER_DB_URL" if settings.tracker_db_url else "STATE_DIR"
    try:
        file.parent.mkdir(mode=0o777 & ~UMASK, parents=True, exist_ok=True)
        os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o666 & ~UMASK))
    except OSError as error:
        return [] if error.errno in _FULL else [f"{name}: {file} cannot be used: {error.strerror}."]
    return []


def _model(settings: Settings) -> list[str]:
    return _problem(settings.model_files)


def _encoder(settings: Settings) -> list[str]:
    if settings.encoder_dir is None:
        return []
    from bot.language.encoder_files import WEIGHTS, WORD_PIECES, EncoderError, checked_file

    try:
        for name in (WEIGHTS, WORD_PIECES):
            checked_file(name, settings.encoder_dir)
    except EncoderError as problem:
        return [f"ENCODER_DIR: {problem}."]
    return []


def _knowledge(settings: Settings) -> list[str]:
    folder = settings.knowledge_dir
    # Other bots, which are served for tests, have none.
    if folder == Settings.knowledge_dir and not folder.exists() and not settings.sources:
        return []
    from bot.knowledge import KnowledgeError, load_knowledge
    from bot.knowledge.selection import SETTING

    try:
        load_knowledge(folder, settings.sources)
    except KnowledgeError as error:
        first, *others = error.problems
        if first.file == SETTING:
            return [str(first)]
        more = f" ({len(others)} more: .venv/bin/python -m bot.knowledge {folder})" if others else ""
        return [f"KNOWLEDGE_DIR cannot be used: {first}{more}"]
    except OSError as error:
        return [f"KNOWLEDGE_DIR={folder} cannot be read: {error.strerror}."]
    return []


def _slack(settings: Settings) -> list[str]:
    from bot.channels.slack.settings import SlackSettings

    return _problem(lambda: SlackSettings.of(settings))


def _problem(use: Callable[[], object]) -> list[str]:
    try:
        use()
    except SettingsError as problem:
        return [str(problem)]
    return []


CHECKS: dict[str, tuple[tuple[str, ...], Callable[[Settings], list[str]]]] = {
    "state": (("STATE_DIR",), _state),
    "secret": (("CONVERSATION_SECRET", "STATE_DIR"), _secret),
    "database": (("TRACKER_DB_URL", "STATE_DIR"), _database),
    "model": (("MODEL",), _model),
    "encoder": (("ENCODER_DIR",), _encoder),
    "knowledge": (("KNOWLEDGE_DIR", "SOURCES"), _knowledge),
    "slack": (("SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "SLACK_APP_TOKEN"), _slack),
}
"""What is looked at: the variables that it depends on, and the look."""

OF_SERVER = tuple(CHECKS)
OF_CONSOLE = ("model", "encoder", "knowledge")
OF_ACTIONS = ("encoder", "knowledge")
