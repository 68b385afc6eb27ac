"""The stored tree gives the roots and proofs of the plain one, from few hashes."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consult.ledger import merkle, tree
from consult.ledger.tree import Span, Tree, spans

LEAVES = [merkle.leaf_hash(str(n).encode()) for n in range(700)]


class Store:
    """Hashes in memory, with the subtrees that were kept when the log had ``kept`` leaves."""

    def __init__(self, width: int, size: int, kept: int) -> None:
        self.reads = 0
        self.hashes = {(0, n): value for n, value in enumerate(LEAVES[:size])}
        level = 1
        while width**level <= kept:
            for n in range(kept // width**level):
                part = LEAVES[n * width**level : (n + 1) * width**level]
                self.hashes[level, n] = merkle.root(part)
            level += 1

    def read(self, wanted: Iterable[Span]) -> dict[tuple[int, int], bytes]:
        self.reads += 1
        return {
            (level, n): self.hashes[level, n]
            for level, first, last in wanted
            for n in range(first, last)
            if (level, n) in self.hashes
        }


@given(st.data(), st.sampled_from((2, 4, 8)))
@settings(max_examples=150)
def test_roots_and_proofs_are_those_of_the_plain_tree(data: st.DataObject, width: int) -> None:
    size = data.draw(st.integers(1, len(LEAVES)))
    index = data.draw(st.integers(0, size - 1))
    kept = data.draw(st.just(size) | st.integers(0, size))
    store = Store(width, size, kept)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tree, "WIDTH", width)
        found = Tree(size, [index], read=store.read)
        root, inclusion = found.root(), found.inclusion(index)
        consistency = found.consistency(index + 1)
    assert root == merkle.root(LEAVES[:size])
    assert merkle.proves_inclusion(LEAVES[index], index, size, inclusion, root)
    assert merkle.proves_consistency(
        index + 1, size, merkle.root(LEAVES[: index + 1]), root, consistency
    )
    if kept == size:
        assert store.reads == 1, "what is needed is read at once"


def test_a_proof_reads_few_hashes_of_a_large_log() -> None:
    needed = sum(last - first for _, first, last in spans(100_000, [54_321]))
    assert needed <= 4 * 256
    assert Tree(0, read=lambda _spans: {}).root() == merkle.EMPTY_ROOT


def test_a_missing_leaf_is_not_made_up() -> None:
    store = Store(256, 10, 0)
    del store.hashes[0, 4]
    with pytest.raises(LookupError, match="leaf 4"):
        Tree(10, [2], read=store.read).root()
