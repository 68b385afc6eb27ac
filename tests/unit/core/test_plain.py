"""Markdown's marks go, a person's words stay."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.core.plain import plain


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("Cần **làm rõ** và *sửa*.", "Cần làm rõ và sửa."),
        ("# Đầu đề\n> trích\n* một\n- hai", "Đầu đề\ntrích\n- một\n- hai"),
        ("Xem [Luật](https://vbpl.vn/1) nhé", "Xem Luật (https://vbpl.vn/1) nhé"),
        ("[https://a.vn](https://a.vn)", "https://a.vn"),
        ("5 * 3 * 2 và ten_tep_dai", "5 * 3 * 2 và ten_tep_dai"),
        ("`mã` và ~~bỏ~~ và \\*sao\\*", "mã và bỏ và *sao*"),
        ("15% - 25%: 40.924 người", "15% - 25%: 40.924 người"),
    ],
)
def test_marks_go(markdown: str, text: str) -> None:
    assert plain(markdown) == text


@given(st.text(alphabet="trí thức*_`~#>[]()\\! \n", max_size=200))
def test_no_letter_is_lost(text: str) -> None:
    letters = [char for char in text if char.isalpha()]
    assert [char for char in plain(text) if char.isalpha()] == letters
