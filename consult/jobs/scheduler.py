"""APScheduler's only door: beats the runner in a process of its own."""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
# (APScheduler 3 ships no types.)
from __future__ import annotations

import logging
import os
import signal
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from flask import Flask

from consult.jobs import registry
from consult.jobs.registry import Lane
from consult.jobs.runner import prepare, run_due

BEAT_SECONDS = 0.5
PREPARE_SECONDS = 10
# Two at a time, so that a quick table need not wait for a large summary.
LANES: tuple[Lane, ...] = ("quick", "slow", "long", "long")
log = logging.getLogger(__name__)


def run_forever(app: Flask, *, parent: int | None = None) -> None:
    """Beat until SIGTERM or SIGINT, or until process ``parent`` is no longer the parent.

    Each lane has a beat of its own, so that a mail server that does not answer never delays the
    opening of a round. Any number of schedulers may run: the claims in the database decide who
    does what. What is being done when the signal comes is finished first, but long work is given
    back at its next step, to be begun anew by the next process.
    """
    from apscheduler.schedulers.blocking import BlockingScheduler

    scheduler: Any = BlockingScheduler(timezone="UTC")
    stopping = threading.Event()
    registry.stopping.clear()

    def stop(*_signal: object) -> None:
        if not stopping.is_set():
            stopping.set()
            registry.stopping.set()
            scheduler.shutdown(wait=False)

    def beat(lane: Lane) -> None:
        if parent is not None and os.getppid() != parent:
            stop()
        # In small helpings, so that a signal is noticed between them.
        while not stopping.is_set() and run_due(most=10, lane=lane) == 10:
            pass

    def inside(work: Callable[..., None], *arguments: Lane) -> None:
        with app.app_context():
            try:
                work(*arguments)
            except Exception:
                log.exception("the scheduler's beat failed; trying again")

    def every(seconds: float, work: Callable[..., None], *arguments: Lane) -> None:
        scheduler.add_job(
            inside,
            "interval",
            (work, *arguments),
            seconds=seconds,
            next_run_time=datetime.now(UTC),
            max_instances=1,
            coalesce=True,
            misfire_grace_time=None,
        )

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    every(PREPARE_SECONDS, prepare)
    for lane in LANES:
        every(BEAT_SECONDS, beat, lane)
    scheduler.start()
