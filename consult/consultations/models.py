"""Consultations (rounds), their questions and the history of their stages."""

from __future__ import annotations

import enum
from datetime import date, datetime
from typing import Any

from sqlalchemy import Boolean, Enum, ForeignKey, Index, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.core.db import Base
from consult.drafts.models import DraftVersion
from consult.people.models import Organisation


class Stage(enum.StrEnum):
    """Where a round is. Only `consultations.stages` changes it."""

    PREPARING = "preparing"
    SCHEDULED = "scheduled"
    OPEN = "open"
    CLOSED = "closed"
    ANSWERED = "answered"
    CANCELLED = "cancelled"


class Kind(enum.StrEnum):
    """tư vấn, phản biện, giám định xã hội."""

    ADVICE = "advice"
    CRITIQUE = "critique"
    ASSESSMENT = "assessment"


class Audience(enum.StrEnum):
    """Who may read and write in a round."""

    EVERYONE = "everyone"  # anybody reads, verified people write
    VERIFIED = "verified"  # verified people and staff read, verified people write


class PointsVisibility(enum.StrEnum):
    """When points are shown to others than their author and the staff."""

    AT_ONCE = "at_once"
    AFTER_CLOSING = "after_closing"
    STAFF_ONLY = "staff_only"


class QuestionKind(enum.StrEnum):
    """How a question is answered: by a point, by one option, by several, by a step of a scale."""

    FREE_TEXT = "free_text"
    SINGLE = "single"
    MULTIPLE = "multiple"
    SCALE = "scale"


def _values(kind: type[enum.StrEnum]) -> list[str]:
    return [member.value for member in kind]


def enum_column(kind: type[enum.StrEnum]) -> Enum:
    """Return the column type that stores ``kind`` by value, as text with a check."""
    return Enum(
        kind,
        native_enum=False,
        values_callable=_values,
        length=20,
        create_constraint=True,
        name=kind.__name__.lower(),
    )


class Consultation(Base):
    """One round on one version of a draft, from ``opens_at`` to ``closes_at`` (exclusive).

    Whether an opinion is in time is decided by those instants and the opinion's
    ``received_at``; the stage follows them but never decides. ``shortened_reason`` is why the
    period is shorter than its rule (the shortened procedure). ``answer_by`` is until when the
    agency answers; None before the closing when nobody has said (`queries.usual_answer_by`).
    """

    __tablename__ = "consultations"
    __table_args__ = (Index("ix_consultations_stage_closes_at", "stage", "closes_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("draft_versions.id"), index=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    kind: Mapped[Kind] = mapped_column(enum_column(Kind))
    stage: Mapped[Stage] = mapped_column(enum_column(Stage), default=Stage.PREPARING)
    title: Mapped[str] = mapped_column(String(500))
    summary: Mapped[str] = mapped_column(Text, default="")
    can_change: Mapped[str] = mapped_column(Text, default="")
    cannot_change: Mapped[str] = mapped_column(Text, default="")
    legal_basis: Mapped[str] = mapped_column(Text, default="")
    responsible_name: Mapped[str] = mapped_column(String(120), default="")
    responsible_contact: Mapped[str] = mapped_column(String(200), default="")
    audience: Mapped[Audience] = mapped_column(enum_column(Audience), default=Audience.EVERYONE)
    points_visibility: Mapped[PointsVisibility] = mapped_column(
        enum_column(PointsVisibility), default=PointsVisibility.AT_ONCE
    )
    asked_count: Mapped[int] = mapped_column(default=0)
    opens_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    answer_by: Mapped[datetime | None]
    period_rule_id: Mapped[int | None] = mapped_column(ForeignKey("period_rules.id"))
    shortened_reason: Mapped[str] = mapped_column(Text, default="")
    no_state_secret_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    no_state_secret_at: Mapped[datetime | None]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime]
    is_demo: Mapped[bool] = mapped_column(Boolean, default=False)

    version: Mapped[DraftVersion] = relationship(lazy="joined")
    agency: Mapped[Organisation] = relationship(lazy="joined")
    questions: Mapped[list[Question]] = relationship(
        order_by="Question.ordinal", cascade="all, delete-orphan"
    )

    def accepts_at(self, instant: datetime) -> bool:
        """Return whether an opinion that arrived at ``instant`` (aware) is in time."""
        return (
            self.stage in (Stage.SCHEDULED, Stage.OPEN, Stage.CLOSED)
            and self.opens_at is not None
            and self.closes_at is not None
            and self.opens_at <= instant < self.closes_at
        )


class Question(Base):
    """A question that the agency puts to the contributors of a round.

    ``options`` are the labels to choose from; a scale has ``steps``, of which the first and the
    last are called ``low`` and ``high``. Whoever answers any must answer the required ones.
    """

    __tablename__ = "questions"
    __table_args__ = (UniqueConstraint("consultation_id", "ordinal"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultations.id"))
    ordinal: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    help: Mapped[str] = mapped_column(Text, default="", server_default="")
    kind: Mapped[QuestionKind] = mapped_column(
        enum_column(QuestionKind),
        default=QuestionKind.FREE_TEXT,
        server_default=QuestionKind.FREE_TEXT.value,
    )
    options: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    low: Mapped[str] = mapped_column(String(100), default="", server_default="")
    high: Mapped[str] = mapped_column(String(100), default="", server_default="")
    steps: Mapped[int] = mapped_column(default=0, server_default="0")
    is_required: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())

    @property
    def on_sheet(self) -> bool:
        """Whether it is answered on the round's sheet of questions, not by a point."""
        return self.kind is not QuestionKind.FREE_TEXT

    @property
    def choices(self) -> list[tuple[int, str]]:
        """What can be chosen, as (number from 1, label)."""
        if self.kind is QuestionKind.SCALE:
            return [(step, str(step)) for step in range(1, self.steps + 1)]
        return list(enumerate(self.options, 1))


class StageChange(Base):
    """A transition that happened: who, when and why (``actor_id`` None: the scheduler)."""

    __tablename__ = "stage_changes"

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultations.id"), index=True)
    transition: Mapped[str] = mapped_column(String(20))
    from_stage: Mapped[str] = mapped_column(String(20))
    to_stage: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    reason: Mapped[str] = mapped_column(Text, default="")


class PeriodRule(Base):
    """A legal minimum of a posting period, as data: ``unit`` is "calendar" or "working"."""

    __tablename__ = "period_rules"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    days: Mapped[int]
    unit: Mapped[str] = mapped_column(String(10))
    legal_basis: Mapped[str] = mapped_column(Text, default="")


class Holiday(Base):
    """A day that is no working day, besides Saturdays and Sundays."""

    __tablename__ = "holidays"

    day: Mapped[date] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
