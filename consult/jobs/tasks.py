"""The jobs' own: doing long work, forgetting what is done."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete

from consult.core import clock, ratelimit
from consult.core.db import db
from consult.core.settings import settings
from consult.jobs import work_runs
from consult.jobs.models import Job
from consult.jobs.registry import Payloads, Record, handles
from consult.jobs.work_models import Work

KEEP_DONE = timedelta(days=14)


@handles("jobs.forget", every=timedelta(hours=6))
def forget(_payloads: Payloads) -> None:
    """Delete finished jobs older than two weeks and rate counters older than a day."""
    db.session.execute(
        delete(Job).where(Job.state == "done", Job.finished_at < clock.now() - KEEP_DONE)
    )
    ratelimit.forget_before(clock.now() - timedelta(days=1))


@handles("works.run", long=True)
def run_work(payloads: Payloads) -> Record | None:
    """Do one work that somebody asked for."""
    return work_runs.run(payloads[0]["work_id"])


@handles("works.forget", every=timedelta(hours=1))
def forget_works(_payloads: Payloads) -> None:
    """Delete works that ended longer ago than the setting says; their files are swept later."""
    before = clock.now() - timedelta(days=settings().export_days)
    db.session.execute(delete(Work).where(Work.finished_at < before))
