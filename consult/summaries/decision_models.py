"""What staff decide of points beside quoting them: duplicates, set-aside points, files read."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.accounts.models import User
from consult.consultations.models import enum_column
from consult.core.db import Base
from consult.submissions.models import Point


class Reason(enum.StrEnum):
    """Why a point is set aside; the list is printed in every summary that has such points."""

    OFF_TOPIC = "off_topic"
    EMPTY = "empty"
    INSULT = "insult"
    OTHER = "other"


class PointDecision(Base):
    """A standing point that the round's summaries count elsewhere than in body or appendix.

    A duplicate has a ``leader_id``, the point that it repeats; one that is set aside has a
    ``reason``, and ``words`` that explain it. Taking a decision back deletes the row; each
    release keeps its own copy in the manifest.
    """

    __tablename__ = "point_decisions"
    __table_args__ = (
        CheckConstraint("(leader_id IS NULL) <> (reason IS NULL)", name="one_of_two"),
        CheckConstraint("leader_id <> point_id", name="not_itself"),
    )

    point_id: Mapped[int] = mapped_column(ForeignKey("points.id"), primary_key=True)
    leader_id: Mapped[int | None] = mapped_column(ForeignKey("points.id"), index=True)
    reason: Mapped[Reason | None] = mapped_column(enum_column(Reason))
    words: Mapped[str] = mapped_column(Text, default="")
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime]

    point: Mapped[Point] = relationship(foreign_keys=[point_id])
    decider: Mapped[User | None] = relationship()


class FileReading(Base):
    """Staff have read the file of a point; files without a row are listed as unread."""

    __tablename__ = "file_readings"

    attachment_id: Mapped[int] = mapped_column(
        ForeignKey("attachments.id", ondelete="CASCADE"), primary_key=True
    )
    read_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    read_at: Mapped[datetime]
