"""Syllables, folded keys, queries taken apart."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.core.text import nfc
from consult.search.terms import MOST_SYLLABLES, keys, parse_query, tokens


@pytest.mark.parametrize(
    ("one", "other"),
    [("hòa", "hoà"), ("uỷ", "ủy"), ("kỹ", "kĩ"), ("lý", "lí"), ("tỷ", "tỉ"), ("QUÝ", "quí")],
)
def test_both_correct_spellings_are_one(one: str, other: str) -> None:
    assert keys(one) == keys(other)


@pytest.mark.parametrize(("one", "other"), [("phản", "phân"), ("ma", "má"), ("day", "dai")])
def test_different_words_stay_different(one: str, other: str) -> None:
    assert keys(one)[0] != keys(other)[0]


def test_folding_takes_everything_off() -> None:
    assert keys("Đãi") == ("đai2", "dai")
    assert [t.folded for t in tokens("Phản BIỆN – Điều 5")] == ["phan", "bien", "dieu", "5"]


def test_a_query_knows_its_phrases_and_its_diacritics() -> None:
    terms = parse_query('trí thức "hỗ trợ nhà ở"')
    assert [f for _e, f in terms.loose] == ["tri", "thuc"]
    assert [[f for _e, f in phrase] for phrase in terms.phrases] == [["ho", "tro", "nha", "o"]]
    assert terms.pairs == ("tri_thuc", "ho_tro", "tro_nha", "nha_o")
    assert terms.accented
    assert not parse_query("PHAN BIEN").accented


@pytest.mark.parametrize("text", ["", "   ", '""', "–…!", '" "'])
def test_nothing_to_look_for(text: str) -> None:
    assert not parse_query(text)


def test_decomposed_input_is_the_same_query() -> None:
    assert parse_query(unicodedata.normalize("NFD", "phản biện")) == parse_query("phản biện")


@given(st.text())
def test_any_text_can_be_asked(text: str) -> None:
    terms = parse_query(text)
    count = len(terms.loose) + sum(len(phrase) for phrase in terms.phrases)
    assert count <= MOST_SYLLABLES


@given(st.text(alphabet="aăâđĐeêoôơuưyhklqtm áàảãạ.,"))
def test_tokens_point_into_the_text(text: str) -> None:
    text = nfc(text)
    for token in tokens(text):
        assert keys(text[token.start : token.end]) == (token.exact, token.folded)
