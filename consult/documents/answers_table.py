"""The plain table of answers to a round's questions, as CSV and as a sheet of a workbook."""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
# (XlsxWriter is only partly typed.)
from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import IO, Any

from consult.documents.model import AnswerRow
from consult.documents.points_table import defuse

HEADINGS = ("Câu hỏi", "Nội dung câu hỏi", "Trả lời", "Chủ thể góp ý", "Tính là", "Tiếp nhận lúc")
SHEET = "Trả lời câu hỏi"
_WIDTHS = (10, 50, 50, 28, 12, 17)
_TIME = "%d/%m/%Y %H:%M"


def write_answers_csv(rows: Iterable[AnswerRow], out: IO[bytes]) -> None:
    """Write the table as CSV: UTF-8 with a byte order mark, commas, lines ended by CR LF."""
    lines = io.TextIOWrapper(out, "utf-8-sig", newline="")
    writer = csv.writer(lines)
    writer.writerow(HEADINGS)
    writer.writerows(_cells(row) for row in rows)
    lines.flush()
    lines.detach()


def add_answers_sheet(rows: Iterable[AnswerRow], book: Any, heading: Any, look: Any) -> None:
    """Add the table to a workbook, in the formats ``heading`` and ``look``; no row, no sheet."""
    cells = [_cells(row) for row in rows]
    if not cells:
        return
    sheet = book.add_worksheet(SHEET)
    sheet.write_row(0, 0, HEADINGS, heading)
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width)
    for place, row in enumerate(cells, 1):
        for column, text in enumerate(row):
            sheet.write_string(place, column, text, look)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, len(cells), len(HEADINGS) - 1)


def _cells(row: AnswerRow) -> list[str]:
    received = f"{row.received_at:{_TIME}}" if row.received_at else ""
    texts = (row.question, row.asked, row.answer, row.contributor, row.voice)
    return [*(defuse(text) for text in texts), received]
