"""Which function does which job; rooms register theirs in their tasks modules."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

Payloads = list[dict[str, Any]]
Record = Callable[[], None]
Run = TypeVar("Run", bound=Callable[[Payloads], Any])


@dataclass(frozen=True)
class Handler:
    """``run`` gets up to ``batch`` payloads of one name at once."""

    run: Callable[[Payloads], Record | None]
    batch: int
    slow: bool


HANDLERS: dict[str, Handler] = {}
RECURRING: dict[str, timedelta] = {}


def handles(
    name: str, *, batch: int = 1, slow: bool = False, every: timedelta | None = None
) -> Callable[[Run], Run]:
    """Register the decorated function for jobs called ``name``.

    It runs inside one transaction with the mark that the job is done, so its effects in the
    database happen exactly once; other effects must bear repetition. With ``slow`` it runs
    outside of any transaction, so that mail and index files hold no lock: it opens reading
    ones of its own and may return a function that records the outcome, which is run in the
    transaction that marks the job done. With ``every`` the scheduler also enqueues the job
    once in each such slot of time.
    """

    def register(function: Run) -> Run:
        if name in HANDLERS:
            raise ValueError(f"two handlers for the job {name!r}")
        HANDLERS[name] = Handler(function, batch, slow)
        if every is not None:
            RECURRING[name] = every
        return function

    return register
