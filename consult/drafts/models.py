"""Drafts, their versions and the provisions that opinions are written on."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.core.db import Base
from consult.core.files import StoredFile


class Draft(Base):
    """A document under consultation, through all its versions."""

    __tablename__ = "drafts"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(500))
    agency_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime]


class DraftVersion(Base):
    """One text of a draft as parsed: ``text`` is what provisions' offsets point into.

    ``frozen_at`` is set when a round on it is published: from then on it is not superseded by
    a corrected file.
    """

    __tablename__ = "draft_versions"
    __table_args__ = (UniqueConstraint("draft_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    draft_id: Mapped[int] = mapped_column(ForeignKey("drafts.id"))
    number: Mapped[int]
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_files.id"), index=True)
    text: Mapped[str] = mapped_column(Text, deferred=True)
    remainder: Mapped[str] = mapped_column(Text, deferred=True)
    parts: Mapped[list[Any]]
    warnings: Mapped[list[Any]]
    frozen_at: Mapped[datetime | None]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime]

    draft: Mapped[Draft] = relationship(lazy="joined")
    file: Mapped[StoredFile | None] = relationship(lazy="joined")


class Provision(Base):
    """An addressable unit of one version; ``key`` is its stable anchor in URLs.

    ``text`` is the unit's own words, without its number, title and children;
    ``start``/``end`` are offsets into the version's text.
    """

    __tablename__ = "provisions"
    __table_args__ = (
        UniqueConstraint("version_id", "key"),
        Index("ix_provisions_version_id_ordinal", "version_id", "ordinal", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("draft_versions.id"))
    ordinal: Mapped[int]
    key: Mapped[str] = mapped_column(String(120))
    part: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(20))
    number: Mapped[str] = mapped_column(String(80))
    title: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    citation: Mapped[str] = mapped_column(String(300))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("provisions.id"), index=True)
    depth: Mapped[int]
    start: Mapped[int]
    end: Mapped[int]
