"""Command line: ``python -m bot serve`` runs the server, ``python -m bot shell`` the console."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Sequence

from bot.settings import Settings, SettingsError


def serve(_: argparse.Namespace) -> int:
    """Run the server with the settings of the environment until it is stopped."""
    # Imported here so that other commands start without it.
    from bot.server import serve as run

    return run(Settings.from_environment())


def shell(_: argparse.Namespace) -> int:
    """Talk to the bot in the terminal."""
    from bot.shell import shell as run

    return run(Settings.from_environment())


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code, 2 for settings that cannot be used."""
    parser = argparse.ArgumentParser(prog="python -m bot", description="Career Advisor")
    commands = parser.add_subparsers(required=True, metavar="command")
    command = commands.add_parser("serve", help="run the chatbot and its web page")
    command.set_defaults(run=serve)
    command = commands.add_parser("shell", help="talk to the chatbot in the terminal")
    command.set_defaults(run=shell)
    chosen = parser.parse_args(arguments)
    try:
        return int(chosen.run(chosen))
    except SettingsError as problem:
        print(problem, file=sys.stderr)
        return 2


if __name__ == "__main__":
    code = main()
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    # Everything worth keeping is saved by now, and a thread that hangs in an action must not hold the process.
    os._exit(code)
