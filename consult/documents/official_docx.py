"""An official document of running text as a Word file."""

from __future__ import annotations

from collections.abc import Sequence

from consult.documents import layout
from consult.documents.official import (
    SHADES,
    Bars,
    Block,
    Heading,
    Official,
    Quote,
    Table,
    Words,
    counted,
)
from consult.documents.wordml import (
    Xml,
    cell,
    footnote,
    footnote_mark,
    keep_with_next,
    paragraph,
    row,
    run,
    split_paragraphs,
    table,
)

PAGE = layout.PORTRAIT
# Shorter rows of a table move to the next page as a whole; longer ones may break.
_LINES_UNBROKEN = 14
# A chart's bars are cells that span some of so many narrow columns.
_STEPS = 60
_NAME_MM, _NUMBERS_MM = 52.0, 38.0


def render_docx(doc: Official) -> bytes:
    """Return ``doc`` as a Word file, byte for byte the same for the same content."""
    notes: list[Xml] = []
    blocks = [
        *layout.letterhead(doc.letterhead, PAGE),
        *layout.title_block(doc.title, doc.subject, PAGE),
        *(paragraph("State", run(line)) for line in split_paragraphs(doc.state)),
        *(xml for block in doc.blocks for xml in _block(block, notes)),
        *_signed(doc),
        *(xml for line in doc.small_print for xml in layout.small_print(line)),
    ]
    for annex in doc.annexes:
        blocks.append(paragraph("Annex", run(annex.title), keep_next=True))
        blocks += [xml for block in annex.blocks for xml in _block(block, notes)]
    title = f"{doc.title} {doc.subject}"
    dated = doc.letterhead.date
    return layout.write_docx(blocks, PAGE, title=title, dated=dated, footnotes=notes)


def _block(block: Block, notes: list[Xml]) -> list[Xml]:
    if isinstance(block, Heading):
        return layout.section_heading(block.text)
    if isinstance(block, Table):
        return _table(block)
    if isinstance(block, Quote):
        return _quote(block, notes)
    if isinstance(block, Bars):
        return _bars(block)
    return _words(block)


def _quote(quote: Quote, notes: list[Xml]) -> list[Xml]:
    """Return the words and add their footnote to ``notes``."""
    notes.append(footnote(len(notes) + 1, quote.note))
    *before, last = split_paragraphs(quote.text) or [""]
    said = [paragraph("Quote", run(line)) for line in before]
    return [*said, paragraph("Quote", run(last), footnote_mark(len(notes)))]


def _bars(bars: Bars) -> list[Xml]:
    step = (PAGE.text_width - _NAME_MM - _NUMBERS_MM) / _STEPS
    gap = row([cell(PAGE.text_width, [paragraph("Gap")], columns=_STEPS + 2)], whole=True)
    rows = [_legend(bars.parts), _bars_head(bars, step)]
    for name, counts in bars.rows:
        rows += [gap, _bar(name, counts, bars.longest, step)]
    chart = table([_NAME_MM, *[step] * _STEPS, _NUMBERS_MM], rows, lines=False)
    return [paragraph("Gap", keep_next=True), keep_with_next(chart), paragraph("Gap")]


def _legend(parts: Sequence[str]) -> Xml:
    """Return the row that says what the shades mean."""
    runs = [
        side
        for shade, part in zip(SHADES, parts, strict=False)
        for side in (run("■ ", colour=shade), run(f"{part}      "))
    ]
    told = cell(PAGE.text_width, [paragraph("ChartName", *runs)], columns=_STEPS + 2)
    return row([told], header=True, whole=True)


def _bars_head(bars: Bars, step: float) -> Xml:
    name, numbers = bars.heads
    cells = [
        cell(_NAME_MM, [paragraph("ChartName", run(name, bold=True))]),
        cell(step * _STEPS, [paragraph("Gap")], columns=_STEPS),
        cell(_NUMBERS_MM, [paragraph("ChartNumbers", run(numbers, bold=True))]),
    ]
    return row(cells, header=True, whole=True)


def _bar(name: str, counts: tuple[int, ...], longest: int, step: float) -> Xml:
    """Return one row; what was counted at all is seen, be it ever so little."""
    spans = [count and max(1, round(count * _STEPS / longest)) for count in counts]
    while sum(spans) > _STEPS:
        spans[spans.index(max(spans))] -= 1
    drawn = [*zip(spans, SHADES, strict=False), (_STEPS - sum(spans), "")]
    bar = [
        cell(step * span, [paragraph("Gap")], columns=span, shade=shade)
        for span, shade in drawn
        if span
    ]
    told = [paragraph("ChartNumbers", run(counted(counts)))]
    named = [paragraph("ChartName", run(name))]
    return row([cell(_NAME_MM, named), *bar, cell(_NUMBERS_MM, told)], whole=True)


def _words(words: Words) -> list[Xml]:
    lines = split_paragraphs(words.text)
    if not words.lead or not lines:
        return layout.text_block(words.text, keep_next=words.keep)
    lead = run(f"{words.lead} ", italic=True)
    first = paragraph("Text", lead, run(lines[0]), keep_next=words.keep)
    return [first, *layout.text_block("\n".join(lines[1:]), keep_next=words.keep)]


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
    if not doc.signatures:
        return []
    if doc.recipients:
        return layout.signature_block(doc.signatures[0], doc.recipients, PAGE)
    sides = [layout.signature_lines(one) for one in doc.signatures]
    left, right = sides if len(sides) == 2 else ([], sides[0])
    gap = paragraph("Gap", keep_next=True)
    return [gap, layout.two_columns(PAGE, PAGE.text_width * 0.5, left, right)]
