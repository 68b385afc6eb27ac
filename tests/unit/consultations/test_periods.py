"""Posting periods: the opening day does not count, the last day counts to its last minute."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.consultations.periods import CALENDAR, WORKING, earliest_close

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
TET = {date(2026, 2, day) for day in range(16, 21)}


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def earliest(opens: str, days: int, unit: str, holidays: set[date] | None = None) -> datetime:
    return earliest_close(at(opens), days=days, unit=unit, holidays=holidays or set(), zone=ZONE)


@pytest.mark.parametrize(
    ("opens", "days", "unit", "holidays", "closes"),
    [
        ("2026-03-02T08:00", 10, CALENDAR, None, "2026-03-12T23:59"),
        ("2026-03-02T23:59", 10, CALENDAR, None, "2026-03-12T23:59"),
        ("2026-02-20T08:00", 10, CALENDAR, None, "2026-03-02T23:59"),
        ("2026-03-02T08:00", 5, WORKING, None, "2026-03-09T23:59"),
        ("2026-03-06T08:00", 1, WORKING, None, "2026-03-09T23:59"),  # a Friday
        ("2026-03-07T08:00", 1, WORKING, None, "2026-03-09T23:59"),  # a Saturday
        ("2026-02-13T08:00", 1, WORKING, TET, "2026-02-23T23:59"),
        ("2026-02-13T08:00", 1, CALENDAR, TET, "2026-02-14T23:59"),
        ("2026-03-02T08:00", 0, CALENDAR, None, "2026-03-02T23:59"),
    ],
)
def test_examples(
    opens: str, days: int, unit: str, holidays: set[date] | None, closes: str
) -> None:
    assert earliest(opens, days, unit, holidays) == at(closes)


def test_days_are_local() -> None:
    """18:30 in London is already the next day in Đồng Nai."""
    found = earliest_close(
        datetime(2026, 3, 2, 18, 30, tzinfo=UTC), days=1, unit=CALENDAR, holidays=(), zone=ZONE
    )
    assert found == at("2026-03-04T23:59")
    assert found.tzinfo is UTC


@given(
    opens=st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1)).map(  # noqa: DTZ001
        lambda moment: moment.replace(tzinfo=UTC)
    ),
    days=st.integers(0, 90),
    holidays=st.sets(st.dates(date(2020, 1, 1), date(2040, 12, 31)), max_size=20),
)
def test_working_days_never_end_sooner_and_never_on_a_day_off(
    opens: datetime, days: int, holidays: set[date]
) -> None:
    calendar = earliest_close(opens, days=days, unit=CALENDAR, holidays=holidays, zone=ZONE)
    working = earliest_close(opens, days=days, unit=WORKING, holidays=holidays, zone=ZONE)
    assert calendar <= working
    assert calendar - opens >= timedelta(days=days)
    last = working.astimezone(ZONE).date()
    first = opens.astimezone(ZONE).date()
    if days:
        assert last.weekday() < 5
        assert last not in holidays
    counted = [
        day
        for n in range(1, (last - first).days + 1)
        if (day := first + timedelta(days=n)).weekday() < 5 and day not in holidays
    ]
    assert len(counted) == days
