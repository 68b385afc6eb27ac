"""The comparison table of two versions as a workbook: before, after, reason."""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
# (XlsxWriter is only partly typed.)
from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from consult.documents.comparison_model import (
    COLUMNS,
    LEGEND,
    NOTHING,
    TITLE,
    ComparisonTable,
    Side,
    Span,
)
from consult.documents.points_table import LONGEST_CELL, WORKBOOK_OPTIONS, defuse

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

# Widths of the columns in characters of the default font.
_WIDTHS = (6, 62, 62, 44)
_HEADER_ROW = 3
_LINE_POINTS, _TALLEST_ROW = 15.0, 409.0
_LOOK = {"text_wrap": True, "valign": "top", "border": 1}


class _Looks(NamedTuple):
    cell: Format
    number: Format
    head: Format
    place: Format
    plain: Format
    deleted: Format
    inserted: Format


def render_xlsx(doc: ComparisonTable) -> bytes:
    """Return ``doc`` as a workbook of one sheet with a header that repeats on paper.

    Words on one side only are marked as in the Word file. The same content gives the same bytes.
    """
    import xlsxwriter  # loaded only when somebody asks for a workbook

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {**WORKBOOK_OPTIONS, "in_memory": True})
    book.set_properties({"created": datetime(1980, 1, 1, tzinfo=UTC)})
    looks = _looks(book)
    sheet = book.add_worksheet("So sánh")
    title = book.add_format({"bold": True, "font_size": 14})
    sheet.write_string(0, 0, TITLE, title)
    sheet.write_string(1, 0, defuse(f"{doc.subject} ({doc.versions})"))
    sheet.write_string(2, 0, LEGEND)
    sheet.write_row(_HEADER_ROW, 0, COLUMNS, looks.head)
    for number, change in enumerate(doc.rows, 1):
        at = _HEADER_ROW + number
        reason = "\n".join(part for part in (f"{change.kind}.", change.reason) if part)
        texts = (_text(change.before), _text(change.after), reason)
        sheet.set_row(at, _height(texts))
        sheet.write_number(at, 0, number, looks.number)
        _write(sheet, (at, 1), change.before, looks)
        _write(sheet, (at, 2), change.after, looks)
        sheet.write_string(at, 3, defuse(reason)[:LONGEST_CELL], looks.cell)
    if not doc.rows:
        sheet.write_string(_HEADER_ROW + 1, 1, NOTHING, looks.cell)
    _set_up(sheet)
    book.close()
    return out.getvalue()


def _looks(book: Workbook) -> _Looks:
    return _Looks(
        cell=book.add_format(_LOOK),
        number=book.add_format({**_LOOK, "align": "center"}),
        head=book.add_format({**_LOOK, "bold": True, "align": "center", "bg_color": "#E7EDF3"}),
        place=book.add_format({"bold": True}),
        plain=book.add_format(),
        deleted=book.add_format({"font_strikeout": True, "font_color": "#A3271B"}),
        inserted=book.add_format({"bold": True, "underline": 1, "font_color": "#1C6B41"}),
    )


def _set_up(sheet: Worksheet) -> None:
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width)
    sheet.freeze_panes(_HEADER_ROW + 1, 1)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(_HEADER_ROW)


def _text(side: Side) -> str:
    return defuse(f"{side.place}\n{side.text}") if side.place else ""


def _write(sheet: Worksheet, place: tuple[int, int], side: Side, looks: _Looks) -> None:
    """Write one side with its marks; a text too long for a cell is cut, and has none."""
    text = _text(side)
    spans = [span for span in _clean(side) if span.text]
    if not spans or not side.place or len(text) > LONGEST_CELL // 2:
        sheet.write_string(*place, text[:LONGEST_CELL], looks.cell)
        return
    by_mark = {"": looks.plain, "deleted": looks.deleted, "inserted": looks.inserted}
    rich: list[str | Format] = [looks.place, defuse(side.place) + "\n"]
    for span in spans:
        rich += [by_mark[span.mark], span.text]
    sheet.write_rich_string(*place, *rich, looks.cell)


def _clean(side: Side) -> Iterable[Span]:
    # The place stands before them, so none of them begins the cell.
    return (Span(defuse(span.text).removeprefix("'"), span.mark) for span in side.spans)


def _height(texts: Iterable[str]) -> float:
    lines = max(
        sum(1 + len(line) // width for line in text.split("\n"))
        for text, width in zip(texts, _WIDTHS[1:], strict=True)
    )
    return min(_TALLEST_ROW, lines * _LINE_POINTS)
