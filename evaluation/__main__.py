"""``python -m evaluation [FILE.jsonl ...]``: the scorecard of the bot, written to docs/scorecard.md.

Always measured: the behavioural suite and the dialogues against a live bot, the looks of the channels, the held-out
questions and the out-of-scope messages. Files of graded questions are added where they are given; with ``--outside``
nothing but their rates is written. Exit 0 when no more fails than may by evaluation/thresholds.yml, 3 when not, 1 for
a file that cannot be read, 2 for a bot that cannot be reached.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from bot.knowledge import KnowledgeBase
from bot.knowledge.current import knowledge
from bot.observe.logs import configure_logging
from evaluation.behaviour import load_suite
from evaluation.dialogues import hold, load_dialogues
from evaluation.live import LiveTalk
from evaluation.questions import Item, QuestionFileError, read
from evaluation.scorecard import Rate, Section, failing, page, printed, rates_by
from evaluation.server import PROJECT, ServerError, live_bot
from evaluation.suite import SUITE, Outcome, by_group, failed, may_fail, may_fail_in_group, run, thresholds

TARGET = PROJECT / "docs" / "scorecard.md"
_CHANNEL_SAMPLE = 5
Failures = list[str]


def suite_sections(url: str, kb: KnowledgeBase, allowances: Mapping[str, Any]) -> tuple[list[Section], Failures]:
    """The behavioural suite against the live bot: by suite, kind, topic, role and turn, and groups below 100 %."""
    outcomes = list(run(load_suite(SUITE, kb), lambda: LiveTalk(url), kb))
    groups = by_group(outcomes)
    suites: dict[str, list[Outcome]] = {}
    for (suite, _), found in groups.items():
        suites.setdefault(suite, []).extend(found)
    judged = [(outcome.case.labels, not outcome.problems) for outcome in outcomes]
    sections = [
        Section(
            "Behavioural suite",
            [_rate(n, o, may_fail(allowances["suites"][n]["in_all"], len(o))) for n, o in suites.items()],
        )
    ]
    sections += [Section(f"Suite by {label}", rates_by(label, judged)) for label in ("kind", "topic", "role", "turn")]
    every = [
        _rate(f"{suite}: {group}", found, may_fail_in_group(found, allowances))
        for (suite, group), found in groups.items()
    ]
    sections.append(Section("Groups of the suite below 100 %", [rate for rate in every if rate.percent < 100]))
    return sections, [
        f"{o.case.id} {' >> '.join(o.case.turns)}: {'; '.join(o.problems)}" for o in outcomes if o.problems
    ]


def dialogue_section(url: str, kb: KnowledgeBase, allowances: Mapping[str, Any]) -> tuple[Section, Failures]:
    """The dialogues by the path that they test."""
    from evaluation.measures import passed

    results = [(dialogue, hold(dialogue, lambda: LiveTalk(url), kb)) for dialogue in load_dialogues()]
    rates = rates_by("path", [({"path": d.path}, not problems) for d, problems in results])
    rates.append(Rate("all", *passed(not problems for _, problems in results), allowances["dialogues"]))
    return Section("Dialogues, judged turn by turn", rates), [f"{d.name}: {'; '.join(p)}" for d, p in results if p]


def local_sections(kb: KnowledgeBase, allowances: Mapping[str, Any]) -> list[Section]:
    """What is measured in this process: channels, held-out intents, out-of-scope messages, confusions."""
    from evaluation import measures
    from evaluation.in_process import InProcessBot
    from evaluation.measures import channel_problems, confusions, curve, held_out, out_of_scope, passed

    def on_channel(total: int) -> int:
        return may_fail(allowances["channels"], total)

    bot = InProcessBot()
    cases = [case for case in load_suite(SUITE, kb) if case.suite == "minimum"][::_CHANNEL_SAMPLE]
    looks = [
        ({"channel": c}, not p) for c, _, p in channel_problems(cases, bot, InProcessBot("cmdline", bot.agent), kb)
    ]
    found, outside = held_out(bot), out_of_scope(bot, measures.OUT_OF_SCOPE)
    near = out_of_scope(bot, measures.OUT_OF_SCOPE_NEAR)
    nlu = allowances["held_out"]
    told_apart = Rate(
        "questions about the subject, off topic, talk", *passed(h.groups_agree for h in found), nlu["groups"]
    )
    # "Why?" and "says who?" need something before them, and these questions have nothing.
    ours = [h for h in found if h.wanted.startswith("ask_") and h.wanted not in ("ask_why", "ask_source")]
    return [
        Section("Channels: a sample of the suite as it looks there", rates_by("channel", looks, on_channel)),
        Section(
            "Held-out questions (tests/nlu)",
            [Rate("intents", *passed(h.wanted == h.found for h in found), nlu["intents"]), told_apart],
        ),
        Section(
            "Out of scope",
            [
                Rate(
                    "out-of-scope messages that got no article answer",
                    *passed(not h.answered for h in outside),
                    allowances["out_of_scope"],
                ),
                Rate(
                    "questions put like ours about something else that got none",
                    *passed(not h.answered for h in near),
                    allowances["out_of_scope_near"],
                ),
                Rate("held-out questions of ours that got one", *passed(h.answered for h in ours), nlu["answered"]),
            ],
            "If only readings from a probability on were answered:",
            ("threshold", "ours answered", "others answered"),
            [
                (f"{t:.1f}", f"{inside:.1f} %", f"{others:.1f} %")
                for t, inside, others in curve(ours, [*outside, *near])
            ],
        ),
        Section(
            "The ten commonest confusions",
            columns=("intent", "read as", "times"),
            rows=[(wanted, got, str(count)) for wanted, got, count in confusions(found)],
        ),
    ]


def file_sections(url: str, path: Path, outside: bool, allowances: Mapping[str, Any]) -> tuple[list[Section], Failures]:
    """A file of graded questions: by kind, topic, role and turn."""
    results = [(item, problems) for item, problems in _grade(url, read(path))]
    files = allowances["files"]
    name = "An outside file" if outside else path.name
    judged = [
        ({**i.labels, "kind": i.kind, "turn": "follow-up" if len(i.turns) > 1 else "first"}, not p) for i, p in results
    ]
    kinds = [
        Rate(r.name, r.passed, r.total, may_fail(files[r.name], r.total) if r.name in files else None)
        for r in rates_by("kind", judged)
    ]
    sections = [Section(f"{name} by kind", kinds)]
    sections += [Section(f"{name} by {label}", rates_by(label, judged)) for label in ("topic", "role", "turn")]
    return sections, [f"{item.id} {' >> '.join(item.turns)}: {'; '.join(p)}" for item, p in results if p]


def _grade(url: str, items: Iterator[Item]) -> Iterator[tuple[Item, list[str]]]:
    for item in items:
        talk = LiveTalk(url)
        yield item, item.problems([talk.ask(turn) for turn in item.turns][-1].text)


def _rate(name: str, outcomes: list[Outcome], may_fail: int) -> Rate:
    return Rate(name, len(outcomes) - len(failed(outcomes)), len(outcomes), may_fail)


@contextmanager
def _server(url: str | None) -> Iterator[str]:
    if url:
        yield url.rstrip("/")
        return
    with live_bot() as started:
        yield started


def _commit() -> str:
    command = ["git", "describe", "--always", "--dirty", "--exclude", "*"]
    return subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False).stdout.strip() or "unknown"


def main() -> int:
    """Measure, print the scorecard, write the page; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m evaluation", description=__doc__)
    parser.add_argument("files", nargs="*", type=Path, help="files of graded questions")
    parser.add_argument("--url", help="a running bot, such as http://localhost:5005 (default: start one)")
    parser.add_argument("--outside", action="store_true", help="write only rates of the files, not even their names")
    parser.add_argument("--failures", type=int, default=20, help="how many failures to print")
    arguments = parser.parse_args()
    configure_logging(show_text=False)
    allowances, kb = thresholds(), knowledge()
    sections: list[Section] = []
    failures: Failures = []
    try:
        for path in arguments.files:
            list(read(path))
        with _server(arguments.url) as url:
            print("the behavioural suite and the dialogues, against a live bot ...", flush=True)
            sections, failures = suite_sections(url, kb, allowances)
            section, problems = dialogue_section(url, kb, allowances)
            sections.append(section)
            failures += problems
            for path in arguments.files:
                print(f"{path} ...", flush=True)
                more, problems = file_sections(url, path, arguments.outside, allowances)
                sections += more
                failures = problems + failures
        print("channels, held-out questions and out-of-scope messages, in this process ...", flush=True)
        sections += local_sections(kb, allowances)
    except (QuestionFileError, FileNotFoundError) as problem:
        print(problem, file=sys.stderr)
        return 1
    except (ServerError, OSError) as problem:
        print(problem, file=sys.stderr)
        return 2
    for failure in failures[: arguments.failures]:
        print(f"FAILED {failure[:300]}")
    print(printed(sections))
    TARGET.write_text(page(sections, date.today().isoformat(), _commit()), encoding="utf-8")
    missed = failing(sections)
    print(f"\nwritten to {TARGET.relative_to(PROJECT)}; {len(missed)} beyond evaluation/thresholds.yml")
    print(*(f"  {each}" for each in missed), sep="\n")
    return 3 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
