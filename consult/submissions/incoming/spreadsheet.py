"""Rows out of a spreadsheet (.csv, .xlsx), with the numbers a person sees beside them."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date, datetime
from typing import Any

from consult.core.i18n import N_
from consult.core.text import nfc

MOST_BYTES = 20 * 1024 * 1024
MOST_UNPACKED = 300 * 1024 * 1024
MOST_ROWS = 5_000
MOST_COLUMNS = 60
MOST_CELL = 100_000

Row = tuple[int, list[str]]

REASONS = {
    "too_large": N_("The file is larger than %(limit)s MB. Divide it and import the parts."),
    "empty": N_("The file holds no rows."),
    "unsupported": N_("Files of this type cannot be imported. Save the table as .xlsx or .csv."),
    "broken": N_("The file is damaged or is not what its name says. Save it again as .xlsx."),
    "encoding": N_("The characters of the file cannot be recognised. Save it as CSV UTF-8."),
    "too_many_rows": N_("The table has more than %(limit)s rows. Divide it and import the parts."),
}


class UnreadableSheet(Exception):
    """The file is no table; ``reason`` is a key of REASONS, ``params`` fill its sentence."""

    def __init__(self, reason: str, **params: str | int) -> None:
        super().__init__(reason)
        self.reason = reason
        self.params: dict[str, str | int] = params


def read_rows(data: bytes, filename: str, *, most_unpacked: int = MOST_UNPACKED) -> list[Row]:
    """Return (row number, cells) of each row that is not empty, text in normal form.

    Row numbers are those that a spreadsheet program shows. Raises UnreadableSheet.
    """
    if len(data) > MOST_BYTES:
        raise UnreadableSheet("too_large", limit=MOST_BYTES // 1024 // 1024)
    name = filename.lower()
    if name.endswith(".xlsx"):
        _refuse_bombs(data, most_unpacked)
        rows = _xlsx(data)
    elif name.endswith((".csv", ".txt", ".tsv")):
        rows = _csv(data)
    else:
        raise UnreadableSheet("unsupported")
    rows = [(number, _trimmed(cells)) for number, cells in rows if any(cells)]
    if not rows:
        raise UnreadableSheet("empty")
    return rows


def _trimmed(cells: list[str]) -> list[str]:
    last = max(i for i, cell in enumerate(cells) if cell)
    return cells[: last + 1]


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, (datetime, date)):
        return f"{value:%d/%m/%Y}"
    return nfc(str(value)).strip()[:MOST_CELL]


def _checked(number: int) -> int:
    if number > MOST_ROWS + 1:
        raise UnreadableSheet("too_many_rows", limit=MOST_ROWS)
    return number


def _csv(data: bytes) -> list[Row]:
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        raise UnreadableSheet("encoding") from None
    if "\0" in text:
        raise UnreadableSheet("broken")
    heading = text.lstrip().partition("\n")[0]
    delimiter = max(",;\t", key=heading.count)
    csv.field_size_limit(MOST_BYTES)
    try:
        return [
            (_checked(number), [_text(cell) for cell in cells[:MOST_COLUMNS]])
            for number, cells in enumerate(csv.reader(io.StringIO(text), delimiter=delimiter), 1)
        ]
    except csv.Error:
        raise UnreadableSheet("broken") from None


def _xlsx(data: bytes) -> list[Row]:
    from openpyxl import load_workbook

    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        sheet: Any = book.worksheets[0]
        # A sheet may claim more rows and columns than it has.
        sheet.reset_dimensions()
        rows = sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True)
        return [
            (_checked(number), [_text(value) for value in cells])
            for number, cells in enumerate(rows, 1)
        ]
    except UnreadableSheet:
        raise
    except Exception:
        # What openpyxl raises depends on the damage.
        raise UnreadableSheet("broken") from None


def _refuse_bombs(data: bytes, most: int) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(member.file_size for member in archive.infolist()) > most:
                raise UnreadableSheet("too_large", limit=MOST_BYTES // 1024 // 1024)
    except zipfile.BadZipFile:
        raise UnreadableSheet("broken") from None
