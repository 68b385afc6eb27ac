"""The append-only log: its leaves and head, subtrees kept to save work, signed checkpoints."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from consult.core.db import Base


class Leaf(Base):
    """Leaf ``index`` (from 0): the RFC 9162 leaf hash over salt and content, never changed.

    ``format`` is that of `ledger.entries`; ``blind`` hides the withheld part of the content.
    """

    __tablename__ = "ledger_leaves"
    __table_args__ = (Index("ix_ledger_leaves_subject", "kind", "subject_id"),)

    index: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    leaf_hash: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(20))
    subject_id: Mapped[int]
    salt: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
    format: Mapped[int] = mapped_column(default=1, server_default="1")
    blind: Mapped[str] = mapped_column(String(64), default="", server_default="")


class Head(Base):
    """The log's size; its one row is locked while a leaf is appended."""

    __tablename__ = "ledger_head"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    size: Mapped[int]


class Subtree(Base):
    """The root over the complete subtree ``index`` of 256 ** ``level`` leaves.

    Kept so that a proof reads hundreds of hashes and not the whole log; made again at will.
    """

    __tablename__ = "ledger_subtrees"

    level: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    index: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    root_hash: Mapped[str] = mapped_column(String(64))


class Checkpoint(Base):
    """The log's root at ``size`` leaves as it was signed: ``note`` is a tlog-checkpoint."""

    __tablename__ = "ledger_checkpoints"

    size: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    note: Mapped[str] = mapped_column(Text)
    signed_at: Mapped[datetime]


class Redaction(Base):
    """That what leaf ``leaf_index`` covers was destroyed, its salt with it, and why."""

    __tablename__ = "ledger_redactions"

    leaf_index: Mapped[int] = mapped_column(
        ForeignKey("ledger_leaves.index"), primary_key=True, autoincrement=False
    )
    reason: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
