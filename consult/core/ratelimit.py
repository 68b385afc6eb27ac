"""Rate limits, counted in the database so that every web process shares them."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import String, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from consult.core import clock
from consult.core.db import Base, db, dialect_insert


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

    Fixed windows. One statement adds the row or counts it up, so no process loses a hit of
    another.
    """
    insert = dialect_insert(RateCounter).values(key=key, window_start=_window(period), hits=1)
    counted = insert.on_conflict_do_update(
        index_elements=["key", "window_start"], set_={"hits": RateCounter.hits + 1}
    ).returning(RateCounter.hits)
    hits: int = db.session().connection().execute(counted).scalar_one()
    return hits <= limit


def within(key: str, *, limit: int, period: timedelta) -> bool:
    """Return whether ``key`` may still be hit in this window; counts nothing."""
    hits = db.session.scalar(
        select(RateCounter.hits).where(
            RateCounter.key == key, RateCounter.window_start == _window(period)
        )
    )
    return hits is None or hits < limit


def forget_before(instant: datetime) -> None:
    """Delete the counters of windows that began before ``instant``."""
    db.session.execute(delete(RateCounter).where(RateCounter.window_start < instant))
