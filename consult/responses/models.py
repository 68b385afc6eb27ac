"""The agency's answers (tiếp thu, giải trình) and the points that each one answers."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.consultations.models import enum_column
from consult.core.db import Base


class Disposition(enum.StrEnum):
    """tiếp thu, tiếp thu một phần, không tiếp thu, ghi nhận / chuyển cơ quan khác."""

    ACCEPTED = "accepted"
    PARTLY_ACCEPTED = "partly_accepted"
    NOT_ACCEPTED = "not_accepted"
    NOTED = "noted"


class Response(Base):
    """One answer, to one or several points; shown to others once ``published_at`` is set.

    ``answered_ids`` are the points that it answered when it was published, whatever corrections
    moved to later answers; None where an answer of the first release does not tell. A draft
    ``for_discussion`` is not published before an official says that it is ready.
    """

    __tablename__ = "responses"
    __table_args__ = (Index("ix_responses_consultation_id", "consultation_id", "published_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultations.id"))
    disposition: Mapped[Disposition] = mapped_column(enum_column(Disposition))
    reason: Mapped[str] = mapped_column(Text, default="")
    for_discussion: Mapped[bool] = mapped_column(default=False)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime]
    published_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    published_at: Mapped[datetime | None]
    answered_ids: Mapped[list[Any] | None]

    answered: Mapped[list[AnsweredPoint]] = relationship(
        back_populates="response", cascade="all, delete-orphan"
    )


class LinkedChange(Base):
    """Which change of a later version the answer led to.

    ``key`` names the provision of that version, or with ``left_out`` the one of the round's
    version that it left out. Keys outlive a correction of the version's structure, rows do not.
    """

    __tablename__ = "linked_changes"

    response_id: Mapped[int] = mapped_column(
        ForeignKey("responses.id", ondelete="CASCADE"), primary_key=True
    )
    version_id: Mapped[int] = mapped_column(ForeignKey("draft_versions.id"))
    key: Mapped[str] = mapped_column(String(120))
    left_out: Mapped[bool]
    linked_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    linked_at: Mapped[datetime]


class AnsweredPoint(Base):
    """That a point is answered by a response; a point has one answer at a time."""

    __tablename__ = "answered_points"

    point_id: Mapped[int] = mapped_column(ForeignKey("points.id"), primary_key=True)
    response_id: Mapped[int] = mapped_column(ForeignKey("responses.id"), index=True)

    response: Mapped[Response] = relationship(back_populates="answered")
