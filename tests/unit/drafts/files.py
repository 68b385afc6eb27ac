"""Small Word files for tests, written part by part."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import escape

import pypdfium2

DATA = Path(__file__).resolve().parents[2] / "data" / "drafts"
NS = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
TYPES = (
    '<?xml version="1.0" encoding="UTF-8"?><Types xmlns='
    '"http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" '
    'ContentType="application/xml"/></Types>'
)


def run(text: str, properties: str = "") -> str:
    """A run of text; line feeds become line breaks."""
    pieces = "<w:br/>".join(
        f'<w:t xml:space="preserve">{escape(piece)}</w:t>' for piece in text.split("\n")
    )
    return f"<w:r>{f'<w:rPr>{properties}</w:rPr>' if properties else ''}{pieces}</w:r>"


def paragraph(text: str, *, level: tuple[int, int] | None = None, style: str = "") -> str:
    """A paragraph; ``level`` is (numId, ilvl)."""
    properties = f'<w:pStyle w:val="{style}"/>' if style else ""
    if level:
        properties += (
            f'<w:numPr><w:ilvl w:val="{level[1]}"/><w:numId w:val="{level[0]}"/></w:numPr>'
        )
    return f"<w:p><w:pPr>{properties}</w:pPr>{run(text)}</w:p>"


def table(rows: Sequence[Sequence[str]]) -> str:
    """A table of one paragraph a line in each cell."""
    body = "".join(
        "<w:tr>"
        + "".join(
            f"<w:tc>{''.join(paragraph(line) for line in cell.split(chr(10)))}</w:tc>"
            for cell in row
        )
        + "</w:tr>"
        for row in rows
    )
    return f"<w:tbl>{body}</w:tbl>"


def docx(body: str | Sequence[str], **parts: str) -> bytes:
    """A Word file; ``parts`` are further members of word/ by name without .xml."""
    if not isinstance(body, str):
        body = "".join(item if item.startswith("<w:") else paragraph(item) for item in body)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        archive.writestr(
            "word/document.xml", f"<w:document {NS}><w:body>{body}</w:body></w:document>"
        )
        for name, text in parts.items():
            archive.writestr(f"word/{name}.xml", text)
    return out.getvalue()


def numbering(levels: Sequence[tuple[str, str]], extra: str = "") -> str:
    """A numbering part: list 1 with ``levels`` of (format, text); ``extra`` more w:num."""
    body = "".join(
        f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
        for at, (form, text) in enumerate(levels)
    )
    return (
        f'<w:numbering {NS}><w:abstractNum w:abstractNumId="7">{body}</w:abstractNum>'
        f'<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num>{extra}</w:numbering>'
    )


def squeeze(text: str) -> str:
    """The text without white space."""
    return "".join(text.split())


def scanned(name: str, *, pages: int, dpi: int = 200) -> bytes:
    """The first ``pages`` of a shared PDF as a scanner makes them: pictures, no text."""
    source, target = pypdfium2.PdfDocument(DATA / name), pypdfium2.PdfDocument.new()
    for number in range(pages):
        bitmap = source[number].render(scale=dpi / 72, grayscale=True)
        width, height = source[number].get_size()
        picture = pypdfium2.PdfImage.new(target)
        picture.set_bitmap(bitmap)
        picture.set_matrix(pypdfium2.PdfMatrix().scale(width, height))
        page = target.new_page(width, height)
        page.insert_obj(picture)
        page.gen_content()
    out = io.BytesIO()
    target.save(out)
    return out.getvalue()
