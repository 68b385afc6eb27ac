"""What the agency promises in its published answers, and what became of it."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.consultations.models import Consultation, enum_column
from consult.core import files
from consult.core.db import Base
from consult.submissions.attachments.models import FileKind


class CommitmentState(enum.StrEnum):
    """How far a commitment is; whether it is overdue follows from ``due_at``."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


class Commitment(Base):
    """One thing that somebody is to do by an instant, promised in an answer.

    ``response_id`` is the published answer that it stands beside: a correction takes it along.
    ``outcome`` says what was done or why it was dropped, ``evidence`` is the address of what
    proves it, ``files`` are the standing ones that do.
    """

    __tablename__ = "commitments"

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultations.id"), index=True)
    response_id: Mapped[int] = mapped_column(ForeignKey("responses.id"), index=True)
    what: Mapped[str] = mapped_column(Text)
    who: Mapped[str] = mapped_column(String(200))
    due_at: Mapped[datetime]
    state: Mapped[CommitmentState] = mapped_column(
        enum_column(CommitmentState), default=CommitmentState.OPEN
    )
    outcome: Mapped[str] = mapped_column(Text, default="")
    evidence: Mapped[str] = mapped_column(String(500), default="")
    made_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    made_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]

    consultation: Mapped[Consultation] = relationship()
    files: Mapped[list[CommitmentFile]] = relationship(
        primaryjoin="and_(CommitmentFile.commitment_id == Commitment.id,"
        " CommitmentFile.removed_at.is_(None))",
        order_by="CommitmentFile.id",
        viewonly=True,
    )


class CommitmentChange(Base):
    """What a commitment was from ``at`` on: the first row is its making, each other a change.

    The last row of a commitment says what the commitment itself says, which is checked by it.
    """

    __tablename__ = "commitment_changes"

    id: Mapped[int] = mapped_column(primary_key=True)
    commitment_id: Mapped[int] = mapped_column(ForeignKey("commitments.id"), index=True)
    what: Mapped[str] = mapped_column(Text)
    who: Mapped[str] = mapped_column(String(200))
    due_at: Mapped[datetime]
    state: Mapped[CommitmentState] = mapped_column(enum_column(CommitmentState))
    outcome: Mapped[str] = mapped_column(Text, default="")
    evidence: Mapped[str] = mapped_column(String(500), default="")
    by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime]


class CommitmentFile(Base):
    """A file that proves what became of a commitment, kept without its metadata.

    One that was taken away stays on record, and its bytes with it: the log has it.
    """

    __tablename__ = "commitment_files"

    id: Mapped[int] = mapped_column(primary_key=True)
    commitment_id: Mapped[int] = mapped_column(ForeignKey("commitments.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[FileKind] = mapped_column(enum_column(FileKind))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    added_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    added_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]

    commitment: Mapped[Commitment] = relationship()

    @property
    def consultation(self) -> Consultation:
        """The round in whose answer the commitment is."""
        return self.commitment.consultation


files.named_by(CommitmentFile.sha256)
