"""Reading commitments: of a round, filtered, with the points whose answer they stand beside."""

from __future__ import annotations

import enum
from datetime import datetime

from msgspec import Struct
from sqlalchemy import case, select
from sqlalchemy.orm import joinedload, selectinload

from consult.core.db import db
from consult.responses import queries
from consult.responses.commitment_models import Commitment, CommitmentFile, CommitmentState


class Shown(enum.StrEnum):
    """Which commitments are listed."""

    OPEN = "open"
    OVERDUE = "overdue"
    DONE = "done"
    DROPPED = "dropped"


class Promised(Struct, frozen=True):
    """A commitment, the points whose answer it stands beside, and whether it is overdue."""

    row: Commitment
    point_ids: list[int]
    overdue: bool


def of_round(consultation_id: int, now: datetime, shown: Shown | None = None) -> list[Promised]:
    """Return the round's commitments, those due first at the top; three queries."""
    statement = select(Commitment).where(Commitment.consultation_id == consultation_id)
    if shown is Shown.OVERDUE:
        statement = statement.where(
            Commitment.state == CommitmentState.OPEN, Commitment.due_at <= now
        )
    elif shown is not None:
        statement = statement.where(Commitment.state == CommitmentState(shown.value))
    settled = case((Commitment.state == CommitmentState.OPEN, 0), else_=1)
    ordered = statement.order_by(settled, Commitment.due_at, Commitment.id)
    rows = db.session.scalars(ordered.options(selectinload(Commitment.files))).all()
    points = queries.answered_by({row.response_id for row in rows})
    return [Promised(row, points.get(row.response_id, []), is_late(row, now)) for row in rows]


def is_late(row: Commitment, now: datetime) -> bool:
    """Whether the commitment is open though it was due by ``now`` (aware)."""
    return row.state is CommitmentState.OPEN and row.due_at <= now


def commitment(consultation_id: int, commitment_id: int) -> Commitment | None:
    """Return the round's commitment with that id, or None; one query."""
    row = db.session.get(Commitment, commitment_id)
    return row if row is not None and row.consultation_id == consultation_id else None


def evidence_file(commitment_file_id: int) -> CommitmentFile | None:
    """Return the file with that id unless it was taken away; with its round, one query."""
    return db.session.scalars(
        select(CommitmentFile)
        .where(CommitmentFile.id == commitment_file_id, CommitmentFile.removed_at.is_(None))
        .options(joinedload(CommitmentFile.commitment).joinedload(Commitment.consultation))
    ).first()


def files_of(commitment_id: int) -> list[CommitmentFile]:
    """Return the standing files of the commitment, the oldest first; one query."""
    return list(
        db.session.scalars(
            select(CommitmentFile)
            .where(CommitmentFile.commitment_id == commitment_id)
            .where(CommitmentFile.removed_at.is_(None))
            .order_by(CommitmentFile.id)
        )
    )
