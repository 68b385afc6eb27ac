"""Opinion groups of a round as they were found: what may be shown, and nothing else."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from consult.core.db import Base


class OpinionGroups(Base):
    """One finding of a round's opinion groups; the newest counts.

    ``basis`` is the mark of the endorsements that were read (`group_queries.basis`).
    ``status`` is that of `engine.groups.evaluate`; only with "shown" is there a ``result``, that
    of `engine.shown_groups.shown`: nobody's name or number is in it, and nothing of groups of
    fewer than five people.
    """

    __tablename__ = "opinion_groups"

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultations.id"), index=True)
    basis: Mapped[str] = mapped_column(String(64))
    status: Mapped[str] = mapped_column(String(20))
    result: Mapped[dict[str, Any]]
    built_at: Mapped[datetime]
    built_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
