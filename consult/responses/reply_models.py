"""What authors say back: that an answer misses their point, and replies to questions asked back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from consult.core.db import Base


class Objection(Base):
    """That the author of a point says that its published answer misses it; once for each point.

    ``response_id`` is the answer that was published then. The agency has answered again when
    the point has another one now.
    """

    __tablename__ = "answer_objections"

    point_id: Mapped[int] = mapped_column(ForeignKey("points.id"), primary_key=True)
    response_id: Mapped[int] = mapped_column(ForeignKey("responses.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]


class Inquiry(Base):
    """A question that the agency asks the author of a point, and the reply to it.

    Neither changes the point. Who replied is whoever wrote the point: it is in no column.
    """

    __tablename__ = "point_inquiries"

    id: Mapped[int] = mapped_column(primary_key=True)
    point_id: Mapped[int] = mapped_column(ForeignKey("points.id"), index=True)
    question: Mapped[str] = mapped_column(Text)
    asked_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    asked_at: Mapped[datetime]
    reply: Mapped[str] = mapped_column(Text, default="")
    replied_at: Mapped[datetime | None]
