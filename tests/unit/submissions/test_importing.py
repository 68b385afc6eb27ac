"""Imported tables: what is understood, and what each wrong row is told."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from consult.drafts.queries import ProvisionLine
from consult.submissions.incoming import spreadsheet
from consult.submissions.incoming.spreadsheet import UnreadableSheet, read_rows
from consult.submissions.incoming.table import MESSAGES, check_table
from consult.submissions.models import PointKind, Stance
from consult.submissions.places import Ambiguous, NoSuchPlace, Places


def line(id_: int, kind: str, number: str, citation: str, parent: int | None = None) -> Any:
    return ProvisionLine(id_, id_, f"k{id_}", "main", kind, number, "", "", citation, parent, 0)


LAW = [
    line(1, "chapter", "I", "Chương I"),
    line(2, "article", "5", "Điều 5", 1),
    line(3, "clause", "2", "khoản 2 Điều 5", 2),
    line(4, "letter", "đ", "điểm đ khoản 2 Điều 5", 3),
    line(5, "article", "51a", "Điều 51a", 1),
]
OUTLINE = [
    line(11, "roman", "II", "mục II"),
    line(12, "numeral", "2", "khoản 2 mục II", 11),
    line(13, "decimal", "2.3", "điểm 2.3 mục II", 12),
    line(14, "bullet", "6", "gạch đầu dòng thứ sáu điểm 2.3 mục II", 13),
]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Điều 5", 2),
        ("dieu 5", 2),
        ("ĐIỀU 5.", 2),
        ("Điều 51a", 5),
        ("khoản 2 Điều 5", 3),
        ("Khoản 2, Điều 5", 3),
        ("Điều 5, khoản 2", 3),
        ("điều 5 khoản 2", 3),
        ("điểm đ khoản 2 Điều 5", 4),
        ("điểm đ, khoản 2 của Điều 5", 4),
        ("5.2.đ", 4),
        ("Chương I", 1),
        ("k4", 4),
        ("II", 11),
        ("II.2", 12),
        ("II.2.3", 13),
        ("ii.2.3", 13),
        ("II. 2.3", 13),
        ("II.2.3-6", 14),
        ("điểm 2.3 mục II", 13),
        ("Mục II, điểm 2.3", 13),
    ],
)
def test_provisions_are_found_by_what_people_write(name: str, expected: int) -> None:
    found = Places([*LAW, *OUTLINE]).find(name)
    assert found is not None
    assert found.id == expected


@pytest.mark.parametrize("name", ["", "  ", "Toàn bộ dự thảo", "ý kiến chung", "toàn văn"])
def test_the_whole_draft(name: str) -> None:
    assert Places(LAW).find(name) is None


@pytest.mark.parametrize(
    "name", ["Điều 6", "khoản 3 Điều 5", "khoản 2", "Điều", "Điều 5 và 6", "?"]
)
def test_what_the_draft_does_not_have(name: str) -> None:
    with pytest.raises(NoSuchPlace):
        Places(LAW).find(name)


def test_a_number_that_occurs_twice_is_never_guessed() -> None:
    with pytest.raises(Ambiguous) as raised:
        Places([*LAW, line(9, "article", "5", "Điều 5")]).find("Điều 5")
    assert raised.value.keys == ["k2", "k9"]


HEAD = ["Người góp ý", "Đơn vị", "Điều, khoản", "Lập trường", "Nội dung góp ý", "Đề xuất sửa đổi"]


def table(*rows: list[str], head: list[str] = HEAD) -> Any:
    return check_table([(1, head), *enumerate(rows, 2)], LAW)


def test_a_good_row() -> None:
    found = table(["Lê An", "", "Điều 5", "Không đồng ý", "Vì thiếu", "sửa thành"])
    assert found.errors == []
    [row] = found.rows
    assert (row.row, row.author, row.provision, row.citation) == (2, "Lê An", "k2", "Điều 5")
    assert (row.stance, row.content, row.proposed_wording) == (
        Stance.DISAGREE,
        "Vì thiếu",
        "sửa thành",
    )


@pytest.mark.parametrize(
    ("words", "stance"),
    [
        ("Đồng ý", Stance.AGREE),
        ("tán thành", Stance.AGREE),
        ("Đồng ý, có sửa đổi", Stance.AGREE_WITH_CHANGES),
        ("Đồng ý, đề nghị sửa", Stance.AGREE_WITH_CHANGES),
        ("agree_with_changes", Stance.AGREE_WITH_CHANGES),
        ("KHÔNG ĐỒNG Ý", Stance.DISAGREE),
        ("disagree", Stance.DISAGREE),
        ("", Stance.NONE),
    ],
)
def test_stances(words: str, stance: Stance) -> None:
    assert table(["A", "", "", words, "x", ""]).rows[0].stance is stance


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("Nhận xét", PointKind.REMARK),
        ("đề nghị sửa câu chữ", PointKind.WORDING),
        ("CÂU HỎI", PointKind.QUESTION),
        ("ý kiến phản đối", PointKind.OBJECTION),
        ("objection", PointKind.OBJECTION),
        ("", PointKind.REMARK),
    ],
)
def test_kinds(words: str, kind: PointKind) -> None:
    found = table(["A", "", "", "", "x", "sửa thành", words], head=[*HEAD, "Loại ý kiến"])
    assert found.errors == []
    assert found.rows[0].kind is kind


def test_wrong_kinds() -> None:
    found = table(
        ["A", "", "", "", "x", "", "lời khen"],
        ["A", "", "", "", "y", "", "Đề nghị sửa câu chữ"],
        head=[*HEAD, "Loại ý kiến"],
    )
    assert [(e.row, e.column, e.code) for e in found.errors] == [
        (2, "kind", "unknown_kind"),
        (3, "proposed wording", "no_wording"),
    ]
    for error in found.errors:
        assert MESSAGES[error.code] % error.params


def test_every_wrong_row_is_told_at_once() -> None:
    found = table(
        ["", "", "Điều 5", "", "a", ""],
        ["A", "", "Điều 99", "có lẽ", "", ""],
        ["A", "", "", "", "tốt", ""],
        ["B", "", "", "", "x" * 20_001, ""],
        ["a", "", "", "đồng ý", "Tốt.", ""],
    )
    assert [(e.row, e.code) for e in found.errors] == [
        (2, "no_author"),
        (3, "no_content"),
        (3, "unknown_stance"),
        (3, "unknown_provision"),
        (5, "too_long"),
        (6, "repeated"),
    ]
    for error in found.errors:
        assert MESSAGES[error.code] % error.params


@pytest.mark.parametrize(
    ("head", "code"),
    [
        (["Tên", "Ghi chú"], "no_content_column"),
        (["Nội dung", "Ghi chú"], "no_author_column"),
        (["Họ tên", "Người góp ý", "Nội dung"], "double_column"),
    ],
)
def test_wrong_headings(head: list[str], code: str) -> None:
    assert [e.code for e in table(["a"] * len(head), head=head).errors] == [code]


def test_other_columns_are_named() -> None:
    found = table(["1", "A", "tốt"], head=["STT", "author", "content"])
    assert (found.errors, found.ignored, len(found.rows)) == ([], ["STT"], 1)


def test_headings_alone_are_not_a_table() -> None:
    assert [e.code for e in table().errors] == ["no_rows"]


@given(st.lists(st.lists(st.text(max_size=30), min_size=6, max_size=6), min_size=1, max_size=8))
def test_every_row_is_understood_or_told(rows: list[list[str]]) -> None:
    found = table(*rows)
    assert {r.row for r in found.rows} | {e.row for e in found.errors} == set(
        range(2, len(rows) + 2)
    )


# --- files


def xlsx(*rows: list[Any]) -> bytes:
    book, out = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)  # type: ignore[union-attr]
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_csv_as_spreadsheets_write_it(delimiter: str, encoding: str) -> None:
    text = delimiter.join(["Họ tên", "Nội dung"]) + "\r\n"
    text += delimiter.join(["Lê A", '"hai\ndòng, có phẩy; và chấm phẩy"']) + "\r\n"
    assert read_rows(text.encode(encoding), "a.csv") == [
        (1, ["Họ tên", "Nội dung"]),
        (2, ["Lê A", "hai\ndòng, có phẩy; và chấm phẩy"]),
    ]


def test_xlsx_cells_become_text_and_empty_rows_keep_their_number() -> None:
    data = xlsx(["author", "provision"], [None, None], ["Lê A", 5.0], ["B", 2.5])
    assert read_rows(data, "A.XLSX") == [
        (1, ["author", "provision"]),
        (3, ["Lê A", "5"]),
        (4, ["B", "2.5"]),
    ]


@pytest.mark.parametrize(
    ("data", "name", "reason"),
    [
        (b"", "a.csv", "empty"),
        (b"\n\n,,\n", "a.csv", "empty"),
        (xlsx([]), "a.xlsx", "empty"),
        (b"\xff\x00\xe9\x80", "a.csv", "encoding"),
        ("Họ tên".encode("cp1258", "ignore") + b"\xec\xf2", "a.csv", "encoding"),
        (b"a\0b", "a.csv", "broken"),
        (b"PK\x03\x04 no zip", "a.xlsx", "broken"),
        (xlsx(["a"])[:-300], "a.xlsx", "broken"),
        (b"x", "a.docx", "unsupported"),
        (b"a\n" * 6000, "a.csv", "too_many_rows"),
    ],
)
def test_files_that_are_no_table(data: bytes, name: str, reason: str) -> None:
    with pytest.raises(UnreadableSheet) as raised:
        read_rows(data, name)
    assert raised.value.reason == reason
    assert spreadsheet.REASONS[reason] % raised.value.params


def test_a_zip_that_is_no_workbook_and_a_bomb() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 3_000_000)
    with pytest.raises(UnreadableSheet) as raised:
        read_rows(out.getvalue(), "a.xlsx")
    assert raised.value.reason == "broken"
    with pytest.raises(UnreadableSheet) as raised:
        read_rows(out.getvalue(), "a.xlsx", most_unpacked=1_000_000)
    assert raised.value.reason == "too_large"


@given(st.binary(max_size=400), st.sampled_from(["a.csv", "a.xlsx"]))
def test_any_bytes_are_read_or_refused(data: bytes, name: str) -> None:
    try:
        rows = read_rows(data, name)
    except UnreadableSheet:
        return
    assert all(any(cells) for _number, cells in rows)
