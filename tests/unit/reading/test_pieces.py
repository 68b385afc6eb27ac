"""A text in pieces is the text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from consult.reading.pieces import FIRST, PIECE, REST, cut, sent_at_once
from consult.reading.queries import Line

LINES = st.lists(
    st.builds(
        lambda size, level, depth: Line("k", "", "", "x" * size, "Điều 1", depth, level, []),
        st.integers(0, 20_000),
        st.sampled_from((0, 3, 4)),
        st.integers(0, 3),
    ),
    min_size=1,
    max_size=60,
)


@given(LINES)
def test_nothing_is_lost_or_doubled(lines: list[Line]) -> None:
    pieces = cut(lines)
    assert [line for piece in pieces for line in piece.lines] == lines
    assert [piece.number for piece in pieces] == list(range(1, len(pieces) + 1))


@given(LINES)
def test_the_page_carries_little(lines: list[Line]) -> None:
    pieces = cut(lines)
    sent = sent_at_once(pieces)
    assert 1 <= sent <= len(pieces)
    rest = sum(piece.size for piece in pieces[sent:])
    assert rest == 0 or rest > REST
    longest = max(piece.size for piece in pieces)
    assert sum(piece.size for piece in pieces[:sent]) <= max(FIRST, longest) + REST


def test_a_chapter_begins_a_piece_and_a_text_without_headings_is_cut_too() -> None:
    def line(size: int, *, level: int = 0, depth: int = 2) -> Line:
        return Line("k", "", "", "x" * size, "Điều 1", depth, level, [])

    chapters = [line(10_000, level=3, depth=0), line(10_000)] * 3
    assert [len(piece.lines) for piece in cut(chapters)] == [2, 2, 2]
    plain = [line(PIECE // 2)] * 12
    assert len(cut(plain)) > 2
