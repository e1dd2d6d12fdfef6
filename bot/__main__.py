"""Command line: ``python -m bot serve`` runs the server, ``python -m bot shell`` the console; the others are for
conversations that are stored (docs/operations.md)."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from bot.private_files import UMASK
from bot.settings import Settings, SettingsError


def serve(_: argparse.Namespace) -> int:
    """Run the server with the settings of the environment until it is stopped."""
    # Imported here so that other commands start without it.
    from bot.server import serve as run
    from bot.server.checks import OF_SERVER, checked_settings

    return run(checked_settings(OF_SERVER))


def shell(_: argparse.Namespace) -> int:
    """Talk to the bot in the terminal."""
    from bot.server.checks import OF_CONSOLE, checked_settings
    from bot.shell import shell as run

    return run(checked_settings(OF_CONSOLE))


def actions(arguments: argparse.Namespace) -> int:
    """Run an action server with the settings of the environment until it is stopped."""
    from bot.cluster.action_server import serve_actions
    from bot.server.checks import OF_ACTIONS, checked_settings

    settings = checked_settings(OF_ACTIONS)
    host = arguments.host or settings.action_server_host
    port = settings.action_server_port if arguments.port is None else arguments.port
    return serve_actions(replace(settings, action_server_host=host, action_server_port=port))


def operate(arguments: argparse.Namespace) -> int:
    """Do something with stored conversations; returns the exit code, 1 if it cannot be done."""
    from bot.observe.logs import configure_logging

    settings = Settings.from_environment()
    configure_logging(settings.log_text)
    from bot import operations
    from bot.stores import StoreUnavailableError

    work: dict[str, Callable[[], int]] = {
        "forget": lambda: operations.forget(settings, _sender(arguments), arguments.from_make),
        "export": lambda: operations.export(settings, _sender(arguments), arguments.from_make),
        "prune": lambda: operations.prune(settings),
        "backup": lambda: operations.backup(settings, arguments.file),
        "restore": lambda: operations.restore(settings, arguments.file, arguments.replace),
    }
    try:
        return work[arguments.command]()
    except (operations.OperationError, StoreUnavailableError) as problem:
        print(problem, file=sys.stderr)
        return 1


def _sender(arguments: argparse.Namespace) -> str:
    """The id as it was given, or else a line of standard input, which no shell and no make reads first.

    Raises OperationError if there is none.
    """
    from bot.operations import OperationError

    if arguments.sender is not None:
        return str(arguments.sender)
    if sys.stdin.isatty():
        print("Id of the conversation, or slack-TEAM-USER: ", end="", file=sys.stderr, flush=True)
    sender = sys.stdin.readline().rstrip("\r\n")
    if not sender.strip():
        raise OperationError("SENDER is missing, and standard input has no id either.")
    return sender


def _text(value: str) -> str:
    if not value.strip():
        raise argparse.ArgumentTypeError("is missing")
    return value


def _file(value: str) -> Path:
    return Path(_text(value))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code, 1 for settings that cannot be used."""
    parser = argparse.ArgumentParser(prog="python -m bot", description="Career Advisor")
    commands = parser.add_subparsers(required=True, metavar="command")
    command = commands.add_parser("serve", help="run the chatbot and its web page")
    command.set_defaults(run=serve)
    command = commands.add_parser("shell", help="talk to the chatbot in the terminal")
    command.set_defaults(run=shell)
    command = commands.add_parser("actions", help="run an action server, for ACTION_SERVER_URL")
    command.set_defaults(run=actions)
    command.add_argument("--host", help="the address to listen on (default: ACTION_SERVER_HOST)")
    command.add_argument("--port", type=int, choices=range(65536), metavar="PORT", help="default: ACTION_SERVER_PORT")
    for name, purpose in (
        ("forget", "erase everything about one person"),
        ("export", "print everything that is stored about one person, as JSON"),
        ("prune", "erase conversations that are older than RETENTION_DAYS"),
        ("backup", "copy the database to a file while the server runs"),
        ("restore", "put a backup in the place of the database"),
    ):
        command = commands.add_parser(name, help=purpose)
        command.set_defaults(run=operate, command=name)
        if name in ("forget", "export"):
            purpose = "id of a conversation, or slack-TEAM-USER; without it, standard input is read"
            command.add_argument("sender", nargs="?", type=_text, metavar="SENDER", help=purpose)
            command.add_argument("--from-make", action="store_true", help=argparse.SUPPRESS)
        if name in ("backup", "restore"):
            command.add_argument("file", type=_file, metavar="FILE")
        if name == "restore":
            command.add_argument("--replace", action="store_true", help="even if conversations are lost by it")
    chosen = parser.parse_args(arguments)
    try:
        return int(chosen.run(chosen))
    except SettingsError as problem:
        print(problem, file=sys.stderr)
        return 1


if __name__ == "__main__":
    os.umask(UMASK)
    try:
        code = main()
        logging.shutdown()
        sys.stdout.flush()
        sys.stderr.flush()
    except BrokenPipeError:
        # Whoever reads the output has read enough, like `head`.
        code = 0
    # Everything worth keeping is saved by now, and a thread that hangs in an action must not hold the process.
    os._exit(code)
