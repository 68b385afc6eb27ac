"""Rate limits, counted in the database so that every web process shares them."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import String, delete
from sqlalchemy.orm import Mapped, mapped_column

from consult.core import clock
from consult.core.db import Base, db


class RateCounter(Base):
    """How often ``key`` was hit in the window that began at ``window_start``."""

    __tablename__ = "rate_counters"

    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    window_start: Mapped[datetime] = mapped_column(primary_key=True)
    hits: Mapped[int]


def _window(period: timedelta) -> datetime:
    now = clock.now()
    seconds = int(period.total_seconds())
    return now.fromtimestamp(int(now.timestamp()) // seconds * seconds, tz=now.tzinfo)


def hit(key: str, *, limit: int, period: timedelta) -> bool:
    """Count one hit of ``key``; return whether it is still within ``limit`` per ``period``.

    Fixed windows. Writes one row; two processes never lose a count, for the row is locked.
    """
    window = _window(period)
    counter = db.session.get(RateCounter, (key, window), with_for_update=True)
    if counter is None:
        counter = RateCounter(key=key, window_start=window, hits=0)
        db.session.add(counter)
    counter.hits += 1
    db.session.flush()
    return counter.hits <= limit


def within(key: str, *, limit: int, period: timedelta) -> bool:
    """Return whether ``key`` may still be hit in this window; counts nothing."""
    counter = db.session.get(RateCounter, (key, _window(period)))
    return counter is None or counter.hits < limit


def forget_before(instant: datetime) -> None:
    """Delete the counters of windows that began before ``instant``."""
    db.session.execute(delete(RateCounter).where(RateCounter.window_start < instant))
