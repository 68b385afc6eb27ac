"""The accounting of every point: body, appendix, duplicate, withdrawn or set aside."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from msgspec import Struct, field
from sqlalchemy import func, select

from consult.core.db import db
from consult.drafts.models import Provision
from consult.submissions.models import Point, Stance
from consult.submissions.queries import standing
from consult.summaries.commands import Place
from consult.summaries.decision_models import PointDecision, Reason
from consult.summaries.decision_queries import undecided
from consult.summaries.models import Passage, Summary
from consult.summaries.queries import quoted_ids


class Accounting(Struct, frozen=True):
    """Where each received point of a round is; each must be in exactly one place.

    Body and appendix are in the draft's order, the whole draft last. ``duplicates`` maps each
    point to the listed one that it repeats, ``set_aside`` to the reason and words of the staff.
    ``cells`` counts the points by provision and stance, those set aside not among them;
    ``quoted`` are those cells that the body quotes; ``revised`` says when authors last revised
    what they had sent.
    """

    received: frozenset[int]
    body: tuple[int, ...]
    appendix: tuple[int, ...]
    withdrawn: tuple[int, ...]
    cells: Mapping[Place, int] = field(default_factory=dict[Place, int])
    quoted: frozenset[Place] = frozenset()
    duplicates: Mapping[int, int] = field(default_factory=dict[int, int])
    set_aside: Mapping[int, tuple[str, str]] = field(default_factory=dict[int, tuple[str, str]])
    revised: Mapping[int, datetime] = field(default_factory=dict[int, datetime])

    @property
    def _parts(self) -> tuple[int, ...]:
        return (*self.body, *self.appendix, *self.withdrawn, *self.duplicates, *self.set_aside)

    @property
    def counts(self) -> dict[int | None, dict[Stance, int]]:
        """How many points there are by provision (None: the whole draft) and stance."""
        found: dict[int | None, dict[Stance, int]] = {}
        for (provision_id, stance), number in self.cells.items():
            found.setdefault(provision_id, {})[stance] = number
        return found

    @property
    def missing(self) -> list[int]:
        """The received points that are nowhere."""
        return sorted(self.received.difference(self._parts))

    @property
    def twice(self) -> list[int]:
        """The points that are in more than one place."""
        return sorted(point_id for point_id, n in Counter(self._parts).items() if n > 1)

    @property
    def balanced(self) -> bool:
        """Whether each received point, and no other, is in exactly one place."""
        parts = self._parts
        return len(parts) == len(self.received) and self.received == frozenset(parts)


def accounting(summary: Summary) -> Accounting:
    """Return where each point is, by separate queries so that one checks the other; two."""
    in_round = Point.consultation_id == summary.consultation_id
    quoted = Point.id.in_(quoted_ids(summary.id))
    received = db.session.execute(
        select(Point.id, Point.withdrawn_at, Point.revised_at)
        .where(in_round, Point.received_at.is_not(None))
        .order_by(Point.id)
    ).all()
    listed = (
        select(
            Point.id,
            Point.provision_id,
            Point.stance,
            PointDecision.leader_id,
            PointDecision.reason,
            PointDecision.words,
            quoted,
        )
        .outerjoin(Point.provision)
        .outerjoin(PointDecision, PointDecision.point_id == Point.id)
        .where(in_round, *standing())
        .order_by(Point.provision_id.is_(None), Provision.ordinal, Point.id)
    )
    rows = [_Row._make(row) for row in db.session.execute(listed)]
    body, others = [r for r in rows if r.quoted], [r for r in rows if not r.quoted]
    appendix = [row for row in others if not row.decided]
    places = {row.point_id: row.place for row in (*body, *appendix)}
    decided = sorted(row for row in (*body, *others) if row.decided)
    # A duplicate of a point that is no longer listed, or no longer says the same, is nowhere.
    duplicates = [
        row for row in decided if row.leader_id and places.get(row.leader_id) == row.place
    ]
    return Accounting(
        frozenset(point_id for point_id, *_ in received),
        tuple(row.point_id for row in body),
        tuple(row.point_id for row in appendix),
        tuple(point_id for point_id, withdrawn, _ in received if withdrawn),
        Counter(places.values()) + Counter(row.place for row in duplicates),
        frozenset(row.place for row in body),
        {row.point_id: row.leader_id for row in duplicates if row.leader_id},
        {row.point_id: (row.reason.value, row.words) for row in decided if row.reason},
        {point_id: revised for point_id, _, revised in received if revised},
    )


class _Row(NamedTuple):
    point_id: int
    provision_id: int | None
    stance: Stance
    leader_id: int | None
    reason: Reason | None
    words: str
    quoted: bool

    @property
    def place(self) -> Place:
        return self.provision_id, self.stance

    @property
    def decided(self) -> bool:
        return self.leader_id is not None or self.reason is not None


def quoted_cells(summary_id: int) -> set[tuple[int | None, Stance]]:
    """Return the cells of which the summary quotes a standing point; one query."""
    rows = db.session.execute(
        select(Point.provision_id, Point.stance)
        .join(Passage, Passage.point_id == Point.id)
        .where(Passage.summary_id == summary_id, Passage.is_quoted, *standing(), undecided())
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
