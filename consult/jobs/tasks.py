"""The jobs' own recurring work: forgetting what is done."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete

from consult.core import clock, ratelimit
from consult.core.db import db
from consult.jobs.models import Job
from consult.jobs.registry import Payloads, handles

KEEP_DONE = timedelta(days=14)


@handles("jobs.forget", every=timedelta(hours=6))
def forget(_payloads: Payloads) -> None:
    """Delete finished jobs older than two weeks and rate counters older than a day."""
    db.session.execute(
        delete(Job).where(Job.state == "done", Job.finished_at < clock.now() - KEEP_DONE)
    )
    ratelimit.forget_before(clock.now() - timedelta(days=1))
