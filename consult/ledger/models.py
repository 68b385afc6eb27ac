"""The append-only log's leaves and its head."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from consult.core.db import Base


class Leaf(Base):
    """Leaf ``index`` (from 0): the RFC 9162 leaf hash over salt and content, never changed."""

    __tablename__ = "ledger_leaves"
    __table_args__ = (Index("ix_ledger_leaves_subject", "kind", "subject_id"),)

    index: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    leaf_hash: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(20))
    subject_id: Mapped[int]
    salt: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]


class Head(Base):
    """The log's size; its one row is locked while a leaf is appended."""

    __tablename__ = "ledger_head"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    size: Mapped[int]
