"""Sources can be left out, and what only they speak of goes with them."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.knowledge import KnowledgeError, load_knowledge
from bot.knowledge.current import knowledge

CONTENT = """\
sources:
  - {id: mag, title: A, publisher: P, date: 2025-06-11, url: null}
  - {id: office, title: B, publisher: P, date: 2026-01-01, url: null, kind: official_statistics}
roles:
  - {id: cook, name: cook, plural: cooks, short: C, aliases: [cook]}
  - {id: waiter, name: waiter, plural: waiters, short: W, aliases: [waiter], secondary: true}
topics:
  - {id: tools, name: Tools, covers: T., ask: "Tools?", aliases: [tool], next: [pay]}
  - {id: pay, name: Pay, covers: P., ask: "Pay?", aliases: [wage]}
entities:
  - {id: knife, name: knives, kind: tool, aliases: [knife]}
  - {id: tip, name: tips, kind: concept, aliases: [tip]}
facts:
  - {id: cook.tools.overview, roles: [cook], topic: tools, overview: true, entities: [knife], text: Cooks use knives.,
     point: Knives, source: mag, section: S}
  - {id: pay.overview, roles: [cook, waiter], topic: pay, overview: true, entities: [tip], text: They get tips.,
     point: Tips, source: office, section: S, questions: [are there tips, what do waiters live on]}
uncovered:
  - {id: salary, name: Pay, phrase: pay, aliases: [], nearest: [tools], unless_topics: [pay],
     examples: [are there tips],
     items: [{id: tip, name: tips, aliases: [tip]}, {id: waiter, name: waiters, aliases: [waiter]}]}
  - {id: pay_abroad, name: Pay abroad, phrase: pay abroad, aliases: [], nearest: [pay], if_topics: [pay]}
  - {id: hours, name: Hours, phrase: hours, aliases: [], nearest: [pay, tools]}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "content.yml").write_text(CONTENT)
    return tmp_path


def test_without_a_choice_all_sources_count(folder: Path) -> None:
    base = load_knowledge(folder)
    assert list(base.topics) == ["tools", "pay"]
    assert list(base.uncovered) == ["pay_abroad", "hours"]
    assert list(base.roles) == ["cook", "waiter"]


@pytest.mark.parametrize("names", [["mag"], ["article"], ["mag", "article"]])
def test_what_only_other_sources_speak_of_is_left_out(folder: Path, names: list[str]) -> None:
    base = load_knowledge(folder, names)
    assert list(base.sources) == ["mag"]
    assert list(base.facts) == ["cook.tools.overview"]
    assert (list(base.roles), list(base.topics), list(base.entities)) == (["cook"], ["tools"], ["knife"])
    assert base.topics["tools"].next == ()


def test_what_is_not_covered_then_is_uncovered_again(folder: Path) -> None:
    base = load_knowledge(folder, ["article"])
    assert list(base.uncovered) == ["salary", "hours"]
    assert [item.id for item in base.uncovered["salary"].items] == ["tip", "waiter"]
    assert base.uncovered["salary"].examples == ("are there tips", "what do waiters live on")
    assert base.uncovered["hours"].nearest == ("tools",)


def test_a_source_that_does_not_exist_is_refused(folder: Path) -> None:
    with pytest.raises(KnowledgeError) as caught:
        load_knowledge(folder, ["magg", "offize", "article"])
    said = "SOURCES: there is no source and no kind of source 'magg' (nearest: 'mag'), 'offize' (nearest: 'office')"
    assert str(caught.value) == said


def test_the_setting_chooses_the_sources(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KNOWLEDGE_DIR", str(folder))
    for value, count in {"": 2, "article": 1, " office , mag ": 2}.items():
        monkeypatch.setenv("SOURCES", value)
        knowledge.cache_clear()
        assert len(knowledge().facts) == count
    knowledge.cache_clear()
