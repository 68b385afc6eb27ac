"""The plain table of all points, as XLSX and CSV, safe to open in a spreadsheet program."""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
# (XlsxWriter is only partly typed; this module and comparison_sheet are its doors.)
from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from consult.documents.model import PointRow
from consult.documents.wordml import clean_text

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

HEADINGS = (
    "Mã ý kiến",
    "Điều khoản",
    "Quan điểm",
    "Loại ý kiến",
    "Nội dung góp ý",
    "Đề nghị sửa thành",
    "Chủ thể góp ý",
    "Tiếp nhận lúc",
    "Kết quả xử lý",
    "Nội dung giải trình",
    "Số người đồng tình",
    "Số người không đồng tình",
    "Bị ẩn vì",
    "Đồng ký (góp ý tập thể)",
    "Ý kiến bảo lưu (góp ý tập thể)",
    "Tài liệu kèm theo",
    "Hình thức gửi",
)

_LOOK = {"text_wrap": True, "valign": "top", "border": 1}
WORKBOOK_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "remove_timezone": True,
}
# Widths of the columns in characters of the default font.
_WIDTHS = (14, 26, 16, 18, 60, 45, 28, 17, 20, 55, 12, 12, 28, 36, 45, 40, 24)
_RECEIVED_COLUMN = HEADINGS.index("Tiếp nhận lúc")
_FILES_COLUMN = HEADINGS.index("Tài liệu kèm theo")
_NUMBERS = (HEADINGS.index("Số người đồng tình"), HEADINGS.index("Số người không đồng tình"))
_LINE_POINTS = 15.0
# Limits of the file format: the height of a row in points, the length of a cell in characters.
_TALLEST_ROW = 409.0
LONGEST_CELL = 32_767
_CUT = " […] (dài hơn giới hạn một ô bảng tính; toàn văn có trong tệp CSV)"

# What makes a spreadsheet program read a cell as a formula: OWASP, "CSV Injection". The wide
# forms are what East Asian input methods type, and some programs accept them.
_FORMULA_STARTS = tuple("=+-@\t\r\n＝＋－＠")


def defuse(text: str) -> str:
    """Return ``text`` so that no spreadsheet program takes it for a formula.

    Characters that XML forbids are removed first, for one of them might hide the sign; then a
    text that starts like a formula gets an apostrophe in front.
    """
    cleaned = clean_text(text)
    return f"'{cleaned}" if cleaned.startswith(_FORMULA_STARTS) else cleaned


def render_csv(rows: Iterable[PointRow]) -> bytes:
    """Return the table as CSV: UTF-8 with a byte order mark, commas, lines ended by CR LF."""
    out = io.BytesIO()
    lines = io.TextIOWrapper(out, "utf-8-sig", newline="")  # not a second whole text beside it
    writer = csv.writer(lines)
    writer.writerow(HEADINGS)
    for row in rows:
        received = f"{row.received_at:%d/%m/%Y %H:%M}" if row.received_at else ""
        texts = [defuse(text) for text in _texts(row)]
        texts.insert(_RECEIVED_COLUMN, received)
        writer.writerow(texts)
    lines.flush()
    return out.getvalue()


def render_xlsx(
    rows: Iterable[PointRow], add_sheets: Callable[[Any, Any, Any], None] | None = None
) -> bytes:
    """Return the table as a workbook: frozen and filtered header, wrapped text.

    The time of receipt is a real date, so it sorts. The same rows give the same bytes.
    ``add_sheets`` gets the workbook and its formats of headings and of text.
    """
    import xlsxwriter  # loaded only when somebody asks for a workbook

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, WORKBOOK_OPTIONS)
    book.set_properties({"created": datetime(1980, 1, 1, tzinfo=UTC)})
    heading = book.add_format({**_LOOK, "bold": True, "align": "center", "bg_color": "#E7EDF3"})
    text_format = book.add_format(_LOOK)
    link_format = book.add_format({**_LOOK, "font_color": "#0B5394", "underline": 1})
    time_format = book.add_format({**_LOOK, "num_format": "dd/mm/yyyy hh:mm"})
    sheet = book.add_worksheet("Góp ý")
    sheet.write_row(0, 0, HEADINGS, heading)
    last = 0
    for last, row in enumerate(rows, start=1):
        texts = [_fit(defuse(text)) for text in _texts(row)]
        texts.insert(_RECEIVED_COLUMN, "")
        sheet.set_row(last, _height(texts))
        for column, text in enumerate(texts):
            if column in _NUMBERS:
                sheet.write_number(last, column, int(text), text_format)
            else:
                sheet.write_string(last, column, text, text_format)
        if row.files and row.page:
            sheet.write_url(last, _FILES_COLUMN, row.page, link_format, texts[_FILES_COLUMN])
        if row.received_at:
            sheet.write_datetime(last, _RECEIVED_COLUMN, row.received_at, time_format)
    _set_up_sheet(sheet, last)
    if add_sheets is not None:
        add_sheets(book, heading, text_format)
    book.close()
    return out.getvalue()


def _set_up_sheet(sheet: Worksheet, last_row: int) -> None:
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, last_row, len(HEADINGS) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _texts(row: PointRow) -> tuple[str, ...]:
    """Return the columns that hold text, in order; the time of receipt is not among them."""
    return (
        row.code,
        row.provision,
        row.stance,
        row.kind,
        row.content,
        row.proposed_wording,
        row.contributor,
        row.disposition,
        row.reason,
        str(row.agree),
        str(row.disagree),
        row.hidden,
        row.cosigners,
        row.dissents,
        row.files,
        row.channel,
    )


def _fit(text: str) -> str:
    # A spreadsheet counts UTF-16 units; past its limit the whole cell would be lost in silence.
    units = text.encode("utf-16-le")
    if len(units) <= 2 * LONGEST_CELL:
        return text
    kept = units[: 2 * (LONGEST_CELL - len(_CUT))].decode("utf-16-le", errors="ignore")
    return kept + _CUT


def _height(texts: Sequence[str]) -> float:
    lines = max(
        sum(1 + len(line) // width for line in text.split("\n"))
        for text, width in zip(texts, _WIDTHS, strict=True)
    )
    return min(lines * _LINE_POINTS, _TALLEST_ROW)
