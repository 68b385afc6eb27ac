"""Pairs the children of paired parents: equal ones, then alike ones, in order where they can."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from consult.drafts.comparison.mapping import SURE, Matching, Scores
from consult.drafts.comparison.sequences import common, increasing

# Likeness that is enough where kind and number are the same too.
_SAME_LABEL = 0.15
# Gaps up to this many pairs are compared pair by pair.
_EVERY_PAIR = 400


def match_children(matching: Matching, least: float) -> None:
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


def gaps(matching: Matching, a: int, b: int) -> list[tuple[list[int], list[int]]]:
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
        for mine, theirs in gaps(matching, a, b):
            left = [old[c].deep if by_subtree else old[c].plain for c in mine]
            right = [new[c].deep if by_subtree else new[c].plain for c in theirs]
            for i, j in common(left, right):
                if old[mine[i]].size and old[mine[i]].plain:
                    matching.pair(mine[i], theirs[j])


def _alike_children(matching: Matching, a: int, b: int, least: float) -> None:
    """Pair free children by likeness: in order within each gap first, then out of order."""
    for mine, theirs in gaps(matching, a, b):
        found = _scores(matching, mine, theirs, least)
        for old, new in _heaviest_in_order(found, mine, theirs):
            matching.accept(old, new, found)
    mine = [c for c in matching.old.nodes[a].children if matching.is_free(False, c)]
    theirs = [c for c in matching.new.nodes[b].children if matching.is_free(True, c)]
    if mine and theirs:
        best_first(matching, _scores(matching, mine, theirs, max(least, 0.35)))


def _scores(matching: Matching, mine: list[int], theirs: list[int], least: float) -> Scores:
    """Return the likeness of candidate pairs among siblings, as far as it suffices."""
    likeness, old, new = matching.likeness, matching.old, matching.new
    if len(mine) * len(theirs) <= _EVERY_PAIR:
        pairs = [(i, j) for i in mine for j in theirs]
    else:
        pairs = [(i, j) for i, others in likeness.near(mine, theirs).items() for j in others]
        # Words alone do not tell repeated provisions apart: places and numbers may.
        pairs += [*zip(mine, theirs, strict=False), *zip(mine[::-1], theirs[::-1], strict=False)]
        labels = {new.label(j): j for j in theirs}
        pairs += [(i, labels[old.label(i)]) for i in mine if old.label(i) in labels]
    found: Scores = {}
    for i, j in dict.fromkeys(pairs):
        score = likeness.between(i, j)
        same = old.label(i) == new.label(j) and old.nodes[i].kind == new.nodes[j].kind
        if score >= least or (same and least < SURE and score >= _SAME_LABEL):
            found[i, j] = score + 0.05 * same
    matching.scores.update(found)
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


def best_first(matching: Matching, scores: Scores) -> None:
    for i, j in sorted(scores, key=lambda pair: (-scores[pair], abs(pair[0] - pair[1]), pair)):
        if matching.is_free(False, i) and matching.is_free(True, j) and upright(matching, i, j):
            matching.accept(i, j, scores)


def upright(matching: Matching, a: int, b: int) -> bool:
    """Whether the pair turns no branch upside down: a unit below its own descendant."""
    above = matching.old.nodes[a].parent
    while above not in matching.to_new:
        above = matching.old.nodes[above].parent
    at = matching.to_new[above]
    while at > b:  # parents stand before their children
        at = matching.new.nodes[at].parent
    return at != b
