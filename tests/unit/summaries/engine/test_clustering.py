"""Groups of points: found where they are, and measured as others measure them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics  # type: ignore[import-untyped]

from consult.summaries.engine.clustering import (
    Clustering,
    adjusted_rand,
    cluster,
    repeatability,
    silhouette,
)


def around(*centres: tuple[float, float, int]) -> npt.NDArray[np.float64]:
    """Return so many points near each centre, the same on every run."""
    random = np.random.default_rng(4)
    return np.concatenate(
        [np.array([x, y]) + random.normal(0, 0.3, (count, 2)) for x, y, count in centres]
    )


def test_three_camps_are_three_groups_the_largest_first() -> None:
    found = cluster(around((0, 0, 12), (5, 5, 20), (-5, 5, 15)))
    assert found is not None
    assert found.labels.tolist() == [2] * 12 + [0] * 20 + [1] * 15
    assert max(found.silhouettes, key=lambda k: found.silhouettes[k]) == 3
    assert sorted(found.silhouettes) == [2, 3, 4, 5]


def test_few_people_are_not_cut_into_many_groups() -> None:
    found = cluster(around((0, 0, 4), (5, 5, 4), (-5, 5, 4), (9, -9, 3)))
    assert found is not None
    assert max(found.silhouettes) == 3


def test_a_loner_is_no_group() -> None:
    assert cluster(around((0, 0, 2), (50, 50, 20))) is None
    assert cluster(around((0, 0, 3), (50, 50, 20))) is not None


def test_people_who_all_vote_alike_form_no_groups() -> None:
    assert cluster(np.zeros((30, 2))) is None


labellings = st.integers(2, 25).flatmap(
    lambda n: st.tuples(*[st.lists(st.integers(0, 4), min_size=n, max_size=n)] * 2)
)


@given(labellings)
def test_agreement_is_the_adjusted_rand_index(pair: tuple[list[int], list[int]]) -> None:
    one, other = (np.array(labels, dtype=np.intp) for labels in pair)
    expected = metrics.adjusted_rand_score(one, other)
    assert adjusted_rand(one, other) == pytest.approx(expected, abs=1e-12)


@given(labellings, st.data())
def test_the_silhouette_is_the_usual_one(
    pair: tuple[list[int], list[int]], data: st.DataObject
) -> None:
    labels = np.array(pair[0], dtype=np.intp)
    places = st.tuples(st.integers(-9, 9), st.integers(-9, 9))
    drawn = data.draw(st.lists(places, min_size=len(labels), max_size=len(labels)))
    points = np.array(drawn, dtype=np.float64)
    distances = np.sqrt(((points[:, None] - points[None]) ** 2).sum(axis=2))
    groups = len(set(pair[0]))
    if 2 <= groups < len(labels):
        expected = metrics.silhouette_score(points, labels)
        assert silhouette(distances, labels) == pytest.approx(expected, abs=1e-9)
    else:
        assert silhouette(distances, labels) == 0


def test_a_fifth_of_the_people_is_left_out_twenty_times() -> None:
    labels = np.array([0] * 10 + [1] * 10, dtype=np.intp)
    stayed: list[list[int]] = []

    def anew(stay: npt.NDArray[np.intp]) -> Clustering | None:
        stayed.append(stay.tolist())
        return Clustering(1 - labels[stay], {}) if len(stayed) % 4 else None

    mean, each = repeatability(labels, anew)
    assert each == [1, 1, 1, 0] * 5
    assert mean == 0.75
    assert all(len(set(places)) == 16 for places in stayed)
    assert len({tuple(places) for places in stayed}) == 20
