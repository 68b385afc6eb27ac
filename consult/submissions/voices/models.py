"""What others than the author say to a point: endorsements, reports, moderation and appeals."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.consultations.models import enum_column
from consult.core.db import Base
from consult.submissions.models import Point


class Voice(enum.StrEnum):
    """What a reader answers to somebody else's point."""

    AGREE = "agree"
    DISAGREE = "disagree"


class Outcome(enum.StrEnum):
    """How a hiding ended, or that an appeal did not end it."""

    UPHELD = "upheld"  # the appeal was heard, the point stays hidden
    SHOWN = "shown"  # the appeal was granted
    TAKEN_BACK = "taken_back"  # by the person who hid it, before any appeal


class Endorsement(Base):
    """One reader's answer to one point; the newest counts, taking it back deletes it."""

    __tablename__ = "endorsements"

    point_id: Mapped[int] = mapped_column(ForeignKey("points.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True, index=True)
    value: Mapped[Voice] = mapped_column(enum_column(Voice))
    at: Mapped[datetime]


class Report(Base):
    """A reader's notice that a point breaks the rules; ``settled_at`` when staff let it stand."""

    __tablename__ = "point_reports"

    point_id: Mapped[int] = mapped_column(ForeignKey("points.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True, index=True)
    reason: Mapped[str] = mapped_column(String(200))
    note: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime]
    settled_at: Mapped[datetime | None]


class Moderation(Base):
    """That a point was hidden from the public, why, and what became of it.

    ``reason`` is as the published list had it, ``note`` the staff's explanation to the author.
    The author appeals once; ``decision`` says why the point stays hidden or is shown again.
    While ``outcome`` is None or UPHELD the point is hidden, its ``hidden_at`` is this.
    """

    __tablename__ = "moderations"
    __table_args__ = (Index("ix_moderations_hidden_at", "hidden_at", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    point_id: Mapped[int] = mapped_column(ForeignKey("points.id"), index=True)
    reason: Mapped[str] = mapped_column(String(200))
    note: Mapped[str] = mapped_column(Text, default="")
    hidden_at: Mapped[datetime]
    hidden_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    appeal: Mapped[str] = mapped_column(Text, default="")
    appealed_at: Mapped[datetime | None]
    outcome: Mapped[Outcome | None] = mapped_column(enum_column(Outcome))
    decision: Mapped[str] = mapped_column(Text, default="")
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    point: Mapped[Point] = relationship()

    @property
    def in_force(self) -> bool:
        """Whether it hides the point now."""
        return self.outcome in (None, Outcome.UPHELD)

    @property
    def may_be_appealed(self) -> bool:
        """Whether the author may still appeal."""
        return self.appealed_at is None and self.outcome is None

    @property
    def waits(self) -> bool:
        """Whether an appeal waits for its decision."""
        return self.appealed_at is not None and self.outcome is None
