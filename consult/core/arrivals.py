"""When requests arrived, which are under way, and how long a closing waits for them.

The instant at which a request's head arrived decides, so a point can be in time and yet be stored
after the closing: its author sends over a slow line, or many send at once. What is made at the
closing shall hold it. So each web process has a row; who closes asks all of them (`all_done`)
whether everything that arrived until the closing is done, and each process answers (`Watch`) when
it is. Nothing is written for a request, and a process that has died is not waited for.
"""

from __future__ import annotations

import logging
import re
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import String, delete, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from consult.core import clock
from consult.core.db import Base, db, insert_rows, transaction

# Where the web worker leaves the instant (seconds of the Unix epoch) in a request's environment.
ARRIVED = "consult.arrived"
# Why a request is to be refused whose body was not taken in: the HTTP status as a number.
REFUSED = "consult.refused"
# A process that has not been seen for so long has died; it says that it lives a few times in it.
DEAD_AFTER = timedelta(seconds=60)
_SEEN_EVERY = 15.0
# A proxy's word on when a request came may be so much older than the request's own arrival.
_LONGEST_IN_PROXY = 900.0
_NEVER = datetime.min.replace(tzinfo=UTC)
log = logging.getLogger(__name__)


class WebWorker(Base):
    """A web process. All that arrived there before ``done_until`` is done (None: not said yet).

    ``asked_until`` is what somebody who closes wants to hear of.
    """

    __tablename__ = "web_workers"

    token: Mapped[str] = mapped_column(String(32), primary_key=True)
    seen_at: Mapped[datetime]
    asked_until: Mapped[datetime | None]
    done_until: Mapped[datetime | None]


def arrived(environ: Mapping[str, Any], header: str = "") -> float:
    """Return when the head of the request arrived, in seconds of the Unix epoch.

    As the web worker saw it; the present where another server runs the application. ``header``
    names the one in which a trusted proxy says when it began to take the request in: that
    counts, if it is not later and not unreasonably old.
    """
    now = time.time()
    own = min(environ.get(ARRIVED, now), now)
    key = f"HTTP_{header.upper().replace('-', '_')}"
    told = _told(environ.get(key, "")) if header else None
    return told if told is not None and own - _LONGEST_IN_PROXY <= told <= own else own


# Seconds (nginx), milliseconds or microseconds (Apache) of the epoch.
_REQUEST_START = re.compile(r"(?:t=)?(\d{10}(?:\.\d{1,6})?|\d{13}|\d{16})")


def _told(header: str) -> float | None:
    found = _REQUEST_START.fullmatch(header.strip())
    if not found:
        return None
    number = found.group(1)
    units = {13: 1e3, 16: 1e6} if "." not in number else {}
    return float(number) / units.get(len(number), 1)


class UnderWay:
    """The writing requests of a process that have arrived and are not done; for any thread."""

    def __init__(self) -> None:
        self._arrived: dict[object, float] = {}
        self._lock = threading.Lock()

    def begin(self, which: object, at: float) -> None:
        """Note a request that arrived ``at`` (seconds of the Unix epoch)."""
        with self._lock:
            self._arrived[which] = at

    def end(self, which: object) -> None:
        """Forget a request: it is answered, or was cut off."""
        with self._lock:
            self._arrived.pop(which, None)

    def oldest(self) -> float | None:
        """Return when the oldest of them arrived, None when there is none."""
        with self._lock:
            return min(self._arrived.values(), default=None)


def all_done(until: datetime) -> bool:
    """Return whether every web process that lives has done what arrived before ``until``.

    Asks those that have not said so; they answer within about a second of being done. Writes
    only their rows.
    """
    behind = or_(WebWorker.done_until.is_(None), WebWorker.done_until < until)
    waited_for = db.session.execute(
        update(WebWorker)
        .where(behind, WebWorker.seen_at > clock.now() - DEAD_AFTER)
        .values(asked_until=until)
        .returning(WebWorker.token)
        .execution_options(synchronize_session=False)
    )
    return waited_for.first() is None


class Watch:
    """A web process' side: its row, and the thread that answers who asks.

    ``done_until`` gives up to when (seconds of the Unix epoch) all that arrived is done; None
    when that is not known just now. ``context`` makes an application context.
    """

    def __init__(
        self, context: Callable[[], Any], done_until: Callable[[], float | None], pause: float = 1.0
    ) -> None:
        self._context, self._done_until, self._pause = context, done_until, pause
        self._token = secrets.token_hex(16)
        self._stopping = threading.Event()
        self._seen: float | None = None
        self._failing = False
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        """Begin; the row is written before this returns, if the database answers."""
        self._beat()
        self._thread.start()

    def stop(self) -> None:
        """Take the row away: nothing more is under way here."""
        self._stopping.set()
        self._thread.join(5)
        with self._context(), transaction() as session:
            session.execute(delete(WebWorker).where(WebWorker.token == self._token))

    def _run(self) -> None:
        while not self._stopping.wait(self._pause):
            self._beat()

    def _beat(self) -> None:
        try:
            with self._context():
                self.answer()
            self._failing = False
        except Exception:
            if not self._failing:  # once, not every second
                log.exception("closings cannot be told what is under way here; trying again")
            self._failing = True

    def answer(self) -> None:
        """Say that the process lives, and what it has done if somebody asks."""
        done = self._done_until()
        with transaction(write=False) as session:
            mine = WebWorker.token == self._token
            row = session.execute(
                select(WebWorker.asked_until, WebWorker.done_until).where(mine)
            ).one_or_none()
        asked, answered = row or (None, None)
        said: dict[str, datetime] = {}
        if asked and done and (answered or _NEVER) < asked <= clock.at(done):
            said["done_until"] = clock.at(done)
        moment = time.monotonic()
        if not row or said or self._seen is None or moment - self._seen > _SEEN_EVERY:
            said["seen_at"] = clock.now()
            with transaction() as session:
                if row:
                    session.execute(update(WebWorker).where(mine).values(**said))
                else:
                    dead = WebWorker.seen_at < clock.now() - DEAD_AFTER
                    session.execute(delete(WebWorker).where(dead))
                    insert_rows(WebWorker, [{"token": self._token, **said}])
            self._seen = moment
