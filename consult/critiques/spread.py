"""How a panel's ratings lie and how they moved: plain figures, nothing averaged away."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from statistics import median

from msgspec import Struct

SCALE = (1, 2, 3, 4, 5)


class Spread(Struct, frozen=True):
    """The ratings of one criterion: how many gave each value, and where the middle is.

    ``middle`` is the median, ``low`` and ``high`` the range; None when nobody rated.
    """

    counts: Mapping[int, int]
    not_applicable: int
    middle: float | None
    low: int | None
    high: int | None

    @property
    def rated(self) -> int:
        """How many gave a value."""
        return sum(self.counts.values())


def spread(ratings: Iterable[tuple[int | None, bool]]) -> Spread:
    """Return the spread of (value, not applicable); ones without either count nowhere."""
    given = list(ratings)
    values = sorted(value for value, other in given if value is not None and not other)
    counts = {step: values.count(step) for step in SCALE}
    if not values:
        return Spread(counts, sum(other for _, other in given), None, None, None)
    others = sum(other for _, other in given)
    return Spread(counts, others, float(median(values)), values[0], values[-1])


class Move(Struct, frozen=True):
    """One member's rating of one criterion that differs between two reviews; None: n/a."""

    seat_id: int
    criterion_id: int
    before: int | None
    after: int | None

    @property
    def by(self) -> int | None:
        """By how much it moved; None when one of the two is no number."""
        return None if self.before is None or self.after is None else self.after - self.before


Values = Mapping[int, int | None]


def moves(pairs: Sequence[tuple[int, Values, Values]]) -> list[Move]:
    """Return what moved, of (seat id, ratings before, ratings after) by criterion id."""
    return [
        Move(seat_id, criterion_id, before[criterion_id], after.get(criterion_id))
        for seat_id, before, after in pairs
        for criterion_id in before
        if before[criterion_id] != after.get(criterion_id)
    ]
