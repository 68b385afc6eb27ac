"""Uploaded files, content-addressed under the data directory, and the rows that name them.

A file may lie there under several rows' names. One that no row names is forgotten after a day
(`sweep`), unless it was `hold` as evidence: the log covers it.
"""

from __future__ import annotations

import hashlib
import io
import os
import sys
import tempfile
import time
from collections.abc import Collection
from datetime import datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final, cast

from flask import current_app
from sqlalchemy import ForeignKey, String, select
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


# Columns of digests: what they name is in use.
_NAMING: list[Any] = [StoredFile.sha256]
_FORGOTTEN_AFTER: Final = 24 * 3600.0  # seconds
_HELD: Final = 0o400


class FileTooLarge(Exception):
    """The upload has more bytes than the setting allows."""


def _root() -> Path:
    return cast("Settings", current_app.extensions["consult_settings"]).data_dir / "files"


def _place(digest: str) -> Path:
    return _root() / digest[:2] / digest


def place(digest: str) -> Path:
    """Return where the bytes with that digest lie, if they do."""
    return _place(digest)


def named_by(column: Any) -> None:
    """Note that the mapped ``column`` holds digests of files that are in use."""
    _NAMING.append(column)


def store(
    stream: IO[bytes], *, name: str, media_type: str, uploaded_by: int | None, limit: int
) -> StoredFile:
    """Keep the stream's bytes and return their (flushed) row.

    The bytes are on disk, synced, before the row is; a rolled-back row leaves an orphan file,
    never a row without its file. Raises FileTooLarge above ``limit`` bytes, OSError on a full
    disk.
    """
    digest, size = _keep(stream, limit)
    row = StoredFile(
        sha256=digest,
        name=nfc(os.path.basename(name.replace("\\", "/")))[:255] or "file",
        media_type=media_type[:100],
        size=size,
        uploaded_by=uploaded_by,
        uploaded_at=clock.now(),
    )
    db.session.add(row)
    db.session.flush()
    return row


def keep(data: bytes) -> str:
    """Keep ``data``, synced, for a row that is written next; return the digest to name it by.

    Raises OSError on a full disk; then nothing of it is left.
    """
    return _keep(io.BytesIO(data), len(data))[0]


def keep_all_of(stream: IO[bytes]) -> tuple[str, int]:
    """Keep what is left of ``stream`` as `keep` does; return the digest and the size."""
    return _keep(stream, sys.maxsize)


def _keep(stream: IO[bytes], limit: int) -> tuple[str, int]:
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
            target = _place(digest.hexdigest())
            target.parent.mkdir(exist_ok=True)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    if target.exists() and _is_held(target):
        temporary.chmod(_HELD)
    temporary.replace(target)
    return digest.hexdigest(), size


def hold(digests: Collection[str]) -> None:
    """Never sweep these files, whatever becomes of their rows: the log covers them."""
    for digest in digests:
        if (path := _place(digest)).exists():
            path.chmod(_HELD)


def _is_held(path: Path) -> bool:
    return path.stat().st_mode & 0o777 == _HELD


def sweep() -> int:
    """Delete what no row has named for a day and what was written halfway; return how many.

    A file that is uploaded again meanwhile counts as new. Reads the rows; writes none.
    """
    named = {digest for column in _NAMING for digest in db.session.scalars(select(column))}
    before, gone = time.time() - _FORGOTTEN_AFTER, 0
    for path in _root().rglob("*"):
        if path.name in named or not path.is_file() or _is_held(path):
            continue
        if path.stat().st_mtime < before:
            path.unlink(missing_ok=True)
            gone += 1
    return gone
