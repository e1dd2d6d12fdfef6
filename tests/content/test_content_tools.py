"""The commands for owners: check, preview, new role, suggest and accept."""

import shutil
import sys
import types
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.content.__main__ import main
from bot.content.accept import accept
from bot.content.check import duplicates, hints, lacking_pairs, lacking_topics, unreached, without_alias
from bot.content.errors import AcceptError
from bot.content.preview import preview
from bot.content.reading import Reader, examples_in
from bot.content.suggest import review
from bot.knowledge import Entity, Fact, Role, load_knowledge

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


def test_duplicates_and_facts_that_nobody_asks_for_are_found() -> None:
    twin = fact("ml_engineer.tools.twin", KB.facts["ml_engineer.tools.hyperparameter_tuning"].text)
    lost = fact(
        "ml_engineer.tools.lost", "Their coffee machine makes a fine espresso every morning.", topic="career_paths"
    )
    kb = changed(facts=[twin, lost])
    reader = Reader(kb, PROJECT / "data" / "lexicon.yml")
    assert any(twin.id in hint.text for hint in duplicates(kb, reader))
    assert all(lost.id not in hint.text for hint in duplicates(kb, reader))
    asked = [("who works with Spark?", "ask_who"), ("what tools do ML engineers use?", "ask_tools")]
    missing = {hint.text.split(":")[0] for hint in unreached(kb, reader.questions(asked))}
    assert lost.id in missing
    assert "ml_engineer.tools.overview" not in missing
    assert Counter(hint.kind for hint in hints(kb, reader, asked))["not reached"] == len(missing)


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


def test_the_command_writes_what_went_unanswered_and_never_over_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    insights = types.ModuleType("bot.insights")
    insights.InsightsError = RuntimeError  # type: ignore[attr-defined]
    insights.unanswered = lambda database, knowledge: [Questions(place=Where("uncovered.yml", (), None))]  # type: ignore[attr-defined]
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


def test_an_accepted_entry_is_added_and_nothing_else_changes(data: Path, tmp_path: Path) -> None:
    nlu, facts = data / "nlu.yml", data / "knowledge" / "facts" / "ml_engineer.yml"
    before = nlu.read_text(encoding="utf-8"), facts.read_text(encoding="utf-8")
    file = review_file(tmp_path, **FILLED)
    done = accept(file, data, [])
    assert (done.examples, done.facts) == (2, 1)
    for old, path, added in ((before[0], nlu, 2), (before[1], facts, 8)):
        new = path.read_text(encoding="utf-8").splitlines()
        rest = iter(new)
        assert all(line in rest for line in old.splitlines())  # every old line, in its order
        assert len(new) == len(old.splitlines()) + added
    assert ("espresso or filter for an MLE", "ask_tools") in list(examples_in(nlu))
    assert load_knowledge(data / "knowledge").facts[FILLED["id"]].text == FILLED["text"]
    text = file.read_text(encoding="utf-8")
    assert [entry["accept"] for entry in yaml.safe_load(text)["entries"]] == ["done", False]
    assert "# Asked 7 times" in text
    with pytest.raises(AcceptError, match="no entry has accept"):
        accept(file, data, [])


@pytest.mark.parametrize(
    ("fill", "held_out", "reason"),
    [
        (FILLED, ["Espresso or filter for an MLE?"], "is a held-out question"),
        (FILLED, ["what coffee do ML engineers drink at night time"], "means the same as the held-out question"),
        ({**FILLED, "id": "ml_engineer.tools.overview"}, [], "duplicate id"),
        ({**FILLED, "text": "word " * 41}, [], "at most 40"),
        ({**FILLED, "section": '""'}, [], "section: is empty"),
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
    ("old", "new", "reason"),
    [
        ("facts/ml_engineer.yml", "../../../outside.yml", "below"),
        ("facts/ml_engineer.yml", "roles.yml", "does not end with facts"),
        ("intent: ask_tools", "intent: ask_coffee", "no intent 'ask_coffee'"),
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
