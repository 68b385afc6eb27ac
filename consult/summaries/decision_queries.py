"""Reading what staff decided of points: duplicates, set-aside points, files still unread."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.orm import joinedload

from consult.core.db import db
from consult.submissions.attachments.models import Attachment
from consult.submissions.models import Authorship, Point, Submission
from consult.submissions.queries import standing
from consult.summaries.decision_models import FileReading, PointDecision

# So many points are offered as the one that others repeat.
_MOST_OFFERED = 40


def undecided() -> ColumnElement[bool]:
    """Return the condition of a point that is neither a duplicate nor set aside."""
    return ~_decided()


def not_set_aside() -> ColumnElement[bool]:
    """Return the condition of a point that is not set aside; duplicates are not."""
    return ~_decided(PointDecision.reason.is_not(None))


def _decided(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(PointDecision.point_id == Point.id, *conditions).correlate(Point)


def decisions(point_ids: Collection[int]) -> dict[int, PointDecision]:
    """Return the decisions on those points, by point; one query."""
    rows = db.session.scalars(select(PointDecision).where(PointDecision.point_id.in_(point_ids)))
    return {row.point_id: row for row in rows}


def decisions_of_round(consultation_id: int) -> Select[PointDecision]:
    """Return the statement for the round's decisions, newest first, points and deciders loaded."""
    return (
        select(PointDecision)
        .join(PointDecision.point)
        .where(Point.consultation_id == consultation_id)
        .options(
            joinedload(PointDecision.point, innerjoin=True).options(
                joinedload(Point.submission, innerjoin=True)
                .joinedload(Submission.authorship, innerjoin=True)
                .options(
                    joinedload(Authorship.user).lazyload("*"), joinedload(Authorship.organisation)
                ),
                joinedload(Point.provision),
            ),
            joinedload(PointDecision.decider).lazyload("*"),
        )
        .order_by(PointDecision.decided_at.desc(), PointDecision.point_id)
    )


def followers(point_ids: Collection[int]) -> list[PointDecision]:
    """Return the decisions that name one of those points as the one repeated; one query."""
    return list(
        db.session.scalars(
            select(PointDecision)
            .where(PointDecision.leader_id.in_(point_ids))
            .order_by(PointDecision.point_id)
        )
    )


class Tally(NamedTuple):
    """How many standing points of a round are duplicates, set aside, and files unread."""

    duplicates: int
    set_aside: int
    unread: int


def tally(consultation_id: int) -> Tally:
    """Return how many standing points the round's summary counts apart; one query."""
    unread = _unread(consultation_id).subquery()
    files = select(func.count()).select_from(unread).scalar_subquery()
    row = db.session.execute(
        select(func.count(PointDecision.leader_id), func.count(PointDecision.reason), files)
        .select_from(PointDecision)
        .join(PointDecision.point)
        .where(Point.consultation_id == consultation_id, *standing())
    ).one()
    return Tally._make(row)


def unread_files(consultation_id: int) -> list[tuple[int, int]]:
    """Return (point id, file id) of the standing points' files that nobody marked as read."""
    rows = db.session.execute(_unread(consultation_id).order_by(Point.id, Attachment.id))
    return [(point_id, file_id) for point_id, file_id in rows]


def _unread(consultation_id: int) -> Select[int, int]:
    return (
        select(Point.id, Attachment.id)
        .join(Attachment, Attachment.point_id == Point.id)
        .where(
            Point.consultation_id == consultation_id,
            *standing(),
            ~exists().where(FileReading.attachment_id == Attachment.id).correlate(Attachment),
        )
    )


def read_files(attachment_ids: Collection[int]) -> set[int]:
    """Return which of those files staff have marked as read; one query."""
    return set(
        db.session.scalars(
            select(FileReading.attachment_id).where(FileReading.attachment_id.in_(attachment_ids))
        )
    )


def files_of_round(consultation_id: int) -> Select[Attachment]:
    """Return the statement for the files of the round's standing points, in order of the points."""
    return (
        select(Attachment)
        .join(Attachment.point)
        .where(Point.consultation_id == consultation_id, *standing())
        .order_by(Attachment.point_id, Attachment.ordinal, Attachment.id)
    )


def repeatable(points: Collection[Point]) -> list[Point]:
    """Return the first listed points that all of ``points`` could repeat; at most one query.

    None, when they stand in several places.
    """
    places = {(point.consultation_id, point.provision_id, point.stance) for point in points}
    if len(places) != 1:
        return []
    [(consultation_id, provision_id, stance)] = places
    return list(
        db.session.scalars(
            select(Point)
            .where(
                Point.consultation_id == consultation_id,
                Point.provision_id.is_(None)
                if provision_id is None
                else Point.provision_id == provision_id,
                Point.stance == stance,
                Point.id.not_in([point.id for point in points]),
                *standing(),
                undecided(),
            )
            .order_by(Point.id)
            .limit(_MOST_OFFERED)
        )
    )
