"""Pages of a PDF as people see them: their sizes, first words and pictures, through pypdfium2."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportMissingTypeStubs=false
# (pypdfium2 is untyped.)
from __future__ import annotations

import struct
import zlib
from pathlib import Path
from typing import Any, Final

from consult.drafts.parsing.model import Limits, UnreadableDocument

_DPI: Final = 120
_MOST_PIXELS: Final = 2000
_WORDS: Final = 600
# Sixteen shades are enough for print and stamps, and compress to a third.
_SHADES: Final = bytes(min((value + 8) // 17, 15) * 17 for value in range(256))


def listed(path: Path, limits: Limits) -> list[tuple[float, float, str]]:
    """Return each page's width and height in points and its first words.

    A page that cannot be loaded is an empty one of A4. Raises UnreadableDocument ``broken`` or
    ``too_many_pages``.
    """
    document = _opened(path)
    if len(document) > limits.max_pages:
        raise UnreadableDocument("too_many_pages", limit=limits.max_pages)
    return [_page(document, number) for number in range(len(document))]


def _page(document: Any, number: int) -> tuple[float, float, str]:
    import pypdfium2

    try:
        page = document[number]
        width, height = page.get_size()
        words = page.get_textpage().get_text_range(0, _WORDS)
        page.close()
    except pypdfium2.PdfiumError:
        return 595.0, 842.0, ""
    return width, height, words


def drawn(path: Path, number: int) -> bytes:
    """Return page ``number`` (from 0) in shades of grey as PNG, of at most 2,000 pixels a side.

    Raises UnreadableDocument ``broken`` when there is no such page.
    """
    import pypdfium2

    document = _opened(path)
    try:
        page = document[number]
        scale: Any = min(_DPI / 72, _MOST_PIXELS / max(*page.get_size(), 1))
        bitmap = page.render(scale=scale, grayscale=True)
    except (pypdfium2.PdfiumError, IndexError):
        raise UnreadableDocument("broken") from None
    rows = bytes(memoryview(bitmap.buffer).cast("B")).translate(_SHADES)
    stride, width = bitmap.stride, bitmap.width
    lines = [rows[at * stride : at * stride + width] for at in range(bitmap.height)]
    return _png(width, lines)


def _opened(path: Path) -> Any:
    import pypdfium2

    try:
        return pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError:
        raise UnreadableDocument("broken") from None


def _png(width: int, lines: list[bytes]) -> bytes:
    """Return lines of grey bytes as PNG (ISO/IEC 15948): eight bits, unfiltered."""
    head = struct.pack(">IIBBBBB", width, len(lines), 8, 0, 0, 0, 0)
    data = zlib.compress(b"".join(b"\0" + line for line in lines), 6)
    chunks = ((b"IHDR", head), (b"IDAT", data), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in chunks
    )
