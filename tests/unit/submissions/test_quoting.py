"""Where quoted words stand in a provision, and what is marked of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.submissions.quoting import in_place, locate

TEXT = "1. Cơ sở phải có trạm xử lý.\nCơ sở phải có người trực; cơ sở phải có sổ."


def test_white_space_does_not_count() -> None:
    found = locate(TEXT, "trạm  xử lý.\r\n\tCơ sở")
    assert found
    assert TEXT[slice(*found)] == "trạm xử lý.\nCơ sở"


@pytest.mark.parametrize(
    ("before", "which"),
    [("", 0), ("1.", 0), ("có trạm xử lý.", 1), ("người trực; cơ sở phải có", 0), ("xyz", 0)],
)
def test_what_stands_before_tells_which_place_is_meant(before: str, which: int) -> None:
    places = [TEXT.index("Cơ sở"), TEXT.index("Cơ sở", 10)]
    found = locate(TEXT, "Cơ sở phải có", before)
    assert found
    assert found[0] == places[which]


@pytest.mark.parametrize("quote", ["trạm nước", "", "  ", "cơ sở phải có trạm"])
def test_other_words_are_not_found(quote: str) -> None:
    assert locate(TEXT, quote) is None


_WORDS = st.text(alphabet="ab \n", max_size=30)


@given(_WORDS, _WORDS, _WORDS)
def test_every_passage_is_found_where_it_stands(before: str, quote: str, after: str) -> None:
    text = before + quote + after
    found = locate(text, quote, before)
    wanted = "".join(quote.split())
    if not wanted:
        assert found is None
        return
    assert found
    assert "".join(text[slice(*found)].split()) == wanted
    # As much of what stands before it as anywhere else: the very place, or one just like it.
    led = "".join(before.split())
    assert "".join(text[: found[0]].split()).endswith(led)


def test_the_quote_is_shown_at_its_own_place() -> None:
    own = "Cơ sở phải có người trực; cơ sở phải có sổ."
    start = TEXT.rindex("phải có")
    shown = in_place(own, len(TEXT), "phải có", (start, start + 7))
    assert shown == ("Cơ sở phải có người trực; cơ sở ", "phải có", " sổ.")


def test_a_text_corrected_since_is_searched_anew() -> None:
    shown = in_place("Nay sửa: phải có sổ.", 500, "phải có", (10, 17))
    assert shown == ("Nay sửa: ", "phải có", " sổ.")
    assert in_place("Đã bỏ.", 500, "phải có", (10, 17)) is None
    assert in_place("Đã bỏ.", 500, "", None) is None
