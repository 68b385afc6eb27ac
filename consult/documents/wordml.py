"""Pieces of WordprocessingML: text becomes markup here and nowhere else.

`Xml` marks a string that is already markup. Only this module makes one, so the type checker
refuses raw text where markup is expected, and a person's text can never become a tag or a field.
Strings are joined instead of building elements one by one: a table of 2,000 opinions takes a
fraction of a second this way.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Literal, NewType
from xml.sax.saxutils import escape, quoteattr

Xml = NewType("Xml", str)

NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"

# Everything outside the Char production of XML 1.0, section 2.2.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def clean_text(text: str) -> str:
    """Return ``text`` without the characters that XML 1.0 forbids (controls, surrogates)."""
    return _ILLEGAL.sub("", text)


def split_paragraphs(text: str) -> list[str]:
    """Return the lines of ``text``, cleaned and trimmed, without the empty ones."""
    lines = (clean_text(line).strip() for line in text.splitlines())
    return [line for line in lines if line]


def twips(millimetres: float) -> int:
    """Return millimetres in twentieths of a point, the unit of lengths in WordprocessingML."""
    return round(millimetres * 1440 / 25.4)


def run(
    text: str,
    *,
    bold: bool = False,
    italic: bool = False,
    struck: bool = False,
    underlined: bool = False,
    colour: str = "",
) -> Xml:
    """Return ``text`` as one run; its look adds to what the paragraph's style says.

    ``colour`` is six hexadecimal digits.
    """
    look = (
        ("<w:b/>" if bold else "")
        + ("<w:i/>" if italic else "")
        + ("<w:strike/>" if struck else "")
        + (f'<w:color w:val="{colour}"/>' if colour else "")
        + ('<w:u w:val="single"/>' if underlined else "")
    )
    properties = f"<w:rPr>{look}</w:rPr>" if look else ""
    body = escape(clean_text(text).replace("\n", " "))
    return Xml(f'<w:r>{properties}<w:t xml:space="preserve">{body}</w:t></w:r>')


def page_number() -> Xml:
    """Return the field that prints the number of the page it stands on."""
    return Xml(
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        '<w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>2</w:t></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def footnote_mark(number: int) -> Xml:
    """Return the sign in the text that leads to the footnote of that number."""
    return Xml(
        '<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr>'
        f'<w:footnoteReference w:id="{number}"/></w:r>'
    )


def footnote(number: int, text: str) -> Xml:
    """Return the footnote of that number, from 1."""
    sign = '<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:footnoteRef/></w:r>'
    body = paragraph("Footnote", Xml(sign), run(f" {text}"))
    return Xml(f'<w:footnote w:id="{number}">{body}</w:footnote>')


def control(
    tag: str, name: str, prompt: str, *, choices: Sequence[tuple[str, str]] | None = None
) -> Xml:
    """Return an empty field to fill in on a screen; ``prompt`` stands in it and gives way.

    ``tag`` (at most 64 characters, which Word allows) is what a reader of the file finds it by,
    ``name`` what a person sees on it. With ``choices`` (value, words) it is a list to choose
    from, else it takes text of several lines. It stands inside a paragraph: LibreOffice keeps
    no others, and 7.4 no tags either, so the tag is in the name and the choices' values as well.
    """
    if choices is None:
        kind = '<w:text w:multiLine="1"/>'
    else:
        items = "".join(
            f"<w:listItem w:displayText={_quoted(words)} w:value={_quoted(f'{tag}:{value}')}/>"
            for value, words in choices
        )
        kind = f"<w:dropDownList>{items}</w:dropDownList>"
    shown = run(prompt).replace("<w:r>", '<w:r><w:rPr><w:color w:val="767676"/></w:rPr>', 1)
    properties = _named(tag, name) + '<w:lock w:val="sdtLocked"/><w:showingPlcHdr/>' + kind
    return Xml(
        f"<w:sdt><w:sdtPr>{properties}</w:sdtPr><w:sdtContent>{shown}</w:sdtContent></w:sdt>"
    )


def marked(tag: str, name: str, text: str) -> Xml:
    """Return ``text`` as a field that nobody can change, found by its ``tag``."""
    properties = _named(tag, name) + '<w:lock w:val="sdtContentLocked"/><w:text/>'
    content = run(text)
    return Xml(
        f"<w:sdt><w:sdtPr>{properties}</w:sdtPr><w:sdtContent>{content}</w:sdtContent></w:sdt>"
    )


def _named(tag: str, name: str) -> str:
    return f"<w:alias w:val={_quoted(f'{name} [{tag}]')}/><w:tag w:val={_quoted(tag)}/>"


def _quoted(text: str) -> str:
    return quoteattr(clean_text(text))


def paragraph(style: str, *runs: Xml, indent_mm: float = 0, keep_next: bool = False) -> Xml:
    """Return a paragraph in the style with id ``style``.

    ``indent_mm`` narrows it on both sides; ``keep_next`` holds it on one page with what follows.
    """
    keep = "<w:keepNext/>" if keep_next else ""
    side = twips(indent_mm)
    indent = f'<w:ind w:left="{side}" w:right="{side}"/>' if side else ""
    properties = f'<w:pPr><w:pStyle w:val="{style}"/>{keep}{indent}</w:pPr>'
    return Xml(f"<w:p>{properties}{''.join(runs)}</w:p>")


def keep_with_next(block: Xml) -> Xml:
    """Return ``block`` with every paragraph in it held on one page with what follows."""
    loose = re.compile(r'(<w:pStyle w:val="\w+"/>)(?!<w:keepNext/>)')
    return Xml(loose.sub(r"\1<w:keepNext/>", block))


def cell(
    width_mm: float,
    paragraphs: Sequence[Xml],
    *,
    merge: Literal["start", "continue"] | None = None,
    centred: bool = False,
    columns: int = 1,
    shade: str = "",
) -> Xml:
    """Return a table cell.

    ``merge`` "start" opens a cell merged downwards, "continue" goes on with the one above.
    ``centred`` centres it vertically; ``columns`` is the number of grid columns it spans;
    ``shade`` is its ground as six hexadecimal digits.
    """
    span = f'<w:gridSpan w:val="{columns}"/>' if columns > 1 else ""
    merged = {None: "", "start": '<w:vMerge w:val="restart"/>', "continue": "<w:vMerge/>"}[merge]
    align = '<w:vAlign w:val="center"/>' if centred else ""
    ground = f'<w:shd w:val="clear" w:color="auto" w:fill="{shade}"/>' if shade else ""
    width = f'<w:tcW w:w="{twips(width_mm)}" w:type="dxa"/>'
    # A cell without any paragraph is an invalid file.
    content = "".join(paragraphs) or "<w:p/>"
    return Xml(f"<w:tc><w:tcPr>{width}{span}{merged}{ground}{align}</w:tcPr>{content}</w:tc>")


def row(
    cells: Iterable[Xml], *, header: bool = False, whole: bool = False, height_mm: float = 0
) -> Xml:
    """Return a table row; ``header`` repeats it on every page, ``whole`` forbids breaking it.

    It is at least ``height_mm`` high.
    """
    # The schema wants cantSplit before trHeight and tblHeader.
    flags = "<w:cantSplit/>" if whole else ""
    if height_mm:
        flags += f'<w:trHeight w:val="{twips(height_mm)}" w:hRule="atLeast"/>'
    flags += "<w:tblHeader/>" if header else ""
    properties = f"<w:trPr>{flags}</w:trPr>" if flags else ""
    return Xml(f"<w:tr>{properties}{''.join(cells)}</w:tr>")


def table(widths_mm: Sequence[float], rows: Iterable[Xml], *, lines: bool) -> Xml:
    """Return a table of fixed column widths, with thin lines or without any."""
    edges = ("top", "left", "bottom", "right", "insideH", "insideV")
    kind = 'w:val="single" w:sz="4" w:space="0" w:color="auto"' if lines else 'w:val="nil"'
    borders = "".join(f"<w:{edge} {kind}/>" for edge in edges)
    padding = twips(1.6 if lines else 0)
    grid = "".join(f'<w:gridCol w:w="{twips(width)}"/>' for width in widths_mm)
    return Xml(
        f'<w:tbl><w:tblPr><w:tblW w:w="{twips(sum(widths_mm))}" w:type="dxa"/>'
        f"<w:tblBorders>{borders}</w:tblBorders>"
        f'<w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="{padding}" w:type="dxa"/>'
        f'<w:right w:w="{padding}" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )
