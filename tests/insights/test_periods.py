from datetime import date

import pytest

from bot.insights import InsightsError, Period


def test_a_period_has_whole_days_in_its_time_zone() -> None:
    period = Period.last_days(7, "Europe/Berlin", today=date(2026, 3, 31))
    assert (period.first, period.last, period.days) == (date(2026, 3, 25), date(2026, 3, 31), 7)
    # The clocks go forward on 29 March: an hour less than seven days.
    assert period.end - period.start == 7 * 86400 - 3600


def test_the_period_before_ends_where_this_one_begins() -> None:
    period = Period.last_days(30, today=date(2026, 3, 31))
    assert period.before().end == period.start
    assert period.before().days == 30


@pytest.mark.parametrize("zone", ["Mars/Olympus", "../etc/passwd", "", "\0"])
def test_an_unknown_time_zone_is_one_clear_error(zone: str) -> None:
    with pytest.raises(InsightsError, match="time zone"):
        Period(date(2026, 1, 1), date(2026, 1, 2), zone)


def test_a_period_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(InsightsError, match="first day"):
        Period(date(2026, 1, 2), date(2026, 1, 1))


@pytest.mark.parametrize("days", [0, -1, 10**9])
def test_a_number_of_days_out_of_range_is_refused(days: int) -> None:
    with pytest.raises(InsightsError, match="DAYS"):
        Period.last_days(days)
