"""Word-level differences: readable, exact to the letter, quick."""

from __future__ import annotations

import random
import time

import pytest

from consult.drafts.comparison import Segment, diff
from consult.drafts.comparison.tokens import canonical, folded, tokens

CLAUSE = (
    "Cơ quan chủ trì soạn thảo có trách nhiệm nghiên cứu, tiếp thu, giải trình đầy đủ và công khai "
    "ý kiến góp ý của cơ quan, tổ chức, cá nhân trước ngày 30/6/2026 theo Nghị định số "
    "35/2023/NĐ-CP và báo cáo Ủy ban nhân dân tỉnh."
)


def shown(segments: list[Segment]) -> str:
    """The difference as a line: [-deleted-], {+inserted+}; minor ones as the new text."""
    signs = {"deleted": ("[-", "-]"), "inserted": ("{+", "+}"), "equal": ("", "")}
    return "".join(
        (s.text if s.op == "inserted" else "")
        if s.minor
        else f"{signs[s.op][0]}{s.text}{signs[s.op][1]}"
        for s in segments
    )


def compared(old: str, new: str) -> str:
    return shown(diff(old, new))


def test_equal_texts_are_one_segment() -> None:
    assert diff(CLAUSE, CLAUSE) == [Segment("equal", CLAUSE)]
    assert diff("", "") == []
    assert diff("", "mới") == [Segment("inserted", "mới")]
    assert diff("cũ", "") == [Segment("deleted", "cũ")]


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("30/6/2026", "31/12/2026", "trước ngày [-30/6/2026-]{+31/12/2026+} theo"),
        ("35/2023/NĐ-CP", "36/2025/NĐ-CP", "số [-35/2023/NĐ-CP-]{+36/2025/NĐ-CP+} và"),
        ("nghiên cứu, ", "", "có trách nhiệm[- nghiên cứu,-] tiếp thu"),
        ("của cơ quan, ", "của cơ quan, đơn vị, ", "cơ quan,{+ đơn vị,+} tổ chức"),
        ("đầy đủ và công khai", "đầy đủ", "giải trình đầy đủ[- và công khai-] ý kiến"),
        ("tỉnh.", "xã.", "nhân dân [-tỉnh-]{+xã+}."),
    ],
)
def test_whole_words_numbers_and_phrases(old: str, new: str, line: str) -> None:
    assert line in compared(CLAUSE, CLAUSE.replace(old, new))


def test_no_confetti_when_a_phrase_is_rewritten() -> None:
    old = "phải gửi hồ sơ cho cơ quan có thẩm quyền trong thời hạn ngắn nhất"
    new = "nộp đủ tài liệu tại bộ phận một cửa có xác nhận và nhận lại kết quả sau ba ngày"
    segments = diff(f"Người dân {old} theo quy định.", f"Người dân {new} theo quy định.")
    assert [s.op for s in segments] == ["equal", "deleted", "inserted", "equal"]


@pytest.mark.parametrize(
    ("old", "new"),
    [("hoà giải", "hòa giải"), ("thuỷ lợi", "thủy lợi"), ("kĩ thuật", "kỹ thuật"),
     ("quí", "quý"), ("“số”", '"số"'), ("2021 – 2030", "2021 - 2030"), ("a  b", "a\nb"),
     ("Ðiều", "Điều"), ("tie\u0302\u0301ng", "tiếng"), ("UỶ BAN", "ỦY BAN")],
)  # fmt: skip
def test_variants_of_writing_are_minor(old: str, new: str) -> None:
    segments = diff(f"Việc {old} ở tỉnh", f"Việc {new} ở tỉnh")
    assert all(s.minor for s in segments if s.op != "equal")
    assert shown(segments) == f"Việc {new} ở tỉnh"


def test_words_that_differ_are_not_variants() -> None:
    for one, other in [("tay", "tai"), ("mạ", "má"), ("đa", "da"), ("Nhà", "nhà"), ("ban", "bàn")]:
        assert canonical(one) != canonical(other)
    assert folded("NHÀ") == folded("nhà")


def test_letter_case_of_titles_is_minor_and_of_text_is_not() -> None:
    old, new = "Quy định chung\nnhà nước quản lý", "QUY ĐỊNH CHUNG\nNhà nước quản lý"
    segments = diff(old, new, titles=(14, 14))
    assert shown(segments) == "QUY ĐỊNH CHUNG\n[-nhà-]{+Nhà+} nước quản lý"


def test_text_moved_within_is_marked_on_both_sides() -> None:
    went = "sau khi được Hội đồng nhân dân tỉnh thông qua"
    rest = "Ủy ban nhân dân ban hành quy chế và giao các sở tổ chức thực hiện"
    segments = diff(f"{rest} {went}.", f"{went}, {rest}.")
    moved = [s for s in segments if s.move]
    assert sorted(s.op for s in moved) == ["deleted", "inserted"]
    assert {s.move for s in moved} == {1}
    assert {s.text.strip() for s in moved} == {went}


def test_five_syllables_are_too_few_to_have_moved() -> None:
    segments = diff(
        "một hai ba bốn năm. Giữ nguyên phần này", "Giữ nguyên phần này. Một hai ba bốn năm"
    )
    assert not any(s.move for s in segments)


def test_tokens_keep_numbers_symbols_and_dates_whole() -> None:
    found = tokens("Điều 5a, 40.924 người (15,5%) theo 35/2023/NĐ-CP ngày 01/02/2023.")
    assert [t for t in found if not t.isspace()] == [
        "Điều", "5a", ",", "40.924", "người", "(", "15,5%", ")", "theo", "35/2023/NĐ-CP", "ngày",
        "01/02/2023", ".",
    ]  # fmt: skip


def hundred_kilobytes(seed: int) -> str:
    chance = random.Random(seed)
    words = [f"{a}{b}" for a in "bcdghklmnpqrstvx" for b in ("a", "ình", "ương", "ộ", "ét", "ủy")]
    return " ".join(chance.choice(words) for _ in range(25_000))


@pytest.mark.parametrize("kind", ["edited", "unrelated", "repetitive", "reversed"])
def test_a_hundred_kilobytes_take_bounded_time(kind: str) -> None:
    old = hundred_kilobytes(1)
    words = old.split(" ")
    if kind == "edited":
        for at in range(0, len(words), 40):
            words[at] = "mới"
    elif kind == "unrelated":
        words = hundred_kilobytes(2).split(" ")
    elif kind == "repetitive":
        old, words = "một hai " * 12_000, ["hai", "một", "ba"] * 8_000
    else:
        words.reverse()
    new = " ".join(words)
    began = time.process_time()
    segments = diff(old, new)
    assert time.process_time() - began < 10
    assert "".join(s.text for s in segments if s.op != "inserted") == old
    assert "".join(s.text for s in segments if s.op != "deleted") == new
