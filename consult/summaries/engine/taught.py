"""Themes that people decided on teach where other texts of a group belong."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from consult.summaries.engine.counts import Counts, gathered, nearness_to, rows_of, weighted
from consult.summaries.engine.spherical import Labels
from consult.summaries.engine.themes import ALONE, themes

# The cosine with a theme's centre from which a text belongs there. Measured on planted
# subjects: tests hold how many are placed, and how many of those rightly.
NEAR = 0.25


def taught(counts: Counts, known: Sequence[str | None]) -> tuple[Labels, list[str | None]]:
    """Return each row's theme, or ALONE, and each theme's name among ``known``, else None.

    ``known`` has the theme that people put the row in, where they did: it stays there. Another
    row goes to the theme with the nearest centre, in the space of weighted terms (Rocchio
    1971), if that is near enough. The others are grouped by `themes`, after the known ones. Of
    known themes the one whose name sorts first comes first.
    """
    names = sorted({name for name in known if name is not None})
    labels = np.array([ALONE if name is None else names.index(name) for name in known], np.int64)
    if names:
        free = np.flatnonzero(labels == ALONE)
        near = nearness_to(gathered(labels, weighted(counts)), weighted(counts), free)
        found: Labels = near.argmax(axis=1)
        enough = near.max(axis=1, initial=0) >= NEAR
        labels[free[enough]] = found[enough]
    rest = np.flatnonzero(labels == ALONE)
    fresh = themes(rows_of(counts, rest)) if len(rest) else rest
    labels[rest] = np.where(fresh == ALONE, ALONE, fresh + len(names))
    many = int(labels.max(initial=-1)) + 1
    return labels, [*names, *[None] * (many - len(names))]
