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
# What tells one unit from all others: so many features that so few units of both versions have.
_RARE, _TELLING = 6, 3
# Fewer syllables may be the same words by chance; a heading's words are chosen to tell it apart.
_SHORT, _SHORT_HEADING = 9, 4
_MOST_FEATURES = 120
# So many units tell what a heading holds; more would cost too much in deep trees.
_MOST_NODES = 200
# Own words so little alike say that two units are different ones.
UNLIKE = 0.15
_PAIR = 1 << 24


class Likeness:
    """Weights learnt from both versions; the bags of each unit, made when first asked for."""

    def __init__(self, old: Forest, new: Forest) -> None:
        self.old, self.new = old, new
        self._numbers: dict[str, int] = {}
        self._bags: tuple[dict[int, Bag], dict[int, Bag]] = ({}, {})
        self._deep: tuple[dict[int, Bag], dict[int, Bag]] = ({}, {})
        # With the bag itself, so that its id is not given to another one.
        self._totals: dict[int, tuple[Bag, float]] = {}
        spread: Counter[int] = Counter()
        for forest in (old, new):
            for node in forest.nodes:
                spread.update(set(self._features(node.syllables)))
        units = len(old.nodes) + len(new.nodes)
        self._weights = {item: math.log(1 + units / count) for item, count in spread.items()}
        self._rare = {item for item, count in spread.items() if count <= _RARE}
        self._repeated = _repeated(old) | _repeated(new)

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

    def tells(self, new: bool, at: int) -> bool:
        """Return whether a unit's own words may stand for it wherever they are found.

        They do not when they are few, or stand more than once in a version with nothing below.
        """
        node = (self.new if new else self.old).nodes[at]
        if node.children:
            return len(node.syllables) >= _SHORT_HEADING
        short = _SHORT_HEADING if node.kind in HEADINGS or node.title_size else _SHORT
        return len(node.syllables) >= short and node.plain not in self._repeated

    def single(self, old: int) -> bool:
        """Return whether an old unit's wording is more than a word or two and stands once."""
        node = self.old.nodes[old]
        return len(node.syllables) >= _SHORT_HEADING and node.plain not in self._repeated

    def telling(self, old: int, new: int) -> bool:
        """Return whether two units share words that hardly any other unit has."""
        if not (self.tells(False, old) and self.tells(True, new)):
            return False
        a, b = self.old.nodes[old], self.new.nodes[new]
        with_children = a.children and b.children and a.kind == b.kind
        bag = self.deep if with_children else self.bag
        both = bag(False, old).keys() & bag(True, new).keys()
        return len(both & self._rare) >= _TELLING

    def total(self, bag: Bag) -> float:
        """Return a bag's weight."""
        found = self._totals.get(id(bag))
        if found is None:
            weights = self._weights
            found = bag, sum(count * weights[item] for item, count in bag.items())
            self._totals[id(bag)] = found
        return found[1]

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
        if own < UNLIKE:
            return (own + whole) / 2
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


def _repeated(forest: Forest) -> set[str]:
    """Return the wordings that stand more than once in a version."""
    counts = Counter(node.plain for node in forest.nodes if node.plain)
    return {words for words, count in counts.items() if count > 1}


def _may_become(a: Node, b: Node) -> bool:
    """Whether a unit of one kind may have become one of the other: headings only each other."""
    if (a.kind in HEADINGS) != (b.kind in HEADINGS):
        return False
    return min(len(a.syllables), len(b.syllables)) >= 5
