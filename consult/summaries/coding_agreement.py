"""How far two readers of the same points agree: the share, and Cohen's kappa beside it.

J. Cohen, "A coefficient of agreement for nominal scales", Educational and Psychological
Measurement 20 (1), 1960.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from fractions import Fraction

from msgspec import Struct

from consult.summaries.coding_models import Code

Pair = tuple[Code, Code]


class Agreement(Struct, frozen=True):
    """What was counted of points that two have read; ``table`` by what each of them read."""

    table: Mapping[Pair, int]

    @property
    def points(self) -> int:
        """How many points both have read."""
        return sum(self.table.values())

    @property
    def same(self) -> int:
        """In how many of them both read the same."""
        return sum(n for (one, other), n in self.table.items() if one is other)

    @property
    def percent(self) -> float:
        """The share of these, of a hundred, to one decimal; 0 without points."""
        return round(100 * self.same / self.points, 1) if self.points else 0.0

    @property
    def expected(self) -> Fraction:
        """The share that would come about by chance, each reader keeping to his frequencies."""
        first: Counter[Code] = Counter()
        second: Counter[Code] = Counter()
        for (one, other), n in self.table.items():
            first[one] += n
            second[other] += n
        whole = Fraction(self.points * self.points)
        return sum((first[code] * second[code] for code in Code), start=0) / whole

    @property
    def kappa(self) -> float | None:
        """The agreement beyond chance, to two decimals; None where there is no choice.

        That is without points, or where both have read one and the same in all of them.
        """
        if not self.points or self.expected == 1:
            return None
        beyond = Fraction(self.same, self.points) - self.expected
        return round(float(beyond / (1 - self.expected)), 2)


def agreement(pairs: Iterable[Pair]) -> Agreement:
    """Return the agreement of two readers, given what each read in every point."""
    return Agreement(dict(Counter(pairs)))
