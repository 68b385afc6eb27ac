"""Finds for each old unit the new one that carries it on: certain pairs first, likely ones last.

Equal subtrees and equal wordings that occur once are certain. Headings follow their children,
children are looked for under the counterpart of their parent in the same order, and what is
left is looked for anywhere by rare shared words. Each step only compares few candidates, so that
time grows with the length of the texts and not with its square.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from consult.drafts.comparison.forest import Forest, Node
from consult.drafts.comparison.likeness import Likeness
from consult.drafts.comparison.sequences import common, increasing

# Fewer syllables than these may be the same words by chance.
_TELLING = 4
# Likeness that a mapping needs at least: under the same parent and anywhere, first and last.
_STRICT_INSIDE, _STRICT_ANYWHERE = 0.5, 0.6
_LOOSE_INSIDE, _LOOSE_ANYWHERE = 0.25, 0.42
_SAME_LABEL = 0.15
# Below this, or with a rival so near, a person should look.
_SURE = 0.45
_RIVAL = 0.08
# Gaps up to this many pairs are compared pair by pair.
_EVERY_PAIR = 400


@dataclass(slots=True)
class Matching:
    """Which old node became which new one, and what was split or merged.

    ``splits`` names for an old node all new ones that hold its words, ``merges`` for a new node
    all old ones, in reading order; the pair in ``to_new`` is the one that carries the identity,
    the others are in ``whole_of_new`` and ``whole_of_old`` with the whole they are pieces of.
    """

    old: Forest
    new: Forest
    likeness: Likeness
    to_new: dict[int, int] = field(default_factory=dict[int, int])
    to_old: dict[int, int] = field(default_factory=dict[int, int])
    doubtful: set[int] = field(default_factory=set[int])
    splits: dict[int, list[int]] = field(default_factory=dict[int, list[int]])
    merges: dict[int, list[int]] = field(default_factory=dict[int, list[int]])
    whole_of_new: dict[int, int] = field(default_factory=dict[int, int])
    whole_of_old: dict[int, int] = field(default_factory=dict[int, int])

    def pair(self, old: int, new: int) -> None:
        """Say that ``old`` became ``new``."""
        self.to_new[old] = new
        self.to_old[new] = old

    def is_free(self, new: bool, at: int) -> bool:
        """Whether an old or new node has no counterpart and is no piece of one."""
        if new:
            return at not in self.to_old and at not in self.whole_of_new
        return at not in self.to_new and at not in self.whole_of_old

    def free_old(self) -> list[int]:
        """Return old nodes without counterpart, in reading order."""
        return [node.at for node in self.old.nodes if self.is_free(False, node.at)]

    def free_new(self) -> list[int]:
        """Return new nodes without counterpart, in reading order."""
        return [node.at for node in self.new.nodes if self.is_free(True, node.at)]


def match(old: Forest, new: Forest, structure: Callable[[Matching], None]) -> Matching:
    """Return the mapping of ``old`` to ``new``.

    ``structure`` looks for splits and mergers once the likely pairs are known, and again at the
    end; what it finds is no longer looked for.
    """
    matching = Matching(old, new, Likeness(old, new))
    matching.pair(0, 0)
    _equal_subtrees(matching)
    _equal_wordings(matching)
    _follow(matching, _STRICT_INSIDE, _STRICT_ANYWHERE)
    structure(matching)
    _follow(matching, _LOOSE_INSIDE, _LOOSE_ANYWHERE)
    structure(matching)
    return matching


def _follow(matching: Matching, inside: float, anywhere: float) -> None:
    """Match headings by children, children under their parents, the rest anywhere; repeat."""
    for _ in range(4):
        before = len(matching.to_new)
        _headings(matching)
        _children(matching, inside)
        _anywhere(matching, anywhere)
        if len(matching.to_new) == before:
            return


def _equal_subtrees(matching: Matching) -> None:
    counts = [Counter(node.deep for node in f.nodes) for f in (matching.old, matching.new)]
    there = {node.deep: node.at for node in matching.new.nodes if counts[1][node.deep] == 1}
    for node in matching.old.nodes:
        if node.at in matching.to_new or node.size < _TELLING or counts[0][node.deep] > 1:
            continue
        other = there.get(node.deep)
        if other is not None and other not in matching.to_old and node.unit:
            pairs = zip(matching.old.subtree(node.at), matching.new.subtree(other), strict=True)
            for a, b in pairs:
                if a not in matching.to_new and b not in matching.to_old:
                    matching.pair(a, b)


def _equal_wordings(matching: Matching) -> None:
    """Pair what has the same words, if those stand once in each version."""
    mine, theirs = (
        _by_wording(matching.old, matching.to_new),
        _by_wording(matching.new, matching.to_old),
    )
    for words, places in mine.items():
        others = theirs.get(words, [])
        if len(places) == len(others) == 1 and _telling(matching.old.nodes[places[0]]):
            matching.pair(places[0], others[0])


def _by_wording(forest: Forest, done: dict[int, int]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for node in forest.nodes:
        if node.at not in done and node.plain:
            found.setdefault(node.plain, []).append(node.at)
    return found


def _telling(node: Node) -> bool:
    return len(node.syllables) >= _TELLING


def _headings(matching: Matching) -> None:
    """Pair headings whose children went to each other, the lowest first."""
    old, new = matching.old, matching.new
    votes: dict[int, Counter[int]] = {}
    for node in reversed(old.nodes):
        if not matching.is_free(False, node.at) or not node.children:
            continue
        ballot = votes.setdefault(node.at, Counter())
        for child in node.children:
            other = matching.to_new.get(child)
            if other is not None:
                parent = new.nodes[other].parent
                if matching.is_free(True, parent) and new.nodes[parent].kind == node.kind:
                    ballot[parent] += old.nodes[child].size + 1
        if not ballot:
            continue
        # Levels of headings are settled from below, so that this one's parent can follow it.
        best = max(ballot, key=lambda b: _heading_score(matching, node.at, b, ballot[b]))
        if _heading_score(matching, node.at, best, ballot[best]) >= 0.3:
            rival = _claimant(matching, best, node.at)
            if rival is None:
                matching.pair(node.at, best)


def _heading_score(matching: Matching, a: int, b: int, mass: int) -> float:
    mine, theirs = matching.old.nodes[a], matching.new.nodes[b]
    shared = 2 * mass / (mine.size + theirs.size + 1)
    own = matching.likeness.dice(matching.likeness.bag(False, a), matching.likeness.bag(True, b))
    same = matching.old.label(a) == matching.new.label(b)
    return shared + 0.3 * own + 0.1 * same


def _claimant(matching: Matching, b: int, a: int) -> int | None:
    """Return another free old heading that has a better claim on the new heading ``b``."""
    old = matching.old
    claims: Counter[int] = Counter()
    for child in matching.new.nodes[b].children:
        source = matching.to_old.get(child)
        if source is not None:
            parent = old.nodes[source].parent
            if matching.is_free(False, parent) and old.nodes[parent].kind == old.nodes[a].kind:
                claims[parent] += old.nodes[source].size + 1
    best = max(claims, key=lambda c: _heading_score(matching, c, b, claims[c]), default=a)
    return None if best == a else best


def _children(matching: Matching, least: float) -> None:
    """Under each pair of parents, pair the children that are left, in order."""
    for node in matching.old.nodes:
        other = matching.to_new.get(node.at)
        if other is None or not node.children:
            continue
        mine = [c for c in node.children if matching.is_free(False, c)]
        theirs = [c for c in matching.new.nodes[other].children if matching.is_free(True, c)]
        if mine and theirs:
            _equal_children(matching, node.at, other)
            _alike_children(matching, node.at, other, least)


def _gaps(matching: Matching, a: int, b: int) -> list[tuple[list[int], list[int]]]:
    """Return the children still free, between neighbours that were kept in order."""
    mine, theirs = matching.old.nodes[a].children, matching.new.nodes[b].children
    place = {child: at for at, child in enumerate(theirs)}
    kept = [
        (at, place[matching.to_new[child]])
        for at, child in enumerate(mine)
        if matching.to_new.get(child) in place
    ]
    kept = [kept[at] for at in increasing([there for _, there in kept])]
    ends = [(-1, -1), *kept, (len(mine), len(theirs))]
    gaps = [
        (
            [c for c in mine[i + 1 : k] if matching.is_free(False, c)],
            [c for c in theirs[j + 1 : m] if matching.is_free(True, c)],
        )
        for (i, j), (k, m) in itertools.pairwise(ends)
    ]
    return [(x, y) for x, y in gaps if x and y]


def _equal_children(matching: Matching, a: int, b: int) -> None:
    """Pair free children with equal subtrees, then equal words, in order within each gap."""
    old, new = matching.old.nodes, matching.new.nodes
    for by_subtree in (True, False):
        for mine, theirs in _gaps(matching, a, b):
            left = [old[c].deep if by_subtree else old[c].plain for c in mine]
            right = [new[c].deep if by_subtree else new[c].plain for c in theirs]
            for i, j in common(left, right):
                if old[mine[i]].size and old[mine[i]].plain:
                    matching.pair(mine[i], theirs[j])


def _alike_children(matching: Matching, a: int, b: int, least: float) -> None:
    """Pair free children by likeness: in order within each gap first, then out of order."""
    for mine, theirs in _gaps(matching, a, b):
        found = _scores(matching, mine, theirs, least)
        for old, new in _heaviest_in_order(found, mine, theirs):
            _accept(matching, old, new, found)
    mine = [c for c in matching.old.nodes[a].children if matching.is_free(False, c)]
    theirs = [c for c in matching.new.nodes[b].children if matching.is_free(True, c)]
    if mine and theirs:
        _best_first(matching, _scores(matching, mine, theirs, max(least, 0.35)))


Scores = dict[tuple[int, int], float]


def _scores(matching: Matching, mine: list[int], theirs: list[int], least: float) -> Scores:
    """Return the likeness of candidate pairs among siblings, as far as it suffices."""
    likeness, old, new = matching.likeness, matching.old, matching.new
    if len(mine) * len(theirs) <= _EVERY_PAIR:
        pairs = [(i, j) for i in mine for j in theirs]
    else:
        pairs = [(i, j) for i, others in likeness.near(mine, theirs).items() for j in others]
        labels = {new.label(j): j for j in theirs}
        pairs += [(i, labels[old.label(i)]) for i in mine if old.label(i) in labels]
    found: Scores = {}
    for i, j in pairs:
        score = likeness.between(i, j)
        same = old.label(i) == new.label(j) and old.nodes[i].kind == new.nodes[j].kind
        if score >= least or (same and least < _SURE and score >= _SAME_LABEL):
            found[i, j] = score + 0.05 * same
    return found


def _heaviest_in_order(
    scores: Scores, mine: Sequence[int], theirs: Sequence[int]
) -> list[tuple[int, int]]:
    """Return the pairs, increasing in both, whose scores add up to most.

    A tree of maxima over the new places, filled in the order of the old ones (Fenwick).
    """
    place = {node: at + 1 for at, node in enumerate(theirs)}
    order = {node: at for at, node in enumerate(mine)}
    best: list[tuple[float, int]] = [(0.0, -1)] * (len(theirs) + 1)
    chain: list[tuple[int, int, int]] = []
    # Within an old unit from the last new place to the first, so that it is used once.
    for i, j in sorted(scores, key=lambda pair: (order[pair[0]], -place[pair[1]])):
        at, before = place[j] - 1, (0.0, -1)
        while at > 0:
            before = max(before, best[at])
            at &= at - 1
        chain.append((i, j, before[1]))
        entry = (before[0] + scores[i, j], len(chain) - 1)
        at = place[j]
        while at < len(best):
            best[at] = max(best[at], entry)
            at += at & -at
    _, link = max(best)
    found: list[tuple[int, int]] = []
    while link >= 0:
        i, j, link = chain[link]
        found.append((i, j))
    return found[::-1]


def _anywhere(matching: Matching, least: float) -> None:
    """Pair what is left wherever it stands, by rare shared words."""
    mine = [at for at in matching.free_old() if _telling(matching.old.nodes[at])]
    theirs = [at for at in matching.free_new() if _telling(matching.new.nodes[at])]
    found: Scores = {}
    for i, others in matching.likeness.near(mine, theirs).items():
        for j in others:
            score = matching.likeness.between(i, j)
            if score >= least:
                found[i, j] = score + 0.05 * _same_parent(matching, i, j)
    _best_first(matching, found)


def _same_parent(matching: Matching, a: int, b: int) -> bool:
    parent = matching.to_new.get(matching.old.nodes[a].parent)
    return parent == matching.new.nodes[b].parent


def _best_first(matching: Matching, scores: Scores) -> None:
    for i, j in sorted(scores, key=lambda pair: (-scores[pair], abs(pair[0] - pair[1]), pair)):
        if matching.is_free(False, i) and matching.is_free(True, j) and _upright(matching, i, j):
            _accept(matching, i, j, scores)


def _upright(matching: Matching, a: int, b: int) -> bool:
    """Whether the pair turns no branch upside down: a unit below its own descendant."""
    above = matching.old.nodes[a].parent
    while above not in matching.to_new:
        above = matching.old.nodes[above].parent
    at = matching.to_new[above]
    while at > b:  # parents stand before their children
        at = matching.new.nodes[at].parent
    return at != b


def _accept(matching: Matching, a: int, b: int, scores: Scores) -> None:
    score = scores[a, b]
    matching.pair(a, b)
    if score < _SURE:
        matching.doubtful.add(a)
