"""`python -m bot.content COMMAND`: what the `make content-...` commands run."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from datetime import date, datetime, timezone
from pathlib import Path

from bot.content.errors import ContentError, ScaffoldError, explained
from bot.content.new_role import NewRole, scaffold
from bot.content.preview import preview
from bot.knowledge import KnowledgeBase, KnowledgeError, load_knowledge

NLU = ("data/nlu.yml", "data/moves.yml")
HELD_OUT = "tests/held_out.yml"
_SHOWN = 12


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code. Wrong input is one line on stderr and 1."""
    # Rasa's database models make SQLAlchemy warn on import, which is nothing to an owner.
    os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
    parsed = _parser().parse_args(arguments)
    try:
        kb = load_knowledge(parsed.knowledge)
    except KnowledgeError as error:
        return _problems(error)
    try:
        return int(parsed.run(kb, parsed))
    except (ContentError, OSError) as error:
        print(error, file=sys.stderr)
        return 1


def _problems(error: KnowledgeError) -> int:
    count = len(error.problems)
    print(f"{count} thing{'s' if count > 1 else ''} to put right before the files can be used:", file=sys.stderr)
    for problem in error.problems:
        print(f"  {explained(problem)}", file=sys.stderr)
    return 1


def _check(kb: KnowledgeBase, parsed: argparse.Namespace) -> int:
    from bot.content.check import hints
    from bot.content.held_out import exact, held_out_questions
    from bot.content.reading import Reader, examples_in

    print(f"The files are valid: {len(kb.facts)} facts on {len(kb.roles)} roles and {len(kb.topics)} topics.")
    questions = [question for fact in kb.facts.values() for question in fact.questions]
    questions += [question for kind in kb.uncovered.values() for question in (*kind.examples, *kind.in_part)]
    print(f"Asking the facts' own questions, {len(questions)} with those of what is not covered ...", flush=True)
    by_kind: dict[str, list[str]] = {}
    nlu = [Path(name) for name in parsed.nlu if Path(name).is_file()]
    training = [*questions, *(text for file in nlu for text, _ in examples_in(file))]
    spoilt = exact(training, held_out_questions(Path(parsed.held_out)))
    if spoilt:
        by_kind["held-out questions in the training data"] = [f"{text!r}: take it out of the data" for text in spoilt]
    for hint in hints(kb, Reader(kb, nlu), datetime.now(timezone.utc).date()):
        by_kind.setdefault(hint.kind, []).append(hint.text)
    for kind, texts in by_kind.items():
        print(f"\n{kind} ({len(texts)})")
        for text in texts if parsed.all else texts[:_SHOWN]:
            print(f"  {text}")
        if len(texts) > _SHOWN and not parsed.all:
            print(f"  ... and {len(texts) - _SHOWN} more (ALL=1 shows them)")
    print("\nNothing above keeps the bot from working." if by_kind else "Nothing else to look at.")
    return 0


def _preview(kb: KnowledgeBase, parsed: argparse.Namespace) -> int:
    print(preview(kb, [role for role in parsed.role.split(",") if role], parsed.topic or None))
    return 0


def _new_role(kb: KnowledgeBase, parsed: argparse.Namespace) -> int:
    asked = {
        "role": "Id of the role, such as data_analyst",
        "name": "Its name in the middle of a sentence, such as data analyst",
        "aliases": "Other names for it, with commas between",
        "source": "Where its facts come from: a title, or the id of a source that is there",
    }
    for field, words in asked.items():
        if not getattr(parsed, field) and sys.stdin.isatty():
            setattr(parsed, field, input(f"{words}: ").strip())
    if parsed.source not in kb.sources and not parsed.date and sys.stdin.isatty():
        parsed.date = input("Date of the source, such as 2025-06-11: ").strip()
    try:
        published = date.fromisoformat(parsed.date) if parsed.date else None
    except ValueError:
        raise ScaffoldError(f"DATE={parsed.date} is no date such as 2025-06-11") from None
    new = NewRole(
        id=parsed.role,
        name=parsed.name,
        aliases=tuple(parsed.aliases.split(",")),
        source=parsed.source,
        plural=parsed.plural,
        short=parsed.short,
        publisher=parsed.publisher or "Unknown publisher",
        published=published,
        url=parsed.url,
    )
    files = scaffold(kb, Path(parsed.knowledge), new)
    for file in files:
        print(f"wrote {file}")
    print(f"Next: fill in {files[-1]}, then make content-check and make train.")
    return 0


def _suggest(kb: KnowledgeBase, parsed: argparse.Namespace) -> int:
    from bot.content.suggest import review
    from bot.insights import InsightsError, unanswered

    file = Path(parsed.file)
    if file.exists():
        raise ContentError(f"{file} is there already: accept or remove it first, or give FILE= another name")
    try:
        groups = unanswered(parsed.database, knowledge=kb, folder=Path(parsed.knowledge))
    except InsightsError as error:
        raise ContentError(str(error)) from None
    if not groups:
        print("No question of the last 30 days went without an answer.")
        return 0
    with file.open("x", encoding="utf-8") as stream:
        stream.write(review(groups, kb, str(file)))
    print(f"wrote {file} with {len(groups)} groups: edit it, then make content-accept FILE={file}")
    return 0


def _accept(kb: KnowledgeBase, parsed: argparse.Namespace) -> int:
    from bot.content.accept import accept
    from bot.content.held_out import held_out_questions

    done = accept(Path(parsed.file), Path(parsed.data), held_out_questions(Path(parsed.held_out)))
    print(f"added {done.examples} training examples and {done.facts} facts; next: make content-check and make train")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot.content", description=__doc__)
    parser.add_argument("--knowledge", default="data/knowledge", metavar="DIR")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    check = commands.add_parser("check", help="what is wrong, and what could be better")
    check.add_argument("--nlu", nargs="*", default=NLU, metavar="FILE")
    check.add_argument("--held-out", default=HELD_OUT, metavar="FILE")
    check.add_argument("--all", action="store_true", help="show every hint")
    check.set_defaults(run=_check)
    show = commands.add_parser("preview", help="an answer on all channels")
    show.add_argument("--role", default="", help="ids with commas between; all roles without it")
    show.add_argument("--topic", default="", help="id; a profile without it")
    show.set_defaults(run=_preview)
    role = commands.add_parser("new-role", help="start a role")
    for field in ("role", "name", "aliases", "source", "plural", "short", "publisher", "date", "url"):
        role.add_argument(f"--{field}", default="")
    role.set_defaults(run=_new_role)
    suggest = commands.add_parser("suggest", help="write a review file from questions that had no answer")
    suggest.add_argument("file", metavar="FILE")
    suggest.add_argument("--database", default=None, help="as TRACKER_DB_URL, which is the default")
    suggest.set_defaults(run=_suggest)
    accepted = commands.add_parser("accept", help="add what a review file accepts to the data")
    accepted.add_argument("file", metavar="FILE")
    accepted.add_argument("--data", default="data", metavar="DIR")
    accepted.add_argument("--held-out", default=HELD_OUT, metavar="FILE")
    accepted.set_defaults(run=_accept)
    return parser


if __name__ == "__main__":
    sys.exit(main())
