"""What the log covers of commitments, and whether the rows are still as it has them.

Kinds of leaves: "commitment" on a row of ``commitment_changes`` covers {"at", "by", "commitment",
"due_at", "evidence", "outcome", "state", "what", "who"}, the making and each change having one;
"evidence" covers {"added_at", "by", "commitment", "name", "sha256", "size"} of a file,
"evidence_removed" {"file", "removed_at"}.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import func, select

from consult.core.db import db
from consult.ledger.acts import Act, Acts
from consult.ledger.auditing import Finding
from consult.ledger.entries import instant
from consult.responses.commitment_models import Commitment, CommitmentChange, CommitmentFile
from consult.submissions.attachments.leaves import astray

CHANGE, FILE, REMOVAL = "commitment", "evidence", "evidence_removed"
# What a commitment says, which its last change says too.
SAID = ("what", "who", "due_at", "state", "outcome", "evidence")


def _change(row: CommitmentChange) -> dict[str, Any]:
    return {
        "commitment": row.commitment_id,
        "what": row.what,
        "who": row.who,
        "due_at": instant(row.due_at),
        "state": row.state.value,
        "outcome": row.outcome,
        "evidence": row.evidence,
        "by": row.by,
        "at": instant(row.at),
    }


def _file(row: CommitmentFile) -> dict[str, Any]:
    return {
        "commitment": row.commitment_id,
        "name": row.name,
        "sha256": row.sha256,
        "size": row.size,
        "by": row.added_by,
        "added_at": instant(row.added_at),
    }


def _removal(row: CommitmentFile) -> dict[str, Any]:
    return {"file": row.id, "removed_at": instant(row.removed_at) if row.removed_at else None}


class Changes(Acts):
    """The changes of commitments, and whether the commitments are as their last ones say."""

    def others(self) -> Iterable[Finding]:
        """Yield what `Acts` does, and commitments that say something else, or without a change.

        Those made before changes were logged have none: they are older than any that has.
        """
        yield from super().others()
        last = select(func.max(CommitmentChange.id)).group_by(CommitmentChange.commitment_id)
        made: dict[int, CommitmentChange] = {
            change.commitment_id: change
            for change in db.session.scalars(
                select(CommitmentChange).where(CommitmentChange.id.in_(last))
            )
        }
        for row in db.session.scalars(select(Commitment).order_by(Commitment.id)):
            change = made.get(row.id)
            if change is None and row.id > min(made, default=row.id):
                yield Finding("inserted", Commitment.__tablename__, row.id)
            elif change is not None and any(
                getattr(row, name) != getattr(change, name) for name in SAID
            ):
                yield Finding("altered", Commitment.__tablename__, row.id)


class Files(Acts):
    """The files that prove what became of commitments, and whether their bytes are there."""

    def others(self) -> Iterable[Finding]:
        """Yield what `Acts` does, and files whose bytes are gone or others."""
        yield from super().others()
        columns = select(CommitmentFile.id, CommitmentFile.sha256).order_by(CommitmentFile.id)
        yield from astray(self.table, db.session.execute(columns).tuples())


CHANGES = Changes(CommitmentChange.id, {CHANGE: Act(_change)})
FILES = Files(
    CommitmentFile.id,
    {
        FILE: Act(_file),
        REMOVAL: Act(_removal, CommitmentFile.removed_at.is_not(None), "its removal"),
    },
)
