"""Reading for review: the summary in work with its steps, what has changed of its points."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload
from sqlalchemy.sql.base import ExecutableOption

from consult.core.audit import AuditEntry
from consult.core.db import db
from consult.submissions.models import Point
from consult.summaries.decision_models import PointDecision
from consult.summaries.models import Passage, StepKind, Summary
from consult.summaries.queries import evidence, with_steps


def in_work(round_id: int) -> Summary | None:
    """Return the round's newest summary with its round and its steps, or None; one query."""
    return _newest(round_id, *with_steps())


def words_in_work(round_id: int) -> Summary | None:
    """Return the round's newest summary with its round and its words, or None; one query."""
    return _newest(round_id, joinedload(Summary.consultation), joinedload(Summary.sections))


def _newest(round_id: int, *options: ExecutableOption) -> Summary | None:
    newest = (
        select(func.max(Summary.number))
        .where(Summary.consultation_id == round_id)
        .scalar_subquery()
    )
    statement = (
        select(Summary)
        .where(Summary.consultation_id == round_id, Summary.number == newest)
        .options(*options)
    )
    return db.session.scalars(statement).unique().first()


def quoted_now(summary: Summary) -> list[Passage]:
    """Return the passages that a release now would quote: of standing points; one query."""
    found = evidence(summary.id, only_quoted=True, only_quotable=True)
    return [passage for passage in found if passage.point.withdrawn_at is None]


class Changes(NamedTuple):
    """How many points have come, gone, been revised or decided on since an instant."""

    received: int
    withdrawn: int
    revised: int
    decided: int
    taken_back: int


UNCHANGED = Changes(0, 0, 0, 0, 0)


def changes_since(consultation_id: int, since: datetime) -> Changes:
    """Return what has changed of the round's points after ``since`` (aware); one query."""
    of_round = (Point.consultation_id == consultation_id, Point.received_at.is_not(None))
    decided = (
        select(func.count())
        .select_from(PointDecision)
        .join(PointDecision.point)
        .where(Point.consultation_id == consultation_id, PointDecision.decided_at > since)
        .scalar_subquery()
    )
    taken_back = (
        select(func.count())
        .select_from(AuditEntry)
        .where(
            AuditEntry.action == "decision.taken_back",
            AuditEntry.subject_kind == "round",
            AuditEntry.subject_id == consultation_id,
            AuditEntry.at > since,
        )
        .scalar_subquery()
    )
    row = db.session.execute(
        select(
            func.count().filter(or_(Point.received_at > since, Point.created_at > since)),
            func.count().filter(Point.withdrawn_at > since),
            func.count().filter(Point.revised_at > since),
            decided,
            taken_back,
        ).where(*of_round)
    ).one()
    return Changes._make(row)


def looked_at(summary: Summary) -> datetime:
    """Return when somebody last kept, sent or approved the summary: its points were known then."""
    kinds = (StepKind.EDITED, StepKind.SENT, StepKind.APPROVED)
    known = [step.at for step in summary.steps if step.kind in kinds]
    return max([summary.created_at, *known])
