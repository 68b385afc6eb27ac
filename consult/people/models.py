"""Organisations, clubs, memberships and intellectuals' profiles."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.accounts.models import User
from consult.core import clock
from consult.core.db import Base

ORGANISATION_KINDS = (
    "agency",
    "front",
    "council",
    "union",
    "association",
    "club",
    "university",
    "other",
)
# "checked": one person has found title and degree proven, and another has yet to confirm it.
PROFILE_STATES = ("draft", "pending", "checked", "verified", "returned")
# For the first person of the secretariat, and for the second.
WAITING = ("pending", "checked")
# How long a club's invitation waits for its answer.
INVITED_FOR = timedelta(days=60)
MEMBERSHIP_STATES = ("requested", "invited", "accepted", "declined", "left", "removed")


class Organisation(Base):
    """A body under the name it bears from ``valid_from`` to ``valid_to`` (inclusive dates)."""

    __tablename__ = "organisations"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    short_name: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(20), index=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    document_symbol: Mapped[str] = mapped_column(String(40), default="")
    place: Mapped[str] = mapped_column(String(80), default="")
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"), index=True)

    parent: Mapped[Organisation | None] = relationship(
        foreign_keys=[parent_id], remote_side=[id], viewonly=True
    )


class Profile(Base):
    """What an intellectual says of himself or herself, and the secretariat's decision on it.

    ``verified_facts`` holds degree and academic title as the secretariat last verified them;
    while a change of them is pending they are what counts. ``residence`` is "home", "abroad" or
    "" when not stated. ``checks`` holds, by fact, what the first person of the secretariat found:
    ``{"degree": {"verdict": "confirmed" | "refused" | "more", "reason": "…"}}``.
    """

    __tablename__ = "profiles"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    year_of_birth: Mapped[int | None]
    gender: Mapped[str] = mapped_column(String(10), default="")
    academic_title: Mapped[str] = mapped_column(String(10), default="")
    degree: Mapped[str] = mapped_column(String(10), default="")
    field_code: Mapped[str] = mapped_column(String(3), default="", index=True)
    speciality: Mapped[str] = mapped_column(String(200), default="")
    post: Mapped[str] = mapped_column(String(200), default="")
    organisation_name: Mapped[str] = mapped_column(String(200), default="")
    locality: Mapped[str] = mapped_column(String(120), default="")
    residence: Mapped[str] = mapped_column(String(10), default="")
    languages: Mapped[str] = mapped_column(String(200), default="")
    associations: Mapped[str] = mapped_column(String(500), default="")
    publications: Mapped[str] = mapped_column(Text, default="")
    patents: Mapped[str] = mapped_column(Text, default="")
    critique_experience: Mapped[str] = mapped_column(Text, default="")
    about: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str] = mapped_column(String(10), default="draft", index=True)
    requested_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    decision_note: Mapped[str] = mapped_column(Text, default="")
    checks: Mapped[dict[str, Any]] = mapped_column(default=dict)
    checked_at: Mapped[datetime | None]
    checked_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    verified_facts: Mapped[dict[str, Any]] = mapped_column(default=dict)

    user: Mapped[User] = relationship(foreign_keys=[user_id], lazy="joined")


class Membership(Base):
    """A person's membership of a club or association."""

    __tablename__ = "memberships"
    __table_args__ = (UniqueConstraint("organisation_id", "user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    state: Mapped[str] = mapped_column(String(10))
    role: Mapped[str] = mapped_column(String(10), default="member")  # member, secretary, chair
    requested_at: Mapped[datetime]  # of an invited one: when it was invited
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    organisation: Mapped[Organisation] = relationship(lazy="joined")
    user: Mapped[User] = relationship(foreign_keys=[user_id], lazy="joined")

    @property
    def answer_by(self) -> datetime:
        """Until when an invitation can be accepted."""
        return self.requested_at + INVITED_FOR

    @property
    def lapsed(self) -> bool:
        """Whether it is an invitation that was not answered in time."""
        return self.state == "invited" and clock.now() >= self.answer_by
