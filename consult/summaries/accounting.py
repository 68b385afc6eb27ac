"""The accounting of every point: in a summary's body, in its appendix, or withdrawn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import func, select

from consult.core.db import db
from consult.drafts.models import Provision
from consult.submissions.models import Point, Stance
from consult.submissions.queries import standing
from consult.summaries.commands import Place
from consult.summaries.models import Passage, Summary
from consult.summaries.queries import quoted_ids


@dataclass(frozen=True)
class Accounting:
    """Where each received point of a round is: in the body, in the appendix or withdrawn.

    Body and appendix are in the draft's order, the whole draft last. ``cells`` counts the
    standing points by provision and stance; ``quoted`` are those cells that the body quotes.
    """

    received: frozenset[int]
    body: tuple[int, ...]
    appendix: tuple[int, ...]
    withdrawn: tuple[int, ...]
    cells: Mapping[Place, int] = field(default_factory=dict[Place, int])
    quoted: frozenset[Place] = frozenset()

    @property
    def missing(self) -> list[int]:
        """The received points that are nowhere."""
        return sorted(self.received.difference(self.body, self.appendix, self.withdrawn))

    @property
    def balanced(self) -> bool:
        """Whether received = body + appendix + withdrawn, each point in exactly one place."""
        parts = (*self.body, *self.appendix, *self.withdrawn)
        return len(parts) == len(self.received) and self.received == frozenset(parts)


def accounting(summary: Summary) -> Accounting:
    """Return where each point is, by separate queries so that one checks the others; three."""
    in_round = Point.consultation_id == summary.consultation_id
    quoted = Point.id.in_(quoted_ids(summary.id))
    received = db.session.execute(
        select(Point.id, Point.withdrawn_at)
        .where(in_round, Point.received_at.is_not(None))
        .order_by(Point.id)
    ).all()
    listed = (
        select(Point.id, Point.provision_id, Point.stance)
        .outerjoin(Point.provision)
        .where(in_round, *standing())
        .order_by(Point.provision_id.is_(None), Provision.ordinal, Point.id)
    )
    body = db.session.execute(listed.where(quoted)).all()
    appendix = db.session.execute(listed.where(~quoted)).all()
    return Accounting(
        frozenset(point_id for point_id, _withdrawn in received),
        tuple(row[0] for row in body),
        tuple(row[0] for row in appendix),
        tuple(point_id for point_id, withdrawn in received if withdrawn),
        Counter((row[1], row[2]) for row in (*body, *appendix)),
        frozenset((row[1], row[2]) for row in body),
    )


def quoted_cells(summary_id: int) -> set[tuple[int | None, Stance]]:
    """Return the cells of which the summary quotes a standing point; one query."""
    rows = db.session.execute(
        select(Point.provision_id, Point.stance)
        .join(Passage, Passage.point_id == Point.id)
        .where(Passage.summary_id == summary_id, Passage.is_quoted, *standing())
        .distinct()
    )
    return set(rows.all())


def withdrawn_count(consultation_id: int) -> int:
    """Return how many received points of the round were withdrawn."""
    return (
        db.session.scalar(
            select(func.count(Point.id)).where(
                Point.consultation_id == consultation_id,
                Point.received_at.is_not(None),
                Point.withdrawn_at.is_not(None),
            )
        )
        or 0
    )
