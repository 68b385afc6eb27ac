"""The log's tree as stored: roots and proofs from a bounded number of hashes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from sqlalchemy import and_, func, or_, select

from consult.core.db import db, insert_ignore
from consult.ledger import merkle
from consult.ledger.models import Head, Leaf, Subtree

# Hashes are kept of complete subtrees of 256, 65536, … leaves, as in c2sp.org/tlog-tiles.
WIDTH = 256

# (level, first, last): hashes from the first to before the last.
Span = tuple[int, int, int]
Read = Callable[[Iterable[Span]], dict[tuple[int, int], bytes]]


def size() -> int:
    """Return how many leaves the log has; one query."""
    return db.session.scalar(select(Head.size).where(Head.id == 1)) or 0


class Tree:
    """The tree of the first ``size`` leaves.

    ``positions`` are the leaves that proofs will be asked for: what these need is read at once,
    in two queries whatever the size; other hashes are read when they are wanted.
    """

    def __init__(self, size: int, positions: Sequence[int] = (), *, read: Read | None = None):
        self.size = size
        self._read = read or _stored
        self._known = self._read(spans(size, positions))

    def root(self) -> bytes:
        """Return the root over all leaves."""
        return self._root_of(0, self.size)

    def inclusion(self, index: int) -> list[bytes]:
        """Return the proof that leaf ``index`` is in the tree."""
        return merkle.proof(merkle.inclusion_ranges(index, self.size), self._root_of)

    def consistency(self, old: int) -> list[bytes]:
        """Return the proof that the tree of ``old`` leaves is a beginning of this one."""
        return merkle.proof(merkle.consistency_ranges(old, self.size), self._root_of)

    def _root_of(self, first: int, last: int) -> bytes:
        """Return the root over leaves ``first`` to before ``last``, a subtree of the tree."""
        level = 0
        while WIDTH ** (level + 1) <= last - first:
            level += 1
        hashes: list[bytes] = []
        while first < last:
            unit = WIDTH**level
            whole = (last - first) // unit
            hashes += self._hashes(level, first // unit, first // unit + whole)
            first += whole * unit
            if first < last and level:
                # What is left is one subtree beside the complete ones, with an own root.
                hashes.append(self._root_of(first, last))
                first = last
        return merkle.root(hashes)

    def _hashes(self, level: int, first: int, last: int) -> list[bytes]:
        wanted = range(first, last)
        if any((level, index) not in self._known for index in wanted):
            self._known |= self._read([(level, first, last)])
        return [self._known.get((level, n)) or self._complete(level, n) for n in wanted]

    def _complete(self, level: int, index: int) -> bytes:
        """Return the root over a complete subtree that is not kept yet."""
        if not level:
            raise LookupError(f"leaf {index} is missing")
        found = merkle.root(self._hashes(level - 1, index * WIDTH, (index + 1) * WIDTH))
        self._known[level, index] = found
        return found


def spans(size: int, positions: Sequence[int]) -> list[Span]:
    """Return the hashes that the root and proofs at ``positions`` need, a few hundred a level."""
    found: list[Span] = []
    level, count = 0, size
    while count:
        groups = {min(place // WIDTH**level, count) // WIDTH for place in (*positions, size)}
        found += [
            (level, group * WIDTH, min((group + 1) * WIDTH, count))
            for group in sorted(groups)
            if group * WIDTH < count
        ]
        level, count = level + 1, count // WIDTH
    return found


def keep() -> int:
    """Keep the roots over subtrees that have become complete; return how many.

    Writes subtrees, the lower level first, so that each is made of 256 hashes.
    """
    total, added, level = size(), 0, 1
    while count := total // WIDTH**level:
        newest = db.session.scalar(select(func.max(Subtree.index)).where(Subtree.level == level))
        for index in range(0 if newest is None else newest + 1, count):
            below = _stored([(level - 1, index * WIDTH, (index + 1) * WIDTH)])
            root_hash = merkle.root([below[key] for key in sorted(below)]).hex()
            values = {"level": level, "index": index, "root_hash": root_hash}
            added += insert_ignore(Subtree, values, "level", "index")
        level += 1
    return added


def _stored(wanted: Iterable[Span]) -> dict[tuple[int, int], bytes]:
    by_level: defaultdict[bool, list[Span]] = defaultdict(list)
    for span in wanted:
        by_level[span[0] > 0].append(span)
    found: dict[tuple[int, int], bytes] = {}
    if by_level[False]:
        of_leaves = [Leaf.index.between(first, last - 1) for _, first, last in by_level[False]]
        rows = db.session.execute(select(Leaf.index, Leaf.leaf_hash).where(or_(*of_leaves)))
        found |= {(0, index): bytes.fromhex(value) for index, value in rows}
    if by_level[True]:
        of_subtrees = [
            and_(Subtree.level == level, Subtree.index.between(first, last - 1))
            for level, first, last in by_level[True]
        ]
        rows = db.session.execute(
            select(Subtree.level, Subtree.index, Subtree.root_hash).where(or_(*of_subtrees))
        )
        found |= {(level, index): bytes.fromhex(value) for level, index, value in rows}
    return found
