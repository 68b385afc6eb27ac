"""The audit log: who did what to what, and when; appended in the fact's own transaction."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from consult.core import clock
from consult.core.db import Base, insert_rows


class AuditEntry(Base):
    """One act. ``details`` never holds names of sealed authors or texts of opinions."""

    __tablename__ = "audit_entries"
    __table_args__ = (Index("ix_audit_entries_subject", "subject_kind", "subject_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    action: Mapped[str] = mapped_column(String(60), index=True)
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int | None]
    details: Mapped[dict[str, Any]]


def record(
    action: str,
    *,
    actor_id: int | None,
    subject: tuple[str, int | None],
    details: dict[str, Any] | None = None,
) -> None:
    """Append an entry: ``action`` such as "round.published", ``subject`` as (kind, id).

    ``actor_id`` None means the scheduler or the command line. Writes one row.
    """
    entry = {
        "at": clock.now(),
        "actor_id": actor_id,
        "action": action,
        "subject_kind": subject[0],
        "subject_id": subject[1],
        "details": details or {},
    }
    insert_rows(AuditEntry, [entry])
