"""An official document of running text as a Word file."""

from __future__ import annotations

from consult.documents import layout
from consult.documents.official import Block, Heading, Official, Table, Words
from consult.documents.wordml import Xml, cell, paragraph, row, run, split_paragraphs

PAGE = layout.PORTRAIT
# Shorter rows of a table move to the next page as a whole; longer ones may break.
_LINES_UNBROKEN = 14


def render_docx(doc: Official) -> bytes:
    """Return ``doc`` as a Word file, byte for byte the same for the same content."""
    blocks = [
        *layout.letterhead(doc.letterhead, PAGE),
        *layout.title_block(doc.title, doc.subject, PAGE),
        *(paragraph("State", run(line)) for line in split_paragraphs(doc.state)),
        *(xml for block in doc.blocks for xml in _block(block)),
        *_signed(doc),
        *(xml for line in doc.small_print for xml in layout.small_print(line)),
    ]
    title = f"{doc.title} {doc.subject}"
    return layout.write_docx(blocks, PAGE, title=title, dated=doc.letterhead.date)


def _block(block: Block) -> list[Xml]:
    if isinstance(block, Heading):
        return layout.section_heading(block.text)
    if isinstance(block, Table):
        return _table(block)
    return _words(block)


def _words(words: Words) -> list[Xml]:
    lines = split_paragraphs(words.text)
    if not words.lead or not lines:
        return layout.text_block(words.text)
    first = paragraph("Text", run(f"{words.lead} ", italic=True), run(lines[0]))
    return [first, *layout.text_block("\n".join(lines[1:]))]


def _table(table: Table) -> list[Xml]:
    widths = [PAGE.text_width * column.share for column in table.columns]
    rows = [_row(table, widths, texts) for texts in table.rows]
    return layout.grid(widths, [column.name for column in table.columns], rows)


def _row(table: Table, widths: list[float], texts: tuple[str, ...]) -> Xml:
    styles = ["CellNumber" if c.align == "center" else "Cell" for c in table.columns]
    cells = [
        cell(width, [paragraph(style, run(line)) for line in split_paragraphs(text)])
        for width, style, text in zip(widths, styles, texts, strict=True)
    ]
    lines = max(
        layout.lines_needed(text, width - 3.2, "Cell")
        for width, text in zip(widths, texts, strict=True)
    )
    return row(cells, whole=lines <= _LINES_UNBROKEN)


def _signed(doc: Official) -> list[Xml]:
    if doc.recipients:
        return layout.signature_block(doc.signatures[0], doc.recipients, PAGE)
    sides = [layout.signature_lines(one) for one in doc.signatures]
    left, right = sides if len(sides) == 2 else ([], sides[0])
    gap = paragraph("Gap", keep_next=True)
    return [gap, layout.two_columns(PAGE, PAGE.text_width * 0.5, left, right)]
