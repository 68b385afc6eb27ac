"""Reading requests to open a sealed identity."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.sql.base import ExecutableOption

from consult.accounts.models import User
from consult.core.db import db
from consult.submissions.identity.models import (
    LAPSES_AFTER,
    OPEN_FOR,
    RequestState,
    UnsealingRequest,
)
from consult.submissions.models import Authorship, Point, Submission


def _whole() -> tuple[ExecutableOption, ...]:
    # Made when it is asked for: mappers are complete only when every module is there.
    return (
        joinedload(UnsealingRequest.submission).options(
            joinedload(Submission.authorship), joinedload(Submission.consultation)
        ),
        joinedload(UnsealingRequest.requester).lazyload(User.roles),
        joinedload(UnsealingRequest.decider).lazyload(User.roles),
    )


def requests() -> Select[UnsealingRequest]:
    """Return the statement of all requests, newest first, with round and people."""
    return (
        select(UnsealingRequest)
        .options(*_whole())
        .order_by(UnsealingRequest.requested_at.desc(), UnsealingRequest.id.desc())
    )


def request(request_id: int) -> UnsealingRequest | None:
    """Return a request with its submission, points, round and people; two queries."""
    return db.session.scalars(
        select(UnsealingRequest)
        .options(
            *_whole(),
            joinedload(UnsealingRequest.submission).options(
                selectinload(Submission.points),
                joinedload(Submission.authorship).joinedload(Authorship.sealed),
            ),
        )
        .where(UnsealingRequest.id == request_id)
    ).one_or_none()


def received_point(point_id: int) -> Point | None:
    """Return a point that has been received, with who stands behind it and its round."""
    return db.session.scalars(
        select(Point)
        .options(
            joinedload(Point.submission).options(
                joinedload(Submission.authorship).joinedload(Authorship.sealed),
                joinedload(Submission.consultation),
            ),
            joinedload(Point.provision),
        )
        .where(Point.id == point_id, Point.received_at.is_not(None))
    ).one_or_none()


def pending(submission_id: int, at: datetime) -> int | None:
    """Return the id of the submission's request that waits or is open at ``at``; one query."""
    return db.session.scalars(
        select(UnsealingRequest.id)
        .where(
            UnsealingRequest.submission_id == submission_id,
            or_(
                and_(
                    UnsealingRequest.state == RequestState.WAITING,
                    UnsealingRequest.requested_at > at - LAPSES_AFTER,
                ),
                and_(
                    UnsealingRequest.state == RequestState.APPROVED,
                    UnsealingRequest.decided_at > at - OPEN_FOR,
                ),
            ),
        )
        .order_by(UnsealingRequest.id.desc())
        .limit(1)
    ).first()


def opened_options() -> ExecutableOption:
    """Return the option that loads, with submissions, the approved requests on each."""
    return joinedload(Submission.openings).options(
        joinedload(UnsealingRequest.requester).lazyload(User.roles),
        joinedload(UnsealingRequest.decider).lazyload(User.roles),
    )
