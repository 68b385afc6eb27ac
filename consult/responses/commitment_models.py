"""What the agency promises in its published answers, and what became of it."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from consult.consultations.models import enum_column
from consult.core.db import Base


class CommitmentState(enum.StrEnum):
    """How far a commitment is; whether it is overdue follows from ``due_at``."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


class Commitment(Base):
    """One thing that somebody is to do by an instant, promised in an answer.

    ``response_id`` is the published answer that it stands beside: a correction takes it along.
    ``outcome`` says what was done or why it was dropped, ``evidence`` is the address of what
    proves it.
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
