"""Words of quantity, placeholders, and what is said of figures that were typed by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.submissions.models import Stance
from consult.summaries.figures import Figures
from consult.summaries.placeholders import (
    PLACEHOLDERS,
    STANCES,
    canonical,
    fill,
    in_braces,
    share,
    unknown,
    values,
)
from consult.summaries.quantities import Quantity, possible, quantity
from consult.summaries.typed_figures import Doubt, doubts

NUMBER = st.integers(0, 3000)
FIGURES = st.builds(
    Figures,
    st.fixed_dictionaries(dict.fromkeys(Stance, NUMBER)),
    NUMBER,
    NUMBER,
    st.none() | NUMBER,
)
TEN = Figures({Stance.AGREE: 6, Stance.AGREE_WITH_CHANGES: 1, Stance.DISAGREE: 3}, 9, 2, 8)


def by_the_table(count: int, total: int) -> str:
    """The published scale again, in fractions: what the code must agree with."""
    if count == 0:
        return "không có"
    if count == 1:
        return "một"
    part = count / total
    rows = [
        (part == 1, "tất cả"),
        (part >= 0.9, "hầu hết"),
        (part > 0.5, "đa số"),
        (part == 0.5, "một nửa"),
        (part >= 0.1, "một số"),
    ]
    return next((word for holds, word in rows if holds), "số ít")


@given(FIGURES, st.sampled_from(list(Stance)))
def test_the_word_that_is_printed_follows_the_table(figures: Figures, stance: Stance) -> None:
    printed = fill(f"Có {in_braces('phan_' + STANCES[stance])} ý kiến", values(figures))
    assert printed == f"Có {by_the_table(figures.of(stance), figures.points)} ý kiến"


@pytest.mark.parametrize(
    ("count", "total", "word"),
    [
        (0, 0, "không có"),
        (0, 9, "không có"),
        (1, 1, "một"),
        (1, 2, "một"),
        (2, 2, "tất cả"),
        (9, 10, "hầu hết"),
        (899, 1000, "đa số"),
        (501, 1000, "đa số"),
        (5, 10, "một nửa"),
        (499, 1000, "một số"),
        (100, 1000, "một số"),
        (99, 1000, "số ít"),
    ],
)
def test_the_borders_of_the_scale(count: int, total: int, word: str) -> None:
    assert quantity(count, total).value == word


def test_more_than_all_has_no_word() -> None:
    with pytest.raises(ValueError, match="3 of 2"):
        quantity(3, 2)


@given(st.integers(0, 130), st.sampled_from(list(Quantity)))
def test_a_word_is_possible_when_some_number_has_it(total: int, word: Quantity) -> None:
    assert possible(word, total) == any(quantity(n, total) is word for n in range(total + 1))


@given(st.integers(1, 100_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_a_share_is_never_rounded_to_none_or_all(pair: tuple[int, int]) -> None:
    count, total = pair
    said = float(share(count, total).removesuffix("%").replace(",", "."))
    assert abs(said - count * 100 / total) < 0.1
    assert (said == 0) is (count == 0)
    assert (said == 100) is (count == total)


@given(FIGURES, st.text(max_size=30), st.sampled_from(sorted(PLACEHOLDERS)))
def test_what_can_be_named_is_filled_in_or_pointed_out(
    figures: Figures, around: str, name: str
) -> None:
    text = f"{around.replace('{', '').replace('}', '')} {in_braces(name)}"
    whole = figures.contributions is not None
    wrong = unknown(text, whole_round=whole)
    assert ("{{" in fill(text, values(figures))) is bool(wrong)


def test_names_are_found_however_they_are_written() -> None:
    for written in ("Số tán thành", "so tan thanh", "SO_DONG_Y", "đồng ý", "tan-thanh"):
        assert canonical(written) == "so_tan_thanh", written
    assert canonical("phan_khong_dong_y") == "phan_khong_tan_thanh"
    assert fill("{{ Số ý kiến }} và {{dong_y}}", values(TEN)) == "10 và 6"


def test_numbers_are_written_as_decreed_and_sentences_begin_with_a_capital() -> None:
    figures = Figures({Stance.AGREE: 40_924, Stance.DISAGREE: 5}, 3, 1)
    text = "{{phan_dong_y}} ý kiến. {{phan_khong_dong_y}} ý kiến, {{so_y_kien}}: {{phan_dong_y}}"
    assert fill(text, values(figures)) == "Hầu hết ý kiến. Số ít ý kiến, 40.929: hầu hết"


def test_names_without_a_value_and_broken_braces_are_pointed_out() -> None:
    text = "{{so_y_kien}} {{so_meo}} {{so_meo}} {{so_nguoi }và so_to_chuc}} {{so_ban_gop_y}}"
    told = unknown(text, whole_round=True)
    assert "{{so_meo}}" in told
    assert len(told) == len(set(told))
    assert any("so_to_chuc}}" in one for one in told)
    assert unknown("{{so_ban_gop_y}}", whole_round=True) == []
    assert unknown("{{so_ban_gop_y}}", whole_round=False) == ["{{so_ban_gop_y}}"]
    assert fill("{{so_meo}}", values(TEN)) == "{{so_meo}}"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Nhận được 10 ý kiến.", "so_y_kien"),
        ("có 1.200 người tham gia", "so_nguoi"),
        ("của 2 tổ chức", "so_to_chuc"),
        ("trong số 8 bản góp ý", "so_ban_gop_y"),
        ("6 ý kiến đồng ý với mức này", "so_tan_thanh"),
        ("3 ý kiến không đồng ý", "so_khong_tan_thanh"),
        ("60 % tán thành", "ty_le_tan_thanh"),
        ("có tới 30% phản đối", "ty_le_khong_tan_thanh"),
    ],
)
def test_figures_typed_by_hand_name_their_placeholder(text: str, name: str) -> None:
    [doubt] = doubts(text, TEN)
    assert doubt.placeholder == name
    assert doubt.typed in text


@pytest.mark.parametrize(
    "text",
    [
        "Điều 5 người dân được hỗ trợ",
        "từ năm 2026 tổ chức thực hiện",
        "ngày 12/5/2026 tổ chức hội nghị",
        "Một tác giả viết: “chỉ có 3 người ký, tất cả ý kiến phản đối”",
        "khoản 2 Điều 7, mục 3, 100 triệu đồng",
        "{{so_y_kien}} ý kiến, {{ty_le_dong_y}} tán thành",
        "Nghị quyết số 45-NQ/TW",
    ],
)
def test_names_dates_and_quotations_raise_no_doubt(text: str) -> None:
    assert doubts(text, TEN) == []


def test_words_that_contradict_the_figures() -> None:
    assert doubts("Đa số ý kiến đồng ý, một số ý kiến phản đối.", TEN) == []
    [doubt] = doubts("Hầu hết các ý kiến tán thành.", TEN)
    assert doubt == Doubt("Hầu hết các ý kiến", "phan_tan_thanh", Quantity.MAJORITY, 6, True)
    [doubt] = doubts("Đa số ý kiến không đồng ý.", TEN)
    assert doubt.fits is Quantity.SOME
    # With those who ask for changes it is all of them: both readings of "tán thành" hold.
    both = Figures({Stance.AGREE: 3, Stance.AGREE_WITH_CHANGES: 2})
    assert doubts("Tất cả ý kiến tán thành.", both) == []
    assert doubts("Đa số ý kiến tán thành.", both) == []
    # No stance is named: only what cannot be at all.
    assert doubts("Một số ý kiến đề nghị nâng mức.", TEN) == []
    [doubt] = doubts("Một số ý kiến đề nghị nâng mức.", Figures({Stance.NONE: 1}))
    assert doubt.is_word
    assert doubt.fits is None


@given(FIGURES, st.sampled_from([Stance.AGREE, Stance.DISAGREE]))
def test_what_a_placeholder_prints_raises_no_doubt_when_typed(
    figures: Figures, stance: Stance
) -> None:
    word = quantity(figures.of(stance), figures.points)
    said = {Stance.AGREE: "tán thành", Stance.DISAGREE: "không tán thành"}[stance]
    assert doubts(f"Có {word.value} ý kiến {said}.", figures) == []
