"""Reading revisions of points: what a point said at each time."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from msgspec import Struct
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from consult.core.db import db
from consult.ledger.models import Leaf
from consult.submissions.models import Authorship, Point, Submission
from consult.submissions.revisions.models import PointRevision


def received_point(point_id: int) -> Point | None:
    """Return a received point with all that a form on it shows, or None; one query."""
    return db.session.scalars(
        select(Point)
        .options(
            joinedload(Point.submission).options(
                joinedload(Submission.authorship).joinedload(Authorship.sealed),
                joinedload(Submission.consultation),
            ),
            joinedload(Point.provision),
            joinedload(Point.question),
        )
        .where(Point.id == point_id, Point.received_at.is_not(None))
    ).one_or_none()


def revisions_of(point_ids: Collection[int]) -> dict[int, list[PointRevision]]:
    """Return the revisions of each of the points that has any, in order; at most one query."""
    found: dict[int, list[PointRevision]] = {}
    if point_ids:
        for row in db.session.scalars(
            select(PointRevision)
            .options(joinedload(PointRevision.question))
            .where(PointRevision.point_id.in_(point_ids))
            .order_by(PointRevision.point_id, PointRevision.number)
        ):
            found.setdefault(row.point_id, []).append(row)
    return found


def revised(points: Iterable[Point]) -> dict[int, list[PointRevision]]:
    """Return the revisions of those points that were revised; no query when none was."""
    return revisions_of([point.id for point in points if point.revised_at])


class Wording(Struct, frozen=True):
    """What a point said from ``at`` on; ``number`` 0 is what was received first."""

    number: int
    at: datetime | None
    words: Point | PointRevision


def wordings(point: Point, revisions: list[PointRevision]) -> list[Wording]:
    """Return all wordings of the point, the first one first."""
    instants = [point.received_at, *(row.revised_at for row in revisions)]
    words: list[Point | PointRevision] = [*revisions, point]
    return [
        Wording(number, at, said)
        for number, (at, said) in enumerate(zip(instants, words, strict=True))
    ]


def leaves(revisions: Iterable[list[PointRevision]]) -> list[Leaf]:
    """Return the log's leaves of the revisions, in the log's order; at most one query."""
    ids = [row.id for rows in revisions for row in rows]
    if not ids:
        return []
    statement = select(Leaf).where(Leaf.kind == "revision", Leaf.subject_id.in_(ids))
    return list(db.session.scalars(statement.order_by(Leaf.index)))
