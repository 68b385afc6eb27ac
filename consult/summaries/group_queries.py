"""Reading opinion groups: the endorsements that form them, the newest ones, their points."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import joinedload

from consult.core.db import db
from consult.submissions.models import Point
from consult.submissions.queries import standing
from consult.submissions.voices.models import Endorsement, Voice
from consult.summaries.decision_queries import not_set_aside
from consult.summaries.group_models import OpinionGroups


def _shown() -> ColumnElement[bool]:
    """Return the condition of a point that may form groups and stand for them."""
    return Point.hidden_at.is_(None) & not_set_aside()


def basis(consultation_id: int) -> str:
    """Return a mark of the endorsements of the round's standing points; one query.

    It is another one when any is given, changed or taken back, or a point comes to count or
    no longer does.
    """
    counted = _shown()
    row = db.session.execute(
        select(
            func.count(),
            func.count(case((Endorsement.value == Voice.AGREE, 1))),
            func.max(Endorsement.at),
            func.sum(case((counted, 1), else_=0)),
            func.sum(case((counted, Endorsement.point_id), else_=0)),
        )
        .select_from(Endorsement)
        .join(Point, Point.id == Endorsement.point_id)
        .where(Point.consultation_id == consultation_id, *standing())
    ).one()
    return hashlib.sha256("|".join(map(str, row)).encode()).hexdigest()


def votes(consultation_id: int) -> tuple[list[tuple[int, int, int]], list[int]]:
    """Return the endorsements as (person, point, 1 or -1), and the points that do not count.

    A person is a number that stands for him in this list only; one query.
    """
    rows = db.session.execute(
        select(Endorsement.user_id, Endorsement.point_id, Endorsement.value, _shown())
        .join(Point, Point.id == Endorsement.point_id)
        .where(Point.consultation_id == consultation_id, *standing())
        .order_by(Endorsement.point_id, Endorsement.at, Endorsement.user_id)
    ).all()
    people: dict[int, int] = {}
    cast = [
        (people.setdefault(user_id, len(people)), point_id, 1 if value is Voice.AGREE else -1)
        for user_id, point_id, value, _counts in rows
    ]
    return cast, sorted({point_id for _user, point_id, _value, counts in rows if not counts})


def newest(consultation_id: int) -> OpinionGroups | None:
    """Return the round's newest opinion groups, or None; one query."""
    return db.session.scalars(
        select(OpinionGroups)
        .where(OpinionGroups.consultation_id == consultation_id)
        .order_by(OpinionGroups.id.desc())
        .limit(1)
    ).first()


def points(point_ids: Collection[int]) -> dict[int, Point]:
    """Return those of the points that still stand and are shown, by id; one query."""
    found: Sequence[Point] = db.session.scalars(
        select(Point)
        .where(Point.id.in_(point_ids), *standing(), _shown())
        .options(joinedload(Point.provision))
    ).all()
    return {point.id: point for point in found}
