"""Drafted answers that wait for an instant at which they are published together."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from consult.core.db import Base


class Embargo(Base):
    """That drafted answers of a round are published at ``publish_at``, not before.

    ``ended_at`` is when they were, or when the agency thought better of it.
    """

    __tablename__ = "embargoes"
    __table_args__ = (Index("ix_embargoes_ended_at", "ended_at", "publish_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultations.id"), index=True)
    publish_at: Mapped[datetime]
    set_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    set_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class EmbargoedPoint(Base):
    """That whatever answer the point has then is published with the embargo; gone once it ended.

    By points and not by answers: a draft may be replaced by another one until then.
    """

    __tablename__ = "embargoed_points"

    point_id: Mapped[int] = mapped_column(ForeignKey("points.id"), primary_key=True)
    embargo_id: Mapped[int] = mapped_column(ForeignKey("embargoes.id"), index=True)
