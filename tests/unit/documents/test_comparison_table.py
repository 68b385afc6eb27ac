"""No word of a comparison is lost on its way into the Word file, and none becomes markup."""

from __future__ import annotations

import io

from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st

from consult.documents.comparison_model import ComparisonRow, ComparisonTable, Side, Span
from consult.documents.comparison_sheet import render_xlsx
from consult.documents.comparison_table import render_docx
from consult.documents.model import Letterhead, Signature

WORDS = st.text(st.sampled_from("aằĐ <>&=+'\n\t1"), max_size=12)
SIDES = st.builds(
    lambda spans: Side("Điều 1", tuple(spans)),
    st.lists(st.builds(Span, WORDS, st.sampled_from(("", "deleted", "inserted"))), max_size=6),
)


def table(*rows: ComparisonRow) -> ComparisonTable:
    head = Letterhead(None, "Sở Nội vụ", "Số:       /SNV", "Đồng Nai", None)
    signature = Signature(None, "Giám đốc", None)
    return ComparisonTable(head, "Dự thảo", "Phiên bản 1 và phiên bản 2", rows, signature, ())


@settings(max_examples=25, deadline=None)
@given(SIDES, SIDES)
def test_every_word_is_there_in_order(before: Side, after: Side) -> None:
    file = render_docx(table(ComparisonRow(before, after, "Sửa đổi", "Lý do")))
    row = Document(io.BytesIO(file)).tables[1].rows[1]
    for side, cell in ((before, row.cells[1]), (after, row.cells[2])):
        expected = side.text.replace("\t", "|")
        assert "".join(cell.text.removeprefix("Điều 1").split()) == "".join(expected.split())


def test_a_comparison_without_changes_says_so() -> None:
    file = render_docx(table())
    assert (
        "không có nội dung khác nhau" in Document(io.BytesIO(file)).tables[1].rows[1].cells[0].text
    )
    assert render_xlsx(table())


def test_a_text_longer_than_a_cell_makes_no_broken_workbook() -> None:
    from openpyxl import load_workbook

    long = Side("Điều 1", (Span("đ" * 40_000), Span("x", "inserted")))
    file = render_xlsx(table(ComparisonRow(long, long, "Sửa đổi", "")))
    sheet = load_workbook(io.BytesIO(file)).active
    assert sheet is not None
    assert str(sheet.cell(5, 2).value).startswith("Điều 1")
