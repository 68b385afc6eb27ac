"""PDF files with a text layer, read through pypdfium2."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportMissingTypeStubs=false
# (pypdfium2 is untyped; this module is its only door.)
from __future__ import annotations

import ctypes
import re
from pathlib import Path
from typing import Any

from consult.core.text import nfc
from consult.drafts.parsing import legacy, notes
from consult.drafts.parsing.lines import RawLine, blocks
from consult.drafts.parsing.model import Limits, ParsedWarning, UnreadableDocument
from consult.drafts.parsing.pages import strip_furniture
from consult.drafts.parsing.readers import glyphs
from consult.drafts.parsing.source import Source, visible

_LEAST_PER_PAGE = 25
_LONGEST_NAME = 200
_HYPHEN = re.compile(r"(?<=[^\W\d_])\ufffe")
_SOFT_HYPHEN = 2
_DPI = 300
_MOST_PIXELS = 5000


def read(path: Path, limits: Limits) -> Source:
    """Return the source in the PDF at ``path``.

    Raises UnreadableDocument: ``broken``, ``encrypted``, ``too_many_pages``,
    ``too_much_text``, ``scan_without_text`` or ``garbled_text``.
    """
    texts, heights = _pages(path, limits)
    # U+FFFE or U+0002 stands for a hyphen and the line end after it; the code of ư is such a
    # hyphen.
    texts = [text.replace(chr(_SOFT_HYPHEN), "\ufffe") for text in texts]
    reading = legacy.guess("\n".join(texts))
    if reading == legacy.TCVN3:
        texts = [_HYPHEN.sub("\xad\n", text) for text in texts]
    texts = [text.replace("\ufffe", "-") for text in texts]
    if reading:
        found = _recovered(path, texts, reading)
    else:
        found = [text.replace("\xad", "-") for text in texts]
    sample = legacy.sample("\n".join(texts).split("\n"), "\n".join(found).split("\n"))
    pages = [visible(nfc(text)).split("\n") for text in found]
    filled = [sum(map(len, page)) for page in pages]
    if sum(filled) < _LEAST_PER_PAGE * len(pages) or not any(filled):
        raise UnreadableDocument("scan_without_text", pages=len(pages))
    if legacy.is_garbled("\n".join(map("\n".join, pages))):
        raise UnreadableDocument("garbled_text", pages=len(pages))
    warnings = [ParsedWarning(reading)] if reading else []
    bare = [str(number) for number, size in enumerate(filled, 1) if size == 0]
    if bare:
        params: dict[str, str | int] = {"pages": ", ".join(bare[:20])}
        warnings.append(ParsedWarning("pages_without_text", params=params))
    heights = [  # unknown where a page's lines were told anew
        letters if len(letters) == len(page) else [0.0] * len(page)
        for letters, page in zip(heights, pages, strict=True)
    ]
    pages, feet = notes.set_apart(pages, heights)
    pages, furniture = strip_furniture(pages)
    return Source(
        blocks(_raw_lines(pages, feet)), warnings=[*warnings, *furniture], reading=reading,
        reading_sample=sample,
    )  # fmt: skip


def _pages(path: Path, limits: Limits) -> tuple[list[str], list[list[float]]]:
    """Return each page's text and the heights of its lines' letters."""
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
    texts: list[str] = []
    heights: list[list[float]] = []
    size = 0
    for number in range(count):
        text, letters = _page_text(pypdfium2, document, number)
        size += len(text)
        if size > limits.max_text:
            raise UnreadableDocument("too_much_text")
        texts.append(text)
        heights.append(letters)
    return texts, heights


def _page_text(pypdfium2: Any, document: Any, number: int) -> tuple[str, list[float]]:
    """Return a page's text, raised footnote marks in brackets, and its lines' letter heights;
    a page that cannot be loaded counts as one without text."""
    try:
        page = document[number]
        textpage = page.get_textpage()
        text: str = textpage.get_text_bounded()
        lines = glyphs.measured(textpage, text)
        textpage.close()
        page.close()
    except pypdfium2.PdfiumError:
        return "", []
    return "\n".join(line for line, _ in lines), [height for _, height in lines]


def _recovered(path: Path, texts: list[str], reading: str) -> list[str]:
    """Return the pages' text in Unicode; fonts tell which letters TCVN3 shows as capitals."""
    import pypdfium2

    if reading != legacy.TCVN3:
        return legacy.recover(texts, reading)
    try:
        document = pypdfium2.PdfDocument(path)
        found = [_by_fonts(pypdfium2.raw, document[at].get_textpage()) for at in range(len(texts))]
    except pypdfium2.PdfiumError:
        found = []
    same = [page.count("\n") for page in found] == [page.count("\n") for page in texts]
    return found if same and any(map(legacy.is_unicode, found)) else legacy.recover(texts, reading)


def _by_fonts(raw: Any, textpage: Any) -> str:
    """Return a page's text, what stands in TCVN3 fonts converted."""
    name = ctypes.create_string_buffer(_LONGEST_NAME)
    flags = ctypes.c_int()
    chars: list[str] = []
    typed: list[tuple[str, bool]] = []
    for at in range(raw.FPDFText_CountChars(textpage)):
        code = raw.FPDFText_GetUnicode(textpage, at)
        chars.append("\ufffe" if code == _SOFT_HYPHEN else chr(code))
        raw.FPDFText_GetFontInfo(textpage, at, name, _LONGEST_NAME, flags)
        font = name.value.decode("utf-8", "replace").rpartition("+")[2]
        typed.append(legacy.family(font))
    text = _HYPHEN.sub("\xad", legacy.with_soft_hyphens("".join(chars)))
    out: list[str] = []
    for given, char, (encoding, capitals) in zip(chars, text, typed, strict=True):
        letter = legacy.convert(char, encoding) if encoding == legacy.TCVN3 else char
        out.append(letter.upper() if capitals else letter)
        if given == "\ufffe":
            out.append("\n" if char == "\xad" else "-")
    return "".join(out).replace("\ufffe-", "-")


def _raw_lines(pages: list[list[str]], feet: list[list[str]]) -> list[RawLine]:
    out: list[RawLine] = []
    for page, foot in zip(pages, feet, strict=True):
        first = True
        for line in page:
            text = line.strip()
            if text:
                out.append(RawLine(text, 0, len(text), blank_before=first, page_start=first))
                first = False
        out += [RawLine(note, note=True) for note in foot]
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
