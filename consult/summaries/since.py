"""What has come after a summary's release: a newer version, a checkpoint over it, withdrawals."""

from __future__ import annotations

from msgspec import Struct
from sqlalchemy import and_, func, select
from sqlalchemy.orm import aliased

from consult.core.db import db
from consult.ledger.models import Checkpoint
from consult.submissions.models import Point
from consult.summaries.models import Summary


class SinceRelease(Struct, frozen=True):
    """``newer`` is the id of the latest released version after this one, ``checkpoint`` the log's
    first kept one that covers the release, ``withdrawn`` the round's points withdrawn since.
    """

    newer: int | None
    checkpoint: Checkpoint | None
    withdrawn: list[int]


def since_release(summary: Summary) -> SinceRelease:
    """Return what has come after the release of ``summary``; one query."""
    later = aliased(Summary)
    newer = (
        select(later.id)
        .where(
            later.consultation_id == summary.consultation_id,
            later.number > summary.number,
            later.released_at.is_not(None),
        )
        .order_by(later.number.desc())
        .limit(1)
        .scalar_subquery()
    )
    first = (
        select(func.min(Checkpoint.size))
        .where(Checkpoint.size > summary.manifest["leaf"]["index"])
        .scalar_subquery()
    )
    withdrawn = and_(
        Point.consultation_id == Summary.consultation_id,
        Point.withdrawn_at >= Summary.released_at,
    )
    rows = db.session.execute(
        select(newer, Checkpoint, Point.id)
        .select_from(Summary)
        .outerjoin(Checkpoint, Checkpoint.size == first)
        .outerjoin(Point, withdrawn)
        .where(Summary.id == summary.id)
        .order_by(Point.id)
    ).all()
    newer_id, checkpoint, _point = rows[0]
    return SinceRelease(newer_id, checkpoint, [point_id for *_, point_id in rows if point_id])
