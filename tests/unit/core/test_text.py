"""Vietnamese text: normal form, folding, slugs, the order of names."""

from __future__ import annotations

import random
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.core import text

LETTERS = (
    "aăâbcdđeêghiklmnoôơpqrstuưvxyàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ "
)
vietnamese = st.text(alphabet=LETTERS + LETTERS.upper(), max_size=60)


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("Phản biện xã hội", "phan bien xa hoi"),
        ("ĐIỀU 5", "dieu 5"),
        ("Ðiều", "dieu"),  # U+00D0, as old documents have it
        ("hoà hóa uỷ ủy", "hoa hoa uy uy"),
        (unicodedata.normalize("NFD", "Nguyễn Đức"), "nguyen duc"),
        ("STRASSE straße", "strasse strasse"),
        ("", ""),
    ],
)
def test_folding(typed: str, folded: str) -> None:
    assert text.fold(typed) == folded


@given(vietnamese)
def test_folding_leaves_ascii_and_is_the_same_however_composed(typed: str) -> None:
    folded = text.fold(typed)
    assert folded.isascii()
    assert text.fold(folded) == folded
    assert text.fold(unicodedata.normalize("NFD", typed)) == folded
    assert text.fold(typed.upper()) == folded


@given(st.text())
def test_normal_form_is_stable_and_without_control_characters(typed: str) -> None:
    normal = text.nfc(typed)
    assert text.nfc(normal) == normal
    assert not any(
        unicodedata.category(c) == "Cc" and c not in "\n\t" for c in normal if c < "\x80"
    )
    assert "\r" not in normal


def test_normal_form_keeps_the_writers_spelling() -> None:
    assert text.nfc("hoà\r\nhóa\rkĩ\x00 Ðồng") == "hoà\nhóa\nkĩ Đồng"


@pytest.mark.parametrize(
    ("typed", "has"), [("phan bien", False), ("PHAN", False), ("phản", True), ("dđ", True)]
)
def test_whether_diacritics_were_typed(typed: str, has: bool) -> None:
    assert text.has_diacritics(typed) is has


@pytest.mark.parametrize(
    ("title", "longest", "slug"),
    [
        ("Dự thảo Quyết định (lần 2)", 60, "du-thao-quyet-dinh-lan-2"),
        ("Đãi ngộ trí thức", 10, "dai-ngo"),
        ("Đãi ngộ trí thức", 7, "dai-ngo"),
        ("khôngcódấucách", 5, "khong"),
        ("…", 60, ""),
    ],
)
def test_slugs(title: str, longest: int, slug: str) -> None:
    assert text.slugify(title, longest=longest) == slug


@given(st.text(max_size=200), st.integers(1, 80))
def test_a_slug_is_safe_in_a_file_name(title: str, longest: int) -> None:
    slug = text.slugify(title, longest=longest)
    assert len(slug) <= longest
    assert all(c in "abcdefghijklmnopqrstuvwxyz0123456789-" for c in slug)
    assert slug == slug.strip("-")


@given(st.text(max_size=300), st.integers(2, 100))
def test_shortening_keeps_the_limit_and_the_beginning(long: str, longest: int) -> None:
    short = text.shorten(long, longest)
    assert len(short) <= longest
    assert text.squeeze(long).startswith(short.removesuffix("…"))


def test_shortening_cuts_at_a_word() -> None:
    assert text.shorten("Trí thức được hỗ trợ, theo quy định", 22) == "Trí thức được hỗ trợ…"
    assert text.shorten("ngắn", 10) == "ngắn"


def test_syllables_keep_their_diacritics() -> None:
    assert text.syllables("Điều 5. Phản-biện “XÃ hội”") == [
        "điều",
        "5",
        "phản",
        "biện",
        "xã",
        "hội",
    ]


ORDERED = [
    "Bùi Văn An",
    "Nguyễn Văn An",
    "Phạm Ngọc Ánh",
    "Trần Thị Ân",
    "Lê Quốc Bảo",
    "Đỗ Văn Công",
    "Đặng Thị Dung",
    "Lê Dũng",
    "Lê Văn Đạt",
    "Y Đan".replace("Đan", "Đê"),
    "Ngô Hoa",
    "Ngô Hòa",
    "Ngô Hóa",
    "Ngô Hoan",
    "Vũ Thị Út",
    "Trần Ưng",
    "Mai Yến",
]


def test_names_go_by_given_name_then_by_the_rest() -> None:
    shuffled = random.Random(1).sample(ORDERED, len(ORDERED))
    assert sorted(shuffled, key=text.name_key) == ORDERED


words = st.text(alphabet=LETTERS.strip() + "W5", min_size=1, max_size=8)


@given(st.lists(st.tuples(words, words), max_size=12))
def test_families_never_part_those_who_share_a_given_name(people: list[tuple[str, str]]) -> None:
    names = sorted((f"{family} {given}" for family, given in people), key=text.name_key)
    given_names = [name.split()[1] for name in names]
    assert given_names == sorted(given_names, key=text.name_key)
