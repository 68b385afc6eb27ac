"""The history of memberships of clubs and associations."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.accounts.models import User
from consult.core.db import Base


class MembershipEvent(Base):
    """One step of a person's membership; what `Membership` says now is where the steps led.

    ``step`` is "requested", "invited", "uninvited" (the club took it back), "accepted",
    "declined", "left", "removed" or the role that the member then had: "member", "secretary",
    "chair". ``actor_id`` is who did it.
    """

    __tablename__ = "membership_events"
    __table_args__ = (Index("ix_membership_events_organisation_id", "organisation_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    step: Mapped[str] = mapped_column(String(10))
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    user: Mapped[User] = relationship(foreign_keys=[user_id])
