"""Files that authors attach to their points."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.consultations.models import enum_column
from consult.core import files
from consult.core.db import Base
from consult.submissions.models import Point


class FileKind(enum.StrEnum):
    """What a file really is, told by its content; the value is the ending of its name."""

    PDF = "pdf"
    DOCX = "docx"
    XLSX = "xlsx"
    PNG = "png"
    JPG = "jpg"

    @property
    def media_type(self) -> str:
        """What a browser is told when it is downloaded."""
        return _MEDIA_TYPES[self]


_MEDIA_TYPES = {
    FileKind.PDF: "application/pdf",
    FileKind.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    FileKind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    FileKind.PNG: "image/png",
    FileKind.JPG: "image/jpeg",
}


class Attachment(Base):
    """One file of a point: its name, and the digest and size of what is kept of it.

    What is kept is the file without metadata (`metadata.strip`). Until the form that brought it
    is saved, ``point_id`` is None, and it waits for the form with ``form_key`` at ``place`` of
    ``owner``, as a form's words do (`KeptWords`). It goes with its point; that of a received
    one stays as it is.
    """

    __tablename__ = "attachments"
    __table_args__ = (
        UniqueConstraint("point_id", "sha256"),
        UniqueConstraint("owner", "form_key", "sha256"),
        Index("ix_attachments_owner_place", "owner", "place"),
        CheckConstraint("(point_id IS NULL) = (owner IS NOT NULL)", name="of_point_or_form"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    point_id: Mapped[int | None] = mapped_column(ForeignKey("points.id", ondelete="CASCADE"))
    owner: Mapped[str | None] = mapped_column(String(32))
    form_key: Mapped[str] = mapped_column(String(32), default="")
    place: Mapped[str] = mapped_column(String(120), default="")
    ordinal: Mapped[int]
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[FileKind] = mapped_column(enum_column(FileKind))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    created_at: Mapped[datetime] = mapped_column(index=True)

    point: Mapped[Point | None] = relationship(back_populates="attachments")


files.named_by(Attachment.sha256)
