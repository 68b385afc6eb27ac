"""What the ledger's leaf of an opened identity covers, and whether the rows still have it.

The content is {"decided_at", "decided_by", "ground", "reason", "requested_at", "requested_by",
"submission"}, the people by their ids; whose identity it was is not in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from consult.core.db import db
from consult.ledger.auditing import Finding, logged
from consult.ledger.entries import instant
from consult.ledger.models import Leaf
from consult.submissions.identity.models import RequestState, UnsealingRequest

KIND = "unsealing"


def unsealing_content(asked: UnsealingRequest) -> dict[str, Any]:
    """Return what the leaf of an approved request covers."""
    return {
        "submission": asked.submission_id,
        "ground": asked.ground.value,
        "reason": asked.reason,
        "requested_by": asked.requested_by,
        "requested_at": instant(asked.requested_at),
        "decided_by": asked.decided_by,
        "decided_at": instant(asked.decided_at) if asked.decided_at else None,
    }


class Unsealings:
    """The side of the audit that knows which identities were opened."""

    table = UnsealingRequest.__tablename__

    def contents(self, leaves: Sequence[Leaf]) -> Mapping[int, dict[str, Any] | None]:
        """Return the content of each leaf of a request that is there and approved."""
        ids = {leaf.subject_id for leaf in leaves}
        rows = db.session.scalars(
            select(UnsealingRequest).where(
                UnsealingRequest.id.in_(ids), UnsealingRequest.state == RequestState.APPROVED
            )
        )
        known = {row.id: unsealing_content(row) for row in rows}
        return {leaf.index: known[leaf.subject_id] for leaf in leaves if leaf.subject_id in known}

    def others(self) -> Iterable[Finding]:
        """Yield requests that are approved without a leaf."""
        recorded = logged(KIND)
        for request_id in db.session.scalars(
            select(UnsealingRequest.id)
            .where(UnsealingRequest.state == RequestState.APPROVED)
            .order_by(UnsealingRequest.id)
        ):
            if request_id not in recorded:
                yield Finding("inserted", self.table, request_id)
