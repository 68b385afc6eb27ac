"""Marks lie on what was found, and nothing unescaped comes out."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.core.text import nfc
from consult.search.highlight import mark, passage
from consult.search.terms import parse_query

TEXT = "Hoạt động tư vấn, phản biện và giám định xã hội; phân biệt với phản ánh."


@pytest.mark.parametrize("query", ["phan bien", "phản biện", "PHẢN BIỆN", "xx phan bien"])
def test_the_pair_is_marked_with_its_diacritics(query: str) -> None:
    assert "<mark>phản biện</mark> và" in mark(TEXT, parse_query(query))
    assert mark(TEXT, parse_query(query)).count("<mark>") == 1


def test_single_syllables_are_marked_where_there_is_no_pair() -> None:
    assert mark("phản ánh rồi biện hộ", parse_query("phan bien")) == (
        "<mark>phản</mark> ánh rồi <mark>biện</mark> hộ"
    )


def test_single_syllables_are_left_where_the_pair_stands_elsewhere() -> None:
    terms = parse_query("phan bien")
    assert mark("từng phần một", terms, singles=False) == "từng phần một"
    assert mark("từng phần một", parse_query("phan"), singles=False) == (
        "từng <mark>phần</mark> một"
    )


def test_typed_diacritics_do_not_mark_another_word() -> None:
    assert mark("phân biệt", parse_query("phản")) == "phân biệt"


def test_decomposed_text_is_marked_too() -> None:
    text = unicodedata.normalize("NFD", "ý kiến phản biện")
    assert mark(text, parse_query("phan bien")) == "ý kiến <mark>phản biện</mark>"


def test_html_in_texts_is_text() -> None:
    shown = mark("<b>phản biện</b> & <script>", parse_query("phan bien"))
    assert shown == "&lt;b&gt;<mark>phản biện</mark>&lt;/b&gt; &amp; &lt;script&gt;"


def test_a_passage_shows_the_place_of_the_find() -> None:
    text = "Mở đầu dài dòng. " * 60 + "Ở đây có đãi ngộ trí thức. " + "Phần sau. " * 60
    shown = passage(text, parse_query("dai ngo"))
    assert "<mark>đãi ngộ</mark>" in shown
    assert shown.startswith("… ")
    assert shown.endswith(" …")
    assert len(re.sub("<[^>]*>", "", shown)) < 300


@given(st.text(alphabet="phản biện đãi ngộ<&>\"' \n.,x", max_size=700), st.integers(20, 300))
def test_a_passage_is_part_of_the_text(text: str, length: int) -> None:
    shown = passage(text, parse_query("phan bien dai"), length=length)
    bare = shown.replace("<mark>", "").replace("</mark>", "")
    assert "<" not in bare.replace("&lt;", "")
    core = type(shown)(bare).unescape().removeprefix("… ").removesuffix(" …")
    assert core in " ".join(nfc(text).split())
