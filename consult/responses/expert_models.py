"""Draft replies that the agency asks of experts, to points of its choice; never public."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from consult.consultations.models import enum_column
from consult.core.db import Base
from consult.responses.models import Disposition


class DraftState(enum.StrEnum):
    """What became of a request; whether it has lapsed follows from ``until``."""

    ASKED = "asked"
    SENT = "sent"
    DECLINED = "declined"
    CANCELLED = "cancelled"


class DraftRequest(Base):
    """That an official asks a verified intellectual for a draft reply, until an instant.

    ``words`` are the official's to the expert; ``text`` and ``disposition`` are the expert's,
    kept while they are written and read by the agency once they are sent.
    """

    __tablename__ = "draft_requests"

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultations.id"), index=True)
    expert_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    asked_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    asked_at: Mapped[datetime]
    until: Mapped[datetime]
    words: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[DraftState] = mapped_column(enum_column(DraftState), default=DraftState.ASKED)
    disposition: Mapped[Disposition | None] = mapped_column(enum_column(Disposition))
    text: Mapped[str] = mapped_column(Text, default="")
    saved_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    def open_at(self, instant: datetime) -> bool:
        """Return whether the expert may read and write at ``instant`` (aware)."""
        return self.state is DraftState.ASKED and instant < self.until


class RequestedPoint(Base):
    """That a draft reply is asked to a point."""

    __tablename__ = "draft_request_points"

    request_id: Mapped[int] = mapped_column(ForeignKey("draft_requests.id"), primary_key=True)
    point_id: Mapped[int] = mapped_column(ForeignKey("points.id"), primary_key=True, index=True)
