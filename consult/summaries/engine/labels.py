"""What a theme is called: pairs of syllables that stand in it and seldom elsewhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from consult.core.text import nfc
from consult.summaries.engine.counts import Counts, total_by
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
    return [
        [
            _surface(code, texts, np.flatnonzero(themes == theme), terms)
            for code in _apart(row, counts)
        ]
        for theme, row in enumerate(values)
    ]


def _apart(values: NDArray[np.float64], counts: Counts) -> list[int]:
    order = np.lexsort((counts.codes, -values))[:_LOOKED_AT]
    chosen: list[int] = []
    used: set[int] = set()
    for code, value in zip(counts.codes[order].tolist(), values[order], strict=True):
        own = set(parts(code))
        if value > 0 and not own & used and len(chosen) < _MOST:
            chosen.append(code)
            used |= own
    return chosen


def _surface(code: int, texts: Sequence[str], rows: NDArray[np.int64], terms: Terms) -> str:
    """Return the most frequent spelling of a pair, of equal ones the one that sorts first."""
    wanted = tuple(terms.key(number) for number in parts(code))
    seen: Counter[str] = Counter()
    looked_at: list[int] = rows.tolist()
    for row in looked_at:
        text = nfc(texts[row])
        found = tokens(text)
        seen.update(
            f"{text[a:b]} {text[c:d]}"
            for (a, b, first), (c, d, second) in pairwise(found)
            if (first, second) == wanted
        )
        if seen.total() >= _SURFACES_OF:
            break
    return min(seen, key=lambda words: (-seen[words], words))
