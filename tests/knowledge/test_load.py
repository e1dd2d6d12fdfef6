"""Every mistake in the knowledge files is reported with file, line and field."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.knowledge import KnowledgeError, Problem, load_knowledge
from bot.knowledge.__main__ import main

BASE = """\
sources:
  - {id: mag, title: A title, publisher: A magazine, date: 2025-06-11, url: null}
roles:
  - {id: cook, name: cook, plural: cooks, short: Cook, aliases: [cook, chef]}
topics:
  - {id: tools, name: Tools, covers: What is used., ask: "What do {roles} use?", aliases: [tool]}
entities:
  - {id: knife, name: knives, kind: tool, aliases: [knife, chef's knife]}
"""

FACTS = """\
facts:
  - id: cook.tools.overview
    roles: [cook]
    topic: tools
    overview: true
    entities: [knife]
    text: Cooks use knives.
    point: Knives
    source: mag
    section: In the kitchen
"""

UNCOVERED = """\
uncovered:
  - id: pay
    name: Pay
    phrase: what cooks earn
    aliases: [pay, salary]
    nearest: [tools]
    items:
      - id: bonus
        name: Bonus
        aliases: [bonus]
"""


def write(folder: Path, facts: str = FACTS, base: str = BASE, **more: str) -> Path:
    for name, text in {"base": base, "facts": facts, **more}.items():
        (folder / f"{name}.yml").write_text(text, encoding="utf-8")
    return folder


def problems(folder: Path) -> tuple[Problem, ...]:
    with pytest.raises(KnowledgeError) as caught:
        load_knowledge(folder)
    return caught.value.problems


def only_problem(folder: Path) -> tuple[str, int, str, str]:
    """Return file name, line, field and message, and insist that nothing else is reported."""
    found = problems(folder)
    assert len(found) == 1, [str(problem) for problem in found]
    return Path(found[0].file).name, found[0].line, found[0].field, found[0].message


def test_files_of_all_folders_are_merged(tmp_path: Path) -> None:
    (tmp_path / "facts").mkdir()
    write(tmp_path / "facts", base="")
    (tmp_path / "base.yml").write_text(BASE)
    base = load_knowledge(tmp_path)
    assert list(base.facts) == ["cook.tools.overview"]
    assert base.entity("knife").aliases == ("knife", "chef's knife")


def test_uncovered_records_are_accepted(tmp_path: Path) -> None:
    base = load_knowledge(write(tmp_path, uncovered=UNCOVERED))
    assert base.uncovered["pay"].items[0].aliases == ("bonus",)


def test_a_problem_reads_file_line_field_message(tmp_path: Path) -> None:
    folder = write(tmp_path, FACTS.replace("topic: tools", "topic: tool"))
    with pytest.raises(KnowledgeError) as caught:
        load_knowledge(folder)
    expected = f"{tmp_path}/facts.yml:4: topic: unknown id 'tool' (nearest: 'tools')"
    assert str(caught.value) == expected


@pytest.mark.parametrize(
    ("old", "new", "line", "field", "message"),
    [
        ("[cook]", "[cok]", 3, "roles", "unknown id 'cok' (nearest: 'cook')"),
        ("[knife]", "[knive]", 6, "entities", "unknown id 'knive' (nearest: 'knife')"),
        ("mag\n", "magg\n", 9, "source", "unknown id 'magg' (nearest: 'mag')"),
        ("mag\n", "xyz\n", 9, "source", "unknown id 'xyz'"),
        ("    text: Cooks use knives.\n", "", 2, "text", "is missing"),
        ("text: Cooks use knives.", "text:", 7, "text", "is empty"),
        ("text: Cooks use knives.", "text: ' '", 7, "text", "is empty"),
        ("text: Cooks use knives.", "text: 12", 7, "text", "must be text"),
        ("Cooks use knives.", "w " * 41, 7, "text", "has 41 words, at most 40 are allowed"),
        (
            "point: Knives",
            "point: " + "w " * 15,
            8,
            "point",
            "has 15 words, at most 14 are allowed",
        ),
        ("    section: In the kitchen\n", "", 2, "section", "is missing"),
        ("In the kitchen", "", 10, "section", "is empty"),
        ("[cook]", "[]", 3, "roles", "must name at least one role"),
        ("[knife]", "knife", 6, "entities", "must be a list"),
        ("[knife]", "[12]", 6, "entities", "must be text"),
        ("overview: true", "overview: often", 5, "overview", "must be true or false"),
        ("    overview: true\n", "", 2, "overview", "cook and tools have no overview"),
        ("overview: true", "overview: false", 5, "overview", "cook and tools have no overview"),
        (
            "section:",
            "sektion: x\n    section:",
            10,
            "sektion",
            "unknown field (nearest: 'section')",
        ),
        ("point:", "text: again\n    point:", 8, "text", "is given twice"),
        ("point:", "1: one\n    point:", 2, "facts", "field names must be text"),
    ],
)
def test_a_wrong_fact_is_rejected(tmp_path: Path, old: str, new: str, line: int, field: str, message: str) -> None:
    assert old in FACTS
    folder = write(tmp_path, FACTS.replace(old, new, 1))
    found = [p for p in problems(folder) if p.field == field]
    assert [(Path(p.file).name, p.line, p.message) for p in found] == [("facts.yml", line, message)]


@pytest.mark.parametrize(
    ("old", "new", "line", "field", "message"),
    [
        ("kind: tool", "kind: tol", 8, "kind", "unknown kind 'tol' (nearest: 'tool')"),
        ("2025-06-11", "20250611", 2, "date", "must be an ISO date such as 2025-06-11"),
        ("2025-06-11", "last June", 2, "date", "must be an ISO date such as 2025-06-11"),
        ("{roles}", "{role}", 6, "ask", "may hold no placeholder but {roles}"),
    ],
)
def test_a_wrong_value_elsewhere_is_rejected(
    tmp_path: Path, old: str, new: str, line: int, field: str, message: str
) -> None:
    folder = write(tmp_path, "", BASE.replace(old, new, 1))
    assert only_problem(folder) == ("base.yml", line, field, message)


def test_an_unknown_kind_without_a_near_one_lists_all(tmp_path: Path) -> None:
    folder = write(tmp_path, "", BASE.replace("kind: tool", "kind: zzz"))
    assert "(one of: tool, technique, " in only_problem(folder)[3]


def test_a_duplicate_id_is_rejected(tmp_path: Path) -> None:
    again = "entities:\n\n  - id: knife\n    name: k\n    kind: tool\n    aliases: []\n"
    file, line, field, message = only_problem(write(tmp_path, more=again))
    assert (file, line, field) == ("more.yml", 3, "id")
    assert message == f"duplicate id 'knife', first in {tmp_path}/base.yml:8"


def test_a_second_overview_is_rejected(tmp_path: Path) -> None:
    second = FACTS.replace("cook.tools.overview", "cook.tools.more")
    file, line, field, message = only_problem(write(tmp_path, more=second))
    assert (file, line, field) == ("more.yml", 5, "overview")
    assert message == f"cook and tools have an overview already, in {tmp_path}/facts.yml:2"


@pytest.mark.parametrize("alias", ["knife", "Chef's-Knife", "chef"])
def test_an_alias_of_another_entity_or_role_is_rejected(tmp_path: Path, alias: str) -> None:
    other = f"entities:\n  - id: fork\n    name: f\n    kind: tool\n    aliases:\n      - {alias}\n"
    file, line, field, message = only_problem(write(tmp_path, more=other))
    assert (file, line, field) == ("more.yml", 6, "aliases")
    assert message.startswith(f"alias {alias!r} belongs to ")
    assert f", in {tmp_path}/base.yml:" in message


def test_an_alias_of_another_topic_is_rejected(tmp_path: Path) -> None:
    other = "topics:\n  - {id: a, name: A, covers: a, ask: a, aliases: [tool]}\n"
    assert only_problem(write(tmp_path, more=other))[:3] == ("more.yml", 2, "aliases")


def test_an_entity_may_share_an_alias_with_a_topic(tmp_path: Path) -> None:
    load_knowledge(write(tmp_path, "", BASE.replace("[knife,", "[tool, knife,")))


@pytest.mark.parametrize(
    ("old", "new", "line", "field", "message"),
    [
        (
            "nearest: [tools]",
            "nearest: [tool]",
            6,
            "nearest",
            "unknown id 'tool' (nearest: 'tools')",
        ),
        ("[pay, salary]", "[pay, knife]", 5, "aliases", "alias 'knife' belongs to 'knife' already"),
        (
            "name: Bonus",
            "nam: B\n        name: B",
            9,
            "items.nam",
            "unknown field (nearest: 'name')",
        ),
        ("id: bonus", "{}", 8, "yaml", "is not valid YAML"),
    ],
)
def test_a_wrong_uncovered_record_is_rejected(
    tmp_path: Path, old: str, new: str, line: int, field: str, message: str
) -> None:
    folder = write(tmp_path, uncovered=UNCOVERED.replace(old, new, 1))
    found = only_problem(folder)
    assert (found[0], found[2]) == ("uncovered.yml", field)
    assert found[3].startswith(message)
    assert abs(found[1] - line) <= (1 if field == "yaml" else 0)


def test_a_duplicate_uncovered_item_is_rejected(tmp_path: Path) -> None:
    twice = UNCOVERED + "      - {id: bonus, name: B, aliases: []}\n"
    assert only_problem(write(tmp_path, uncovered=twice))[:3] == ("uncovered.yml", 11, "items.id")


def test_invalid_yaml_is_rejected(tmp_path: Path) -> None:
    file, line, field, message = only_problem(write(tmp_path, "facts:\n  - a: b: c\n"))
    assert (file, line, field) == ("facts.yml", 2, "yaml")
    assert message.startswith("is not valid YAML: ")


def test_a_date_that_does_not_exist_is_rejected(tmp_path: Path) -> None:
    folder = write(tmp_path, "", BASE.replace("2025-06-11", "2025-13-45"))
    assert ("base.yml", "yaml") in {(Path(p.file).name, p.field) for p in problems(folder)}


def test_a_file_that_is_not_utf8_is_rejected(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "more.yml").write_bytes(b"# caf\xe9\n")
    assert only_problem(tmp_path) == ("more.yml", 1, "yaml", "is not UTF-8 text")


@pytest.mark.parametrize(
    ("text", "line", "field", "message"),
    [
        ("\nfact: []\n", 2, "fact", "unknown key (nearest: 'facts')"),
        ("facts: {}\n", 1, "facts", "must be a list"),
        ("- facts\n", 1, "file", "must be a mapping with any of: sources, roles"),
        ("facts:\n  - only text\n", 2, "facts", ""),
    ],
)
def test_a_file_of_the_wrong_shape_is_rejected(tmp_path: Path, text: str, line: int, field: str, message: str) -> None:
    found = only_problem(write(tmp_path, text))
    assert found[:3] == ("facts.yml", line, field)
    assert found[3].startswith(message)


def test_empty_files_and_keys_are_no_problem(tmp_path: Path) -> None:
    assert not load_knowledge(write(tmp_path, "facts:\n", more="# nothing yet\n")).facts


def test_an_empty_folder_is_rejected(tmp_path: Path) -> None:
    assert only_problem(tmp_path) == (tmp_path.name, 1, "files", "no *.yml file in this folder")


def test_all_problems_are_listed_at_once(tmp_path: Path) -> None:
    wrong = FACTS.replace("[cook]", "[cok]").replace("mag\n", "xyz\n").replace("[knife]", "[x]")
    folder = write(tmp_path, wrong, more="facts: 1\n", other="a: [\n")
    assert len(problems(folder)) == 5


def test_the_command_counts_what_it_found(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(write(tmp_path))]) == 0
    assert capsys.readouterr().out.startswith("ok: 1 facts, 1 roles, ")


def test_the_command_prints_problems_and_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(write(tmp_path, "facts: 1\n"))]) == 1
    assert capsys.readouterr().err == f"{tmp_path}/facts.yml:1: facts: must be a list\n"


def test_a_role_takes_over_what_was_uncovered(tmp_path: Path) -> None:
    base = load_knowledge(write(tmp_path, uncovered=UNCOVERED.replace("[bonus]", "[Chef, bonus]", 1)))
    assert base.uncovered["pay"].items == ()
    base = load_knowledge(write(tmp_path, uncovered=UNCOVERED.replace("[bonus]", "[bonus, chef]", 1)))
    assert base.uncovered["pay"].items[0].aliases == ("bonus",)
    assert ("role", "cook", "chef") in base.phrases()


def test_a_thing_takes_over_what_was_uncovered(tmp_path: Path) -> None:
    base = load_knowledge(write(tmp_path, uncovered=UNCOVERED.replace("[bonus]", "[knife, bonus]", 1)))
    assert base.uncovered["pay"].items == ()
    base = load_knowledge(write(tmp_path, uncovered=UNCOVERED.replace("[bonus]", "[bonus, knife]", 1)))
    assert base.uncovered["pay"].items[0].aliases == ("bonus",)


def test_kinds_that_are_never_there_together_may_share_aliases_and_items(tmp_path: Path) -> None:
    other = UNCOVERED.replace("id: pay", "id: other", 1)
    found = {problem.field for problem in problems(write(tmp_path, uncovered=UNCOVERED, other=other))}
    assert found == {"aliases", "items.aliases", "items.id"}
    finer = other.replace("nearest:", "if_topics: [tools]\n    nearest:")
    broad = UNCOVERED.replace("nearest:", "unless_topics: [tools]\n    nearest:")
    assert list(load_knowledge(write(tmp_path, uncovered=broad, other=finer)).uncovered) == ["other"]
    assert list(load_knowledge(write(tmp_path, facts="", uncovered=broad, other=finer)).uncovered) == ["pay"]


def test_a_question_cannot_be_answered_and_uncovered(tmp_path: Path) -> None:
    facts = FACTS + "    questions: [How do cooks cut?, 'what is sharp']\n"
    kind = UNCOVERED + "    examples: [what do cooks earn, how do cooks CUT]\n"
    file, line, field, message = only_problem(write(tmp_path, facts, uncovered=kind))
    assert (file, line, field) == ("uncovered.yml", 11, "examples")
    assert message.startswith("question 'how do cooks CUT' is answered by 'cook.tools.overview', in ")
    load_knowledge(write(tmp_path, facts, uncovered=kind.replace("nearest:", "unless_topics: [tools]\n    nearest:")))


def test_a_question_is_given_once(tmp_path: Path) -> None:
    facts = FACTS + "    questions:\n      - How do cooks cut?\n      - how do cooks cut\n"
    assert only_problem(write(tmp_path, facts)) == (
        "facts.yml",
        13,
        "questions",
        "question 'how do cooks cut' is given twice",
    )


@pytest.mark.parametrize(
    ("more", "line", "field", "message"),
    [
        ("overview_for: [baker]", 11, "overview_for", "may name only roles of the fact"),
        ("as_of: last year", 11, "as_of", "must be a whole number"),
        (
            "figures: [{label: Cooks, measure: pay, value: '$1', period: '2025'}]",
            11,
            "figures",
            "'$1' is not in the text",
        ),
        ("figures: [{label: Cooks, measur: pay, value: Cooks, period: '2025'}]", 11, "figures.measure", "is missing"),
    ],
)
def test_a_wrong_figure_is_rejected(tmp_path: Path, more: str, line: int, field: str, message: str) -> None:
    found = [p for p in problems(write(tmp_path, f"{FACTS}    {more}\n")) if p.field == field]
    assert [(p.line, p.message) for p in found] == [(line, message)]


@pytest.mark.parametrize("url", ["javascript:alert(1)", "ftp://a.b", 'https://a.b/"onclick=x', "//a.b", "https://a b"])
def test_an_address_that_cannot_be_linked_safely_is_rejected(tmp_path: Path, url: str) -> None:
    found = only_problem(write(tmp_path, "", BASE.replace("url: null", f"url: '{url}'")))
    assert found[2] == "url"
    assert found[3].startswith("must start with http:// or https://")


def test_an_unknown_kind_of_source_is_rejected(tmp_path: Path) -> None:
    found = only_problem(write(tmp_path, "", BASE.replace("url: null", "url: null, kind: articel")))
    assert found[2:] == ("kind", "unknown kind 'articel' (nearest: 'article')")


def test_an_uncovered_phrase_names_the_roles(tmp_path: Path) -> None:
    base = load_knowledge(write(tmp_path, uncovered=UNCOVERED.replace("phrase: ", "phrase: other than {roles}, ", 1)))
    assert base.uncovered["pay"].phrase.startswith("other than cooks, ")
