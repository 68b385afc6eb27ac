"""Reading doubts about declared stances: of points, of a round, how many are open."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import joinedload

from consult.core.db import db
from consult.submissions.models import Point
from consult.submissions.queries import standing
from consult.summaries.decision_models import PointDecision
from consult.summaries.decision_queries import undecided
from consult.summaries.doubt_models import StanceDoubt


def _present() -> tuple[ColumnElement[bool], ...]:
    """Return the conditions of a doubt whose point stands with the same stance and words."""
    there = func.substr(Point.argument, StanceDoubt.start + 1, StanceDoubt.end - StanceDoubt.start)
    return (
        *standing(),
        undecided(),
        Point.stance == StanceDoubt.stance,
        there == StanceDoubt.text,
    )


def doubts(consultation_id: int, *, dismissed: bool) -> Select[StanceDoubt]:
    """Return the statement for the round's doubts, points and dismissers loaded."""
    return (
        select(StanceDoubt)
        .join(StanceDoubt.point)
        .where(
            StanceDoubt.consultation_id == consultation_id,
            StanceDoubt.dismissed_at.is_not(None) == dismissed,
            *_present(),
        )
        .options(
            joinedload(StanceDoubt.point, innerjoin=True).joinedload(Point.provision),
            joinedload(StanceDoubt.dismisser).lazyload("*"),
        )
        .order_by(StanceDoubt.point_id)
    )


def of_points(point_ids: Collection[int]) -> dict[int, StanceDoubt]:
    """Return the doubts about those points, dismissed ones too, by point; one query."""
    rows = db.session.scalars(
        select(StanceDoubt)
        .join(StanceDoubt.point)
        .where(StanceDoubt.point_id.in_(point_ids), *_present())
        .options(joinedload(StanceDoubt.dismisser).lazyload("*"))
    )
    return {row.point_id: row for row in rows}


def beside(point_ids: Collection[int]) -> tuple[dict[int, PointDecision], dict[int, StanceDoubt]]:
    """Return the decisions on those points and the doubts about them, by point; one query."""
    rows = db.session.execute(
        select(PointDecision, StanceDoubt)
        .select_from(Point)
        .outerjoin(PointDecision, PointDecision.point_id == Point.id)
        .outerjoin(StanceDoubt, and_(StanceDoubt.point_id == Point.id, *_present()))
        .where(Point.id.in_(point_ids))
        .options(joinedload(StanceDoubt.dismisser).lazyload("*"))
    )
    found = [one for row in rows for one in row]
    return (
        {one.point_id: one for one in found if isinstance(one, PointDecision)},
        {one.point_id: one for one in found if isinstance(one, StanceDoubt)},
    )


def numbers(consultation_id: int) -> tuple[int, int]:
    """Return how many doubts of the round are open, and how many are dismissed; one query."""
    row = db.session.execute(
        select(func.count(StanceDoubt.point_id), func.count(StanceDoubt.dismissed_at))
        .join(StanceDoubt.point)
        .where(StanceDoubt.consultation_id == consultation_id, *_present())
    ).one()
    return row[0] - row[1], row[1]
