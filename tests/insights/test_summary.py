"""The one sentence on what changed."""

from collections import Counter
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bot.insights import Period
from bot.insights.drift import drift
from bot.insights.groups import Encoder
from bot.insights.report import Report, make_report
from bot.insights.summary import summary
from bot.knowledge import KnowledgeBase

from .conftest import Store

WEEK = Period(date(2026, 5, 1), date(2026, 5, 7))


@pytest.fixture
def report(store: Store, kb: KnowledgeBase, encoder: Encoder) -> Report:
    return make_report(store.url, WEEK, kb, encoder)


@pytest.mark.parametrize(
    ("figures", "said"),
    [
        ({"messages": 0, "messages_before": 0}, ""),
        (
            {"messages": 4, "messages_before": 0},
            "Nobody wrote in the 7 days before, so there is nothing to compare with.",
        ),
        (
            {"messages": 0, "messages_before": 1},
            "Nobody wrote in this period; in the 7 days before there was 1 message.",
        ),
        (
            {"messages": 150, "messages_before": 100, "missed": 30, "missed_before": 40},
            "Compared with the 7 days before, there were 150 messages instead of 100 (+50%), 20% of them without an "
            "answer instead of 40%; what people ask about is much the same.",
        ),
        (
            {"messages": 2000, "messages_before": 1000, "missed": 200, "missed_before": 110},
            "Compared with the 7 days before, there were 2,000 messages instead of 1,000 (2.0 times as many), 10% of "
            "them without an answer, about as before; what people ask about is much the same.",
        ),
        (
            {"messages": 95, "messages_before": 100, "missed": 0, "missed_before": 0},
            "Compared with the 7 days before, there were 95 messages instead of 100 (about as many), 0% of them "
            "without an answer, about as before; what people ask about is much the same.",
        ),
    ],
)
def test_the_sentence_is_what_the_figures_say(
    figures: dict[str, Any], said: str, report: Report, kb: KnowledgeBase
) -> None:
    assert summary(replace(report, **figures), kb) == said


@pytest.mark.parametrize(
    ("before", "now", "said"),
    [
        ({"pay": 10, "tools": 90}, {"pay": 40, "tools": 60}, "'Pay' is asked more (40% instead of 10%)"),
        (
            {"uncovered:visas": 60, "pay": 20, "tools": 20},
            {"uncovered:visas": 10, "pay": 45, "tools": 45},
            "less (10% instead",
        ),
        # Not more than chance.
        ({"pay": 50, "tools": 50}, {"pay": 54, "tools": 46}, "much the same"),
    ],
)
def test_a_subject_is_named_if_it_changed_by_more_than_chance(
    before: dict[str, int], now: dict[str, int], said: str, report: Report, kb: KnowledgeBase
) -> None:
    changed = drift(Counter(before), Counter(now))
    figures = {"messages": 100, "messages_before": 100, "missed": 9, "missed_before": 9}
    assert said in summary(replace(report, drift=changed, **figures), kb)
