"""Objections of authors to how a summary records their points, and what the Front answers."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.accounts.models import User
from consult.consultations.models import Consultation, enum_column
from consult.core.db import Base
from consult.submissions.models import Point
from consult.summaries.models import Summary


class Outcome(enum.StrEnum):
    """What the Front did about an objection."""

    CHANGED = "changed"
    KEPT = "kept"


class Objection(Base):
    """The one objection to how a version of a summary records a point.

    It names the point, never the person: its author may be sealed. ``outcome`` is None until
    the Front answers.
    """

    __tablename__ = "summary_objections"
    __table_args__ = (
        UniqueConstraint("summary_id", "point_id"),
        CheckConstraint("(outcome IS NULL) = (answered_at IS NULL)", name="answered_at_once"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    summary_id: Mapped[int] = mapped_column(ForeignKey("summaries.id"))
    point_id: Mapped[int] = mapped_column(ForeignKey("points.id"))
    reason: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime]
    outcome: Mapped[Outcome | None] = mapped_column(enum_column(Outcome))
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    answered_at: Mapped[datetime | None]

    summary: Mapped[Summary] = relationship()
    point: Mapped[Point] = relationship()
    answerer: Mapped[User | None] = relationship()

    @property
    def consultation(self) -> Consultation:
        """The round of the summary."""
        return self.summary.consultation
