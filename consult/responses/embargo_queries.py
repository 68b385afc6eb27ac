"""Reading what waits for its instant to be published; for the agency only."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Select, func, select

from consult.core.db import db
from consult.responses.embargo_models import Embargo, EmbargoedPoint
from consult.responses.models import AnsweredPoint, Response
from consult.responses.queries import DraftAnswer
from consult.submissions.models import Point
from consult.submissions.queries import standing

# So many answers are shown before they are published; of the others, the number.
SHOWN = 50


class Waiting(NamedTuple):
    """An embargo that has not ended, and the number of answers and points that it holds back."""

    embargo: Embargo
    answers: int
    points: int


def of_round(consultation_id: int) -> list[Waiting]:
    """Return what waits in the round, the next first; one query."""
    rows = db.session.execute(
        select(
            Embargo,
            func.count(AnsweredPoint.response_id.distinct()),
            func.count(EmbargoedPoint.point_id),
        )
        .join(EmbargoedPoint, EmbargoedPoint.embargo_id == Embargo.id)
        .join(AnsweredPoint, AnsweredPoint.point_id == EmbargoedPoint.point_id)
        .where(Embargo.consultation_id == consultation_id, Embargo.ended_at.is_(None))
        .group_by(Embargo.id)
        .order_by(Embargo.publish_at, Embargo.id)
    )
    return [Waiting._make(row) for row in rows]


def waiting(consultation_id: int, embargo_id: int) -> Embargo | None:
    """Return the round's embargo of that id unless it has ended; one query."""
    return db.session.scalars(
        select(Embargo)
        .where(
            Embargo.id == embargo_id,
            Embargo.consultation_id == consultation_id,
            Embargo.ended_at.is_(None),
        )
        .execution_options(populate_existing=True)  # it may have been locked meanwhile
    ).first()


def due(now: datetime) -> list[int]:
    """Return the ids of embargoes whose instant has come; one query."""
    return list(
        db.session.scalars(
            select(Embargo.id)
            .where(Embargo.ended_at.is_(None), Embargo.publish_at <= now)
            .order_by(Embargo.publish_at, Embargo.id)
        )
    )


def held() -> Select[int]:
    """Return the statement for the ids of answers that wait for their instant."""
    return select(AnsweredPoint.response_id).join(
        EmbargoedPoint, EmbargoedPoint.point_id == AnsweredPoint.point_id
    )


def _drafted(consultation_id: int) -> Select[int]:
    """Return the statement for points whose drafted answer stands in nobody's way."""
    return (
        select(Point.id)
        .join(AnsweredPoint, AnsweredPoint.point_id == Point.id)
        .join(Response, Response.id == AnsweredPoint.response_id)
        .where(
            Point.consultation_id == consultation_id,
            Response.published_at.is_(None),
            Response.for_discussion.is_(False),
            *standing(),
        )
        .order_by(Point.id)
    )


def publishable(consultation_id: int, point_ids: Collection[int] | None) -> Select[int]:
    """Return the statement for the points whose drafted answers could be published later.

    Those are the points of the answers to ``point_ids``, or with None of all that do not wait
    yet; what is for discussion or withdrawn is left out.
    """
    if point_ids is None:
        return _drafted(consultation_id).where(Response.id.not_in(held()))
    chosen = select(AnsweredPoint.response_id).where(AnsweredPoint.point_id.in_(point_ids))
    return _drafted(consultation_id).where(Response.id.in_(chosen))


def going_out(embargo: Embargo) -> Select[int]:
    """Return the statement for the embargo's points that are answered as things are."""
    its = select(EmbargoedPoint.point_id).where(EmbargoedPoint.embargo_id == embargo.id)
    return _drafted(embargo.consultation_id).where(Point.id.in_(its))


class Outlook(NamedTuple):
    """How many answers to how many points; the first of the answers with their points' number."""

    answers: int
    points: int
    first: list[DraftAnswer]


def outlook(points: Select[int]) -> Outlook:
    """Return what is published with these points; two queries."""
    answered = (
        select(Response.id, AnsweredPoint.point_id)
        .join(AnsweredPoint, AnsweredPoint.response_id == Response.id)
        .where(AnsweredPoint.point_id.in_(points.order_by(None)))
        .subquery()
    )
    counts = select(
        func.count(answered.c.id.distinct()), func.count(answered.c.point_id)
    ).select_from(answered)
    number, of_points = db.session.execute(counts).one()
    rows = db.session.execute(
        select(Response, func.count(answered.c.point_id))
        .join(answered, answered.c.id == Response.id)
        .group_by(Response.id)
        .order_by(Response.id)
        .limit(SHOWN)
    )
    return Outlook(number, of_points, [DraftAnswer(response, count) for response, count in rows])


def left_out(embargo: Embargo) -> list[int]:
    """Return the embargo's points that are not answered as things are, in order; one query."""
    return list(
        db.session.scalars(
            select(EmbargoedPoint.point_id)
            .where(
                EmbargoedPoint.embargo_id == embargo.id,
                EmbargoedPoint.point_id.not_in(going_out(embargo).order_by(None)),
            )
            .order_by(EmbargoedPoint.point_id)
        )
    )
