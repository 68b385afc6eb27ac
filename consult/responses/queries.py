"""Reading answers: the published ones for everybody, drafts for the agency only."""

from __future__ import annotations

import enum
from collections.abc import Collection, Iterable

from msgspec import Struct
from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.orm import joinedload

from consult.consultations.models import Consultation, Stage
from consult.core import clock
from consult.core.db import db
from consult.responses import reply_queries, work_queries
from consult.responses.embargo_models import EmbargoedPoint
from consult.responses.models import AnsweredPoint, Disposition, Response
from consult.submissions.models import Point
from consult.submissions.queries import PointFilter, points_statement, standing


class AnswerState(enum.StrEnum):
    """How far the answer to a point is."""

    UNANSWERED = "unanswered"
    DRAFTED = "drafted"
    DISCUSSED = "discussed"  # drafted, and not ready to be published
    HELD = "held"  # drafted, and published at an instant
    PUBLISHED = "published"
    OVERDUE = "overdue"  # not published, though the round's answers were due by now


def published_for(point_ids: Collection[int]) -> dict[int, Response]:
    """Return the published answer of each of those points that has one; one query."""
    return _responses(point_ids, Response.published_at.is_not(None))


def current_for(point_ids: Collection[int]) -> dict[int, Response]:
    """Return each point's answer, published or not: for the drafting agency only; one query."""
    return _responses(point_ids)


def _responses(point_ids: Collection[int], *more: ColumnElement[bool]) -> dict[int, Response]:
    if not point_ids:
        return {}
    rows = db.session.scalars(
        select(AnsweredPoint)
        .join(AnsweredPoint.response)
        .where(AnsweredPoint.point_id.in_(point_ids), *more)
        .options(joinedload(AnsweredPoint.response, innerjoin=True))
    )
    return {row.point_id: row.response for row in rows}


class Progress(Struct, frozen=True):
    """How many points of a round stand, have a draft answer only, have a published answer.

    ``discussed`` of the drafted are still for discussion, others ``held`` back until an instant.
    """

    standing: int
    drafted: int
    published: int
    discussed: int = 0
    held: int = 0

    @property
    def ready(self) -> int:
        """The points whose draft answer can be published."""
        return self.drafted - self.discussed - self.held

    @property
    def unanswered(self) -> int:
        """The standing points without any answer."""
        return self.standing - self.drafted - self.published

    @property
    def complete(self) -> bool:
        """Whether every standing point has its published answer."""
        return self.published == self.standing

    @property
    def percent(self) -> int:
        """The share of published answers, rounded down."""
        return 100 * self.published // self.standing if self.standing else 100


def progress(consultation_id: int) -> Progress:
    """Return how far the round's answers are; one query."""
    return progress_of([consultation_id]).get(consultation_id, Progress(0, 0, 0))


def progress_of(consultation_ids: Collection[int]) -> dict[int, Progress]:
    """Return how far the answers of each round with points are; one query."""
    drafted = case((Response.id.is_not(None) & Response.published_at.is_(None), 1), else_=0)
    published = case((Response.published_at.is_not(None), 1), else_=0)
    discussed = case(
        (Response.for_discussion.is_(True) & Response.published_at.is_(None), 1), else_=0
    )
    held = case(
        (
            EmbargoedPoint.point_id.is_not(None)
            & Response.for_discussion.is_(False)
            & Response.published_at.is_(None),
            1,
        ),
        else_=0,
    )
    rows = db.session.execute(
        select(
            Point.consultation_id,
            func.count(Point.id),
            func.coalesce(func.sum(drafted), 0),
            func.coalesce(func.sum(published), 0),
            func.coalesce(func.sum(discussed), 0),
            func.coalesce(func.sum(held), 0),
        )
        .outerjoin(AnsweredPoint, AnsweredPoint.point_id == Point.id)
        .outerjoin(Response, Response.id == AnsweredPoint.response_id)
        .outerjoin(EmbargoedPoint, EmbargoedPoint.point_id == Point.id)
        .where(Point.consultation_id.in_(consultation_ids), *standing())
        .group_by(Point.consultation_id)
    )
    return {round_id: Progress(*numbers) for round_id, *numbers in rows}


class Answered(Struct, frozen=True):
    """Which points the agency's table shows: all when nothing is said.

    ``assignee_id`` is that of a colleague; ``unassigned`` asks for the points of nobody;
    ``talk`` for those on which that passed with the author.
    """

    state: AnswerState | None = None
    disposition: Disposition | None = None
    assignee_id: int | None = None
    unassigned: bool = False
    talk: reply_queries.Talk | None = None


def table_points(wanted: PointFilter, answered: Answered) -> Select[Point]:
    """Return the statement for a round's points, in the draft's order of receipt."""
    statement = (
        points_statement(wanted, files=False)
        .outerjoin(AnsweredPoint, AnsweredPoint.point_id == Point.id)
        .outerjoin(Response, Response.id == AnsweredPoint.response_id)
        .order_by(None)
        .order_by(Point.received_at, Point.id)
    )
    if answered.state is AnswerState.UNANSWERED:
        statement = statement.where(Response.id.is_(None))
    elif answered.state is AnswerState.OVERDUE:
        statement = statement.where(Response.published_at.is_(None), _due())
    elif answered.state is AnswerState.PUBLISHED:
        statement = statement.where(Response.published_at.is_not(None))
    elif answered.state is not None:
        statement = statement.where(Response.id.is_not(None), Response.published_at.is_(None))
        if answered.state is AnswerState.DISCUSSED:
            statement = statement.where(Response.for_discussion.is_(True))
        elif answered.state is AnswerState.HELD:
            waits = select(EmbargoedPoint.point_id).where(EmbargoedPoint.point_id == Point.id)
            statement = statement.where(waits.exists())
    if answered.disposition is not None:
        statement = statement.where(Response.disposition == answered.disposition)
    if answered.unassigned or answered.assignee_id is not None:
        assignee_id = None if answered.unassigned else answered.assignee_id
        statement = statement.where(work_queries.is_assigned(assignee_id))
    if answered.talk is not None:
        statement = statement.where(reply_queries.has(answered.talk))
    return statement


def _due() -> ColumnElement[bool]:
    return (
        select(Consultation.id)
        .where(
            Consultation.id == Point.consultation_id,
            Consultation.stage == Stage.CLOSED,
            Consultation.answer_by <= clock.now(),
        )
        .exists()
    )


def open_on(statement: Select[Point], provision_ids: Collection[int]) -> Select[Point]:
    """Return the statement of `table_points` for those on the provisions, not yet answered."""
    return statement.where(Point.provision_id.in_(provision_ids), Response.published_at.is_(None))


def unpublished(statement: Select[Point], *, most: int) -> list[int]:
    """Return the ids of `table_points` without a published answer, at most so many; one query."""
    waiting = statement.where(Response.published_at.is_(None))
    return list(db.session.scalars(waiting.with_only_columns(Point.id).limit(most)))


class DraftAnswer(Struct, frozen=True):
    """A drafted answer and how many points it answers."""

    response: Response
    points: int


def drafts(consultation_id: int) -> list[DraftAnswer]:
    """Return the round's drafted answers, newest first; one query."""
    rows = db.session.execute(
        select(Response, func.count(AnsweredPoint.point_id))
        .join(AnsweredPoint, AnsweredPoint.response_id == Response.id)
        .where(Response.consultation_id == consultation_id, Response.published_at.is_(None))
        .group_by(Response.id)
        .order_by(Response.id.desc())
    )
    return [DraftAnswer(response, number) for response, number in rows]


def points_of(response_id: int) -> list[int]:
    """Return the ids of the points that the response answers, in order; one query."""
    return list(
        db.session.scalars(
            select(AnsweredPoint.point_id)
            .where(AnsweredPoint.response_id == response_id)
            .order_by(AnsweredPoint.point_id)
        )
    )


def answered_by(response_ids: Iterable[int]) -> dict[int, list[int]]:
    """Return the ids of the points that each response answers, in order; one query."""
    found: dict[int, list[int]] = {}
    for response_id, point_id in db.session.execute(
        select(AnsweredPoint.response_id, AnsweredPoint.point_id)
        .where(AnsweredPoint.response_id.in_(list(response_ids)))
        .order_by(AnsweredPoint.point_id)
    ):
        found.setdefault(response_id, []).append(point_id)
    return found
