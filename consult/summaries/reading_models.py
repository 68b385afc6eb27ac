"""What the Front keeps while it reads a round: who has read what, importance, notes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.accounts.models import User
from consult.core.db import Base


class PointReading(Base):
    """One person has read one point at ``read_at``; a later revision makes it unread again."""

    __tablename__ = "point_readings"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    point_id: Mapped[int] = mapped_column(ForeignKey("points.id"), primary_key=True)
    read_at: Mapped[datetime]


class PointImportance(Base):
    """How important the Front's team finds a point: ``level`` 1 to 3, 0 when taken back."""

    __tablename__ = "point_importances"
    __table_args__ = (CheckConstraint("level BETWEEN 0 AND 3", name="levels"),)

    point_id: Mapped[int] = mapped_column(ForeignKey("points.id"), primary_key=True)
    level: Mapped[int]
    set_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    set_at: Mapped[datetime]

    setter: Mapped[User | None] = relationship()


class PointNote(Base):
    """A note of the Front's team on a point; a removed one is kept and can be brought back."""

    __tablename__ = "point_notes"

    id: Mapped[int] = mapped_column(primary_key=True)
    point_id: Mapped[int] = mapped_column(ForeignKey("points.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    written_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    written_at: Mapped[datetime]
    removed_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    removed_at: Mapped[datetime | None]

    writer: Mapped[User | None] = relationship(foreign_keys=[written_by])
    remover: Mapped[User | None] = relationship(foreign_keys=[removed_by])
