"""Check the knowledge files: `python -m bot.knowledge [DIR]`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from bot.knowledge.load import load_knowledge
from bot.knowledge.problems import KnowledgeError


def main(arguments: Sequence[str] | None = None) -> int:
    """Print what a folder holds, or all its problems. Returns the exit code, 0 or 1."""
    parser = argparse.ArgumentParser(prog="python -m bot.knowledge", description=__doc__)
    parser.add_argument("folder", nargs="?", default="data/knowledge", metavar="DIR")
    folder = parser.parse_args(arguments).folder
    try:
        base = load_knowledge(folder)
    except KnowledgeError as error:
        print(error, file=sys.stderr)
        return 1
    kinds = ("facts", "roles", "topics", "entities", "sources", "uncovered")
    print("ok: " + ", ".join(f"{len(getattr(base, kind))} {kind}" for kind in kinds))
    return 0


if __name__ == "__main__":
    sys.exit(main())
