"""The table of all points: complete, and harmless in a spreadsheet program."""

from __future__ import annotations

import csv
import io
import json
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import fields, replace
from openpyxl import load_workbook

from consult.documents.model import PointRow
from consult.documents.points_json import write_json
from consult.documents.points_table import HEADINGS, defuse, write_csv, write_xlsx

RECEIVED = datetime(2026, 3, 5, 9, 7, 30, tzinfo=timezone(timedelta(hours=7)))
ROW = PointRow(
    code="GY-0001",
    provision="điểm b khoản 2 Điều 5",
    stance="Đồng ý có chỉnh sửa",
    content="Đề nghị làm rõ,\nvì “có điều kiện” còn chung chung.",
    proposed_wording="10 ngày",
    contributor="Ý kiến được bảo mật",
    received_at=RECEIVED,
    disposition="Tiếp thu",
    reason="",
    agree=12,
    disagree=3,
    kind="Câu hỏi",
    cosigners="ThS. Nguyễn Văn An",
    dissents="Một thành viên: Không tán thành.",
    files="số liệu.xlsx\ncông văn.pdf",
    page="https://gopy.example.org/points/1",
    channel="Trên giấy",
)
DANGEROUS = ["=1+1", "+84", "-2", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\x00=1", "＝1+1"]


def read_csv(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def as_csv(rows: list[PointRow]) -> bytes:
    out = io.BytesIO()
    write_csv(rows, out)
    return out.getvalue()


def as_xlsx(rows: list[PointRow]) -> bytes:
    out = io.BytesIO()
    write_xlsx(rows, out)
    return out.getvalue()


def read_sheet(content: bytes):
    return load_workbook(io.BytesIO(content)).active


def test_csv_holds_every_column_and_a_byte_order_mark() -> None:
    content = as_csv([ROW])
    assert content.startswith(b"\xef\xbb\xbf")
    assert read_csv(content) == [
        list(HEADINGS),
        [
            "GY-0001",
            "điểm b khoản 2 Điều 5",
            "Đồng ý có chỉnh sửa",
            "Câu hỏi",
            "Đề nghị làm rõ,\nvì “có điều kiện” còn chung chung.",
            "10 ngày",
            "Ý kiến được bảo mật",
            "05/03/2026 09:07",
            "Tiếp thu",
            "",
            "12",
            "3",
            "",
            "ThS. Nguyễn Văn An",
            "Một thành viên: Không tán thành.",
            "số liệu.xlsx\ncông văn.pdf",
            "Trên giấy",
        ],
    ]


def test_sheet_holds_the_same_and_a_real_date() -> None:
    sheet = read_sheet(as_xlsx([ROW]))
    assert [cell.value for cell in sheet[1]] == list(HEADINGS)
    values = [cell.value for cell in sheet[2]]
    assert values[7] == RECEIVED.replace(tzinfo=None)
    assert [value or "" for value in values[:7] + values[8:]] == [
        *read_csv(as_csv([ROW]))[1][:7],
        "Tiếp thu",
        "",
        12,
        3,
        "",
        "ThS. Nguyễn Văn An",
        "Một thành viên: Không tán thành.",
        "số liệu.xlsx\ncông văn.pdf",
        "Trên giấy",
    ]
    assert sheet.freeze_panes == "B2"
    assert sheet["E2"].alignment.wrap_text
    assert sheet.row_dimensions[2].height == 30
    assert sheet["P2"].hyperlink.target == ROW.page


@pytest.mark.parametrize("text", DANGEROUS)
def test_formulas_are_defused_in_every_text_column(text: str) -> None:
    row = PointRow(
        text, text, text, text, text, text, None, text, text, text,
        hidden=text, cosigners=text, dissents=text, files=text, channel=text,
    )  # fmt: skip
    expected = f"'{text}".replace("\x00", "")
    cells = read_csv(as_csv([row]))[1]
    assert cells == [expected] * 7 + [""] + [expected] * 2 + ["0", "0"] + [expected] * 5
    shown = read_sheet(as_xlsx([row]))[2]
    for cell in (*shown[:10], *shown[12:]):
        assert cell.data_type == "s"
        assert not cell.value or cell.value.startswith("'")


@given(st.text(st.characters(codec=None), max_size=60))
def test_no_text_starts_like_a_formula(text: str) -> None:
    assert not defuse(text).startswith(("=", "+", "-", "@", "\t", "\r", "\n"))


def test_links_and_numbers_stay_text() -> None:
    sheet = read_sheet(as_xlsx([replace(ROW, content="http://example.org", code="007")]))
    assert sheet["A2"].value == "007"
    assert sheet["E2"].hyperlink is None


def test_a_text_too_long_for_a_cell_is_cut_with_a_notice_and_whole_in_csv() -> None:
    row = replace(ROW, content="ý𝄞" * 20_000)
    shown = read_sheet(as_xlsx([row]))["E2"].value
    assert shown.endswith("toàn văn có trong tệp CSV)")
    assert 32_000 < len(shown.encode("utf-16-le")) // 2 <= 32_767
    assert read_csv(as_csv([row]))[1][HEADINGS.index("Nội dung góp ý")] == row.content


def test_the_same_rows_give_the_same_bytes() -> None:
    assert as_xlsx([ROW]) == as_xlsx([ROW])
    assert b"1980-01-01" in _core_properties(as_xlsx([ROW]))


def _core_properties(content: bytes) -> bytes:
    import zipfile

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read("docProps/core.xml")


def test_an_empty_table_has_its_header() -> None:
    assert read_csv(as_csv([])) == [list(HEADINGS)]
    assert read_sheet(as_xlsx([])).max_row == 1


def test_each_kind_has_a_sheet_of_its_own() -> None:
    kinds = ["Câu hỏi", "Nhận xét", "Câu hỏi"]
    rows = [replace(ROW, code=f"GY-{n}", kind=kind) for n, kind in enumerate(kinds)]
    book = load_workbook(io.BytesIO(as_xlsx(rows)))
    codes = {
        sheet.title: [row[0] for row in sheet.iter_rows(min_row=2, values_only=True)]
        for sheet in book.worksheets
    }
    assert codes == {
        "Góp ý": ["GY-0", "GY-1", "GY-2"],
        "Câu hỏi": ["GY-0", "GY-2"],
        "Nhận xét": ["GY-1"],
    }


def test_json_holds_every_field_as_it_was_written() -> None:
    out = io.BytesIO()
    write_json([ROW, replace(ROW, content='=1+1 "x"', received_at=None, files="")], out, title="Y")
    read = json.loads(out.getvalue())
    assert read["title"] == "Y"
    first, second = read["points"]
    assert set(first) == {field.name for field in fields(PointRow)}
    assert first["files"] == ["số liệu.xlsx", "công văn.pdf"]
    assert first["received_at"] == "2026-03-05T09:07:30+07:00"
    assert (second["content"], second["received_at"], second["files"]) == ('=1+1 "x"', None, [])


def test_json_of_no_points_is_an_empty_list() -> None:
    out = io.BytesIO()
    write_json([], out, title="Y")
    assert json.loads(out.getvalue()) == {"title": "Y", "points": []}
