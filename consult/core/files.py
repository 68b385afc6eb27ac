"""Uploaded files, content-addressed under the data directory, and the rows that name them."""

from __future__ import annotations

import hashlib
import os
import tempfile
from datetime import datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

from flask import current_app
from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from consult.core import clock
from consult.core.db import Base, db
from consult.core.text import nfc

if TYPE_CHECKING:
    from config import Settings


class StoredFile(Base):
    """One upload: its name as given, and the digest under which its bytes lie."""

    __tablename__ = "stored_files"

    id: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    name: Mapped[str] = mapped_column(String(255))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    uploaded_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    uploaded_at: Mapped[datetime]

    @property
    def path(self) -> Path:
        """Where the bytes lie."""
        return _place(self.sha256)


class FileTooLarge(Exception):
    """The upload has more bytes than the setting allows."""


def _root() -> Path:
    return cast("Settings", current_app.extensions["consult_settings"]).data_dir / "files"


def _place(digest: str) -> Path:
    return _root() / digest[:2] / digest


def store(
    stream: IO[bytes], *, name: str, media_type: str, uploaded_by: int | None, limit: int
) -> StoredFile:
    """Keep the stream's bytes and return their (flushed) row.

    The bytes are on disk, synced, before the row is; a rolled-back row leaves an orphan file,
    never a row without its file. Raises FileTooLarge above ``limit`` bytes, OSError on a full
    disk.
    """
    root = _root()
    root.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    with tempfile.NamedTemporaryFile(dir=root, delete=False) as handle:
        temporary = Path(handle.name)
        try:
            while chunk := stream.read(1 << 16):
                size += len(chunk)
                if size > limit:
                    raise FileTooLarge
                digest.update(chunk)
                handle.write(chunk)
            handle.flush()
            os.fsync(handle.fileno())
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    place = _place(digest.hexdigest())
    place.parent.mkdir(exist_ok=True)
    temporary.replace(place)
    row = StoredFile(
        sha256=digest.hexdigest(),
        name=nfc(os.path.basename(name.replace("\\", "/")))[:255] or "file",
        media_type=media_type[:100],
        size=size,
        uploaded_by=uploaded_by,
        uploaded_at=clock.now(),
    )
    db.session.add(row)
    db.session.flush()
    return row
