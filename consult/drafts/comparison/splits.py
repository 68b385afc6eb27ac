"""Finds units whose words were shared among neighbours, and the reverse."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable

from msgspec import Struct

from consult.drafts.comparison.forest import HEADINGS, Forest
from consult.drafts.comparison.likeness import Bag, Likeness
from consult.drafts.comparison.mapping import Matching

# A piece: this share of its words is the whole's, and it has at least so many syllables.
_OF_PIECE = 0.55
_SHORTEST = 4
# All pieces together hold this share of the whole, and so much more than the largest alone.
_OF_WHOLE = 0.55
_GAIN = 0.1
# A piece so much like another free unit is that unit changed.
_COUNTERPART = 0.35
# Kinds that hold others in the first place: a bullet put before bullets divides nothing.
_SHARING = HEADINGS | {"roman"}


class _Side(Struct, frozen=True):
    """The comparison read one way: wholes of one version, pieces in the other."""

    reverse: bool
    wholes: Forest
    pieces: Forest
    forth: dict[int, int]
    back: dict[int, int]
    free: Callable[[], list[int]]
    taken: dict[int, list[int]]
    whole_of: dict[int, int]

    def bag(self, likeness: Likeness, piece: bool, at: int) -> Bag:
        return likeness.bag(piece != self.reverse, at)


def find_splits_and_mergers(matching: Matching) -> None:
    """Fill ``matching.splits`` and ``matching.merges`` with what can be seen by now."""
    m = matching
    split = _Side(False, m.old, m.new, m.to_new, m.to_old, m.free_new, m.splits, m.whole_of_new)
    merge = _Side(True, m.new, m.old, m.to_old, m.to_new, m.free_old, m.merges, m.whole_of_old)
    for side in (split, merge):
        _texts(matching, side)
        _headings(matching, side)


def _texts(matching: Matching, side: _Side) -> None:
    """Look for free pieces whose words stand in a whole next to whose counterpart they are."""
    nodes = side.pieces.nodes
    free = [at for at in side.free() if len(nodes[at].syllables) >= _SHORTEST]
    found: dict[int, list[int]] = {}
    for piece, wholes in _candidates(matching, side, free).items():
        best = max(wholes, key=lambda whole: _inside(matching, side, piece, whole), default=None)
        if best is None or _inside(matching, side, piece, best) < _OF_PIECE:
            continue
        if not any(_alike(matching, side, piece, other) for other in wholes if other != best):
            found.setdefault(best, []).append(piece)
    for whole, pieces in found.items():
        chosen = _chosen(matching, side, whole, pieces)
        if len(chosen) > 1:
            _record(matching, side, whole, chosen)


def _candidates(matching: Matching, side: _Side, free: list[int]) -> dict[int, list[int]]:
    """Return for each free piece the wholes it may be of: its neighbours' and those still free."""
    other = _free_wholes(matching, side)
    near = matching.likeness.near(free, other, reverse=not side.reverse)
    for piece in free:
        near.setdefault(piece, []).extend(_neighbours(side, piece))
    return near


def _free_wholes(matching: Matching, side: _Side) -> list[int]:
    return matching.free_new() if side.reverse else matching.free_old()


def _neighbours(side: _Side, piece: int) -> list[int]:
    """Return the wholes of the kept siblings around a piece and of its parent."""
    nodes = side.pieces.nodes
    parent = nodes[piece].parent
    siblings = nodes[parent].children
    place = siblings.index(piece)
    found = [parent] if nodes[parent].unit else []
    for step in (-1, 1):
        at = place + step
        # Further pieces of the same whole may stand between.
        while 0 <= at < len(siblings) and siblings[at] not in side.back and abs(at - place) < 4:
            at += step
        if 0 <= at < len(siblings):
            found.append(siblings[at])
    return [side.back[at] for at in found if at in side.back]


def _alike(matching: Matching, side: _Side, piece: int, other: int) -> bool:
    """Whether a piece is rather what became of another unit that is still free."""
    if other in side.forth:
        return False
    pair = (piece, other) if side.reverse else (other, piece)
    return matching.likeness.between(*pair) >= _COUNTERPART


def _inside(matching: Matching, side: _Side, piece: int, whole: int) -> float:
    """Return the share of a piece's words that are the whole's."""
    likeness = matching.likeness
    mine = side.bag(likeness, True, piece)
    return likeness.shared(mine, side.bag(likeness, False, whole)) / (likeness.total(mine) or 1)


def _chosen(matching: Matching, side: _Side, whole: int, pieces: list[int]) -> list[int]:
    """Return the pieces, the whole's counterpart among them, if together they explain it."""
    likeness = matching.likeness
    keeper = side.forth.get(whole)
    if whole in side.taken or (keeper is not None and keeper in _busy(matching, side)):
        return []
    nodes = side.pieces.nodes
    if keeper is not None:
        home = (keeper, nodes[keeper].parent)
        pieces = [p for p in pieces if nodes[p].parent in home]
        heading = any(nodes[p].parent == keeper for p in pieces)
        if not heading and _inside(matching, side, keeper, whole) < _OF_PIECE:
            return []
        pieces = sorted([keeper, *pieces])
    else:
        pieces = [p for p in pieces if nodes[p].parent == nodes[pieces[0]].parent]
    if len(pieces) < 2 or not _adjacent(side.pieces, pieces):
        return []
    bag = side.bag(likeness, False, whole)
    together: Bag = Counter()
    for piece in pieces:
        together.update(side.bag(likeness, True, piece))
    weight = likeness.total(bag) or 1
    covered = likeness.shared(bag, together) / weight
    alone = max(likeness.shared(bag, side.bag(likeness, True, p)) for p in pieces) / weight
    return pieces if covered >= _OF_WHOLE and covered - alone >= _GAIN else []


def _busy(matching: Matching, side: _Side) -> dict[int, list[int]]:
    """Return what already has a part in the reverse: a merged unit is not split as well."""
    return matching.splits if side.reverse else matching.merges


def _adjacent(forest: Forest, pieces: list[int]) -> bool:
    """Whether no other unit stands between the pieces but what is below them."""
    nodes = forest.nodes
    for before, after in itertools.pairwise(pieces):
        parent = nodes[after].parent
        if parent == before:
            continue
        siblings = nodes[parent].children
        place = siblings.index(after)
        if place == 0 or siblings[place - 1] not in (before, nodes[before].parent):
            return False
    return True


def _record(matching: Matching, side: _Side, whole: int, pieces: list[int]) -> None:
    keeper = side.forth.get(whole)
    if keeper is None:
        keeper = max(pieces, key=lambda p: len(side.pieces.nodes[p].syllables))
        matching.pair(*((keeper, whole) if side.reverse else (whole, keeper)))
    side.taken[whole] = pieces
    side.whole_of.update({piece: whole for piece in pieces if piece != keeper})


def _headings(matching: Matching, side: _Side) -> None:
    """Look for free headings whose children went to what a neighbour of theirs became."""
    nodes, wholes = side.pieces.nodes, side.wholes.nodes
    found: dict[int, set[int]] = {}
    for piece in side.free():
        whole = _home(side, piece)
        if whole is not None:
            found.setdefault(whole, set()).add(piece)
    for whole, pieces in found.items():
        keeper = side.forth.get(whole)
        if keeper is None or whole in side.taken:
            continue
        run = _run(nodes[nodes[keeper].parent].children, keeper, pieces)
        stayed = any(side.forth.get(c) in nodes[keeper].children for c in wholes[whole].children)
        if len(run) > 1 and stayed:
            side.taken[whole] = run
            side.whole_of.update({piece: whole for piece in run if piece != keeper})


def _home(side: _Side, piece: int) -> int | None:
    """Return the heading under which most of a heading's children stand, of the same kind."""
    node = side.pieces.nodes[piece]
    if node.kind not in _SHARING or len(node.children) < 2:
        return None
    homes = Counter(side.wholes.nodes[side.back[c]].parent for c in node.children if c in side.back)
    whole, count = homes.most_common(1)[0] if homes else (-1, 0)
    if count < max(2, 0.6 * len(node.children)) or side.wholes.nodes[whole].kind != node.kind:
        return None
    return whole


def _run(siblings: list[int], keeper: int, pieces: set[int]) -> list[int]:
    """Return the keeper with the pieces that stand next to it without a gap."""
    if keeper not in siblings:
        return [keeper]
    first = last = siblings.index(keeper)
    while first > 0 and siblings[first - 1] in pieces:
        first -= 1
    while last + 1 < len(siblings) and siblings[last + 1] in pieces:
        last += 1
    return siblings[first : last + 1]
