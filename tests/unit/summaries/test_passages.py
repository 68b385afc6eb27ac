"""The strongest passages: exact, independent of order, one an author, never empty."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.summaries.passages import LONGEST, Opinion, find_exact, strongest

WORDS = (
    "trí thức được hỗ trợ đề nghị tăng mức chi 40.924 TP. TS. cần rõ hơn nhà ở **công vụ**".split()
)
PROSE = st.lists(
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=30).map(
        lambda words: " ".join(words).capitalize() + "."
    ),
    min_size=1,
    max_size=5,
).map(lambda sentences: random.Random(len(sentences)).choice([" ", "\n", "\n- "]).join(sentences))
TEXTS = st.one_of(PROSE, st.text(min_size=1, max_size=500).filter(str.strip))


@st.composite
def opinions(draw: st.DrawFn) -> list[Opinion]:
    texts = draw(st.lists(TEXTS, min_size=1, max_size=8))
    return [
        Opinion(number, draw(st.integers(1, 5)), text) for number, text in enumerate(texts, start=1)
    ]


@given(opinions(), st.integers(1, 4))
def test_passages_are_exact_and_one_an_author(found: list[Opinion], most: int) -> None:
    by_id = {opinion.point_id: opinion for opinion in found}
    passages = strongest(found, most=most)
    assert 1 <= len(passages) <= most
    for passage in passages:
        text = by_id[passage.point_id].text
        assert text[passage.start : passage.end] == passage.text
        assert passage.text.strip()
        assert len(passage.text) <= LONGEST
    authors = [by_id[passage.point_id].author for passage in passages]
    assert len(authors) == len(set(authors))


@given(opinions(), st.randoms(use_true_random=False))
def test_the_order_does_not_matter(found: list[Opinion], shuffler: random.Random) -> None:
    shuffled = list(found)
    shuffler.shuffle(shuffled)
    assert strongest(shuffled, most=3) == strongest(found, most=3)


def test_what_many_say_is_stronger_than_what_one_says() -> None:
    shared = "Đề nghị nâng mức hỗ trợ nhà ở công vụ cho trí thức công tác ở vùng biên giới."
    passages = strongest(
        [
            Opinion(1, "a", "Tôi chỉ muốn nói rằng bản in quá nhỏ và rất khó đọc với người già."),
            Opinion(2, "b", "Kính gửi quý cơ quan. " + shared),
            Opinion(3, "c", shared + " Xin cảm ơn."),
            Opinion(4, "d", "Nâng mức hỗ trợ nhà ở công vụ cho trí thức là việc cần làm ngay."),
        ],
        most=2,
    )
    assert passages[0].text == shared
    assert passages[0].point_id == 2
    # The same sentence of another author adds nothing: a different voice comes second.
    assert passages[1].point_id in (1, 4)


def test_a_giant_sentence_is_cut_at_a_word() -> None:
    text = "Tôi cho rằng " + "cần làm rõ trách nhiệm của từng cơ quan " * 30
    [passage] = strongest([Opinion(1, 1, text)])
    assert len(passage.text) <= LONGEST
    assert text[passage.end] in " ,;:"


@pytest.mark.parametrize(
    ("text", "pasted", "found"),
    [
        ("Cần **làm rõ** mức chi.", "Cần làm rõ mức chi.", "Cần **làm rõ** mức chi."),
        ("Dòng một\nvà dòng hai.", "một và dòng", "một\nvà dòng"),
        ("Mức 15% là đủ.", "Mức 15% là đủ", "Mức 15% là đủ"),
        ("Mức 15% là đủ.", "Mức 25% là đủ", None),
        ("Mức 15% là đủ.", "muc 15% la du", None),
        ("Mức 15%", "  ** ", None),
    ],
)
def test_pasted_words_are_found_exactly(text: str, pasted: str, found: str | None) -> None:
    place = find_exact(text, pasted)
    assert (text[slice(*place)] if place else None) == found
