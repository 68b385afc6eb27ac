"""Reading draft replies asked of experts: what the expert sees, what the agency sees."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, ScalarSelect, func, select

from consult.accounts.models import User
from consult.consultations.models import Consultation
from consult.core.db import db
from consult.responses.expert_models import DraftRequest, DraftState, RequestedPoint
from consult.submissions.models import Authorship, Identity, Point
from consult.submissions.queries import standing
from consult.summaries.queries import points_by_id


class Requested(NamedTuple):
    """A request, the expert's name and how many points it is about."""

    row: DraftRequest
    expert: str
    points: int


def request(asked_id: int) -> DraftRequest | None:
    """Return the request of that id, or None; one query."""
    return db.session.get(DraftRequest, asked_id)


def locked(asked_id: int) -> DraftRequest:
    """Return the request as it is now, locked against other writers."""
    return db.session.scalars(
        select(DraftRequest)
        .where(DraftRequest.id == asked_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def of_round(consultation_id: int) -> list[Requested]:
    """Return the round's requests, the newest first; one query."""
    return _requested(DraftRequest.consultation_id == consultation_id)


def on_points(point_ids: Collection[int]) -> list[Requested]:
    """Return the requests on any of the points, the newest first; one query."""
    on_them = select(RequestedPoint.request_id).where(RequestedPoint.point_id.in_(point_ids))
    return _requested(DraftRequest.id.in_(on_them))


def _requested(condition: ColumnElement[bool]) -> list[Requested]:
    points = (
        select(func.count())
        .select_from(RequestedPoint)
        .where(RequestedPoint.request_id == DraftRequest.id)
        .correlate(DraftRequest)
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(DraftRequest, User.full_name, points)
        .join(User, User.id == DraftRequest.expert_id)
        .where(condition)
        .order_by(DraftRequest.id.desc())
    )
    return [Requested._make(row) for row in rows]


class Asked(NamedTuple):
    """A request as its expert lists it: with the round's title."""

    row: DraftRequest
    round: str


def of_expert(user_id: int) -> list[Asked]:
    """Return what was asked of the expert, the newest first; one query."""
    rows = db.session.execute(
        select(DraftRequest, Consultation.title)
        .join(Consultation, Consultation.id == DraftRequest.consultation_id)
        .where(DraftRequest.expert_id == user_id)
        .order_by(DraftRequest.id.desc())
    )
    return [Asked._make(row) for row in rows]


def askable(consultation_id: int, point_ids: Collection[int]) -> list[int]:
    """Return which of the points an expert may be shown, in order: as the public, none hidden."""
    return list(
        db.session.scalars(
            select(Point.id)
            .where(
                Point.consultation_id == consultation_id,
                Point.id.in_(point_ids),
                Point.hidden_at.is_(None),
                *standing(),
            )
            .order_by(Point.id)
        )
    )


def points_of(row: DraftRequest, now: datetime) -> list[Point]:
    """Return the points that the expert may read ``now`` (aware): none once the request ended."""
    if not row.open_at(now):
        return []
    asked = db.session.scalars(
        select(RequestedPoint.point_id).where(RequestedPoint.request_id == row.id)
    ).all()
    return points_by_id(row.consultation_id, askable(row.consultation_id, asked))


def wrote_openly(user_id: int, point_ids: Collection[int]) -> bool:
    """Whether the person wrote one of the points under the own, public name.

    Who is behind an organisation's or a sealed point is nothing that a refusal may tell.
    """
    own = (
        select(Point.id)
        .join(Authorship, Authorship.submission_id == Point.submission_id)
        .where(
            Point.id.in_(point_ids),
            Authorship.user_id == user_id,
            Authorship.identity == Identity.PUBLIC,
        )
    )
    return db.session.scalars(own.limit(1)).first() is not None


def asked_already(user_id: int, point_ids: Collection[int], now: datetime) -> bool:
    """Whether a draft reply to one of the points is asked of the person and still to come."""
    open_ones = (
        select(DraftRequest.id)
        .join(RequestedPoint, RequestedPoint.request_id == DraftRequest.id)
        .where(
            DraftRequest.expert_id == user_id,
            DraftRequest.state == DraftState.ASKED,
            DraftRequest.until > now,
            RequestedPoint.point_id.in_(point_ids),
        )
    )
    return db.session.scalars(open_ones.limit(1)).first() is not None


def sent_on() -> ScalarSelect[int]:
    """Return the number of draft replies that experts have sent on a `Point`, as a column."""
    return (
        select(func.count())
        .select_from(RequestedPoint)
        .join(DraftRequest, DraftRequest.id == RequestedPoint.request_id)
        .where(RequestedPoint.point_id == Point.id, DraftRequest.state == DraftState.SENT)
        .correlate(Point)
        .scalar_subquery()
    )
