"""Enqueuing: a job row in the transaction of the fact that it serves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from consult.core import clock
from consult.core.db import db, insert_ignore, insert_rows
from consult.jobs.models import Job
from consult.jobs.registry import RECURRING


def enqueue(
    name: str,
    payload: dict[str, Any] | None = None,
    *,
    run_at: datetime | None = None,
    key: str | None = None,
) -> None:
    """Add a job to be run at ``run_at`` (aware; None: at once) after the present commit.

    With ``key``, a second job of the same key is not added (whatever became of the first).
    Writes one row.
    """
    values = _row(name, payload or {}, run_at) | {"key": key}
    if key is None:
        insert_rows(Job, [values])
    else:
        insert_ignore(Job, values, "key")


def enqueue_all(jobs: Sequence[tuple[str, dict[str, Any]]]) -> None:
    """Add jobs, as (name, payload), to be run after the present commit; one statement."""
    insert_rows(Job, [_row(name, payload) for name, payload in jobs])


def _row(name: str, payload: dict[str, Any], run_at: datetime | None = None) -> dict[str, Any]:
    now = clock.now()
    return {
        "name": name,
        "payload": payload,
        "key": None,
        "state": "ready",
        "run_at": run_at or now,
        "created_at": now,
        "attempts": 0,
        "last_error": "",
    }


def enqueue_recurring() -> None:
    """Add the present slot's job of each recurring work; any number of schedulers may call."""
    now = clock.now()
    for name, every in RECURRING.items():
        slot = int(now.timestamp() // every.total_seconds())
        enqueue(name, key=f"{name}@{slot}")


def retry(job_id: int) -> None:
    """Make a parked job ready again, its failures forgotten."""
    job = db.session.get(Job, job_id)
    if job is not None and job.state == "parked":
        job.state, job.attempts, job.run_at = "ready", 0, clock.now()
