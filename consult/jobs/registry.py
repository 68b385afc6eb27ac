"""Which function does which job; rooms register theirs in their tasks modules."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Literal, TypeVar

from msgspec import Struct

Payloads = list[dict[str, Any]]
Record = Callable[[], None]
Run = TypeVar("Run", bound=Callable[[Payloads], Any])
# Quick jobs are done inside a transaction, slow ones wait for others (mail), long ones work.
Lane = Literal["quick", "slow", "long"]
# Set when the process is to end: long work asks it at its steps.
stopping = threading.Event()


class Interrupted(Exception):
    """The process is to end: the job goes back as it was and is begun anew by the next one."""


class Handler(Struct, frozen=True):
    """``run`` gets up to ``batch`` payloads of one name at once."""

    run: Callable[[Payloads], Record | None]
    batch: int
    lane: Lane

    @property
    def slow(self) -> bool:
        """Whether it runs outside of any transaction."""
        return self.lane != "quick"


HANDLERS: dict[str, Handler] = {}
RECURRING: dict[str, timedelta] = {}


def handles(
    name: str,
    *,
    batch: int = 1,
    slow: bool = False,
    long: bool = False,
    every: timedelta | None = None,
) -> Callable[[Run], Run]:
    """Register the decorated function for jobs called ``name``.

    It runs inside one transaction with the mark that the job is done, so its effects in the
    database happen exactly once; other effects must bear repetition. With ``slow`` it runs
    outside of any transaction, so that mail and index files hold no lock: it opens reading
    ones of its own and may return a function that records the outcome, which is run in the
    transaction that marks the job done. ``long`` is the same for what takes minutes: neither
    quick nor slow jobs wait for it. With ``every`` the scheduler also enqueues the job once in
    each such slot of time.
    """

    def register(function: Run) -> Run:
        if name in HANDLERS:
            raise ValueError(f"two handlers for the job {name!r}")
        HANDLERS[name] = Handler(function, batch, "long" if long else "slow" if slow else "quick")
        if every is not None:
            RECURRING[name] = every
        return function

    return register
