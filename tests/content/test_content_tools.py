"""The commands for owners: check, preview, new role, suggest and accept."""

import shutil
import sys
import types
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.content.__main__ import main
from bot.content.accept import accept
from bot.content.check import (
    duplicates,
    few_questions,
    hard_to_find,
    hints,
    lacking_pairs,
    lacking_topics,
    without_alias,
)
from bot.content.errors import AcceptError
from bot.content.preview import preview
from bot.content.reading import Reader, annotated_in, examples_in
from bot.content.suggest import review
from bot.knowledge import Entity, Fact, KnowledgeBase, Role, load_knowledge

from .bases import KB, PROJECT, changed


@pytest.fixture
def data(tmp_path: Path) -> Path:
    shutil.copytree(PROJECT / "data", tmp_path / "data")
    return tmp_path / "data"


def fact(id_: str, text: str, **more: Any) -> Fact:
    values = {"roles": ("ml_engineer",), "topic": "tools", "entities": (), "point": "p", "section": "s", **more}
    return Fact(id=id_, text=text, source="tech_review_2025", **values)


# check


def test_mistakes_are_told_with_place_and_way_out(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = data / "knowledge" / "facts" / "ml_engineer.yml"
    text = file.read_text(encoding="utf-8").replace("topic: tools", "topic: tols", 1)
    file.write_text(text.replace("text: ", "text: " + "word " * 41, 1), encoding="utf-8")
    assert main(["--knowledge", str(data / "knowledge"), "check"]) == 1
    said = capsys.readouterr().err
    line = next(n for n, each in enumerate(text.splitlines(), 1) if "tols" in each)
    assert f"{file}, line {line}, field 'topic': unknown id 'tols' (nearest: 'tools')" in said
    assert "words, at most 40 are allowed" in said


def test_gaps_are_found() -> None:
    role = Role(id="cook", name="cook", plural="cooks", short="Cook", aliases=("cook",))
    knife = Entity(id="knife", name="knives", kind="tool", aliases=())
    kb = changed(roles=[role], entities=[knife])
    assert [hint.text for hint in without_alias(kb)] == ["knife is only found as 'knives': add what people call it"]
    (lack,) = lacking_topics(kb)
    assert lack.text.startswith("cook has no fact on definition, focus_areas")
    assert [hint.text.split()[0] for hint in lacking_pairs(kb)] == ["cook"]
    assert list(lacking_topics(KB)) == [] == list(lacking_pairs(KB))


SOME = [f for f in KB.facts.values() if f.roles == ("ml_engineer",) and f.topic in ("tools", "skills", "projects")]


def with_few_facts(*more: Fact) -> KnowledgeBase:
    """The project's knowledge base with few of its facts, which is read in a moment."""
    records: dict[str, Any] = {name: list(getattr(KB, name).values()) for name in KB.__dataclass_fields__}
    return KnowledgeBase.of(**{**records, "facts": [*SOME, *more], "uncovered": [], "pairs": []})


def test_facts_that_say_the_same_are_found() -> None:
    twin = fact("ml_engineer.tools.twin", KB.facts["ml_engineer.tools.hyperparameter_tuning"].text)
    other = fact("ml_engineer.tools.other", "Their coffee machine makes a fine espresso every morning.")
    kb = with_few_facts(twin, other)
    found = [hint.text for hint in duplicates(kb, Reader(kb, []))]
    assert [text for text in found if twin.id in text and "hyperparameter_tuning" in text]
    assert not [text for text in found if other.id in text]


def test_a_fact_that_its_own_questions_do_not_reach_is_named() -> None:
    asked = ("which program spreads data over machines", "who finds card fraud", "what do shops suggest to buyers")
    lost = fact("ml_engineer.tools.lost", "Their coffee machine makes a fine espresso every morning.", questions=asked)
    kb = with_few_facts(lost)
    reader = Reader(kb, [])
    reached = reader.reached()
    assert all(asked == len(kb.facts[id_].questions) for id_, (_, asked) in reached.items())
    named = {hint.text.split(":")[0] for hint in hard_to_find(reader)}
    assert named == {id_ for id_, (found, asked) in reached.items() if 2 * found < asked}
    assert lost.id in named
    assert "ml_engineer.tools.spark" not in named
    assert [hint.text.split()[0] for hint in few_questions(kb)] == [lost.id]


def test_examples_of_what_people_ask_teach_the_reader_as_well(tmp_path: Path) -> None:
    nlu = tmp_path / "nlu.yml"
    nlu.write_text(
        "nlu:\n- intent: ask_tools\n  examples: |\n"
        '    - espresso makers of [ML people]{"entity": "role", "value": "ml_engineer"}\n    - [x](thing)\n'
    )
    assert list(annotated_in(nlu)) == [
        ("espresso makers of ML people", "ask_tools", [{"entity": "role", "value": "ml_engineer"}]),
        ("x", "ask_tools", [{"value": "x", "entity": "thing"}]),
    ]
    kb = with_few_facts()
    assert len(list(hints(kb, Reader(kb, [nlu]), date(2026, 1, 1)))) > 0


# preview


def test_a_preview_shows_three_looks(capsys: pytest.CaptureFixture[str]) -> None:
    text = preview(KB, ["ml_engineer"], "tools")
    web, slack, console = text.split("== ")[1:]
    assert "\n- " in web
    assert "• " in slack
    assert "&amp;" not in slack
    assert "  - " in console
    assert all("Hadoop" in look and "Source" in look for look in (web, slack, console))
    assert main(["preview", "--role", "ml_enginer"]) == 1
    assert "nearest: 'ml_engineer'" in capsys.readouterr().err


# new role


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["--role", "Data Scientist", "--name", "x", "--source", "tech_review_2025"], "is no id"),
        (["--role", "ml_engineer", "--name", "x", "--source", "tech_review_2025"], "already"),
        (["--role", "cook", "--name", "ai", "--source", "tech_review_2025"], "the alias 'ai' belongs to"),
        (["--role", "cook", "--name", "cook", "--source", "New"], "a new source needs DATE"),
        (["--role", "cook", "--name", "cook", "--source", "New", "--date", "June"], "is no date"),
        (["--role", "cook", "--name", "", "--source", "tech_review_2025"], "NAME is empty"),
    ],
)
def test_a_role_that_cannot_be_is_refused(
    data: Path, options: list[str], reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--knowledge", str(data / "knowledge"), "new-role", *options]) == 1
    error = capsys.readouterr().err
    assert reason in error
    assert error.count("\n") == 1
    assert not list((data / "knowledge").glob("roles_*"))


def test_a_role_is_never_written_over_and_takes_any_text(data: Path) -> None:
    knowledge = data / "knowledge"
    name = 'chef: "le" #1 {x}'
    options = ["--role", "chef", "--name", name, "--source", "tech_review_2025", "--aliases", "chef"]
    assert main(["--knowledge", str(knowledge), "new-role", *options]) == 0
    assert load_knowledge(knowledge).roles["chef"].name == name
    (knowledge / "roles_chef.yml").unlink()
    mine = knowledge / "facts" / "chef.yml"
    mine.write_text("facts: []\n")
    assert main(["--knowledge", str(knowledge), "new-role", *options]) == 1
    assert mine.read_text() == "facts: []\n"


def test_every_template_of_a_new_role_is_valid_once_filled_in(data: Path) -> None:
    knowledge = data / "knowledge"
    options = ["--role", "chef", "--name", "chef", "--source", "tech_review_2025"]
    assert main(["--knowledge", str(knowledge), "new-role", *options]) == 0
    file = knowledge / "facts" / "chef.yml"
    switched_on = []
    for line in file.read_text(encoding="utf-8").splitlines():
        entry = line.startswith(("  # - ", "  #   "))
        switched_on.append(line.replace("# ", "", 1) + (" word" if line.endswith(":") else "") if entry else line)
    file.write_text("\n".join(switched_on), encoding="utf-8")
    base = load_knowledge(knowledge)
    assert {topic for topic in base.topics if base.overview("chef", topic)} == set(base.topics)
    assert "chef_or_other" in base.pairs


# suggest and accept


@dataclass
class Near:
    id: str = "ml_engineer.tools.overview"
    text: str = "ML engineers\nuse tools."


@dataclass
class Where:
    file: str = "facts/ml_engineer.yml"
    line: int = 12
    record: str = "ml_engineer.tools.overview"
    roles: tuple[str, ...] = ("ml_engineer",)
    topic: str | None = "tools"


@dataclass
class Questions:
    label: str = 'which "coffee" #do they: drink'
    count: int = 7
    conversations: int = 5
    examples: tuple[str, ...] = ("which coffee do ML engineers drink at night", "espresso or filter for an MLE")
    intent: str = "nlu_fallback"
    nearest: Near | None = field(default_factory=Near)
    place: Where = field(default_factory=Where)


def review_file(folder: Path, **fill: str) -> Path:
    file = folder / "review.yml"
    text = review([Questions(), Questions(label="other", nearest=None)], KB, str(file)).replace(
        "accept: false", "accept: true", 1
    )
    for key, value in fill.items():
        text = text.replace(f'{key}: ""', f"{key}: {value}", 1)
    file.write_text(text, encoding="utf-8")
    return file


FILLED = {
    "id": "ml_engineer.tools.espresso",
    "text": "An espresso machine keeps ML engineers awake.",
    "point": "Espresso",
    "section": "Tools",
}


def test_a_review_file_proposes_and_decides_nothing(tmp_path: Path) -> None:
    text = review([Questions()], KB, "review.yml")
    (entry,) = yaml.safe_load(text)["entries"]
    assert entry["question"] == Questions().label
    assert (entry["accept"], entry["intent"], entry["fact"]["text"]) == (False, "ask_tools", "")
    assert entry["examples"] == list(Questions().examples)
    assert "Asked 7 times in 5 conversations. Nearest fact: ml_engineer.tools.overview: ML engineers use tools." in text
    assert "Where it belongs, as long as no new fact answers it: facts/ml_engineer.yml, line 12" in text


def test_a_review_file_puts_questions_with_the_uncovered_kind_that_they_are_of(tmp_path: Path) -> None:
    text = review([Questions(place=Where("uncovered.yml", 95, "pay_india", (), None))], KB, "review.yml")
    (entry,) = yaml.safe_load(text)["entries"]
    assert entry["intent"] == "uncovered_pay_india"
    assert "uncovered.yml, line 95" in text


def test_the_command_writes_what_went_unanswered_and_never_over_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    insights = types.ModuleType("bot.insights")
    insights.InsightsError = RuntimeError  # type: ignore[attr-defined]
    insights.unanswered = lambda database, **_: [Questions(place=Where("uncovered.yml", 9, "", (), None))]  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "bot.insights", insights)
    monkeypatch.chdir(PROJECT)
    file = tmp_path / "review.yml"
    assert main(["suggest", str(file)]) == 0
    text = file.read_text(encoding="utf-8")
    (entry,) = yaml.safe_load(text)["entries"]
    assert entry["intent"] == ""
    assert main(["suggest", str(file)]) == 1
    assert "is there already" in capsys.readouterr().err
    assert file.read_text(encoding="utf-8") == text
    file.write_text(text.replace("accept: false", "accept: true"), encoding="utf-8")
    assert main(["accept", str(file)]) == 1
    assert "choose an intent" in capsys.readouterr().err


def is_kept_in(new: Path, old: str, added: int) -> bool:
    """Whether every line of the old text is there, in its order, and so many new ones."""
    lines = new.read_text(encoding="utf-8").splitlines()
    rest = iter(lines)
    return all(line in rest for line in old.splitlines()) and len(lines) == len(old.splitlines()) + added


def test_an_accepted_fact_is_added_with_its_questions_and_nothing_else_changes(data: Path, tmp_path: Path) -> None:
    before = {path: path.read_text(encoding="utf-8") for path in data.rglob("*.yml")}
    file = review_file(tmp_path, **FILLED)
    done = accept(file, data, [])
    assert (done.examples, done.facts) == (2, 1)
    facts = data / "knowledge" / "facts" / "ml_engineer.yml"
    assert is_kept_in(facts, before.pop(facts), 11)
    assert all(path.read_text(encoding="utf-8") == text for path, text in before.items())
    added = load_knowledge(data / "knowledge").facts[FILLED["id"]]
    assert (added.text, added.questions) == (FILLED["text"], Questions().examples)
    text = file.read_text(encoding="utf-8")
    assert [entry["accept"] for entry in yaml.safe_load(text)["entries"]] == ["done", False]
    assert "# Asked 7 times" in text
    with pytest.raises(AcceptError, match="no entry has accept"):
        accept(file, data, [])


@pytest.mark.parametrize(
    "known", ["ml_engineer.tools.spark", "pay.data_scientists_median", "ml_engineer.tools.overview"]
)
def test_questions_that_a_fact_answers_already_teach_the_assistant_to_find_it(
    data: Path, tmp_path: Path, known: str
) -> None:
    before = {path: path.read_text(encoding="utf-8") for path in data.rglob("*.yml")}
    assert accept(review_file(tmp_path, id=known), data, []).facts == 0
    changed = [path for path, text in before.items() if path.read_text(encoding="utf-8") != text]
    assert len(changed) == 1
    assert is_kept_in(changed[0], before[changed[0]], 2)
    kb = load_knowledge(data / "knowledge")
    assert kb.facts[known].questions == (*KB.facts[known].questions, *Questions().examples)


@pytest.mark.parametrize("last", ["", "\n", "\n# The end.\n"])
@pytest.mark.parametrize("kind", [next(iter(KB.uncovered)), list(KB.uncovered)[-1]])
def test_what_stays_uncovered_gets_examples_too(data: Path, tmp_path: Path, kind: str, last: str) -> None:
    file = data / "knowledge" / "uncovered.yml"
    file.write_text(file.read_text(encoding="utf-8").rstrip("\n") + last, encoding="utf-8")
    before = file.read_text(encoding="utf-8")
    review = review_file(tmp_path)
    review.write_text(review.read_text(encoding="utf-8").replace("intent: ask_tools", f"intent: uncovered_{kind}", 1))
    assert accept(review, data, []).examples == 2
    assert is_kept_in(file, before, 2 + (0 if KB.uncovered[kind].examples else 1))
    assert load_knowledge(data / "knowledge").uncovered[kind].examples[-2:] == Questions().examples


@pytest.mark.parametrize(("intent", "name"), [("ask_tools", "nlu.yml"), ("chitchat", "moves.yml")])
def test_examples_without_a_fact_go_to_their_intent_in_whichever_file_it_is(
    data: Path, tmp_path: Path, intent: str, name: str
) -> None:
    before = (data / name).read_text(encoding="utf-8")
    review = review_file(tmp_path)
    review.write_text(review.read_text(encoding="utf-8").replace("intent: ask_tools", f"intent: {intent}", 1))
    accept(review, data, [])
    assert is_kept_in(data / name, before, 2)
    assert (Questions().examples[1], intent) in list(examples_in(data / name))


@pytest.mark.parametrize(
    ("fill", "held_out", "reason"),
    [
        (FILLED, ["Espresso or filter for an MLE?"], "is a held-out question"),
        (FILLED, ["what coffee do ML engineers drink at night time"], "means the same as the held-out question"),
        ({**FILLED, "id": "ml_engineer.tools.overview"}, [], "duplicate id"),
        ({**FILLED, "text": "word " * 41}, [], "at most 40"),
        ({**FILLED, "section": '""'}, [], "section: is empty"),
        ({"id": "ml_engineer.tools.coffee"}, [], "there is no fact 'ml_engineer.tools.coffee'"),
    ],
)
def test_what_cannot_be_accepted_changes_nothing(
    data: Path, tmp_path: Path, fill: dict[str, str], held_out: list[str], reason: str
) -> None:
    file = review_file(tmp_path, **fill)
    before = {path: path.read_bytes() for path in [file, *data.rglob("*.yml")]}
    with pytest.raises(AcceptError, match=reason):
        accept(file, data, held_out)
    assert {path: path.read_bytes() for path in [file, *data.rglob("*.yml")]} == before


@pytest.mark.parametrize(
    ("intent", "reason"),
    [
        ("ask_coffee", "no intent 'ask_coffee'"),
        ("uncovered_coffee", "no uncovered kind 'coffee'"),
        ("", "choose an int"),
    ],
)
def test_an_intent_that_is_not_there_is_refused(data: Path, tmp_path: Path, intent: str, reason: str) -> None:
    file = review_file(tmp_path)
    text = file.read_text(encoding="utf-8").replace("intent: ask_tools", f'intent: "{intent}"', 1)
    file.write_text(text, encoding="utf-8")
    with pytest.raises(AcceptError, match=reason):
        accept(file, data, [])


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("facts/ml_engineer.yml", "../../../outside.yml", "below"),
        ("facts/ml_engineer.yml", "roles.yml", "does not end with facts"),
        ("which coffee do ML", "[x](role) do ML", "without brackets"),
        ("entries:", "entry:", "is no review file"),
        ("entries:", "entries: [", "is no review file"),
    ],
)
def test_hostile_or_broken_review_files_are_refused(
    data: Path, tmp_path: Path, old: str, new: str, reason: str
) -> None:
    file = review_file(tmp_path, **FILLED)
    file.write_text(file.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    before = {path: path.read_bytes() for path in data.rglob("*.yml")}
    with pytest.raises(AcceptError, match=reason):
        accept(file, data, [])
    assert {path: path.read_bytes() for path in data.rglob("*.yml")} == before
