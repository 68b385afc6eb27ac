"""Invariants of corrections by hand: whatever is done and undone, no word is lost or altered."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from consult.drafts.corrections import (
    OPERATIONS,
    Conflict,
    Correction,
    Refused,
    Tree,
    apply,
    document,
    replay,
    rules,
)
from consult.drafts.parsing import ParsedDocument, parse_file, parse_text
from tests.unit.drafts.files import DATA
from tests.unit.drafts.test_real_documents import TRUTH, assert_sound

TWO_PARTS = """Đọc thêm trên trang tin
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
QUYẾT ĐỊNH
Ban hành Quy định về hỗ trợ trí thức
Điều 1. Ban hành kèm theo Quyết định này Quy định về hỗ trợ trí thức.
Điều 2. Hiệu lực
1. Quyết định này có hiệu lực từ ngày ký. 2. Bãi bỏ Quyết định cũ.
CHỦ TỊCH
Nguyễn Văn An
QUY ĐỊNH
VỀ HỖ TRỢ TRÍ THỨC
(Kèm theo Quyết định số 12/QĐ-UBND)
Chương I
QUY ĐỊNH CHUNG
Điều 1. Phạm vi
1. Quy định này áp dụng cho:
a) Trí thức;
b) Tổ chức:
- Câu lạc bộ;
- Hội.
Chương II
HỖ TRỢ
Điều 2. Mức hỗ trợ
Mức hỗ trợ theo bảng.
Điều 4. Thực hiện
PHỤ LỤC I
BIỂU MẪU
1. Tên.
2. Địa chỉ.
"""
KINDS = (*rules.CHOICES, "nonsense")
NUMBERS = ("", "1", "2", "II", "b", "5a", "nhất", "***", "1.1")


@cache
def guesses() -> tuple[ParsedDocument, ...]:
    files = ("TT-13-2026-BQP.docx", "chuong-trinh-hanh-dong-NQ45-Binh-Phuoc.txt", "LBH-2025.txt")
    read = [parse_file(DATA / name, filename=name) for name in files]
    return (parse_text(TWO_PARTS), *read)


def test_the_texts_hold_what_can_go_wrong() -> None:
    first = guesses()[0]
    assert [part.key for part in first.parts] == ["main", "p2", "pl1"]
    assert first.remainder
    assert any(warning.code == "number_gap" for warning in first.warnings)


@st.composite
def corrections(draw: st.DrawFn, tree: Tree) -> Correction:
    """One correction, mostly of a unit that exists, at a place that exists."""
    units = tree.units
    at = draw(st.integers(0, len(units) - 1))
    unit, before = units[at], units[at - 1]
    kind, number = draw(st.sampled_from(KINDS)), draw(st.sampled_from(NUMBERS))
    words = tree.own(unit).split() or tree.text[unit.start : unit.end].split()
    title = " ".join(words[: draw(st.sampled_from([0, 0, 1, 3]))])
    what: dict[str, Any] = {"kind": kind, "number": number, "title": title}
    place = draw(st.integers(unit.body, max(unit.body, unit.end - 1)))
    if draw(st.booleans()):
        place = draw(st.integers(0, len(tree.text) - 1))
    operation = draw(st.sampled_from(sorted(OPERATIONS)))
    if operation in ("split", "mark"):
        under = draw(st.sampled_from(["sibling", "child"]))
        params = what | {"unit": unit.id, "at": place, "under": under, "title": ""}
    elif operation == "attach":
        place = draw(st.sampled_from([unit.start, place]))
        params = {"at": place, "name": draw(st.sampled_from(["Quy chế kèm theo", "", "x" * 81]))}
    elif operation in ("merge", "unmark"):
        params = {"unit": unit.id, "into": before.id}
    elif operation == "retitle":
        params = {"unit": unit.id, "title": title}
    elif operation == "retype":
        params = what | {"unit": unit.id, "title": draw(st.sampled_from([title, ""]))}
    else:
        parent = draw(st.sampled_from([None, *tree.parents(unit), draw(st.sampled_from(units))]))
        params = {"unit": unit.id, "parent": parent and parent.id}
    return Correction(operation, params)


def check(tree: Tree, guess: ParsedDocument) -> None:
    made = document(tree)
    assert made.text == guess.text
    assert_sound(made)
    assert_whole(made)
    opened: list[Any] = []
    for unit in tree.units:
        if unit.parent is not None:
            assert unit.parent.part is unit.part
            assert unit.parent in opened, "a parent precedes its child and is still open"
            if unit.kind in rules.STRUCTURAL:
                assert rules.may_hold(unit.parent.what, unit.what)
        opened = [*opened[: opened.index(unit.parent) + 1], unit] if unit.parent else [unit]
    bounds = [(part.start, part.end) for part in made.parts]
    assert bounds == sorted(bounds)
    assert [p.key for p in made.parts] == list(dict.fromkeys(p.part for p in made.provisions))


def assert_whole(made: ParsedDocument) -> None:
    """Every word stands in exactly one extent or in the remainder, in the order of the text."""
    at, rest = 0, []
    for p in made.provisions:
        rest.append(made.text[at : p.start])
        at = p.end
    rest.append(made.text[at:])
    assert "".join("".join(rest).split()) == "".join(made.remainder.split())


@pytest.mark.slow
@settings(max_examples=80, deadline=None)
@given(st.data())
def test_no_sequence_of_corrections_and_undos_loses_a_word(data: st.DataObject) -> None:
    guess = data.draw(st.sampled_from(guesses()))
    standing: list[Correction] = []
    for _ in range(data.draw(st.integers(1, 6))):
        if standing and data.draw(st.integers(0, 3)) == 0:
            gone = data.draw(st.integers(0, len(standing) - 1))
            rest = [c for index, c in enumerate(standing) if index != gone]
            try:
                check(replay(guess, rest), guess)
            except Conflict as conflict:
                event("undo refused")
                index = conflict.index
            else:
                standing = rest
                event("undone")
                index = gone
            assert index >= gone, "what came before does not depend on it"
            continue
        tree = replay(guess, standing)
        correction = data.draw(corrections(tree))
        try:
            seen = apply(tree, correction)
        except Refused as refusal:
            event(f"refused {refusal.reason}")
            continue
        event(f"done {correction.operation}")
        assert seen in tree.units
        standing.append(correction)
        check(tree, guess)
    assert document(replay(guess, [])) == guess


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(TRUTH))
def test_a_tree_without_corrections_is_the_parsers_own(name: str) -> None:
    """Keys, citations, parts, warnings: all of it, so corrections rename only what they touch."""
    guess = parse_file(DATA / name, filename=name)
    assert document(Tree.of(guess)) == guess
