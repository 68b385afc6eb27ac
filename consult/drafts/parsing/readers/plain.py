"""Plain text and text copied from web pages."""

from __future__ import annotations

from pathlib import Path

from consult.core.text import nfc
from consult.drafts.parsing import legacy
from consult.drafts.parsing.lines import RawLine, blocks
from consult.drafts.parsing.model import ParsedWarning, UnreadableDocument
from consult.drafts.parsing.pages import strip_furniture
from consult.drafts.parsing.source import Source, visible

OCR = "ocr"
_CONTROLS_ALLOWED = frozenset("\t\n\r\f\x0b\ufeff")


def read(path: Path, *, scanned: bool = False) -> Source:
    """Return the source in the text file at ``path``; older encodings are converted.

    Raises UnreadableDocument: ``bad_encoding``, or ``mislabelled`` for binary data.
    """
    return from_text(decode(path.read_bytes()), scanned=scanned)


def decode(data: bytes) -> str:
    """Return the text of ``data``: UTF-8, UTF-16 with its byte-order mark, or TCVN3 and VNI
    as characters of Latin-1, of which `from_text` makes Vietnamese."""
    encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
        if not legacy.guess(text):
            raise UnreadableDocument("bad_encoding") from None
    controls = sum(1 for char in text if char < " " and char not in _CONTROLS_ALLOWED)
    if controls > len(text) // 50:
        raise UnreadableDocument("bad_encoding")
    return text


def from_text(text: str, *, scanned: bool = False) -> Source:
    """Return the source in ``text``, pages parted by form feeds.

    ``scanned`` text was recognised in pictures; other text may be TCVN3 or VNI.
    """
    given = text.split("\f")
    reading = OCR if scanned else legacy.guess(text)
    if scanned:
        sample = tuple(("", line) for line in text.split("\n") if len(line.split()) > 3)[:8]
    else:
        found = legacy.recover(given, reading) if reading else given
        sample = legacy.sample(text.split("\n"), "\f".join(found).split("\n"))
        given = found
    pages = [visible(nfc(page)).expandtabs(8).split("\n") for page in given]
    warnings = [ParsedWarning(reading)] if reading else []
    if len(pages) > 1:
        pages, furniture = strip_furniture(pages)
        warnings += furniture
    lines = raw_lines(pages)
    return Source(blocks(lines), warnings=warnings, reading=reading, reading_sample=sample)


def raw_lines(pages: list[list[str]]) -> list[RawLine]:
    """Return the lines of ``pages`` that hold something, with what stood around each."""
    out: list[RawLine] = []
    for page in pages:
        blank = space = False
        first = True
        for line in page:
            text = line.strip()
            if not text:
                blank = blank or line == ""
                space = space or line != ""
                continue
            indent = len(line) - len(line.lstrip())
            out.append(
                RawLine(
                    text, indent, len(text), blank_before=blank,
                    space_before=space or 0 < indent < 3, space_after=line[-1:].isspace(),
                    page_start=first,
                )
            )  # fmt: skip
            blank = space = first = False
    return out
