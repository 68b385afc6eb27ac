"""Commissions of critiques, their history, intake, criteria and panels."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.accounts.models import User
from consult.consultations.models import Consultation, enum_column
from consult.core.db import Base
from consult.drafts.models import DraftVersion
from consult.people.models import Organisation


class CommissionStage(enum.StrEnum):
    """Where a commission is. Only `critiques.stages` changes it."""

    ORDERED = "ordered"
    DECLINED = "declined"
    FORMING = "forming"  # taken on by the union, which forms the panel
    REVIEWING = "reviewing"
    MEETING = "meeting"
    REPORTED = "reported"
    ANSWERED = "answered"
    CANCELLED = "cancelled"


class PanelRole(enum.StrEnum):
    """chủ tịch, thư ký, phản biện 1, phản biện 2, ủy viên."""

    CHAIR = "chair"
    SECRETARY = "secretary"
    REVIEWER_1 = "reviewer_1"
    REVIEWER_2 = "reviewer_2"
    MEMBER = "member"


class SeatState(enum.StrEnum):
    """What became of an invitation; ``DELEGATED``: somebody else was proposed instead."""

    INVITED = "invited"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    DELEGATED = "delegated"
    RELEASED = "released"  # by the union's secretariat


class Declaration(enum.StrEnum):
    """What a member says of conflicts of interest before seeing the material."""

    NOT_YET = "not_yet"
    NO_CONFLICT = "no_conflict"
    DECLARED = "declared"


class Clearance(enum.StrEnum):
    """The secretariat's decision on a declared conflict."""

    NOT_NEEDED = "not_needed"
    WAITING = "waiting"
    CLEARED = "cleared"
    BARRED = "barred"


class Commission(Base):
    """An order for a critique of one draft version, in a round or by itself.

    ``ordered_as`` is the role in which it was ordered ("official", "front", "secretariat") for
    the organisation ``orderer_id``. ``deadline`` is for the report, ``reviews_due_at`` for the
    reviews, set when reviewing starts. ``opened_at`` is None while the reviews are blind;
    ``opened_by`` is the chair, or None when all had sent.
    """

    __tablename__ = "commissions"
    __table_args__ = (Index("ix_commissions_stage_deadline", "stage", "deadline"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("draft_versions.id"), index=True)
    consultation_id: Mapped[int | None] = mapped_column(ForeignKey("consultations.id"), index=True)
    orderer_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    ordered_as: Mapped[str] = mapped_column(String(20))
    ordered_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    stage: Mapped[CommissionStage] = mapped_column(enum_column(CommissionStage))
    title: Mapped[str] = mapped_column(String(500))
    scope: Mapped[str] = mapped_column(Text)
    questions: Mapped[str] = mapped_column(Text, default="")
    field_code: Mapped[str] = mapped_column(String(3), default="")
    deadline: Mapped[datetime]
    reviews_due_at: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]
    opened_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime]

    version: Mapped[DraftVersion] = relationship(lazy="joined")
    consultation: Mapped[Consultation | None] = relationship()
    orderer: Mapped[Organisation] = relationship(lazy="joined")
    # Whoever may see anything of a commission is told by its seats, so they always come along.
    seats: Mapped[list[Seat]] = relationship(
        back_populates="commission", order_by="Seat.id", lazy="selectin"
    )
    intake: Mapped[list[IntakeItem]] = relationship(order_by="IntakeItem.ordinal")
    criteria: Mapped[list[Criterion]] = relationship(order_by="Criterion.ordinal")

    @property
    def blind(self) -> bool:
        """Whether nobody may see another's review yet."""
        return self.opened_at is None

    def seat_of(self, user_id: int | None) -> Seat | None:
        """Return the user's seat in any state, or None."""
        return next((seat for seat in self.seats if seat.user_id == user_id), None)

    def sitting(self) -> list[Seat]:
        """Return the seats of those who accepted and may see the material, roles in order."""
        order = list(PanelRole)
        return sorted((s for s in self.seats if s.cleared), key=lambda s: order.index(s.role))


class CommissionChange(Base):
    """A transition that happened: who, when and why (``actor_id`` None: the scheduler)."""

    __tablename__ = "commission_changes"

    id: Mapped[int] = mapped_column(primary_key=True)
    commission_id: Mapped[int] = mapped_column(ForeignKey("commissions.id"), index=True)
    transition: Mapped[str] = mapped_column(String(20))
    from_stage: Mapped[str] = mapped_column(String(20))
    to_stage: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    reason: Mapped[str] = mapped_column(Text, default="")


class CritiqueTemplate(Base):
    """A line of a template that the secretariat edits: ``kind`` is "intake" or "criterion".

    A kind without lines has those of `critiques.defaults`. ``is_required`` is of intake only.
    """

    __tablename__ = "critique_templates"
    __table_args__ = (UniqueConstraint("kind", "ordinal"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    ordinal: Mapped[int]
    text: Mapped[str] = mapped_column(String(300))
    guidance: Mapped[str] = mapped_column(Text, default="")
    is_required: Mapped[bool] = mapped_column(default=False)


class IntakeItem(Base):
    """One thing that an order must have: said by the orderer, confirmed by the union."""

    __tablename__ = "intake_items"
    __table_args__ = (UniqueConstraint("commission_id", "ordinal"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    commission_id: Mapped[int] = mapped_column(ForeignKey("commissions.id"))
    ordinal: Mapped[int]
    text: Mapped[str] = mapped_column(String(300))
    is_required: Mapped[bool]
    declared: Mapped[bool] = mapped_column(default=False)
    confirmed: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str] = mapped_column(Text, default="")


class Criterion(Base):
    """A criterion of one commission; fixed once reviewing has started."""

    __tablename__ = "criteria"
    __table_args__ = (UniqueConstraint("commission_id", "ordinal"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    commission_id: Mapped[int] = mapped_column(ForeignKey("commissions.id"))
    ordinal: Mapped[int]
    text: Mapped[str] = mapped_column(String(300))
    guidance: Mapped[str] = mapped_column(Text, default="")


class Seat(Base):
    """A person's place on a panel, from the invitation on.

    ``reply`` is why somebody declined or whom he or she proposed instead; ``delegate_of`` is
    the seat whose holder proposed this one's.
    """

    __tablename__ = "seats"
    __table_args__ = (UniqueConstraint("commission_id", "user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    commission_id: Mapped[int] = mapped_column(ForeignKey("commissions.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    role: Mapped[PanelRole] = mapped_column(enum_column(PanelRole))
    state: Mapped[SeatState] = mapped_column(enum_column(SeatState))
    invited_at: Mapped[datetime]
    invited_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    replied_at: Mapped[datetime | None]
    reply: Mapped[str] = mapped_column(Text, default="")
    delegate_of: Mapped[int | None] = mapped_column(ForeignKey("seats.id"), index=True)
    declaration: Mapped[Declaration] = mapped_column(
        enum_column(Declaration), default=Declaration.NOT_YET
    )
    conflict: Mapped[str] = mapped_column(Text, default="")
    declared_at: Mapped[datetime | None]
    clearance: Mapped[Clearance] = mapped_column(
        enum_column(Clearance), default=Clearance.NOT_NEEDED
    )
    clearance_note: Mapped[str] = mapped_column(Text, default="")
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime | None]

    commission: Mapped[Commission] = relationship(back_populates="seats")
    user: Mapped[User] = relationship(foreign_keys=[user_id], lazy="joined")

    @property
    def invited(self) -> bool:
        """Whether the person has yet to answer the invitation."""
        return self.state is SeatState.INVITED

    @property
    def accepted(self) -> bool:
        """Whether the person sits on the panel, cleared or not."""
        return self.state is SeatState.ACCEPTED and self.clearance is not Clearance.BARRED

    @property
    def cleared(self) -> bool:
        """Whether the person sits on the panel and may see the material."""
        return self.state is SeatState.ACCEPTED and (
            self.declaration is Declaration.NO_CONFLICT or self.clearance is Clearance.CLEARED
        )
