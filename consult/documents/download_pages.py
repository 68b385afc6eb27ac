"""A made file as the answer to a request."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

from flask import Response, send_file

from consult.core import memory
from consult.core.text import shorten, slugify


def attachment(data: bytes, title: str, extension: str, media_type: str) -> Response:
    """Return a download named in Vietnamese, with an ASCII name beside it (RFC 5987, 6266)."""
    response = Response(data, content_type=media_type, headers=_named(title, extension))
    response.call_on_close(memory.give_back)
    return response


def stored(path: Path, title: str, extension: str, media_type: str) -> Response:
    """Return the file at ``path`` as a download named as by `attachment`; it is not read whole."""
    response = send_file(path, mimetype=media_type, etag=False, conditional=False)
    response.headers.update(_named(title, extension))
    return response


def _named(title: str, extension: str) -> dict[str, str]:
    name = f"{shorten(title.replace('/', '-'), 100).rstrip('…')}.{extension}"
    disposition = (
        f'attachment; filename="{slugify(title)}.{extension}"; '
        f"filename*=UTF-8''{quote(name, safe='')}"
    )
    return {"Content-Disposition": disposition}
