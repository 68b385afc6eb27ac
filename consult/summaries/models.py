"""Summaries of rounds: sections, verbatim passages, the frozen manifest of a release."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.consultations.models import Consultation
from consult.core.db import Base
from consult.submissions.models import Point


class Summary(Base):
    """One version of a round's summary; frozen once ``released_at`` is set.

    ``manifest`` of a released summary is the accounting that its readers can check: the point
    ids in the body, in the appendix and withdrawn; [point, leader] of duplicates; [point,
    reason, words] of those set aside; [point, file] of files unread; counts; the ledger's leaf.
    Summaries of older releases of the portal lack duplicates, set aside and unread.
    """

    __tablename__ = "summaries"
    __table_args__ = (UniqueConstraint("consultation_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultations.id"))
    number: Mapped[int]
    introduction: Mapped[str] = mapped_column(Text, default="")
    conclusion: Mapped[str] = mapped_column(Text, default="")
    is_public: Mapped[bool] = mapped_column(default=True)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime]
    released_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    released_at: Mapped[datetime | None] = mapped_column(index=True)
    manifest: Mapped[dict[str, Any]] = mapped_column(default=dict)

    consultation: Mapped[Consultation] = relationship()
    sections: Mapped[list[Section]] = relationship(cascade="all, delete-orphan")
    passages: Mapped[list[Passage]] = relationship(cascade="all, delete-orphan")


class Section(Base):
    """The staff's words on one provision (None: on the whole draft)."""

    __tablename__ = "summary_sections"
    __table_args__ = (UniqueConstraint("summary_id", "provision_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    summary_id: Mapped[int] = mapped_column(ForeignKey("summaries.id"))
    provision_id: Mapped[int | None] = mapped_column(ForeignKey("provisions.id"))
    narrative: Mapped[str] = mapped_column(Text, default="")


class Passage(Base):
    """A verbatim passage: the characters ``start`` to ``end`` of one point's argument.

    ``is_quoted`` says whether the summary prints it; others are offered to the staff only.
    """

    __tablename__ = "summary_passages"
    __table_args__ = (
        UniqueConstraint("summary_id", "point_id", "start"),
        Index("ix_summary_passages_point_id", "point_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    summary_id: Mapped[int] = mapped_column(ForeignKey("summaries.id"))
    point_id: Mapped[int] = mapped_column(ForeignKey("points.id"))
    start: Mapped[int]
    end: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    chosen_by: Mapped[str] = mapped_column(String(10), default="staff")  # staff, machine
    is_quoted: Mapped[bool] = mapped_column(default=True)

    point: Mapped[Point] = relationship()
