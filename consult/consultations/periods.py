"""Counting posting periods: the earliest lawful closing from a rule that is data."""

from __future__ import annotations

from collections.abc import Container
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

CALENDAR, WORKING = "calendar", "working"
_SATURDAY = 5


def earliest_close(
    opens_at: datetime, *, days: int, unit: str, holidays: Container[date], zone: ZoneInfo
) -> datetime:
    """Return the earliest closing of a round that opens at ``opens_at`` (both aware; UTC out).

    The opening's own local day does not count; the period ends with the last minute of its
    ``days``-th day (``unit``: calendar days, or working days without Saturdays, Sundays and
    ``holidays``). How many days, and of which kind, is the rule's; nothing here is law.
    """
    day = opens_at.astimezone(zone).date()
    left = days
    while left > 0:
        day += timedelta(days=1)
        if unit == CALENDAR or (day.weekday() < _SATURDAY and day not in holidays):
            left -= 1
    # The last minute, not midnight after it: forms work in minutes, and people type 23:59.
    return datetime.combine(day, time(23, 59), zone).astimezone(UTC)
