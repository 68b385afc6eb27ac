"""The agency's own work on its answers: who answers which point, and what colleagues note."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from consult.core.db import Base


class Assignment(Base):
    """Which colleague of the agency is to answer the point."""

    __tablename__ = "answer_assignments"

    point_id: Mapped[int] = mapped_column(ForeignKey("points.id"), primary_key=True)
    assignee_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    assigned_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    assigned_at: Mapped[datetime]


class AnswerNote(Base):
    """What an official noted for colleagues on points; it never leaves the agency."""

    __tablename__ = "answer_notes"

    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    author_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime]


class NotedPoint(Base):
    """That a note is on a point: a note on a group stands beside each point of it."""

    __tablename__ = "noted_points"

    note_id: Mapped[int] = mapped_column(ForeignKey("answer_notes.id"), primary_key=True)
    point_id: Mapped[int] = mapped_column(ForeignKey("points.id"), primary_key=True, index=True)
