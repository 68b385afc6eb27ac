"""Which function does which job; rooms register theirs in their tasks modules."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

Payloads = list[dict[str, Any]]


@dataclass(frozen=True)
class Handler:
    """``run`` gets up to ``batch`` payloads of one name at once."""

    run: Callable[[Payloads], None]
    batch: int


HANDLERS: dict[str, Handler] = {}
RECURRING: dict[str, timedelta] = {}


def handles(
    name: str, *, batch: int = 1, every: timedelta | None = None
) -> Callable[[Callable[[Payloads], None]], Callable[[Payloads], None]]:
    """Register the decorated function for jobs called ``name``.

    It runs inside one transaction with the mark that the job is done, so its effects in the
    database happen exactly once; other effects must bear repetition. With ``every`` the
    scheduler also enqueues the job once in each such slot of time.
    """

    def register(function: Callable[[Payloads], None]) -> Callable[[Payloads], None]:
        if name in HANDLERS:
            raise ValueError(f"two handlers for the job {name!r}")
        HANDLERS[name] = Handler(function, batch)
        if every is not None:
            RECURRING[name] = every
        return function

    return register
