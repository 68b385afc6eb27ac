"""The plain table of all points, as XLSX and CSV, safe to open in a spreadsheet program."""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
# (XlsxWriter is only partly typed; this module and comparison_sheet are its doors.)
from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from consult.documents.model import PointRow
from consult.documents.wordml import clean_text

if TYPE_CHECKING:
    from xlsxwriter.format import Format
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
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "remove_timezone": True,
}
# Rows are kept in temporary files, not in memory: tables may be long.
LONG_WORKBOOK_OPTIONS = {**WORKBOOK_OPTIONS, "constant_memory": True}
# Widths of the columns in characters of the default font.
_WIDTHS = (14, 26, 16, 18, 60, 45, 28, 17, 20, 55, 12, 12, 28, 36, 45, 40, 24)
_RECEIVED_COLUMN = HEADINGS.index("Tiếp nhận lúc")
_FILES_COLUMN = HEADINGS.index("Tài liệu kèm theo")
_NUMBERS = (HEADINGS.index("Số người đồng tình"), HEADINGS.index("Số người không đồng tình"))
_LINE_POINTS = 15.0
# Limits of the file format: the height of a row in points, the length of a cell in characters.
_TALLEST_ROW = 409.0
LONGEST_CELL = 32_767
_MOST_LINKS = 65_000  # of a sheet
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


def write_csv(rows: Iterable[PointRow], out: IO[bytes]) -> None:
    """Write the table as CSV: UTF-8 with a byte order mark, commas, lines ended by CR LF."""
    lines = io.TextIOWrapper(out, "utf-8-sig", newline="")  # not a second whole text beside it
    writer = csv.writer(lines)
    writer.writerow(HEADINGS)
    for row in rows:
        received = f"{row.received_at:%d/%m/%Y %H:%M}" if row.received_at else ""
        texts = [defuse(text) for text in _texts(row)]
        texts.insert(_RECEIVED_COLUMN, received)
        writer.writerow(texts)
    lines.flush()
    lines.detach()


class _Looks(NamedTuple):
    heading: Format
    text: Format
    link: Format
    time: Format


class _Sheet:
    """One sheet of points, written row by row: nothing of a row stays in memory."""

    def __init__(self, book: Any, name: str, looks: _Looks) -> None:
        self.sheet, self.looks = book.add_worksheet(name), looks
        self.last = self.links = 0
        for column, width in enumerate(_WIDTHS):
            self.sheet.set_column(column, column, width)
        self.sheet.write_row(0, 0, HEADINGS, looks.heading)

    def add(self, row: PointRow, texts: Sequence[str], height: float) -> None:
        self.last += 1
        sheet, place, looks = self.sheet, self.last, self.looks
        sheet.set_row(place, height)
        for column, text in enumerate(texts):
            if column in _NUMBERS:
                sheet.write_number(place, column, int(text), looks.text)
            elif column == _RECEIVED_COLUMN and row.received_at:
                sheet.write_datetime(place, column, row.received_at, looks.time)
            elif column == _FILES_COLUMN and row.files and row.page and self.links < _MOST_LINKS:
                self.links += 1
                sheet.write_url(place, column, row.page, looks.link, text)
            else:
                sheet.write_string(place, column, text, looks.text)

    def close(self) -> None:
        _set_up_sheet(self.sheet, self.last)


def write_xlsx(
    rows: Iterable[PointRow],
    out: IO[bytes],
    add_sheets: Callable[[Any, Any, Any], None] | None = None,
) -> None:
    """Write a workbook: all points on the first sheet, then a sheet for each kind of them.

    Frozen and filtered headers, wrapped text; the time of receipt is a real date, so it sorts.
    The same rows give the same bytes. Rows are written as they come and are kept in temporary
    files. ``add_sheets`` gets the workbook and its formats of headings and of text.
    """
    import xlsxwriter  # loaded only when somebody asks for a workbook

    book = xlsxwriter.Workbook(out, LONG_WORKBOOK_OPTIONS)
    book.set_properties({"created": datetime(1980, 1, 1, tzinfo=UTC)})
    looks = _Looks(
        book.add_format({**_LOOK, "bold": True, "align": "center", "bg_color": "#E7EDF3"}),
        book.add_format(_LOOK),
        book.add_format({**_LOOK, "font_color": "#0B5394", "underline": 1}),
        book.add_format({**_LOOK, "num_format": "dd/mm/yyyy hh:mm"}),
    )
    everything = _Sheet(book, "Góp ý", looks)
    kinds: dict[str, _Sheet] = {}
    for row in rows:
        texts = [fit(defuse(text)) for text in _texts(row)]
        texts.insert(_RECEIVED_COLUMN, "")
        height = row_height(texts, _WIDTHS)
        everything.add(row, texts, height)
        # The name of a sheet bears few signs and thirty-one letters.
        kind = "".join(c for c in row.kind if c.isalnum() or c == " ")[:31]
        if kind:
            if kind not in kinds:
                kinds[kind] = _Sheet(book, kind, looks)
            kinds[kind].add(row, texts, height)
    for sheet in (everything, *kinds.values()):
        sheet.close()
    if add_sheets is not None:
        add_sheets(book, looks.heading, looks.text)
    book.close()


def _set_up_sheet(sheet: Worksheet, last_row: int) -> None:
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


def fit(text: str) -> str:
    """Return ``text`` cut, with a note, where one cell cannot hold it."""
    # A spreadsheet counts UTF-16 units; past its limit the whole cell would be lost in silence.
    units = text.encode("utf-16-le")
    if len(units) <= 2 * LONGEST_CELL:
        return text
    kept = units[: 2 * (LONGEST_CELL - len(_CUT))].decode("utf-16-le", errors="ignore")
    return kept + _CUT


def row_height(texts: Sequence[str], widths: Sequence[int]) -> float:
    """Return the height in points that shows ``texts`` in columns of those widths."""
    lines = max(
        sum(1 + len(line) // width for line in text.split("\n"))
        for text, width in zip(texts, widths, strict=True)
    )
    return min(lines * _LINE_POINTS, _TALLEST_ROW)
