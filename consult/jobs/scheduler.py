"""APScheduler's only door: beats the runner every second in a process of its own."""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
# (APScheduler 3 ships no types.)
from __future__ import annotations

import logging
import os
import signal
from typing import Any

from flask import Flask

from consult.jobs.runner import run_due, tick

BEAT_SECONDS = 0.5
log = logging.getLogger(__name__)


def run_forever(app: Flask, *, parent: int | None = None) -> None:
    """Beat until SIGTERM or SIGINT, or until process ``parent`` is no longer the parent.

    Any number of schedulers may run: the claims in the database decide who does what.
    """
    from apscheduler.schedulers.blocking import BlockingScheduler

    scheduler: Any = BlockingScheduler(timezone="UTC")
    beats = 0

    def beat() -> None:
        nonlocal beats
        if parent is not None and os.getppid() != parent:
            scheduler.shutdown(wait=False)
            return
        with app.app_context():
            try:
                # Recurring slots are minutes long; looking for due jobs is cheap.
                if beats % 20 == 0:
                    tick()
                else:
                    run_due()
            except Exception:
                log.exception("the scheduler's beat failed; trying again")
        beats += 1

    def stop(_signal: int, _frame: object) -> None:
        scheduler.shutdown(wait=False)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    scheduler.add_job(
        beat,
        "interval",
        seconds=BEAT_SECONDS,
        max_instances=1,
        coalesce=True,
        misfire_grace_time=None,
    )
    scheduler.start()
