"""The one clock: every instant the product decides by comes from `now()`."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_shift = timedelta()


def now() -> datetime:
    """Return the present instant, aware, in UTC, with microseconds."""
    return datetime.now(UTC) + _shift


def at(timestamp: float) -> datetime:
    """Return what `now()` gave at ``timestamp``, seconds of the Unix epoch by the machine."""
    return datetime.fromtimestamp(timestamp, UTC) + _shift


def shift(by: timedelta) -> None:
    """Move the clock by ``by`` (adds up; only tests and the demonstration loader do this)."""
    global _shift
    _shift += by


def move_to(instant: datetime) -> None:
    """Set the clock so that `now()` continues from ``instant`` (aware)."""
    global _shift
    _shift = instant - datetime.now(UTC)


def reset() -> None:
    """Return to the machine's own time."""
    global _shift
    _shift = timedelta()
