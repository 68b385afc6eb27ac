"""PDF files with a text layer, read through pypdfium2."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportMissingTypeStubs=false
# (pypdfium2 is untyped; this module is its only door.)
from __future__ import annotations

from pathlib import Path
from typing import Any

from consult.core.text import nfc
from consult.drafts.parsing.lines import RawLine, blocks
from consult.drafts.parsing.model import Limits, ParsedWarning, UnreadableDocument
from consult.drafts.parsing.pages import strip_furniture
from consult.drafts.parsing.source import Source

_LEAST_PER_PAGE = 25
_DPI = 300
_MOST_PIXELS = 5000


def read(path: Path, limits: Limits) -> Source:
    """Return the source in the PDF at ``path``.

    Raises UnreadableDocument: ``broken``, ``encrypted``, ``too_many_pages``,
    ``too_much_text`` or ``scan_without_text``.
    """
    pages = _pages(path, limits)
    filled = [sum(map(len, page)) for page in pages]
    if sum(filled) < _LEAST_PER_PAGE * len(pages) or not any(filled):
        raise UnreadableDocument("scan_without_text", pages=len(pages))
    warnings: list[ParsedWarning] = []
    bare = [str(number) for number, size in enumerate(filled, 1) if size == 0]
    if bare:
        params: dict[str, str | int] = {"pages": ", ".join(bare[:20])}
        warnings.append(ParsedWarning("pages_without_text", params=params))
    pages, furniture = strip_furniture(pages)
    return Source(blocks(_raw_lines(pages)), warnings=[*warnings, *furniture])


def _pages(path: Path, limits: Limits) -> list[list[str]]:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        secret = "password" in str(error).lower()
        raise UnreadableDocument("encrypted" if secret else "broken") from None
    count = len(document)
    if count > limits.max_pages:
        raise UnreadableDocument("too_many_pages", limit=limits.max_pages)
    if not count:
        raise UnreadableDocument("empty")
    out: list[list[str]] = []
    size = 0
    for number in range(count):
        text = _page_text(pypdfium2, document, number)
        size += len(text)
        if size > limits.max_text:
            raise UnreadableDocument("too_much_text")
        out.append(text.split("\n"))
    return out


def _page_text(pypdfium2: Any, document: Any, number: int) -> str:
    """Return a page's text; a page that cannot be loaded counts as one without text."""
    try:
        page = document[number]
        textpage = page.get_textpage()
        text: str = textpage.get_text_bounded()
        textpage.close()
        page.close()
    except pypdfium2.PdfiumError:
        return ""
    # U+FFFE stands for a hyphen at a line's end, which the page shows.
    return nfc(text.replace("\ufffe", "-"))


def _raw_lines(pages: list[list[str]]) -> list[RawLine]:
    out: list[RawLine] = []
    for page in pages:
        first = True
        for line in page:
            text = line.strip()
            if text:
                out.append(RawLine(text, 0, len(text), blank_before=first, page_start=first))
                first = False
    return out


def picture(path: Path, number: int) -> bytes:
    """Return page ``number`` (from 0) of the PDF at ``path`` as a grey picture in PGM.

    A page larger than A3 is drawn coarser, so that none needs more than some 35 MB. Raises
    UnreadableDocument ``broken``.
    """
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(path)
        page = document[number]
        width, height = page.get_size()
        scale: Any = min(_DPI / 72, _MOST_PIXELS / max(width, height, 1))
        bitmap = page.render(scale=scale, grayscale=True)
    except pypdfium2.PdfiumError:
        raise UnreadableDocument("broken") from None
    rows = memoryview(bitmap.buffer).cast("B")
    lines = [
        bytes(rows[at * bitmap.stride : at * bitmap.stride + bitmap.width])
        for at in range(bitmap.height)
    ]
    return f"P5 {bitmap.width} {bitmap.height} 255\n".encode() + b"".join(lines)
