"""Spreads of ratings, what moved, and which words a speciality shares with an order."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from consult.critiques.candidate_queries import shared_words
from consult.critiques.spread import SCALE, moves, spread

RATINGS = st.one_of(
    st.sampled_from(SCALE).map(lambda value: (value, False)),
    st.just((None, True)),
    st.just((None, False)),
)


def test_every_rating_is_counted() -> None:
    found = spread([(5, False), (2, False), (2, False), (None, True), (4, False)])
    assert found.counts == {1: 0, 2: 2, 3: 0, 4: 1, 5: 1}
    assert (found.rated, found.not_applicable) == (4, 1)
    assert (found.middle, found.low, found.high) == (3.0, 2, 5)


def test_nobody_rated() -> None:
    found = spread([(None, True), (None, False)])
    assert (found.rated, found.not_applicable) == (0, 1)
    assert (found.middle, found.low, found.high) == (None, None, None)


@given(st.lists(RATINGS, max_size=12))
def test_nothing_is_lost_or_averaged_away(ratings: list[tuple[int | None, bool]]) -> None:
    found = spread(ratings)
    said = [value for value, _ in ratings if value is not None]
    assert found.rated == len(said)
    assert found.not_applicable == sum(other for _, other in ratings)
    if said:
        assert found.low == min(said)
        assert found.high == max(said)
        assert found.low is not None
        assert found.middle is not None
        assert found.low <= found.middle <= max(said)


def test_only_what_differs_has_moved() -> None:
    before, after = {1: 4, 2: None, 3: 2}, {1: 4, 2: 3, 3: 5}
    found = moves([(7, before, after)])
    assert [(one.criterion_id, one.before, one.after, one.by) for one in found] == [
        (2, None, 3, None),
        (3, 2, 5, 3),
    ]
    assert moves([(7, before, before)]) == []


def test_pairs_of_syllables_are_shared_words() -> None:
    about = "Phản biện dự thảo quy định về Bảo vệ MÔI TRƯỜNG khu công nghiệp"
    assert shared_words("Kỹ thuật môi trường", about) == ["môi trường"]
    assert shared_words("Công tác xã hội", about) == []
    assert shared_words("", about) == []
