"""The Merkle tree: the public vectors, and what holds for every tree."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config import ROOT
from consult.ledger import merkle

VECTORS = json.loads((ROOT / "tests/data/ledger/merkle_vectors.json").read_text("utf-8"))
# The inputs and roots that the Certificate Transparency community tests its trees with.
INPUTS = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def plain(text: str | None) -> bytes:
    return base64.b64decode(text or "")


def leaves(number: int) -> list[bytes]:
    return [merkle.leaf_hash(str(n).encode()) for n in range(number)]


def by_definition(hashes: Sequence[bytes]) -> bytes:
    """Return MTH(D[n]) in the very words of RFC 9162, 2.1.1."""
    if len(hashes) < 2:
        return hashes[0] if hashes else merkle.EMPTY_ROOT
    k = 1
    while k * 2 < len(hashes):
        k *= 2
    return merkle.node_hash(by_definition(hashes[:k]), by_definition(hashes[k:]))


def inclusion(hashes: list[bytes], index: int) -> list[bytes]:
    ranges = merkle.inclusion_ranges(index, len(hashes))
    return merkle.proof(ranges, lambda first, last: by_definition(hashes[first:last]))


def consistency(hashes: list[bytes], old: int) -> list[bytes]:
    ranges = merkle.consistency_ranges(old, len(hashes))
    return merkle.proof(ranges, lambda first, last: by_definition(hashes[first:last]))


def test_hashes_of_a_leaf_and_of_a_node() -> None:
    assert merkle.leaf_hash(b"L123456").hex() == (
        "395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56"
    )
    assert merkle.node_hash(b"N123", b"N456").hex() == (
        "aa217fe888e47007fa15edab33c2b492a722cb106c64667fc2b044444de66bbb"
    )


@pytest.mark.parametrize("size", range(9))
def test_roots_of_the_public_tree(size: int) -> None:
    assert merkle.root([merkle.leaf_hash(data) for data in INPUTS[:size]]).hex() == ROOTS[size]


@pytest.mark.parametrize("case", VECTORS["inclusion"], ids=lambda case: case["file"])
def test_public_vectors_of_inclusion(case: dict[str, Any]) -> None:
    proved = merkle.proves_inclusion(
        plain(case["leafHash"]),
        case["leafIdx"],
        case["treeSize"],
        [plain(value) for value in case["proof"] or ()],
        plain(case["root"]),
    )
    assert proved is not case["wantErr"]


@pytest.mark.parametrize("case", VECTORS["consistency"], ids=lambda case: case["file"])
def test_public_vectors_of_consistency(case: dict[str, Any]) -> None:
    proved = merkle.proves_consistency(
        case["size1"],
        case["size2"],
        plain(case["root1"]),
        plain(case["root2"]),
        [plain(value) for value in case["proof"] or ()],
    )
    assert proved is not case["wantErr"]


@given(st.integers(0, 300))
def test_the_root_is_that_of_the_definition(size: int) -> None:
    assert merkle.root(leaves(size)) == by_definition(leaves(size))


@given(st.data())
@settings(max_examples=60)
def test_every_leaf_is_proved_and_no_other(data: st.DataObject) -> None:
    hashes = leaves(data.draw(st.integers(1, 200)))
    index = data.draw(st.integers(0, len(hashes) - 1))
    path, top = inclusion(hashes, index), merkle.root(hashes)
    assert merkle.proves_inclusion(hashes[index], index, len(hashes), path, top)
    other = data.draw(st.integers(0, len(hashes) - 1).filter(lambda n: n != index) | st.just(-1))
    assert not merkle.proves_inclusion(hashes[other], index, len(hashes), path, top) or (
        other % len(hashes) == index
    )
    assert other in (-1, index) or not merkle.proves_inclusion(
        hashes[index], other, len(hashes), path, top
    )


@given(st.data())
@settings(max_examples=60)
def test_a_longer_tree_is_consistent_and_an_altered_one_is_not(data: st.DataObject) -> None:
    hashes = leaves(data.draw(st.integers(1, 200)))
    old = data.draw(st.integers(1, len(hashes)))
    path = consistency(hashes, old)
    old_root, new_root = merkle.root(hashes[:old]), merkle.root(hashes)
    assert merkle.proves_consistency(old, len(hashes), old_root, new_root, path)
    changed = data.draw(st.integers(0, old - 1))
    altered = [*hashes[:changed], merkle.leaf_hash(b"altered"), *hashes[changed + 1 :]]
    assert not merkle.proves_consistency(
        old, len(hashes), old_root, merkle.root(altered), consistency(altered, old)
    )


def test_nothing_beyond_the_tree_is_proved() -> None:
    with pytest.raises(ValueError, match="no leaf 3"):
        merkle.inclusion_ranges(3, 3)
    for old, new in ((0, 3), (4, 3)):
        with pytest.raises(ValueError, match="no beginning"):
            merkle.consistency_ranges(old, new)
