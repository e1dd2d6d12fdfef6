"""The audit finds what it should, and nothing that is fixed."""

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from scripts.audit import affected
from scripts.online_audit import report

ADVISORIES = [
    {"id": "A", "package": "some-package", "fixed_in": "2.10"},
    {"id": "B", "package": "other", "fixed_in": None},
]


def test_versions_are_compared_as_versions_and_names_as_names() -> None:
    found = affected("Some_Package==2.9 ; x \\\nother==1\nsome-package-more==1\n", ADVISORIES)
    assert [(each["id"], version) for each, version in found] == [("A", "2.9"), ("B", "1")]


def test_what_is_fixed_is_not_found() -> None:
    assert affected("some-package==2.10 \\\n    --hash=sha256:0\nunrelated==0.1\n", ADVISORIES) == []


def answered(output: str, errors: str = "") -> tuple[int, list[str], list[Sequence[str]]]:
    """What the online audit makes of an answer of pip-audit, and what it asked for."""
    asked: list[Sequence[str]] = []

    def run(arguments: Sequence[str]) -> "subprocess.CompletedProcess[str]":
        asked.append(arguments)
        return subprocess.CompletedProcess(arguments, 1, output, errors)

    code, lines = report([Path("a.lock"), Path("b.lock")], ["CVE-1"], run)
    return code, lines, asked


def test_an_advisory_that_the_database_knows_fails_with_its_names() -> None:
    advisory = {"id": "GHSA-x", "aliases": ["CVE-2"], "fix_versions": ["2.0"]}
    dependencies = [
        {"name": "some", "version": "1.0", "vulns": [advisory]},
        {"name": "fine", "version": "1", "vulns": []},
    ]
    code, lines, asked = answered(json.dumps({"dependencies": dependencies}))
    assert code == 1
    assert lines[:2] == ["a.lock: 2 packages, 1 advisories", "  some 1.0: GHSA-x, CVE-2; fixed in 2.0"]
    assert [arguments[0] for arguments in asked] == ["--requirement=a.lock", "--requirement=b.lock"]
    assert all("--ignore-vuln=CVE-1" in arguments for arguments in asked)


def test_nothing_found_passes() -> None:
    assert answered('{"dependencies": []}')[0] == 0


@pytest.mark.parametrize("output", ["", "not json", "{}", "[]"])
def test_without_an_answer_it_is_skipped_in_one_line(output: str) -> None:
    code, lines, _ = answered(output, "Traceback\nConnectionError: the name is not known\n")
    assert (code, lines) == (0, ["skipped: pip-audit got no answer (ConnectionError: the name is not known)"])
