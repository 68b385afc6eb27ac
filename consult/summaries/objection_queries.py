"""Reading about objections: until when, how an author's points are recorded, what is open."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime

from msgspec import Struct, field
from sqlalchemy import func, literal, select, true
from sqlalchemy.orm import joinedload

from consult.consultations.models import Holiday
from consult.consultations.periods import WORKING, earliest_close
from consult.core.db import db
from consult.core.i18n import zone
from consult.core.settings import settings
from consult.submissions.models import Authorship, Point, Submission
from consult.submissions.queries import standing
from consult.submissions.vault import written_by
from consult.summaries import decision_queries
from consult.summaries.decision_models import PointDecision
from consult.summaries.models import Passage, State, Step, StepKind, Summary
from consult.summaries.objection_models import Objection


def shown_to_authors(summary: Summary) -> Step | None:
    """Return the approval with which authors were shown the words as they are now, or None.

    Approving the same words again, because points have changed, begins no new time.
    """
    found: Step | None = None
    for step in summary.steps:
        if step.kind in (StepKind.EDITED, StepKind.RETURNED):
            found = None
        elif step.kind is StepKind.APPROVED and found is None:
            found = step
    return found


def open_until(summary: Summary) -> datetime | None:
    """Return when the authors' time to object ends (UTC); at most one query.

    None where it has not begun, or where the installation gives none.
    """
    return before_release(summary)[0] if shown_to_authors(summary) else None


def before_release(summary: Summary) -> tuple[datetime | None, int]:
    """Return what `open_until` does, and how many objections wait for an answer; one query."""
    waiting = (
        select(func.count(Objection.id))
        .where(Objection.summary_id == summary.id, Objection.answered_at.is_(None))
        .scalar_subquery()
    )
    one = select(literal(1).label("one")).subquery()
    rows = db.session.execute(
        select(waiting, Holiday.day).select_from(one).outerjoin(Holiday, true())
    ).all()
    return _until(summary, [row[1] for row in rows]), rows[0][0]


def _until(summary: Summary, days_off: Iterable[date | None]) -> datetime | None:
    shown, days = shown_to_authors(summary), settings().objection_days
    if shown is None or not days:
        return None
    holidays = {day for day in days_off if day}  # without any there is one empty row
    return earliest_close(shown.at, days=days, unit=WORKING, holidays=holidays, zone=zone())


def for_review(summary: Summary) -> tuple[list[Objection], datetime | None]:
    """Return the objections to that version with their points, those open first, and
    what `open_until` does; one query.
    """
    one = select(literal(1).label("one")).subquery()
    rows = (
        db.session.execute(
            select(Objection, Holiday.day)
            .select_from(one)
            .outerjoin(Objection, Objection.summary_id == summary.id)
            .outerjoin(Holiday, true())
            .options(
                joinedload(Objection.point).joinedload(Point.provision),
                joinedload(Objection.answerer).lazyload("*"),
            )
            .order_by(Objection.answered_at.is_not(None), Objection.made_at, Objection.id)
        )
        .unique()
        .all()
    )
    # Without any objection there is one empty row for each holiday.
    found = list(dict.fromkeys(row[0] for row in rows if row[0]))
    return found, _until(summary, [row[1] for row in rows])


def objection(round_id: int, objection_id: int) -> Objection | None:
    """Return the objection to a summary of that round with its point, or None; one query."""
    return db.session.scalars(
        select(Objection)
        .join(Objection.summary)
        .where(Objection.id == objection_id, Summary.consultation_id == round_id)
        .options(
            joinedload(Objection.summary).joinedload(Summary.consultation),
            joinedload(Objection.point).joinedload(Point.submission),
        )
    ).first()


class Recorded(Struct, frozen=True):
    """How a summary records a point: quoted with these passages, decided on so, or listed."""

    point: Point
    passages: list[Passage] = field(default_factory=list[Passage])
    decision: PointDecision | None = None
    objection: Objection | None = None


def own_points(summary: Summary, user_id: int) -> list[Recorded]:
    """Return how the account's standing points of the round are recorded; four queries."""
    points = list(
        db.session.scalars(
            select(Point)
            .join(Point.submission)
            .join(Submission.authorship)
            .where(
                Point.consultation_id == summary.consultation_id,
                *standing(),
                written_by(user_id, [summary.consultation_id]),
            )
            .options(joinedload(Point.provision))
            .order_by(Point.id)
        )
    )
    ids = [point.id for point in points]
    decided = decision_queries.decisions(ids)
    quoted: dict[int, list[Passage]] = {}
    for passage in db.session.scalars(
        select(Passage)
        .where(Passage.summary_id == summary.id, Passage.is_quoted, Passage.point_id.in_(ids))
        .order_by(Passage.point_id, Passage.start)
    ):
        quoted.setdefault(passage.point_id, []).append(passage)
    made = {
        row.point_id: row
        for row in db.session.scalars(
            select(Objection).where(Objection.summary_id == summary.id, Objection.point_id.in_(ids))
        )
    }
    return [
        Recorded(point, quoted.get(point.id, []), decided.get(point.id), made.get(point.id))
        for point in points
    ]


class OwnPoint(Struct, frozen=True):
    """A point and the summary that records it: what an author objects to."""

    summary: Summary
    point: Point


def own_point(summary_id: int, point_id: int) -> OwnPoint | None:
    """Return the two, where the point is of the summary's round and stands, else None."""
    summary = db.session.get(Summary, summary_id)
    point = db.session.get(Point, point_id)
    if summary is None or point is None or point.withdrawn_at or not point.received_at:
        return None
    same = point.consultation_id == summary.consultation_id
    return OwnPoint(summary, point) if same else None


def authors(consultation_id: int) -> tuple[list[int], list[int]]:
    """Return who wrote the round's standing points: accounts, and submissions that are sealed.

    One query.
    """
    rows = db.session.execute(
        select(Authorship.user_id, Authorship.submission_id)
        .join(Point, Point.submission_id == Authorship.submission_id)
        .where(Point.consultation_id == consultation_id, *standing())
        .distinct()
    ).all()
    accounts = {user_id for user_id, _submission in rows if user_id is not None}
    return sorted(accounts), sorted(one for user_id, one in rows if user_id is None)


def wrote_in(user_id: int, consultation_id: int) -> bool:
    """Return whether the account has a standing point in the round; one query."""
    return bool(
        db.session.scalar(
            select(
                select(Point.id)
                .join(Authorship, Authorship.submission_id == Point.submission_id)
                .where(
                    Point.consultation_id == consultation_id,
                    *standing(),
                    written_by(user_id, [consultation_id]),
                )
                .exists()
            )
        )
    )


def shown(round_ids: Collection[int]) -> list[Summary]:
    """Return the newest approved and the newest released summary of each round; one query.

    Oldest first, rounds loaded: of a round's two the last is what its authors look at.
    """
    newest = (
        select(func.max(Summary.id))
        .where(
            Summary.consultation_id.in_(round_ids),
            Summary.state.in_((State.APPROVED, State.RELEASED)),
        )
        .group_by(Summary.consultation_id, Summary.state)
    )
    statement = (
        select(Summary)
        .where(Summary.id.in_(newest))
        .options(joinedload(Summary.consultation))
        .order_by(Summary.id)
    )
    return list(db.session.scalars(statement).unique())
