"""A scheduler process for fault tests: `python -m tests.support.workers`, killed at any moment.

Its one job writes an effect into the database, slowly enough to be killed in the middle.
"""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

from consult.core import audit
from consult.core.db import db, transaction
from consult.jobs import runner, works
from consult.jobs.registry import Payloads, Record, handles
from consult.jobs.works import Progress


@handles("fault.quick")
def quick(payloads: Payloads) -> None:
    """Write the effect in the transaction that marks the job done."""
    for payload in payloads:
        _effect(payload["n"])
        time.sleep(0.01)


@handles("fault.batch", batch=7)
def batch(payloads: Payloads) -> None:
    """The same for several at once."""
    quick(payloads)


@handles("fault.slow", slow=True)
def slow(payloads: Payloads) -> Record:
    """Do the slow part outside of any transaction, then record the effect."""
    with transaction(write=False):
        pass
    time.sleep(0.01)
    return lambda: _effect(payloads[0]["n"])


COUNTING = "fault.counting"


@works.does(COUNTING, label="Counting")
def count(arguments: dict[str, Any], progress: Progress) -> dict[str, Any]:
    """Count slowly, and note each time that the end is reached."""
    for done in range(arguments["steps"]):
        progress.step(done, arguments["steps"])
        time.sleep(0.05)
    with transaction():
        audit.record("fault.counted", actor_id=None, subject=("fault", 0))
    return {"counted": arguments["steps"]}


def _effect(number: int) -> None:
    audit.record("fault.effect", actor_id=None, subject=("fault", number))
    db.session.flush()


if __name__ == "__main__":
    import os

    from consult.app import create_app
    from consult.jobs.scheduler import run_forever

    # What a killed process held is free again soon, not after minutes.
    runner.LEASE = runner.RENEWED_LEASE = timedelta(
        seconds=float(os.environ.get("FAULT_LEASE", "2"))
    )
    run_forever(create_app())
