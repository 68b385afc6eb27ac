"""ROUGE-N over syllables: how many of a reference's N-grams a summary has.

C.-Y. Lin, "ROUGE: A Package for Automatic Evaluation of Summaries", 2004.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from msgspec import Struct

from consult.summaries.engine.terms import keys


class Rouge(Struct, frozen=True):
    """Parts of the reference that were found (recall) and of the summary that fit, 0 to 1."""

    recall: float
    precision: float

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        total = self.recall + self.precision
        return 2 * self.recall * self.precision / total if total else 0.0


def rouge(summary: str, reference: str, size: int) -> Rouge:
    """Return ROUGE-``size`` (1 or 2) of ``summary`` against one ``reference``.

    N-grams are of syllables in lower case with diacritics, numbers included; one that comes
    several times counts at most as often as the other text has it.
    """
    found, wanted = _grams(keys(summary), size), _grams(keys(reference), size)
    both = sum((found & wanted).values())
    return Rouge(
        recall=both / wanted.total() if wanted else 0.0,
        precision=both / found.total() if found else 0.0,
    )


def _grams(syllables: Sequence[str], size: int) -> Counter[tuple[str, ...]]:
    return Counter(pairwise(syllables) if size == 2 else ((one,) for one in syllables))
