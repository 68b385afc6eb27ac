"""Claims due jobs by conditional update, runs them, marks them done in their own transaction."""

from __future__ import annotations

import logging
import secrets
from datetime import timedelta
from functools import partial
from typing import Any

from msgspec import Struct
from sqlalchemy import and_, or_, select, update

from consult.core import clock
from consult.core.beats import beating
from consult.core.db import db, transaction
from consult.jobs.models import Job
from consult.jobs.registry import HANDLERS, Handler, Interrupted, Lane, Payloads, Record
from consult.jobs.services import enqueue_recurring

LEASE = timedelta(minutes=5)
# Outside of a transaction the lease is renewed while the work goes on; so it may be short, and
# what a killed process held is soon taken up again.
RENEWED_LEASE = timedelta(minutes=1)
MOST_ATTEMPTS = 8
log = logging.getLogger(__name__)


class ClaimLost(Exception):
    """The lease ran out and somebody else took the job: this run's effects are undone."""


class Claim(Struct, frozen=True):
    """What one runner holds: job ids, their one name, their payloads, the claim's token."""

    token: str
    name: str
    ids: list[int]
    payloads: Payloads


def _due(lane: Lane | None) -> Any:
    now = clock.now()
    due = or_(
        and_(Job.state == "ready", Job.run_at <= now),
        and_(Job.state == "running", Job.lease_until < now, Job.attempts < MOST_ATTEMPTS),
    )
    if lane is None:
        return due
    if lane == "quick":  # and what nobody knows, so that it is parked and seen
        return and_(due, Job.name.not_in([name for name, one in HANDLERS.items() if one.slow]))
    return and_(due, Job.name.in_([name for name, one in HANDLERS.items() if one.lane == lane]))


def _claim(lane: Lane | None) -> Claim | None:
    with transaction(write=False):
        if db.session.scalar(select(Job.id).where(_due(lane)).limit(1)) is None:
            return None
    with transaction() as session:
        first = session.scalars(
            select(Job)
            .where(_due(lane))
            .order_by(Job.run_at, Job.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        ).first()
        if first is None:
            return None
        jobs = [first]
        handler = HANDLERS.get(first.name)
        # What failed before is tried alone: a poison row must not drag its batch along.
        if handler is not None and handler.batch > 1 and first.attempts == 0:
            jobs += session.scalars(
                select(Job)
                .where(_due(lane), Job.name == first.name, Job.attempts == 0, Job.id != first.id)
                .order_by(Job.run_at, Job.id)
                .limit(handler.batch - 1)
                .with_for_update(skip_locked=True)
            ).all()
        claim = Claim(
            secrets.token_hex(16), first.name, [j.id for j in jobs], [j.payload for j in jobs]
        )
        lease = RENEWED_LEASE if handler is not None and handler.slow else LEASE
        # The condition is repeated here: the update, not the select, is the claim.
        taken = session.execute(
            update(Job)
            .where(Job.id.in_(claim.ids), _due(lane))
            .values(
                state="running",
                claimed_by=claim.token,
                lease_until=clock.now() + lease,
                attempts=Job.attempts + 1,
            )
            .execution_options(synchronize_session=False)
        )
        if taken.rowcount != len(claim.ids):  # type: ignore[attr-defined]
            session.rollback()
            return None
        return claim


def _renew(claim: Claim) -> None:
    with transaction() as session:
        session.execute(
            update(Job)
            .where(Job.id.in_(claim.ids), Job.claimed_by == claim.token)
            .values(lease_until=clock.now() + RENEWED_LEASE)
            .execution_options(synchronize_session=False)
        )


def _run_outside(handler: Handler, claim: Claim) -> Record | None:
    """Run what needs no transaction; however long it takes, nobody begins it a second time."""
    with beating(RENEWED_LEASE.total_seconds() / 3, partial(_renew, claim)):
        return handler.run(claim.payloads)


def _perform(claim: Claim) -> None:
    handler = HANDLERS[claim.name]
    record = _run_outside(handler, claim) if handler.slow else None
    with transaction() as session:
        if not handler.slow:
            handler.run(claim.payloads)
        elif record is not None:
            record()
        session.flush()
        done = session.execute(
            update(Job)
            .where(Job.id.in_(claim.ids), Job.claimed_by == claim.token)
            .values(state="done", finished_at=clock.now(), lease_until=None)
            .execution_options(synchronize_session=False)
        )
        if done.rowcount != len(claim.ids):  # type: ignore[attr-defined]
            raise ClaimLost(claim.name)


def _failed(claim: Claim, error: Exception) -> None:
    log.exception("job %s failed", claim.name)
    text = f"{type(error).__name__}: {error}"[:2000]
    with transaction() as session:
        jobs = session.scalars(
            select(Job).where(Job.id.in_(claim.ids), Job.claimed_by == claim.token)
        )
        for job in jobs:
            job.claimed_by, job.lease_until, job.last_error = None, None, text
            job.state = "parked" if job.attempts >= MOST_ATTEMPTS else "ready"
            job.run_at = clock.now() + timedelta(seconds=2**job.attempts)


def _give_back(claim: Claim) -> None:
    """Leave the jobs as if they had not been begun."""
    with transaction() as session:
        session.execute(
            update(Job)
            .where(Job.id.in_(claim.ids), Job.claimed_by == claim.token)
            .values(state="ready", claimed_by=None, lease_until=None, attempts=Job.attempts - 1)
            .execution_options(synchronize_session=False)
        )


def run_due(*, most: int = 1000, lane: Lane | None = None) -> int:
    """Run due jobs until none is left or ``most`` claims were made; return how many claims.

    ``lane`` keeps to handlers of that kind; None means all. Each job's effects and its mark
    commit together; a failure backs off (2, 4, 8 … seconds) and is parked after eight
    attempts. Needs an application context, no open transaction.
    """
    for count in range(most):
        claim = _claim(lane)
        if claim is None:
            return count
        try:
            _perform(claim)
        except Interrupted:
            _give_back(claim)
            return count
        except Exception as error:
            _failed(claim, error)
    return most


def _park_killers() -> None:
    """Park what never reports an error because each of its runners died with it."""
    db.session.execute(
        update(Job)
        .where(
            Job.state == "running",
            Job.lease_until < clock.now(),
            Job.attempts >= MOST_ATTEMPTS,
        )
        .values(
            state="parked",
            claimed_by=None,
            lease_until=None,
            last_error="The process that ran this job ended without a word, every time.",
        )
        .execution_options(synchronize_session=False)
    )


def prepare() -> None:
    """Enqueue the recurring work of this slot and park what kills its runners."""
    with transaction():
        enqueue_recurring()
        _park_killers()


def tick() -> None:
    """Do at once what the scheduler does in a while: prepare, then run all that is due."""
    prepare()
    run_due()
