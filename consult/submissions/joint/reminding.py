"""Reminding a club's members of a joint submission before the round closes, once each time."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from consult.consultations.models import Consultation, Stage
from consult.core.db import db
from consult.core.i18n import format_datetime
from consult.people import club_queries
from consult.people import queries as people
from consult.submissions.joint.models import JointState, JointSubmission
from consult.submissions.joint.notices import tell
from consult.submissions.joint.queries import live_signatures

DAYS = (3, 1)  # before the round closes


def remind(now: datetime) -> int:
    """Tell those who still have something to do; return of how many joint submissions.

    While it is drafted all members, while it is signed those who have not answered, afterwards
    the officers. Each time (`DAYS`) at most once for each closing instant, and not for a time
    that had passed when it was opened. Writes the mark; enqueues notices.
    """
    rows = db.session.scalars(
        select(JointSubmission)
        .join(JointSubmission.consultation)
        .options(joinedload(JointSubmission.consultation))
        .where(
            JointSubmission.under_way.is_not(None),
            Consultation.stage == Stage.OPEN,
            Consultation.closes_at > now,
            Consultation.closes_at <= now + timedelta(days=max(DAYS)),
        )
        .order_by(JointSubmission.id)
        .with_for_update(of=JointSubmission)
    )
    return sum(_remind(joint, now) for joint in rows.all())


def _remind(joint: JointSubmission, now: datetime) -> bool:
    closes = joint.consultation.closes_at
    assert closes is not None
    due = [days for days in DAYS if joint.opened_at < closes - timedelta(days=days) <= now]
    mark = f"{closes.isoformat()}:{min(due)}" if due else ""
    if not due or joint.reminded == mark:
        return False
    joint.reminded = mark
    waited_for = _waited_for(joint)
    tell(joint, waited_for, "joint.due", mark, at=format_datetime(closes))
    return True


def _waited_for(joint: JointSubmission) -> set[int]:
    if joint.state is JointState.APPROVED:
        return set(people.officers(joint.organisation_id))
    members = set(club_queries.accepted(joint.organisation_id))
    if joint.state is JointState.DRAFTING:
        return members
    return members - {row.user_id for row in live_signatures(joint.id)}
