"""The period that a report is about, and the one before it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.insights.errors import InsightsError

MOST_DAYS = 3660


@dataclass(frozen=True)
class Period:
    """Whole days in a time zone, from ``first`` to ``last``, both included."""

    first: date
    last: date
    zone: str = "UTC"

    def __post_init__(self) -> None:
        """Raises InsightsError if the period is empty, too long, or in a time zone that nobody knows."""
        try:
            ZoneInfo(self.zone)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise InsightsError("The time zone must be a name like Europe/Berlin or UTC.") from error
        if self.last < self.first:
            raise InsightsError("The first day of the period comes after its last.")
        if self.days > MOST_DAYS or self.first.year < 1971 or self.last.year > 9000:
            raise InsightsError(f"A period has at most {MOST_DAYS} days, from 1971 on.")

    @classmethod
    def last_days(cls, days: int, zone: str = "UTC", today: date | None = None) -> Period:
        """The given number of days up to ``today``. Raises InsightsError."""
        if not 1 <= days <= MOST_DAYS:
            raise InsightsError(f"DAYS must be a whole number from 1 to {MOST_DAYS}.")
        last = today or datetime.now(cls(date(2000, 1, 1), date(2000, 1, 1), zone).tz).date()
        return cls(last - timedelta(days=days - 1), last, zone)

    @property
    def tz(self) -> ZoneInfo:
        """The time zone."""
        return ZoneInfo(self.zone)

    @property
    def days(self) -> int:
        """How many days the period has."""
        return (self.last - self.first).days + 1

    @property
    def start(self) -> float:
        """When it begins, in seconds since 1970."""
        return datetime.combine(self.first, time(), self.tz).timestamp()

    @property
    def end(self) -> float:
        """When it is over (the first moment after it), in seconds since 1970."""
        return datetime.combine(self.last + timedelta(days=1), time(), self.tz).timestamp()

    def before(self) -> Period:
        """The period of the same length that ends where this one begins."""
        return Period(self.first - timedelta(days=self.days), self.first - timedelta(days=1), self.zone)


def day(text: str, name: str) -> date:
    """A date like 2026-05-31; ``name`` is what the error calls it. Raises InsightsError."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise InsightsError(f"{name} must be a date like 2026-05-31.") from error
