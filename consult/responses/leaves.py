"""What the ledger's leaf of a published answer covers, and whether the rows still have it.

The content is {"disposition", "points", "published_at", "reason", "round"}, the points by their
ids in order; in format 1 the instant is as Python's isoformat has it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from consult.core.db import db
from consult.ledger.auditing import Finding, logged
from consult.ledger.entries import instant
from consult.ledger.models import Leaf
from consult.responses.models import AnsweredPoint, Response

KIND = "response"


def response_content(response: Response, *, format: int = 2) -> dict[str, Any]:
    """Return what the leaf of a published answer covers; ValueError for a drafted one."""
    if response.published_at is None:
        raise ValueError("a drafted answer has no leaf")
    at = response.published_at
    return {
        "round": response.consultation_id,
        "points": response.answered_ids or [],
        "disposition": response.disposition.value,
        "reason": response.reason,
        "published_at": at.isoformat() if format == 1 else instant(at),
    }


class Answers:
    """The answers' side of the audit."""

    table = Response.__tablename__

    def contents(self, leaves: Sequence[Leaf]) -> Mapping[int, dict[str, Any] | None]:
        """Return the content of each leaf of an answer that is there and published."""
        ids = {leaf.subject_id for leaf in leaves}
        rows = db.session.scalars(
            select(Response).where(Response.id.in_(ids), Response.published_at.is_not(None))
        )
        known = {row.id: row for row in rows}
        return {
            leaf.index: (
                response_content(known[leaf.subject_id], format=leaf.format)
                if leaf.format > 1 or known[leaf.subject_id].answered_ids is not None
                else None
            )
            for leaf in leaves
            if leaf.subject_id in known
        }

    def others(self) -> Iterable[Finding]:
        """Yield published answers without a leaf, and points led to another answer since."""
        recorded = logged(KIND)
        for response_id in db.session.scalars(
            select(Response.id).where(Response.published_at.is_not(None)).order_by(Response.id)
        ):
            if response_id not in recorded:
                yield Finding("inserted", self.table, response_id)
        yield from _misled(recorded)


def _misled(recorded: set[int]) -> Iterable[Finding]:
    """Yield points whose answer now is not the last one published on them."""
    last: dict[int, int] = {}
    for response_id, answered in db.session.execute(
        select(Response.id, Response.answered_ids)
        .where(Response.published_at.is_not(None))
        .order_by(Response.published_at, Response.id)
    ):
        if response_id in recorded:
            last |= dict.fromkeys(answered or [], response_id)
    now = dict(db.session.execute(select(AnsweredPoint.point_id, AnsweredPoint.response_id)).all())
    for point_id, response_id in last.items():
        if now.get(point_id) != response_id:
            problem = "altered" if point_id in now else "deleted"
            yield Finding(
                problem, AnsweredPoint.__tablename__, point_id, detail=f"answer {response_id}"
            )
    published = recorded.difference()
    for point_id, response_id in now.items():
        if response_id in published and last.get(point_id) is None:
            yield Finding(
                "inserted", AnsweredPoint.__tablename__, point_id, detail=f"answer {response_id}"
            )
