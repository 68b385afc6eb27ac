"""The door to the confined cleaning of uploaded files, which a room above opens at the start."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Literal, cast

from flask import Flask, current_app

Kind = Literal["pdf", "jpg", "png"]
# Opens the file in a confined process and returns it without metadata, or raises NotClean.
Cleaner = Callable[[bytes, Kind], bytes]

MEDIA_TYPES: Final[dict[Kind, str]] = {
    "pdf": "application/pdf",
    "jpg": "image/jpeg",
    "png": "image/png",
}
_STARTS: Final[tuple[tuple[bytes, Kind], ...]] = (
    (b"%PDF-", "pdf"),
    (b"\xff\xd8\xff", "jpg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
)


class NotClean(Exception):
    """The file is damaged, or takes too much to open."""


def install(app: Flask, cleaner: Cleaner) -> None:
    """Let ``cleaner`` clean what is uploaded to ``app``."""
    app.extensions["consult_cleaner"] = cleaner


def kind_of(data: bytes) -> Kind | None:
    """Return what the bytes begin as, whatever the file's name says; None for another kind."""
    return next((kind for start, kind in _STARTS if data.startswith(start)), None)


def clean(data: bytes, kind: Kind) -> bytes:
    """Return the file without metadata, opened in a confined process. Raises NotClean."""
    return cast("Cleaner", current_app.extensions["consult_cleaner"])(data, kind)
