"""Training examples for roles that have none of their own."""

from collections import Counter

import pytest

from bot.knowledge import Role
from bot.nlu.role_examples import MOST_PER_INTENT, Example, derived, new_roles, stale

from .bases import KB, changed


def role_example(text: str, words: str, intent: str = "ask_tools") -> Example:
    start = text.index(words)
    role = {"entity": "role", "value": "ml_engineer", "start": start, "end": start + len(words)}
    return Example(text, intent, (role,))


def test_examples_are_derived_in_the_same_form() -> None:
    ds = Role(
        id="ds", name="data scientist", plural="data scientists", short="data science", aliases=("data scientist",)
    )
    kb = changed(roles=[ds])
    examples = [
        role_example("what do ML engineers use", "ML engineers"),
        role_example("tools of an ML engineer", "ML engineer"),
        role_example("is machine learning hard", "machine learning"),
        Example("hello", "greet"),
        Example("x", "ask_tools", ({"entity": "role", "value": "ai_engineer", "start": 0, "end": 1},)),
    ]
    found = {example.text: example for example in derived(kb, examples)}
    assert set(found) == {
        "what do data scientists use",
        "tools of a data scientist",
        "is data science hard",
        "data science",
    }
    for text, example in found.items():
        (entity,) = example.entities
        assert entity["value"] == "ds"
        assert text[entity["start"] : entity["end"]].startswith("data scien")
    assert list(derived(KB, examples)) == []


@pytest.mark.parametrize("count", [3, 30, 300])
def test_many_new_roles_share_the_examples(count: int) -> None:
    names = [f"keeper of zoo {number}" for number in range(count)]
    roles = [
        Role(id=f"r{n}", name=name, plural=f"{name}s", short=name, aliases=(name,)) for n, name in enumerate(names)
    ]
    intents = [f"ask_{number}" for number in range(9)]
    examples = [
        role_example(f"{number} what do ML engineers use", "ML engineers", intent)
        for number in range(200)
        for intent in intents
    ]
    found = list(derived(changed(roles=roles), examples))
    by_intent = Counter(example.intent for example in found)
    assert set(by_intent) == set(intents)
    assert max(by_intent.values()) <= MOST_PER_INTENT
    # None of the examples is about AI engineers, so they are new as well.
    assert {example.entities[0]["value"] for example in found} == {"ai_engineer", *(role.id for role in roles)}


def test_examples_of_what_is_covered_by_now_are_left_out() -> None:
    about = {"entity": "uncovered", "value": "data_analyst", "start": 0, "end": 1}
    example = Example("what is a data analyst", "uncovered_other_roles", (about,))
    covered = changed(roles=[Role(id="data_analyst", name="data analyst", plural="analysts", short="d", aliases=())])
    assert not stale(KB, example)
    assert stale(covered, example)
    assert new_roles(covered, [role_example("ML", "ML")])[-1].id == "data_analyst"
