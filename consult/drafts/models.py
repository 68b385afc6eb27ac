"""Drafts, their versions, the provisions that opinions are written on, and what changed."""

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

    ``frozen_at`` is set when the version is shown to others, by a round on it or by its
    publication: from then on neither a corrected file nor a correction by hand changes it.
    ``published_at`` is when the agency published it as what became of the rounds before it,
    ``final_at`` when it did so as the last version.

    ``reading`` says how the words were recovered when the file did not hold them as such:
    "tcvn3", "vni" (legacy fonts), "ocr" (a scan), or "". ``reading_sample`` has lines
    [before, after]; a person confirms such a reading before anything is published.
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
    reading: Mapped[str] = mapped_column(String(10), default="", server_default="")
    reading_sample: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    reading_confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    reading_confirmed_at: Mapped[datetime | None]
    frozen_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    published_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    final_at: Mapped[datetime | None]
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


class ParsedGuess(Base):
    """What the parser made of a version's text, as ``ParsedDocument.to_json`` without the text.

    Kept unaltered; the provisions are this guess with the standing corrections applied. Of a
    scan, "pages" are the offsets in the text at which its pages begin.
    """

    __tablename__ = "parsed_guesses"

    version_id: Mapped[int] = mapped_column(ForeignKey("draft_versions.id"), primary_key=True)
    document: Mapped[dict[str, Any]]


class ProvisionCorrection(Base):
    """One correction of a version's tree by hand, in the order of ``ordinal``.

    ``operation`` and ``params`` are those of `drafts.corrections`; ``undone_at`` is None while
    the correction stands.
    """

    __tablename__ = "provision_corrections"
    __table_args__ = (UniqueConstraint("version_id", "ordinal"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("draft_versions.id"))
    ordinal: Mapped[int]
    operation: Mapped[str] = mapped_column(String(20))
    params: Mapped[dict[str, Any]]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime]
    undone_at: Mapped[datetime | None]


class VersionComparison(Base):
    """An earlier and a later version of one draft, compared at ``computed_at``."""

    __tablename__ = "version_comparisons"
    __table_args__ = (UniqueConstraint("old_version_id", "new_version_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    old_version_id: Mapped[int] = mapped_column(ForeignKey("draft_versions.id"))
    new_version_id: Mapped[int] = mapped_column(ForeignKey("draft_versions.id"), index=True)
    computed_at: Mapped[datetime]

    old_version: Mapped[DraftVersion] = relationship(foreign_keys=[old_version_id])
    new_version: Mapped[DraftVersion] = relationship(foreign_keys=[new_version_id])


class ProvisionChange(Base):
    """What became of one provision; ``kind`` is one of `drafts.comparison.KINDS`.

    ``old_key``/``new_key`` name the provision in each version, None where it has none: a split
    or merge has a row for each pair. ``similarity`` is of the wording, from 0 to 1. A
    ``doubtful`` mapping waits for a person until ``decided_at``. ``reason`` is the agency's,
    for the comparison table.
    """

    __tablename__ = "provision_changes"
    __table_args__ = (
        Index("ix_provision_changes_order", "comparison_id", "ordinal", unique=True),
        Index("ix_provision_changes_old_key", "comparison_id", "old_key"),
        Index("ix_provision_changes_new_key", "comparison_id", "new_key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    comparison_id: Mapped[int] = mapped_column(ForeignKey("version_comparisons.id"))
    ordinal: Mapped[int]
    kind: Mapped[str] = mapped_column(String(20))
    wording_changed: Mapped[bool]
    old_key: Mapped[str | None] = mapped_column(String(120))
    new_key: Mapped[str | None] = mapped_column(String(120))
    similarity: Mapped[float]
    doubtful: Mapped[bool]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(Text, default="")
