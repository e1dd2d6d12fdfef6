"""The reason that a complaint gives in its own words (``data/wording.yml``)."""

from __future__ import annotations

import pytest

from bot.channels.feedback import REASONS
from bot.language.wording import wording


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("you answered a question nobody put to you", "not_asked"),
        ("that is not what i meant, and it's false as well", "not_asked"),
        ("such a wall of text", "too_long"),
        ("Please, something briefer", "too_long"),
        ("these numbers are stale", "outdated"),
        ("there is a mistake in it", "wrong"),
        ("meh", "other"),
        ("it rang false", "wrong"),
        ("falsetto", "other"),
    ],
)
def test_a_complaint_is_filed_under_the_reason_it_gives(text: str, reason: str) -> None:
    assert wording().complaint(text) == reason


def test_every_reason_in_words_is_one_that_the_buttons_have() -> None:
    assert set(wording().complaints) < set(REASONS)
