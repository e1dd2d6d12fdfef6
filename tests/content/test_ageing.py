"""`make content-check` lists the sources that are out of date or will be soon."""

from datetime import date, timedelta

import pytest

from bot.content.check import DUE_DAYS, ageing
from bot.knowledge import KnowledgeBase, Source, load_knowledge

DAY = date(2026, 11, 30)


def base(outdated_from: date | None) -> KnowledgeBase:
    source = Source(id="survey", title="T", publisher="P", date=DAY, url=None, outdated_from=outdated_from)
    return KnowledgeBase.of(sources=[source])


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (-400, "out of date, as answers say"),
        (0, "out of date, as answers say"),
        (1, "out of date within"),
        (DUE_DAYS, "out of date within"),
        (DUE_DAYS + 1, ""),
    ],
)
def test_a_source_is_listed_from_sixty_days_before_its_day_on(days: int, said: str) -> None:
    kinds = [hint.kind for hint in ageing(base(DAY + timedelta(days)), DAY)]
    assert [kind.startswith(said) for kind in kinds] == ([True] if said else [])


def test_a_source_that_never_is_out_of_date_is_not_listed() -> None:
    assert not list(ageing(base(None), DAY))


def test_the_oldest_comes_first_and_says_what_hangs_on_it() -> None:
    kb = load_knowledge("data/knowledge")
    listed = [hint.text for hint in ageing(kb, DAY)]
    days = [kb.sources[text.split()[0]].outdated_from for text in listed]
    assert days == sorted(days)
    for text in listed:
        facts = sum(fact.source == text.split()[0] for fact in kb.facts.values())
        assert f"({facts} fact" in text


@pytest.mark.parametrize(("days", "said"), [(1, "in 1 day ("), (2, "in 2 days (")])
def test_days_are_counted_in_words_that_fit(days: int, said: str) -> None:
    (hint,) = ageing(base(DAY + timedelta(days)), DAY)
    assert said in hint.text
