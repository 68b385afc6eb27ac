"""Themes inside one group of texts: which texts speak of the same thing.

Terms weighted by TF-IDF, reduced to a few dimensions, grouped by k-means. It is written with
numpy alone: loading scikit-learn takes longer than reading a thousand texts.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from consult.summaries.engine.clustering import silhouette
from consult.summaries.engine.counts import Counts, weighted
from consult.summaries.engine.spherical import Floats, Labels, k_means, reduced

ALONE = -1
_FEWEST_TEXTS = 6
_DIMENSIONS = 64
_SAMPLE = 1_000


def themes(counts: Counts) -> Labels:
    """Return for each row of ``counts`` its theme 0, 1, … or ALONE.

    Theme 0 is the largest; of equal ones the one with the earliest row comes first. A text
    that shares no term with another, or would be a theme by itself, is ALONE. Fewer than six
    texts are one theme. Otherwise the number of themes is the one of 2, 3, 4, 6, 8, 12, … up
    to the root of the number of texts with the greatest mean silhouette (Rousseeuw 1987) on
    at most 1,000 texts: with more than √n themes most would hold less than √n texts.
    """
    rows: int = counts.table.shape[0]
    if rows < _FEWEST_TEXTS:
        return np.zeros(rows, np.int64)
    table = weighted(counts)
    shared = np.flatnonzero(np.diff(table.indptr))
    labels = np.full(rows, ALONE, np.int64)
    if len(shared) >= _FEWEST_TEXTS:
        labels[shared] = _clusters(reduced(table[shared], _DIMENSIONS))
    else:
        labels[shared] = 0
    return _ordered(labels)


def _clusters(points: Floats) -> Labels:
    step = -(-len(points) // _SAMPLE)
    sample = np.ascontiguousarray(points[::step])
    # A thousandth is far below any real distance and above what rounding makes different.
    distinct = len(np.unique(np.round(sample, 3), axis=0))
    distances = np.sqrt(np.maximum(0, 2 - 2 * sample @ sample.T))
    best, chosen = -1.0, 1
    for many in _sizes(min(int(len(points) ** 0.5), distinct - 1)):
        value = silhouette(distances, k_means(sample, many, starts=1))
        if value > best + 1e-9:
            best, chosen = value, many
    if chosen == 1:
        return np.zeros(len(points), np.int64)
    return k_means(points, chosen, starts=3)


def _sizes(most: int) -> Iterator[int]:
    size, between = 2, 3
    while size <= most:
        yield size
        size, between = between, size * 2


def _ordered(labels: Labels) -> Labels:
    found, firsts, sizes = np.unique(labels[labels >= 0], return_index=True, return_counts=True)
    order = sorted(range(len(found)), key=lambda place: (-sizes[place], firsts[place]))
    ordered = np.full(len(labels), ALONE, np.int64)
    for new, place in enumerate(place for place in order if sizes[place] > 1):
        ordered[labels == found[place]] = new
    return ordered
