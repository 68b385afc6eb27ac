"""A made file as the answer to a request."""

from __future__ import annotations

from urllib.parse import quote

from flask import Response

from consult.core import memory
from consult.core.text import shorten, slugify


def attachment(data: bytes, title: str, extension: str, media_type: str) -> Response:
    """Return a download named in Vietnamese, with an ASCII name beside it (RFC 5987, 6266)."""
    name = f"{shorten(title.replace('/', '-'), 100).rstrip('…')}.{extension}"
    disposition = (
        f'attachment; filename="{slugify(title)}.{extension}"; '
        f"filename*=UTF-8''{quote(name, safe='')}"
    )
    response = Response(data, content_type=media_type, headers={"Content-Disposition": disposition})
    response.call_on_close(memory.give_back)
    return response
