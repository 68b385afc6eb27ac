"""Plain text and text copied from web pages."""

from __future__ import annotations

from pathlib import Path

from consult.core.text import nfc
from consult.drafts.parsing.lines import RawLine, blocks
from consult.drafts.parsing.model import ParsedWarning, UnreadableDocument
from consult.drafts.parsing.pages import strip_furniture
from consult.drafts.parsing.source import Source

_CONTROLS_ALLOWED = frozenset("\t\n\r\f\x0b\ufeff")


def read(path: Path) -> Source:
    """Return the source in the text file at ``path``.

    Raises UnreadableDocument: ``bad_encoding``, or ``mislabelled`` for binary data.
    """
    return from_text(decode(path.read_bytes()))


def decode(data: bytes) -> str:
    """Return the text of ``data``: UTF-8 or, with its byte-order mark, UTF-16."""
    encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        raise UnreadableDocument("bad_encoding") from None
    controls = sum(1 for char in text if char < " " and char not in _CONTROLS_ALLOWED)
    if controls > len(text) // 50:
        raise UnreadableDocument("bad_encoding")
    return text


def from_text(text: str) -> Source:
    """Return the source in ``text``, pages parted by form feeds."""
    pages = [nfc(page).expandtabs(8).split("\n") for page in text.split("\f")]
    warnings: list[ParsedWarning] = []
    if len(pages) > 1:
        pages, warnings = strip_furniture(pages)
    lines = raw_lines(pages)
    return Source(blocks(lines), warnings=warnings)


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
