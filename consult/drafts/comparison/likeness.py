"""How alike two units are: shared syllables and pairs of syllables, the rare ones weighing more."""

from __future__ import annotations

import heapq
import itertools
import math
from collections import Counter
from collections.abc import Iterable, Sequence

from consult.drafts.comparison.forest import HEADINGS, Forest, Node

Bag = Counter[int]
# A feature of more units than this says little about which one is meant.
_COMMON = 25
_MOST_FEATURES = 120
# So many units tell what a heading holds; more would cost too much in deep trees.
_MOST_NODES = 200
_PAIR = 1 << 24


class Likeness:
    """Weights learnt from both versions; the bags of each unit, made when first asked for."""

    def __init__(self, old: Forest, new: Forest) -> None:
        self.old, self.new = old, new
        self._numbers: dict[str, int] = {}
        self._bags: tuple[dict[int, Bag], dict[int, Bag]] = ({}, {})
        self._deep: tuple[dict[int, Bag], dict[int, Bag]] = ({}, {})
        self._totals: dict[int, float] = {}
        spread: Counter[int] = Counter()
        for forest in (old, new):
            for node in forest.nodes:
                spread.update(set(self._features(node.syllables)))
        units = len(old.nodes) + len(new.nodes)
        self._weights = {item: math.log(1 + units / count) for item, count in spread.items()}

    def _features(self, syllables: Sequence[str]) -> list[int]:
        numbers = self._numbers
        items = [numbers.setdefault(word, len(numbers) + 1) for word in syllables]
        return items + [a * _PAIR + b for a, b in itertools.pairwise(items)]

    def bag(self, new: bool, at: int) -> Bag:
        """Return the features of a unit's own words."""
        bags = self._bags[new]
        if at not in bags:
            forest = self.new if new else self.old
            bags[at] = Counter(self._features(forest.nodes[at].syllables))
        return bags[at]

    def deep(self, new: bool, at: int) -> Bag:
        """Return the features of a unit with everything below it."""
        forest = self.new if new else self.old
        if not forest.nodes[at].children:
            return self.bag(new, at)
        bags = self._deep[new]
        if at not in bags:
            found: Bag = Counter()
            for node in forest.subtree(at, _MOST_NODES):
                found.update(self.bag(new, node))
            bags[at] = found
        return bags[at]

    def total(self, bag: Bag) -> float:
        """Return a bag's weight."""
        found = self._totals.get(id(bag))
        if found is None:
            weights = self._weights
            found = sum(count * weights[item] for item, count in bag.items())
            self._totals[id(bag)] = found
        return found

    def shared(self, one: Bag, other: Bag) -> float:
        """Return the weight of what two bags have in common."""
        weights = self._weights
        found = 0.0
        for item in one.keys() & other.keys():
            mine, theirs = one[item], other[item]
            found += weights[item] * (mine if mine < theirs else theirs)
        return found

    def dice(self, one: Bag, other: Bag) -> float:
        """Return the likeness of two bags, 0 to 1; two empty ones are alike."""
        both = self.total(one) + self.total(other)
        return 2 * self.shared(one, other) / both if both else 1.0

    def between(self, old: int, new: int) -> float:
        """Return how alike an old and a new unit are, with what stands below them, 0 to 1."""
        a, b = self.old.nodes[old], self.new.nodes[new]
        own = self.dice(self.bag(False, old), self.bag(True, new))
        if a.kind != b.kind:
            return 0.9 * own if _may_become(a, b) else 0.0
        if not a.children and not b.children:
            return own
        whole = self.dice(self.deep(False, old), self.deep(True, new))
        if not a.syllables or not b.syllables:
            return whole
        return max(whole, (own + whole) / 2)

    def near(
        self, some: Iterable[int], others: Iterable[int], *, reverse: bool = False
    ) -> dict[int, list[int]]:
        """Return for each of some old units the few new ones that share most rare features.

        ``reverse`` looks for old units like some new ones.
        """
        places: dict[int, list[int]] = {}
        for at in others:
            for item in self.bag(not reverse, at):
                places.setdefault(item, []).append(at)
        found: dict[int, list[int]] = {}
        weights = self._weights
        for at in some:
            items = [item for item in self.bag(reverse, at) if len(places.get(item, ())) <= _COMMON]
            if len(items) > _MOST_FEATURES:
                items = sorted(items, key=lambda item: -weights[item])[:_MOST_FEATURES]
            scores: dict[int, float] = {}
            for item in items:
                for other in places.get(item, ()):
                    scores[other] = scores.get(other, 0.0) + weights[item]
            if scores:
                found[at] = heapq.nlargest(6, scores, key=lambda other: scores[other])
        return found


def _may_become(a: Node, b: Node) -> bool:
    """Whether a unit of one kind may have become one of the other: headings only each other."""
    if (a.kind in HEADINGS) != (b.kind in HEADINGS):
        return False
    return min(len(a.syllables), len(b.syllables)) >= 5
