"""Reading the log."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from consult.core.db import db
from consult.ledger import tree
from consult.ledger.models import Leaf


def leaf_of(kind: str, subject_id: int) -> Leaf | None:
    """Return the newest leaf of a subject such as ("submission", 12), or None."""
    return next(reversed(leaves_of((kind,), subject_id)), None)


def leaves_of(kinds: Sequence[str], subject_id: int) -> list[Leaf]:
    """Return all leaves of a subject that are of these kinds, in the log's order; one query."""
    return list(
        db.session.scalars(
            select(Leaf)
            .where(Leaf.kind.in_(kinds), Leaf.subject_id == subject_id)
            .order_by(Leaf.index)
        )
    )


def size() -> int:
    """Return how many leaves the log has."""
    return tree.size()
