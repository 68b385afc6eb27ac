"""Filling the Word form of a round as a person does in a word processor."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

MAIN = "word/document.xml"
FIELD = r'<w:sdt><w:sdtPr>(?:(?!</w:sdtPr>).)*?<w:tag w:val="{tag}"/>.*?</w:sdt>'


def body(data: bytes) -> str:
    """Return the main part of a Word file."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(MAIN).decode()


def with_body(data: bytes, markup: str) -> bytes:
    """Return the Word file with another main part."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            new.writestr(name, markup.encode() if name == MAIN else old.read(name))
    return made.getvalue()


def typed(markup: str, tag: str, text: str) -> str:
    """Return the markup with the field filled as Word does it."""
    found = re.search(FIELD.format(tag=re.escape(tag)), markup, re.DOTALL)
    assert found is not None, tag
    head, _, _ = found[0].partition("<w:sdtContent>")
    pieces = [
        "".join(
            "<w:tab/>" if part == "\t" else f'<w:t xml:space="preserve">{escape(part)}</w:t>'
            for part in re.split("(\t)", line)
            if part
        )
        for line in text.split("\n")
    ]
    content = f"<w:sdtContent><w:r>{'<w:br/>'.join(pieces)}</w:r></w:sdtContent></w:sdt>"
    filled = head.replace("<w:showingPlcHdr/>", "") + content
    return markup[: found.start()] + filled + markup[found.end() :]


def as_libreoffice(markup: str) -> str:
    """Return the main part as LibreOffice 7.4 saves it anew.

    It writes no tags, of lists no names either, and takes a text field's prompt for its text.
    """

    def saved(found: re.Match[str]) -> str:
        properties = re.sub(r"<w:(tag|lock) [^>]*/>", "", found[0])
        if "<w:dropDownList>" in properties:
            return re.sub(r"<w:alias [^>]*/>", "", properties)
        return properties.replace("<w:showingPlcHdr/>", "")

    return re.sub(r"<w:sdtPr>.*?</w:sdtPr>", saved, markup, flags=re.DOTALL)


def fill(data: bytes, points: Sequence[tuple[str, Mapping[str, str]]]) -> bytes:
    """Return the form with the points, as (slot, fields), each in a table of its own.

    For a further point on the same place the empty table is copied, as the form advises.
    """
    markup = body(data)
    by_slot: dict[str, list[Mapping[str, str]]] = {}
    for slot, fields in points:
        by_slot.setdefault(slot, []).append(fields)
    for slot, many in by_slot.items():
        start = markup.rindex("<w:tbl>", 0, markup.index(f'w:val="{slot}.'))
        end = markup.index("</w:tbl>", start) + len("</w:tbl>")
        empty = markup[start:end]
        tables: list[str] = []
        for fields in many:
            table = empty
            for name, text in fields.items():
                table = typed(table, f"{slot}.{name}", text)
            tables.append(table)
        markup = markup[:start] + "<w:p/>".join(tables) + markup[end:]
    return with_body(data, markup)
