"""Long work that somebody asked for: how far it is and what came of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from consult.core import files
from consult.core.db import Base

STATES: Final = ("waiting", "running", "done", "failed", "cancelled")
UNFINISHED: Final = ("waiting", "running")


class Work(Base):
    """One piece of long work.

    ``kind`` names the function (`works.does`), ``arguments`` are its own. ``title`` is what the
    person reads (text, shown as it stands), ``page`` the path it was asked from. ``open_key`` is
    there while it is unfinished: the same is not begun twice. ``attempts`` counts how often it was
    begun. ``message`` is a message id, with ``params``, that says why it failed. ``result`` is
    what the function returned; the digest of the file it made lies in ``file_sha256``.
    """

    __tablename__ = "works"
    __table_args__ = (
        CheckConstraint(
            "state IN ({})".format(", ".join(f"'{state}'" for state in STATES)), name="known_state"
        ),
        Index("ix_works_asked_by_created_at", "asked_by", "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(60))
    arguments: Mapped[dict[str, Any]]
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    title: Mapped[str] = mapped_column(String(300))
    page: Mapped[str] = mapped_column(String(300))
    open_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    state: Mapped[str] = mapped_column(String(10))
    attempts: Mapped[int]
    done: Mapped[int]
    total: Mapped[int]
    message: Mapped[str] = mapped_column(String(300))
    params: Mapped[dict[str, Any]]
    result: Mapped[dict[str, Any]]
    file_sha256: Mapped[str | None] = mapped_column(String(64), index=True)
    created_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None] = mapped_column(index=True)

    @property
    def finished(self) -> bool:
        """Whether nothing more will come of it by itself."""
        return self.state not in UNFINISHED

    @property
    def percent(self) -> int | None:
        """How much is done, 0 to 100; None while that is not known."""
        return min(100, 100 * self.done // self.total) if self.total else None


files.named_by(Work.file_sha256)
