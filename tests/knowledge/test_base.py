"""The knowledge base answers from its records and never changes."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from bot.knowledge import Entity, Fact, KnowledgeBase, Role, Source, Topic, load_knowledge


def fact(id_: str, roles: tuple[str, ...], entities: tuple[str, ...], **more: Any) -> Fact:
    return Fact(
        id=id_,
        roles=roles,
        topic=more.pop("topic", "tools"),
        entities=entities,
        text=more.pop("text", "They use it."),
        point="It",
        source="mag",
        section=more.pop("section", "Kitchen"),
        **more,
    )


def build(**changes: Any) -> KnowledgeBase:
    content: dict[str, Any] = {
        "sources": [Source(id="mag", title="T", publisher="P", date=date(2025, 6, 11), url=None)],
        "roles": [Role(id=id_, name=id_, plural=id_ + "s", short=id_, aliases=(id_,)) for id_ in ("cook", "baker")],
        "topics": [Topic(id=id_, name=id_, covers="c", ask="What?", aliases=()) for id_ in ("tools", "work")],
        "entities": [Entity(id=id_, name=id_, kind="tool", aliases=(id_,)) for id_ in ("knife", "oven", "pan")],
        "facts": [
            fact("cook.tools.knife", ("cook",), ("knife",)),
            fact("shared.tools.oven", ("baker", "cook"), ("oven",), section="Bakery"),
            fact("cook.tools.overview", ("cook",), ("knife",), overview=True),
            fact("cook.work.overview", ("cook",), (), overview=True, topic="work"),
        ],
    }
    return KnowledgeBase.of(**{**content, **changes})


def ids(facts: tuple[Fact, ...]) -> list[str]:
    return [found.id for found in facts]


def test_facts_for_starts_with_the_overview_and_keeps_the_order() -> None:
    assert ids(build().facts_for("cook", "tools")) == [
        "cook.tools.overview",
        "cook.tools.knife",
        "shared.tools.oven",
    ]


def test_shared_facts_belong_to_each_of_their_roles() -> None:
    assert ids(build().facts_for("baker", "tools")) == ["shared.tools.oven"]


def test_overview_and_details_part_the_facts() -> None:
    base = build()
    overview = base.overview("cook", "tools")
    assert overview is not None
    assert (overview, *base.details("cook", "tools")) == base.facts_for("cook", "tools")
    assert not any(found.overview for found in base.details("cook", "tools"))


def test_a_fact_can_be_the_overview_of_one_of_its_roles_only() -> None:
    both = fact("shared.tools.oven", ("baker", "cook"), ("oven",), overview_for=("baker",))
    base = build(
        facts=[*list(build().facts.values())[:1], both, fact("cook.tools.overview", ("cook",), (), overview=True)]
    )
    assert base.overview("baker", "tools") == both
    assert base.details("baker", "tools") == ()
    assert ids(base.facts_for("cook", "tools")) == ["cook.tools.overview", "cook.tools.knife", "shared.tools.oven"]


def test_a_secondary_role_is_found_by_name_and_meant_by_nothing_else() -> None:
    roles = [
        Role(id="cook", name="cook", plural="cooks", short="c", aliases=("cook",)),
        Role(id="baker", name="baker", plural="bakers", short="b", aliases=("baker",), secondary=True),
    ]
    base = build(roles=roles)
    assert list(base.roles) == ["cook", "baker"]
    assert list(base.main_roles) == ["cook"]
    assert base.roles_on("tools") == base.roles_naming("oven") == ("cook",)
    assert base.roles_on("tools", secondary=True) == base.roles_naming("oven", secondary=True) == ("cook", "baker")
    assert ("role", "baker", "baker") in base.phrases()


def test_facts_of_an_article_come_first() -> None:
    survey = Source(id="survey", title="S", publisher="P", date=date(2026, 1, 1), url=None, kind="research")
    late = Fact(id="a", roles=("cook",), topic="tools", entities=(), text="T.", point="P", source="survey", section="S")
    mag = build()
    base = build(sources=[survey, *mag.sources.values()], facts=[late, *mag.facts.values()])
    assert ids(base.facts_for("cook", "tools"))[-1] == "a"
    assert base.kind_of(late) == "research"
    assert base.kind_of(base.facts["cook.tools.knife"]) == "article"


@pytest.mark.parametrize(("role", "topic"), [("baker", "work"), ("cook", "pay"), ("x", "tools")])
def test_a_pair_without_facts_gives_nothing(role: str, topic: str) -> None:
    base = build()
    assert base.facts_for(role, topic) == base.details(role, topic) == ()
    assert base.overview(role, topic) is None


def test_facts_and_roles_that_name_an_entity() -> None:
    base = build()
    assert ids(base.facts_naming("knife")) == ["cook.tools.knife", "cook.tools.overview"]
    assert base.roles_naming("knife") == ("cook",)
    assert base.roles_naming("oven") == ("cook", "baker")
    assert base.facts_naming("pan") == base.roles_naming("pan") == ()


def test_entity_is_found_by_id_or_raises() -> None:
    assert build().entity("knife").name == "knife"
    with pytest.raises(KeyError):
        build().entity("fork")


def test_sections_are_listed_once_in_order() -> None:
    assert build().sections == ("Kitchen", "Bakery")


def test_nothing_can_be_changed() -> None:
    base = build()
    with pytest.raises(AttributeError):
        base.facts = {}  # type: ignore[misc]
    with pytest.raises(TypeError):
        base.facts["new"] = base.facts["cook.tools.knife"]  # type: ignore[index]
    with pytest.raises((TypeError, ValidationError)):
        base.facts["cook.tools.knife"].text = "Other"


def test_fingerprint_is_stable_and_follows_the_content() -> None:
    changed = [*build().facts.values()][:3]
    assert build().fingerprint() == build().fingerprint()
    assert len(build().fingerprint()) == 64
    assert build(facts=changed).fingerprint() != build().fingerprint()
    assert build(facts=changed[::-1]).fingerprint() != build(facts=changed).fingerprint()


def test_fingerprint_does_not_depend_on_layout(tmp_path: Path) -> None:
    source = "- {id: mag, title: T, publisher: P, date: 2025-06-11, url: null}"
    folders = [tmp_path / "a", tmp_path / "b"]
    texts = [f"sources:\n  {source}\n", f"# A comment\nroles: []\nsources:\n\n{source}\n"]
    for folder, text in zip(folders, texts, strict=True):
        folder.mkdir()
        (folder / f"{folder.name}.yml").write_text(text)
    first, second = (load_knowledge(folder).fingerprint() for folder in folders)
    assert first == second
