"""Invariants of comparisons: generated drafts under random edits, and any texts."""

from __future__ import annotations

import itertools
from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from consult.drafts.comparison import Comparison, Segment, Unit, compare, diff, word_diffs
from consult.drafts.comparison.sequences import common
from consult.drafts.comparison.tokens import folded, is_syllable, tokens
from consult.drafts.parsing import parse_text
from tests.property.test_parsing import laws, outlines
from tests.support.edited_drafts import Draft, judge

WORDS = st.sampled_from(
    ["cơ", "quan", "tổ", "chức", "hoà", "hòa", "Điều", "5", "40.924", "01/02/2023", ",", ".", ";",
     " ", " ", " ", "  ", "\n", "“", '"', "35/2023/NĐ-CP", "Uỷ", "Ủy", "a\u0300", "à", "-", "–"]
)  # fmt: skip
TEXTS = st.lists(WORDS, max_size=60).map("".join) | st.text(max_size=40)
QUICK = settings(max_examples=60, deadline=None)


def syllables(text: str) -> list[str]:
    return [folded(token) for token in tokens(text) if is_syllable(token)]


def assert_exact(segments: list[Segment], old: str, new: str) -> None:
    assert "".join(s.text for s in segments if s.op != "inserted") == old
    assert "".join(s.text for s in segments if s.op != "deleted") == new
    assert all(s.text for s in segments)


@settings(max_examples=400, deadline=None)
@given(TEXTS, TEXTS, st.integers(0, 20), st.integers(0, 20))
def test_a_difference_holds_both_texts(old: str, new: str, title: int, other: int) -> None:
    assert_exact(diff(old, new), old, new)
    assert_exact(diff(old, new, titles=(title, other)), old, new)


@QUICK
@given(st.lists(WORDS, min_size=1, max_size=40), st.data())
def test_moved_runs_come_in_pairs_with_the_same_words(
    words: list[str], data: st.DataObject
) -> None:
    run = " ".join(f"từ{n}" for n in range(data.draw(st.integers(6, 15))))
    at = data.draw(st.integers(0, len(words)))
    text = " ".join(words)
    old, new = f"{run} {text}", f"{' '.join(words[:at])} {run} {' '.join(words[at:])}"
    segments = diff(old, new)
    assert_exact(segments, old, new)
    moves: dict[int, list[Segment]] = {}
    for segment in segments:
        if segment.move:
            moves.setdefault(segment.move, []).append(segment)
    for pair in moves.values():
        assert sorted(s.op for s in pair) == ["deleted", "inserted"]
        assert len({tuple(syllables(s.text)) for s in pair}) == 1


@settings(max_examples=200, deadline=None)
@given(st.lists(st.integers(0, 4), max_size=120), st.lists(st.integers(0, 4), max_size=120))
def test_common_items_are_equal_and_in_order(old: list[int], new: list[int]) -> None:
    pairs = common(old, new)
    assert all(old[i] == new[j] for i, j in pairs)
    assert all(a < c and b < d for (a, b), (c, d) in itertools.pairwise(pairs))
    if len(old) * len(new) <= 4_000:
        assert len(pairs) == longest(old, new)


def longest(old: list[int], new: list[int]) -> int:
    row = [0] * (len(new) + 1)
    for item in old:
        before = row[:]
        for at, other in enumerate(new, 1):
            row[at] = before[at - 1] + 1 if item == other else max(before[at], row[at - 1])
    return row[-1]


@st.composite
def forests(draw: st.DrawFn) -> list[Unit]:
    """Any tree of units in reading order, with wordings that repeat."""
    units: list[Unit] = []
    branch: list[Unit] = []
    appendix = draw(st.integers(0, 14))
    for at in range(draw(st.integers(0, 14))):
        branch = branch[: draw(st.integers(0, len(branch)))]
        parent = branch[-1] if branch else None
        units.append(
            Unit(
                f"n{at}",
                parent.part if parent else "main" if at < appendix else "pl",
                draw(st.sampled_from(["article", "clause", "letter", "bullet", "chapter"])),
                draw(st.sampled_from(["1", "2", "I", "a", "1.1"])),
                draw(st.sampled_from(["", "", "Chung", "Quyền và nghĩa vụ của các bên"])),
                draw(st.sampled_from(["", "Bãi bỏ."]) | TEXTS),
                parent.key if parent else None,
            )
        )
        branch.append(units[-1])
    return units


def assert_whole(comparison: Comparison, old: list[str], new: list[str]) -> None:
    """Every provision is in exactly one change, of a kind that fits."""
    assert Counter(key for c in comparison.changes for key in c.old) == Counter(old)
    assert Counter(key for c in comparison.changes for key in c.new) == Counter(new)
    for c in comparison.changes:
        assert (c.kind == "added") == (not c.old)
        assert (c.kind == "deleted") == (not c.new)
        assert (c.kind == "split") == (len(c.new) > 1)
        assert (c.kind == "merged") == (len(c.old) > 1)
        assert 0 <= c.similarity <= 1
        if c.kind in {"unchanged", "changed"}:
            assert c.wording_changed == (c.kind == "changed")
    order = {key: at for at, key in enumerate(new)}
    firsts = [order[c.new[0]] for c in comparison.changes if c.new and c.kind != "split"]
    assert firsts == sorted(firsts)
    assert sum(comparison.counts.values()) == len(comparison.changes)


@settings(max_examples=150, deadline=None)
@given(forests(), forests())
def test_every_unit_of_any_two_trees_is_in_one_change(old: list[Unit], new: list[Unit]) -> None:
    comparison = compare(old, new)
    assert_whole(comparison, [u.key for u in old], [u.key for u in new])
    for change, segments in zip(
        comparison.changes, word_diffs(old, new, comparison.changes), strict=True
    ):
        if not change.wording_changed and change.kind not in {"split", "merged"}:
            assert all(s.minor for s in segments if s.op != "equal")


@QUICK
@given(forests())
def test_a_version_is_unchanged_against_itself(units: list[Unit]) -> None:
    assert {c.kind for c in compare(units, units).changes} <= {"unchanged"}


@QUICK
@given(laws() | outlines(), st.integers(0, 10_000), st.integers(1, 6))
def test_an_edited_draft_is_understood(units: list[object], seed: int, count: int) -> None:
    draft = Draft("\n".join(unit.line for unit in units), seed)  # type: ignore[attr-defined]
    draft.edit(count)
    text = draft.text()
    if not text.strip():
        return
    score, comparison, new = judge(draft)
    assert_whole(comparison, [p.key for p in draft.old.provisions], [p.key for p in new.provisions])
    # The generated texts repeat themselves: where things moved, equal words do not tell which.
    moved = any(line.startswith("move") for line in draft.log)
    wrong = score.untouched_telling if moved else score.untouched_changed
    assert wrong == 0, (draft.log, score.wrong)


def test_a_generated_law_with_one_edit_of_each_kind() -> None:
    """A floor for the share: the generated texts repeat their words more than laws do."""
    lines: list[str] = []
    for article in range(1, 41):
        lines.append(f"Điều {article}. Nội dung thứ {article} của chương trình số {article * 7}")
        for clause in range(1, 4):
            words = " ".join(f"t{article * 31 + clause * 7 + n}u" for n in range(30))
            lines.append(f"{clause}. Khoản {words}.")
    for seed in range(5):
        draft = Draft("\n".join(lines), seed)
        draft.edit(20)
        score, _, _ = judge(draft)
        assert score.share >= 0.98, score.wrong
        assert score.untouched_changed == 0
    assert parse_text("\n".join(lines)).provisions
