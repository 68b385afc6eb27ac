"""Doubts about declared stances, as the machine has them, and which of them staff dismissed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.accounts.models import User
from consult.consultations.models import enum_column
from consult.core.db import Base
from consult.submissions.models import Point, Stance


class StanceDoubt(Base):
    """That a point's words, its characters ``start`` to ``end``, read otherwise than its stance.

    ``stance`` is the one that was declared, ``reads`` ("agree" or "disagree") what they say; the
    point itself is never changed. A dismissed doubt (``dismissed_at``) is kept as long as words
    and stance are the same, also when the doubts are built anew.
    """

    __tablename__ = "stance_doubts"

    point_id: Mapped[int] = mapped_column(ForeignKey("points.id"), primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultations.id"), index=True)
    stance: Mapped[Stance] = mapped_column(enum_column(Stance))
    reads: Mapped[str] = mapped_column(String(10))
    start: Mapped[int]
    end: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    dismissed_at: Mapped[datetime | None]
    dismissed_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    point: Mapped[Point] = relationship()
    dismisser: Mapped[User | None] = relationship()
