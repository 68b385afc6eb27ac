"""A receipt is checked with its text and a key alone; whatever was altered is found."""

from __future__ import annotations

import pytest

from consult.ledger import merkle
from consult.ledger.entries import canonical
from consult.ledger.formats import Proof, TreeHead
from consult.ledger.notes import Signer
from consult.ledger.verifying import NotProved, block, keys_in, verify_receipt

LOG = Signer.generate("gopy.example/ledger")
SALT = bytes(range(32))
ENTRY = {"kind": "submission", "content": {"reference": "A", "points": [{"argument": "Đúng. ✓"}]}}


def receipt(index: int = 5, size: int = 11, signer: Signer = LOG) -> str:
    hashes = [merkle.leaf_hash(bytes([n])) for n in range(size)]
    hashes[index] = merkle.leaf_hash(SALT + canonical(ENTRY))
    path = merkle.proof(merkle.inclusion_ranges(index, size), lambda a, b: merkle.root(hashes[a:b]))
    note = signer.sign(str(TreeHead(signer.name, size, merkle.root(hashes))))
    part = block(canonical(ENTRY), Proof(SALT, index, tuple(path), note))
    return f"Biên nhận\n\n{part}\n{signer.verifier}\n"


def test_an_untouched_receipt_is_proved() -> None:
    [proved] = verify_receipt(receipt(), [LOG.verifier])
    assert (proved.entry, proved.index, proved.head.size) == (ENTRY, 5, 11)
    assert proved.leaf_hash == merkle.leaf_hash(SALT + canonical(ENTRY)).hex()


def test_a_receipt_survives_windows_and_a_byte_order_mark() -> None:
    text = "\ufeff" + receipt().replace("\n", "\r\n")
    assert verify_receipt(text, [LOG.verifier])
    assert keys_in(text) == [LOG.verifier]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Đúng", "Sai"),
        ('"A"', '"B"'),
        ("index 5", "index 4"),
        ("\n11\n", "\n12\n"),
        ("gopy.example/ledger\n11", "other.example/ledger\n11"),
        ("extra AAECAw", "extra AAECBA"),
        ('{"content"', '{ "content"'),
        ("-----END PROOF-----", "-----END-----"),
        ("c2sp.org/tlog-proof@v1", "c2sp.org/tlog-proof@v3"),
    ],
)
def test_what_was_altered_is_found(old: str, new: str) -> None:
    assert old in receipt()
    with pytest.raises(NotProved):
        verify_receipt(receipt().replace(old, new, 1), [LOG.verifier])


def test_every_part_of_a_receipt_must_hold() -> None:
    second = receipt(index=2)
    assert len(verify_receipt(receipt() + second, [LOG.verifier])) == 2
    with pytest.raises(NotProved):
        verify_receipt(receipt() + second.replace("Đúng", "Sai"), [LOG.verifier])


def test_another_key_does_not_do() -> None:
    other = Signer.generate("gopy.example/ledger")
    with pytest.raises(NotProved, match="no known key"):
        verify_receipt(receipt(), [other.verifier])
    with pytest.raises(NotProved, match="no known key"):
        verify_receipt(receipt(signer=other), [LOG.verifier])


def test_a_receipt_of_the_first_release_says_so() -> None:
    text = "-----BEGIN CONTENT-----\n{}\n-----END CONTENT-----\n"
    with pytest.raises(NotProved, match="anew"):
        verify_receipt(text, [LOG.verifier])
