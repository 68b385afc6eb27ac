"""Two people reading a sample of points independently: sample, readers, what each read."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.accounts.models import User
from consult.consultations.models import enum_column
from consult.core.db import Base
from consult.submissions.models import Point


class Code(enum.StrEnum):
    """The stance that somebody reads in a point's words."""

    AGREE = "agree"
    AGREE_WITH_CHANGES = "agree_with_changes"
    DISAGREE = "disagree"
    NONE = "none"
    UNCLEAR = "unclear"


class CodingSample(Base):
    """A sample of a round's points; the same round, points and size give the same sample."""

    __tablename__ = "coding_samples"

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultations.id"), index=True)
    size: Mapped[int]
    drawn_from: Mapped[int]
    created_at: Mapped[datetime]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    dropped_at: Mapped[datetime | None]

    coders: Mapped[list[Coder]] = relationship(order_by=lambda: Coder.place, viewonly=True)

    @property
    def is_open(self) -> bool:
        """Whether both have read and said that they are done."""
        return len(self.coders) == PAIR and all(coder.done_at for coder in self.coders)

    def coder(self, user_id: int) -> Coder | None:
        """Return the person's part in it, or None; reads ``coders``."""
        return next((coder for coder in self.coders if coder.user_id == user_id), None)


PAIR = 2


class Coder(Base):
    """One of the two who read a sample; neither sees the other's reading before both are done."""

    __tablename__ = "coding_coders"
    __table_args__ = (
        UniqueConstraint("sample_id", "place"),
        CheckConstraint("place IN (1, 2)", name="two"),
    )

    sample_id: Mapped[int] = mapped_column(ForeignKey("coding_samples.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    place: Mapped[int]
    joined_at: Mapped[datetime]
    done_at: Mapped[datetime | None]

    user: Mapped[User] = relationship()


class CodingPoint(Base):
    """A point of a sample, in its ``ordinal`` place; ``settled`` where the two had differed."""

    __tablename__ = "coding_points"
    __table_args__ = (UniqueConstraint("sample_id", "ordinal"),)

    sample_id: Mapped[int] = mapped_column(ForeignKey("coding_samples.id"), primary_key=True)
    point_id: Mapped[int] = mapped_column(ForeignKey("points.id"), primary_key=True, index=True)
    ordinal: Mapped[int]
    settled: Mapped[Code | None] = mapped_column(enum_column(Code))
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    point: Mapped[Point] = relationship()
    settler: Mapped[User | None] = relationship()


class Coding(Base):
    """What one of the two read in a point."""

    __tablename__ = "codings"

    sample_id: Mapped[int] = mapped_column(ForeignKey("coding_samples.id"), primary_key=True)
    point_id: Mapped[int] = mapped_column(ForeignKey("points.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    code: Mapped[Code] = mapped_column(enum_column(Code))
    coded_at: Mapped[datetime]
