"""What points said before their authors revised them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.consultations.models import Question, enum_column
from consult.core.db import Base
from consult.submissions.models import Point, PointKind, Stance


class PointRevision(Base):
    """A revision of a received point: when it came, and the words that it replaced.

    ``number`` counts from 1. The words that a revision brought are in the next one's row, those
    of the latest in the point itself. ``form_key`` makes a replayed form the same revision.
    """

    __tablename__ = "point_revisions"
    __table_args__ = (
        UniqueConstraint("point_id", "number"),
        UniqueConstraint("point_id", "form_key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    point_id: Mapped[int] = mapped_column(ForeignKey("points.id"))
    number: Mapped[int]
    form_key: Mapped[str] = mapped_column(String(60))
    revised_at: Mapped[datetime]
    question_id: Mapped[int | None] = mapped_column(ForeignKey("questions.id"))
    kind: Mapped[PointKind] = mapped_column(enum_column(PointKind))
    stance: Mapped[Stance] = mapped_column(enum_column(Stance))
    quote: Mapped[str] = mapped_column(Text)
    quote_start: Mapped[int | None]
    quote_end: Mapped[int | None]
    argument: Mapped[str] = mapped_column(Text)
    proposed_wording: Mapped[str] = mapped_column(Text)

    point: Mapped[Point] = relationship()
    question: Mapped[Question | None] = relationship()
