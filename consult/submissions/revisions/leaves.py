"""Whether revisions of points are still as the ledger has them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from consult.core.db import db
from consult.ledger.auditing import Finding, logged
from consult.ledger.models import Leaf
from consult.submissions.models import Point
from consult.submissions.receipts import stored_revision
from consult.submissions.revisions.models import PointRevision
from consult.submissions.revisions.queries import revisions_of


class Revisions:
    """The revisions' side of the audit."""

    table = PointRevision.__tablename__

    def contents(self, leaves: Sequence[Leaf]) -> Mapping[int, dict[str, Any] | None]:
        """Return the content of each leaf of a revision that is there."""
        ids = {leaf.subject_id for leaf in leaves}
        rows = db.session.scalars(
            select(PointRevision)
            .options(
                joinedload(PointRevision.point).options(
                    joinedload(Point.submission),
                    joinedload(Point.provision),
                    joinedload(Point.question),
                    selectinload(Point.attachments),
                )
            )
            .where(PointRevision.id.in_(ids))
        )
        known = {row.id: row for row in rows}
        every = revisions_of({row.point_id for row in known.values()})
        return {
            leaf.index: stored_revision(row.point.submission, row.point, every[row.point_id], row)
            for leaf in leaves
            if (row := known.get(leaf.subject_id))
        }

    def others(self) -> Iterable[Finding]:
        """Yield revisions that no leaf covers, and points that say otherwise when they were."""
        recorded = logged("revision")
        for revision_id in db.session.scalars(select(PointRevision.id).order_by(PointRevision.id)):
            if revision_id not in recorded:
                yield Finding("inserted", self.table, revision_id)
        latest = (
            select(PointRevision.point_id, func.max(PointRevision.revised_at).label("at"))
            .group_by(PointRevision.point_id)
            .subquery()
        )
        wrong = or_(
            and_(Point.revised_at.is_(None), latest.c.at.is_not(None)),
            and_(
                Point.revised_at.is_not(None),
                or_(latest.c.at.is_(None), latest.c.at != Point.revised_at),
            ),
        )
        for point_id in db.session.scalars(
            select(Point.id)
            .outerjoin(latest, latest.c.point_id == Point.id)
            .where(wrong)
            .order_by(Point.id)
        ):
            yield Finding(
                "altered", Point.__tablename__, point_id, detail="when it was last revised"
            )
