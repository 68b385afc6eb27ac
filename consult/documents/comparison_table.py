"""The comparison table of two versions as a Word file: before, after, reason."""

from __future__ import annotations

from collections.abc import Iterator

from consult.documents import layout
from consult.documents.comparison_model import (
    COLUMNS,
    LEGEND,
    NOTHING,
    TITLE,
    ComparisonRow,
    ComparisonTable,
    Side,
    Span,
)
from consult.documents.wordml import Xml, cell, clean_text, paragraph, row, run, split_paragraphs

# Two versions of a text beside each other need the width; the decree lets a document with
# tables lie on its side (Nghị định 30/2020/NĐ-CP, Phụ lục I).
PAGE = layout.LANDSCAPE
_NUMBER_MM = 12.0
_WIDTHS = (
    _NUMBER_MM,
    *((PAGE.text_width - _NUMBER_MM) * share for share in (0.36, 0.36, 0.28)),
)
# Shorter rows move to the next page as a whole; longer ones may break.
_LINES_UNBROKEN = 6
_NONE = "(Không có)"


def render_docx(doc: ComparisonTable) -> bytes:
    """Return ``doc`` as a Word file, byte for byte the same for the same content."""
    blocks = [
        *layout.letterhead(doc.letterhead, PAGE),
        *layout.title_block(TITLE, f"{doc.subject}\n({doc.versions})", PAGE),
        *layout.grid(_WIDTHS, COLUMNS, _rows(doc)),
        *layout.small_print(LEGEND),
        *layout.signature_block(doc.signature, doc.recipients, PAGE),
    ]
    title = f"{TITLE} {doc.subject}"
    return layout.write_docx(blocks, PAGE, title=title, dated=doc.letterhead.date)


def _rows(doc: ComparisonTable) -> list[Xml]:
    if not doc.rows:
        return [row([cell(sum(_WIDTHS), [paragraph("Cell", run(NOTHING))], columns=len(COLUMNS))])]
    return [_row(number, change) for number, change in enumerate(doc.rows, 1)]


def _row(number: int, change: ComparisonRow) -> Xml:
    texts = (change.before.text, change.after.text, change.reason)
    lines = 2 + max(
        layout.lines_needed(text, width - 3.2, "Cell")
        for text, width in zip(texts, _WIDTHS[1:], strict=True)
    )
    reason = [paragraph("Cell", run(f"{change.kind}.", italic=True))]
    reason += [paragraph("Cell", run(line)) for line in split_paragraphs(change.reason)]
    return row(
        (
            cell(_WIDTHS[0], [paragraph("CellNumber", run(str(number)))]),
            cell(_WIDTHS[1], _side(change.before)),
            cell(_WIDTHS[2], _side(change.after)),
            cell(_WIDTHS[3], reason),
        ),
        whole=lines <= _LINES_UNBROKEN,
    )


def _side(side: Side) -> list[Xml]:
    if not side.place:
        return [paragraph("Cell", run(_NONE, italic=True))]
    return [paragraph("CellHead", run(side.place)), *(_paragraph(line) for line in _lines(side))]


def _paragraph(spans: list[Span]) -> Xml:
    return paragraph(
        "Cell",
        *(
            run(
                span.text,
                bold=span.mark == "inserted",
                underlined=span.mark == "inserted",
                struck=span.mark == "deleted",
            )
            for span in spans
        ),
    )


def _lines(side: Side) -> Iterator[list[Span]]:
    """Yield the side's words line by line, each with its marks; cells of a table get a bar."""
    line: list[Span] = []
    for span in side.spans:
        first, *others = clean_text(span.text).replace("\t", " | ").split("\n")
        line.append(Span(first, span.mark))
        for text in others:
            yield from _kept(line)
            line = [Span(text, span.mark)]
    yield from _kept(line)


def _kept(line: list[Span]) -> Iterator[list[Span]]:
    spans = [span for span in line if span.text]
    if any(span.text.strip() for span in spans):
        yield spans
