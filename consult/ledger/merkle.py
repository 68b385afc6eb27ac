"""The Merkle tree of RFC 9162, section 2.1, as pure functions over leaf hashes (SHA-256)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence

Range = tuple[int, int]  # leaves from the first to before the second
EMPTY_ROOT = hashlib.sha256().digest()


def leaf_hash(data: bytes) -> bytes:
    """Return the hash of a leaf over ``data`` (RFC 9162, 2.1.1)."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of a node over its two children's hashes (RFC 9162, 2.1.1)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root(hashes: Sequence[bytes]) -> bytes:
    """Return the root over ``hashes``: of leaves, or of complete subtrees of one size of which
    the last may be smaller.

    Joining neighbours and passing on a last one without a neighbour gives the tree that the
    RFC's splits at powers of two describe.
    """
    if not hashes:
        return EMPTY_ROOT
    level = list(hashes)
    while len(level) > 1:
        pairs = zip(level[::2], level[1::2], strict=False)
        joined = [node_hash(left, right) for left, right in pairs]
        level = joined + level[len(joined) * 2 :]
    return level[0]


# --- proofs --------------------------------------------------------------------------------------


def inclusion_ranges(index: int, size: int) -> list[Range]:
    """Return the subtrees whose roots prove leaf ``index`` in the tree of ``size`` leaves.

    The leaf's sibling comes first (RFC 9162, 2.1.3.1). ValueError for a leaf beyond the tree.
    """
    if not 0 <= index < size:
        raise ValueError(f"a tree of {size} leaves has no leaf {index}")
    ranges: list[Range] = []
    first, last = 0, size
    while last - first > 1:
        middle = first + _split(last - first)
        if index < middle:
            ranges.append((middle, last))
            last = middle
        else:
            ranges.append((first, middle))
            first = middle
    return ranges[::-1]


def consistency_ranges(old: int, new: int) -> list[Range]:
    """Return the subtrees whose roots prove the tree of ``old`` leaves a beginning of ``new``.

    RFC 9162, 2.1.4.1. Empty when the sizes are equal; ValueError unless 0 < old <= new.
    """
    if not 0 < old <= new:
        raise ValueError(f"a tree of {old} leaves is no beginning of one of {new}")
    ranges: list[Range] = []
    first, last = 0, new
    while last != old:
        middle = first + _split(last - first)
        if old <= middle:
            ranges.append((middle, last))
            last = middle
        else:
            ranges.append((first, middle))
            first = middle
    if first:  # otherwise the old root is that subtree, which the verifier has
        ranges.append((first, last))
    return ranges[::-1]


def _split(size: int) -> int:
    """Return the largest power of two smaller than ``size``."""
    return 1 << ((size - 1).bit_length() - 1)


def _power(number: int) -> bool:
    return number & (number - 1) == 0


def proof(ranges: Sequence[Range], root_of: Callable[[int, int], bytes]) -> list[bytes]:
    """Return the roots of ``ranges``; ``root_of`` gives that over leaves first to before last."""
    return [root_of(first, last) for first, last in ranges]


# --- verifying -----------------------------------------------------------------------------------


def proves_inclusion(
    leaf: bytes, index: int, size: int, hashes: Sequence[bytes], expected: bytes
) -> bool:
    """Return whether ``hashes`` prove ``leaf`` at ``index`` under the root ``expected``.

    The algorithm of RFC 9162, 2.1.3.2; False for any proof that is not exactly right.
    """
    if not 0 <= index < size or any(len(value) != 32 for value in (leaf, *hashes)):
        return False
    node, last, found = index, size - 1, leaf
    for sibling in hashes:
        if last == 0:
            return False
        if node & 1 or node == last:
            found = node_hash(sibling, found)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and found == expected


def proves_consistency(
    old: int, new: int, old_root: bytes, new_root: bytes, hashes: Sequence[bytes]
) -> bool:
    """Return whether ``hashes`` prove that the tree of ``new`` leaves only adds to that of ``old``.

    The algorithm of RFC 9162, 2.1.4.2. A tree is consistent with itself by an empty proof; the
    empty tree says nothing about a later one, so it proves nothing.
    """
    if not 0 < old <= new or any(len(value) != 32 for value in hashes):
        return False
    if old == new:
        return not hashes and old_root == new_root
    path = [old_root, *hashes] if _power(old) else list(hashes)
    if not path or not hashes:
        return False
    node, last = old - 1, new - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    old_found = new_found = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if node & 1 or node == last:
            old_found, new_found = node_hash(sibling, old_found), node_hash(sibling, new_found)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            new_found = node_hash(new_found, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and old_found == old_root and new_found == new_root
