"""Requests to open a sealed identity, and what became of them."""

from __future__ import annotations

import enum
from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.accounts.models import User
from consult.consultations.models import enum_column
from consult.core.db import Base
from consult.submissions.models import Submission

LAPSES_AFTER = timedelta(days=7)  # a request that nobody has decided
OPEN_FOR = timedelta(hours=24)  # after the approval


class Ground(enum.StrEnum):
    """Why somebody asks; the request's text says it in full."""

    COURT = "court"  # a court's or investigating body's order
    AUTHOR = "author"  # the author asks for it
    FALSE_NAME = "false_name"  # somebody wrote under another's name, or several times
    UNLAWFUL = "unlawful"  # the words themselves offend against the law


class RequestState(enum.StrEnum):
    """What was decided; whether it has lapsed or ended follows from the instants."""

    WAITING = "waiting"
    APPROVED = "approved"
    REFUSED = "refused"


class Phase(enum.StrEnum):
    """How a request stands at an instant."""

    WAITING = "waiting"
    LAPSED = "lapsed"
    REFUSED = "refused"
    OPEN = "open"
    ENDED = "ended"


class UnsealingRequest(Base):
    """A request of one person to see who stands behind a sealed submission.

    A second person decides. ``requested_by`` and ``decided_by`` may then look for a day.
    """

    __tablename__ = "unsealing_requests"
    __table_args__ = (Index("ix_unsealing_requests_requested_at", "requested_at", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"), index=True)
    ground: Mapped[Ground] = mapped_column(enum_column(Ground))
    reason: Mapped[str] = mapped_column(Text)
    state: Mapped[RequestState] = mapped_column(enum_column(RequestState))
    requested_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    requested_at: Mapped[datetime]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime | None]

    submission: Mapped[Submission] = relationship()
    requester: Mapped[User] = relationship(foreign_keys=[requested_by])
    decider: Mapped[User | None] = relationship(foreign_keys=[decided_by])

    def phase(self, at: datetime) -> Phase:
        """Return how the request stands at the instant ``at`` (aware)."""
        if self.state is RequestState.REFUSED:
            return Phase.REFUSED
        if self.state is RequestState.WAITING:
            return Phase.WAITING if at < self.requested_at + LAPSES_AFTER else Phase.LAPSED
        opened = self.decided_at is not None and at < self.decided_at + OPEN_FOR
        return Phase.OPEN if opened else Phase.ENDED

    @property
    def closes_at(self) -> datetime | None:
        """Until when the two may look; None before an approval."""
        return self.decided_at and self.decided_at + OPEN_FOR
