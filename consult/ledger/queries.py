"""Reading the log."""

from __future__ import annotations

from sqlalchemy import func, select

from consult.core.db import db
from consult.ledger.models import Leaf


def leaf_of(kind: str, subject_id: int) -> Leaf | None:
    """Return the newest leaf of a subject such as ("submission", 12), or None."""
    return db.session.scalars(
        select(Leaf)
        .where(Leaf.kind == kind, Leaf.subject_id == subject_id)
        .order_by(Leaf.index.desc())
        .limit(1)
    ).first()


def size() -> int:
    """Return how many leaves the log has."""
    return db.session.scalar(select(func.count()).select_from(Leaf)) or 0
