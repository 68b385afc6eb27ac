"""What a theme is called: pairs of syllables that stand in it and seldom elsewhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from consult.core.text import nfc
from consult.summaries.engine.counts import Counts, holders, total_by
from consult.summaries.engine.terms import Terms, parts, tokens

_MOST = 3
_LOOKED_AT = 20
# Enough to see how most people write a pair.
_SURFACES_OF = 20


def labels(
    themes: NDArray[np.int64], counts: Counts, texts: Sequence[str], terms: Terms
) -> list[list[str]]:
    """Return for each theme up to three pairs of syllables, as most of its texts write them.

    They are the pairs without stop words of the greatest class-based TF-IDF,
    tf · ln(1 + A / f), A the mean number of terms in a theme and f a term's number in all
    (Grootendorst 2022, "BERTopic"); of equal ones the one that sorts first. No two of a theme
    share a syllable, and none stands in more than half of the themes. ``themes`` and the rows
    of ``counts`` belong to ``texts``.
    """
    stops = terms.stops()
    content = np.array(
        [
            len(found := parts(int(code))) == 2 and not stops[list(found)].any()
            for code in counts.codes
        ],
        np.bool_,
    )
    totals = total_by(themes, counts)
    overall = np.maximum(totals.sum(axis=0), 1)
    mean = totals.sum() / max(len(totals), 1)
    telling = (totals > 0).sum(axis=0) <= max(1, len(totals) / 2)
    values = totals * np.log1p(mean / overall) * (content & telling)
    chosen = [_apart(row, counts) for row in values]
    looked_up = sorted({column for columns in chosen for column in columns})
    rows_with = dict(zip(looked_up, holders(counts, looked_up), strict=True))
    surfaces = _Surfaces(texts, terms)
    return [
        [
            surfaces.of(
                int(counts.codes[column]), rows_with[column][themes[rows_with[column]] == theme]
            )
            for column in columns
        ]
        for theme, columns in enumerate(chosen)
    ]


def _apart(values: NDArray[np.float64], counts: Counts) -> list[int]:
    """Return the columns of the pairs with the greatest values that share no syllable."""
    order = np.lexsort((counts.codes, -values))[:_LOOKED_AT]
    chosen: list[int] = []
    used: set[int] = set()
    columns: list[int] = order.tolist()
    for column in columns:
        own = set(parts(int(counts.codes[column])))
        if values[column] > 0 and not own & used and len(chosen) < _MOST:
            chosen.append(column)
            used |= own
    return chosen


class _Surfaces:
    """How the pairs are written in the texts, each of which is read once."""

    def __init__(self, texts: Sequence[str], terms: Terms) -> None:
        self._texts, self._terms = texts, terms
        self._read: dict[int, tuple[str, list[tuple[int, int, str]]]] = {}

    def of(self, code: int, rows: NDArray[np.int64]) -> str:
        """Return the most frequent spelling of a pair, of equal ones the one that sorts first."""
        wanted = tuple(self._terms.key(number) for number in parts(code))
        seen: Counter[str] = Counter()
        looked_at: list[int] = rows.tolist()
        for row in looked_at:
            if row not in self._read:
                text = nfc(self._texts[row])
                self._read[row] = text, tokens(text)
            text, found = self._read[row]
            seen.update(
                f"{text[a:b]} {text[c:d]}"
                for (a, b, first), (c, d, second) in pairwise(found)
                if (first, second) == wanted
            )
            if seen.total() >= _SURFACES_OF:
                break
        return min(seen, key=lambda words: (-seen[words], words))
