"""The list of changes that tests have to notice (tests/mutants.yml) fits the program as it is."""

from __future__ import annotations

import ast

import pytest
import yaml

from tests.support.mutants import PROJECT, mutants

LISTED = mutants()


@pytest.mark.parametrize("file", sorted({mutant.file for mutant in LISTED}))
def test_each_change_of_the_list_can_be_made(file: str) -> None:
    content = (PROJECT / file).read_text(encoding="utf-8")
    for mutant in (mutant for mutant in LISTED if mutant.file == file):
        changed = mutant.changed(content)
        assert changed != content, mutant.hurts
        if file.endswith(".py"):
            ast.parse(changed)  # what cannot be read would be noticed by anything
        elif file.endswith(".yml"):
            yaml.safe_load(changed)


def test_each_change_names_tests_that_are_there_and_whom_it_hurts() -> None:
    assert len(LISTED) >= 120
    assert len({mutant.id for mutant in LISTED}) == len(LISTED)
    for mutant in LISTED:
        assert mutant.tests and all((PROJECT / test).exists() for test in mutant.tests), mutant
        assert mutant.hurts.endswith(".")
