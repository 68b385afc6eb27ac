"""Tables inside a provision's text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from consult.drafts.tables import blocks


def test_a_table_between_two_paragraphs() -> None:
    before, table, after = blocks("Danh mục:\nTT\tTên\n1\tĐiện\nNhóm hai\n2\tNước\nHết.")
    assert (before.text, before.rows) == ("Danh mục:", ())
    assert table.rows == (("TT", "Tên"), ("1", "Điện"), ("Nhóm hai",), ("2", "Nước"))
    assert (table.columns, table.headed) == (2, True)
    assert after.text == "Hết."


def test_a_first_row_with_gaps_names_nothing() -> None:
    assert not blocks("\tTên\n1\tĐiện")[0].headed
    assert not blocks("TT\tTên")[0].headed


@given(st.text(alphabet="ab\t\n"))
def test_nothing_is_lost(text: str) -> None:
    assert "\n".join(block.text for block in blocks(text)) == text
