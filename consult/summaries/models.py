"""Summaries of rounds: sections, verbatim passages, the frozen manifest of a release."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    true,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.accounts.models import User
from consult.consultations.models import Consultation, enum_column
from consult.core.db import Base
from consult.submissions.models import Point


class State(enum.StrEnum):
    """Where a summary is on its way: written, reviewed, approved by another person, released."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    RELEASED = "released"


class StepKind(enum.StrEnum):
    """What somebody did with a summary on that way."""

    EDITED = "edited"
    SENT = "sent"
    RETURNED = "returned"
    APPROVED = "approved"
    RELEASED = "released"


class Summary(Base):
    """One version of a round's summary; frozen once ``released_at`` is set.

    ``state`` changes through `consult.summaries.steps` only. The Front reads every released
    summary; ``for_council``, ``for_agency`` and ``is_public`` say who else does.

    ``manifest`` of a released summary is the accounting that its readers can check: the point
    ids in the body, in the appendix and withdrawn; [point, leader] of duplicates; [point,
    reason, words] of those set aside; [point, file] of files unread; counts; the ledger's leaf;
    ``placeholders``, what each prints in the "round"'s words and in those on a provision (its
    id, 0 for the whole draft). Summaries of older releases of the portal lack duplicates, set
    aside, unread, placeholders and texts, how many different ones there were.
    """

    __tablename__ = "summaries"
    __table_args__ = (
        UniqueConstraint("consultation_id", "number"),
        CheckConstraint("(state = 'released') = (released_at IS NOT NULL)", name="released_once"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultations.id"))
    number: Mapped[int]
    introduction: Mapped[str] = mapped_column(Text, default="")
    conclusion: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[State] = mapped_column(
        enum_column(State), default=State.DRAFT, server_default=State.DRAFT.value
    )
    for_council: Mapped[bool] = mapped_column(default=True, server_default=true())
    for_agency: Mapped[bool] = mapped_column(default=True, server_default=true())
    is_public: Mapped[bool] = mapped_column(default=True)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime]
    released_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    released_at: Mapped[datetime | None] = mapped_column(index=True)
    manifest: Mapped[dict[str, Any]] = mapped_column(default=dict)

    consultation: Mapped[Consultation] = relationship()
    sections: Mapped[list[Section]] = relationship(cascade="all, delete-orphan")
    passages: Mapped[list[Passage]] = relationship(cascade="all, delete-orphan")
    steps: Mapped[list[Step]] = relationship(cascade="all, delete-orphan", order_by=lambda: Step.id)
    creator: Mapped[User | None] = relationship(foreign_keys=[created_by])


class Step(Base):
    """One act on the way of a summary; rows are only added.

    ``words`` is the reason of whoever sent it back or released it early. An approval keeps in
    ``basis`` the hash of the accounting that was approved.
    """

    __tablename__ = "summary_steps"

    id: Mapped[int] = mapped_column(primary_key=True)
    summary_id: Mapped[int] = mapped_column(ForeignKey("summaries.id"), index=True)
    kind: Mapped[StepKind] = mapped_column(enum_column(StepKind))
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime]
    words: Mapped[str] = mapped_column(Text, default="")
    basis: Mapped[str] = mapped_column(String(64), default="")

    actor: Mapped[User | None] = relationship()


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

    @property
    def is_outdated(self) -> bool:
        """Whether the point, since revised, no longer has the words there."""
        return self.point.argument[self.start : self.end] != self.text
