"""What holds for every comparison and list in every look: what stands under a name is said of what bears that name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import combinations

import pytest

from bot.advice import Answer, Bullets, Suggestion, Table
from bot.advice.beyond import compared
from bot.advice.topics import comparison, on_several, profile
from bot.advice.wording import heading
from bot.knowledge import Fact, load_knowledge
from bot.render import envelope, to_markdown, to_plain
from bot.render.slack import TEXT_A_MESSAGE, as_messages, choice_blocks, content_blocks
from bot.render.sources import credits_of
from tests.support.loops import each

KB = load_knowledge("data/knowledge")
MAIN = tuple(KB.main_roles)
PAIRS = list(combinations(KB.roles, 2))
TOPICS = [topic.id for topic in KB.topics.values() if topic.comparable]
NAMES = {heading(KB, [role]): role for role in KB.roles}
Cells = Iterator[tuple[str, str]]


def in_markdown(answer: Answer) -> Cells:
    """(name of its column, text) of each cell, as a Markdown reader sees them."""
    rows = [
        [cell.strip().replace(r"\|", "|").replace(r"\*", "*") for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        for line in to_markdown(answer).splitlines()
        if line.startswith("|")
    ]
    names, _, *body = rows
    for row in body:
        yield from zip(names[1:], row[1:], strict=True)


def in_plain(answer: Answer) -> Cells:
    """The same in the console."""
    for line in to_plain(answer).splitlines():
        name, colon, text = line.strip().partition(": ")
        if colon and name in NAMES:
            yield name, text


def in_slack(answer: Answer) -> Cells:
    """The same in Slack's blocks."""
    for block in content_blocks("", envelope(KB, answer)["parts"]):
        for field in block.get("fields", ()):
            name, _, text = field["text"].partition("\n")
            yield name.strip("*"), text.replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">")


LOOKS = [in_markdown, in_plain, in_slack]


def tables() -> Iterator[tuple[tuple[str, ...], Answer]]:
    """Every answer that sets roles side by side in a table."""
    for pair in PAIRS:
        for roles in (pair, pair[::-1]):
            for answer in (comparison(KB, roles), compared(KB, roles), on_several(KB, roles, KB.profile_topics)):
                if answer and any(isinstance(part, Table) for part in answer.parts):
                    yield roles, answer


def told_of(answer: Answer, role: str) -> set[str]:
    """All that the answer may say of a role: points of the facts it names that are about the role."""
    facts = [KB.facts[fact] for fact in answer.facts]
    return {fact.point for fact in facts if role in fact.roles}


@pytest.mark.parametrize("look", LOOKS)
def test_every_cell_of_every_comparison_holds_a_fact_of_its_columns_role(look: Callable[[Answer], Cells]) -> None:
    for roles, answer in each(tables(), least=20):
        seen = set()
        for name, text in each(look(answer), least=len(roles)):
            seen.add(NAMES[name])
            assert text == "not covered" or text in told_of(answer, NAMES[name]), (roles, name, text)
        assert seen == set(roles)


@pytest.mark.parametrize("topic", TOPICS)
def test_every_list_of_every_comparison_holds_facts_of_the_role_that_heads_it(topic: str) -> None:
    for pair in PAIRS:
        answer = comparison(KB, pair, topic)
        for part in answer.parts:
            if isinstance(part, Bullets) and part.title in NAMES and "nothing on this" not in part.items[0]:
                for item in each(part.items):
                    assert item in told_of(answer, NAMES[part.title]), (part.title, item)


@pytest.mark.parametrize("role", KB.roles)
def test_every_line_of_a_portrait_holds_a_fact_of_the_topic_that_it_names(role: str) -> None:
    topics = {topic.name: topic.id for topic in KB.topics.values()}
    lines = [item for part in profile(KB, (role,)).parts if isinstance(part, Bullets) for item in part.items]
    for line in lines:
        found = re.fullmatch(r"\*\*(.+?)\*\*: (.+)", line)
        if found is None:
            continue  # a role with few facts has a list instead
        assert found[2] in {f.point for f in KB.facts_for(role, topics[found[1]])}, line
    if role in MAIN:
        assert len(lines) == len(KB.profile_topics) - 1


def test_a_button_of_slack_sends_what_it_means() -> None:
    buttons = [
        {"title": "What do they use?", "payload": '/ask_tools{"role": ["ml_engineer"]}'},
        {"title": "Only words"},
    ]
    elements = choice_blocks(buttons)[0]["elements"]
    assert [element["value"] for element in elements] == [buttons[0]["payload"], "Only words"]


@pytest.mark.parametrize("pair", PAIRS[:6])
def test_buttons_send_their_payload_whatever_the_answer(pair: tuple[str, str]) -> None:
    answer = comparison(KB, pair).with_suggestions((Suggestion("Next?", "/ask_tools"), Suggestion("A: x", "/cancel")))
    blocks = choice_blocks([{"title": s.title, "payload": s.payload} for s in answer.suggestions])
    sent = [element["value"] for block in blocks for element in block["elements"]]
    assert sent == [suggestion.payload for suggestion in answer.suggestions]


def test_no_message_to_slack_holds_more_text_than_slack_takes() -> None:
    blocks = content_blocks("\n\n".join(f"paragraph {n} " + "word " * 480 for n in range(12)))
    messages = as_messages(blocks)
    assert len(messages) > 1
    for message in each(messages, least=2):
        assert sum(len(block["text"]["text"]) for block in message.blocks) <= TEXT_A_MESSAGE
    assert [block for message in messages for block in message.blocks] == blocks


@pytest.mark.parametrize("count", range(1, 9))
def test_all_sections_are_named_or_counted(count: int) -> None:
    facts: list[Fact] = []
    by_source: dict[str, dict[str, Fact]] = {}
    for fact in KB.facts.values():
        by_source.setdefault(fact.source, {}).setdefault(fact.section, fact)
    facts = list(max(by_source.values(), key=len).values())[:count]
    assert len(facts) == count
    credits = credits_of(KB, Answer("answer", (), tuple(fact.id for fact in facts)))
    assert credits
    more = re.search(r"and (\d+) more sections", credits.text)
    named = sum(fact.section in credits.text for fact in facts)
    assert named + (int(more[1]) if more else 0) == count
