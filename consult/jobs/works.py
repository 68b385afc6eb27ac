"""Long work with progress: asked for, left alone, come back to, cancelled, taken up again.

A room registers what it can do (`does`) in its tasks module and asks for it with `start`; the
pages of a work are the desk's (``desk.work``).
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable
from typing import Any, Final, TypeVar

from msgspec import Struct
from sqlalchemy import Select, select, update

from consult.core import clock
from consult.core.db import db, insert_ignore, transaction
from consult.jobs.registry import Interrupted, stopping
from consult.jobs.services import enqueue
from consult.jobs.work_models import UNFINISHED, Work

Run = TypeVar("Run", bound=Callable[..., dict[str, Any]])
_TRIES: Final = 3


class Cancelled(Exception):
    """The person does not want it any more."""


class Failed(Exception):
    """The work cannot be done; ``message`` is a message id that tells the person why."""

    def __init__(self, message: str, **params: Any) -> None:
        super().__init__(message)
        self.message, self.params = message, params


class Kind(Struct, frozen=True):
    """What does one kind of work, and the message id that says what kind it is."""

    run: Callable[..., dict[str, Any]]
    label: str


KINDS: dict[str, Kind] = {}


class Progress:
    """How far a work is. The function tells; a thread beside it writes it down."""

    def __init__(self, work_id: int) -> None:
        self.work_id = work_id
        self._told = self._written = (0, 0)
        self._unwanted = threading.Event()

    def step(self, done: int, total: int) -> None:
        """Say that ``done`` of ``total`` is done; costs nothing, in a transaction or outside.

        Raises Cancelled when the person has cancelled, Interrupted when the process is to end:
        the work is then taken up again by the next one. Let both through.
        """
        self._told = (done, total)
        if self._unwanted.is_set():
            raise Cancelled
        if stopping.is_set():
            raise Interrupted

    def write(self) -> None:
        """Write what was told and learn whether the work is still wanted. Opens transactions."""
        told = self._told
        mine = (Work.id == self.work_id, Work.state == "running")
        if told == self._written:
            with transaction(write=False) as session:
                wanted = session.scalar(select(Work.id).where(*mine)) is not None
        else:
            with transaction() as session:
                changed: Any = session.execute(
                    update(Work).where(*mine).values(done=told[0], total=told[1])
                )
                wanted = changed.rowcount == 1
            self._written = told
        if not wanted:
            self._unwanted.set()


def does(kind: str, *, label: str) -> Callable[[Run], Run]:
    """Register ``function(arguments, progress) -> result`` for works of that kind.

    It runs outside of any transaction, in the scheduler's process, as an application without a
    request; it opens reading transactions of its own and calls ``progress.step`` about once a
    second or oftener, also within them. It may run again from the start after a kill, so what
    it does besides returning must bear repetition. The result (JSON) is kept with the mark that
    the work is done, in one transaction; its "sha256", if any, names a file of `core.files`.
    It raises Failed with a sentence; for other errors the person reads a general one.
    ``label`` is a message id that says what kind of work it is.
    """

    def register(function: Run) -> Run:
        if kind in KINDS:
            raise ValueError(f"two functions for the work {kind!r}")
        KINDS[kind] = Kind(function, label)
        return function

    return register


def start(
    kind: str,
    arguments: dict[str, Any],
    *,
    asked_by: int | None,
    title: str = "",
    page: str = "",
) -> Work:
    """Have the work done after the present commit and return its row.

    The unfinished work of the same kind, arguments and person is returned instead of a second
    one. ``title`` is what the person reads, ``page`` the path to go back to. KeyError for a kind
    that nobody does. Writes a row, enqueues works.run.
    """
    if kind not in KINDS:
        raise KeyError(kind)
    order = json.dumps([kind, arguments, asked_by], sort_keys=True)
    key = hashlib.sha256(order.encode()).hexdigest()
    same = select(Work).where(Work.open_key == key)
    values = {
        "kind": kind,
        "arguments": arguments,
        "asked_by": asked_by,
        "title": title[:300],
        "page": page[:300],
        "open_key": key,
        "state": "waiting",
        "attempts": 0,
        "done": 0,
        "total": 0,
        "message": "",
        "params": {},
        "result": {},
        "created_at": clock.now(),
    }
    # What stands in the way may end between the insert and the reading.
    for _ in range(_TRIES):
        new = insert_ignore(Work, values, "open_key")
        work = db.session.scalars(same).first()
        if work is not None:
            if new:
                enqueue("works.run", {"work_id": work.id})
            return work
    raise RuntimeError(f"the work {kind!r} ended again and again while it was asked for")


def cancel(work: Work) -> bool:
    """End an unfinished work; return False when it had ended. The function learns of it soon."""
    ended: Any = db.session.execute(
        update(Work)
        .where(Work.id == work.id, Work.state.in_(UNFINISHED))
        .values(state="cancelled", open_key=None, finished_at=clock.now())
    )
    return ended.rowcount == 1


def work(work_id: int) -> Work | None:
    """Return the work of that id, or None; one query."""
    return db.session.get(Work, work_id)


def works_of(user_id: int) -> Select[Work]:
    """Return the statement for the person's works, the newest first."""
    return select(Work).where(Work.asked_by == user_id).order_by(Work.id.desc())
