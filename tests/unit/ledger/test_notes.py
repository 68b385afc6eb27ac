"""Signed notes, checkpoints and proofs as text: the formats' own examples, and what is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.ledger.formats import BadFormat, Proof, TreeHead
from consult.ledger.notes import BadKey, BadNote, Signer, Verifier, verified_text

# The example of c2sp.org/signed-note.
EXAMPLE_KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
EXAMPLE = """This is an example message.

— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=
"""  # noqa: E501
# The example of Go's package golang.org/x/mod/sumdb/note.
GO_PRIVATE = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
GO_PUBLIC = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_NOTE = """If you think cryptography is the answer to your problem,
then you don't know what your problem is.

— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=
"""  # noqa: E501
LOG = Signer.generate("gopy.example/ledger")


def signed(text: str = "gopy.example/ledger\n1\nAAAA\n") -> str:
    return LOG.sign(text)


def test_the_formats_own_example_verifies() -> None:
    assert verified_text(EXAMPLE, [Verifier.parse(EXAMPLE_KEY)]) == "This is an example message.\n"
    assert str(Verifier.parse(EXAMPLE_KEY)) == EXAMPLE_KEY


def test_gos_example_comes_out_to_the_letter() -> None:
    signer = Signer.parse(GO_PRIVATE)
    assert str(signer.verifier) == GO_PUBLIC
    assert signer.to_text() == GO_PRIVATE
    assert signer.sign(GO_NOTE.rpartition("\n\n")[0] + "\n") == GO_NOTE


@given(st.integers(0, len(EXAMPLE.encode()) - 1), st.integers(0, 7))
def test_no_altered_bit_passes(place: int, bit: int) -> None:
    data = bytearray(EXAMPLE.encode())
    data[place] ^= 1 << bit
    try:
        altered = data.decode()
    except UnicodeDecodeError:
        return
    with pytest.raises(BadNote):
        verified_text(altered, [Verifier.parse(EXAMPLE_KEY)])


def test_other_signatures_are_passed_over_but_a_wrong_one_of_a_known_key_is_not() -> None:
    other = Signer.generate("witness.example")
    text = "gopy.example/ledger\n1\nAAAA\n"
    both = signed(text) + other.sign(text).rpartition("\n\n")[2]
    assert verified_text(both, [LOG.verifier]) == text
    assert verified_text(both, [LOG.verifier, other.verifier]) == text
    wrong = signed(text) + other.sign("something else\n").rpartition("\n\n")[2]
    with pytest.raises(BadNote, match="wrong"):
        verified_text(wrong, [LOG.verifier, other.verifier])
    with pytest.raises(BadNote, match="no known key"):
        verified_text(other.sign(text), [LOG.verifier])


@pytest.mark.parametrize(
    "note",
    [
        "",
        "text\n",
        "text\n\n",
        "text\n\n— name\n",
        "text\n\n- gopy.example/ledger AAAAAAAA\n",
        signed().rstrip("\n"),
        signed().replace("\n", "\r\n"),
        signed() + signed().rpartition("\n\n")[2] * 100,
    ],
)
def test_what_is_no_note_is_refused(note: str) -> None:
    with pytest.raises(BadNote):
        verified_text(note, [LOG.verifier])


@pytest.mark.parametrize(
    "key",
    [
        "",
        "a+b",
        EXAMPLE_KEY.replace("530d903a", "530d903b"),
        EXAMPLE_KEY.replace("example.com/foo", "example.com/fox"),
        EXAMPLE_KEY[:-4],
        "a b+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
    ],
)
def test_what_is_no_key_is_refused(key: str) -> None:
    with pytest.raises(BadKey):
        Verifier.parse(key)
    with pytest.raises(BadKey):
        Signer.parse("PRIVATE+KEY+" + key)
    with pytest.raises(BadKey):
        Signer.generate("a name with spaces")


def test_a_tree_head_is_read_as_written() -> None:
    text = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    head = TreeHead.parse(text)
    assert (head.origin, head.size) == ("example.com/behind-the-sofa", 20852163)
    assert str(head) == text
    assert TreeHead.parse(text + "an extension\n") == head
    for wrong in (
        text.replace("20852163", "020852163"),
        text.replace("20852163", "-1"),
        text.replace("20852163", "２"),
        text.replace("q2I=", ""),
        text.rstrip("\n"),
        "\n" + text,
        "",
    ):
        with pytest.raises(BadFormat):
            TreeHead.parse(wrong)


@given(st.binary(max_size=40), st.integers(0, 2**40), st.lists(st.binary(min_size=32, max_size=32)))
def test_a_proof_is_read_as_written(extra: bytes, index: int, hashes: list[bytes]) -> None:
    proof = Proof(extra, index, tuple(hashes), signed())
    assert Proof.parse(str(proof)) == proof


@pytest.mark.parametrize(
    "text",
    [
        "",
        "c2sp.org/tlog-proof@v2\nindex 1\n\nnote",
        "c2sp.org/tlog-proof@v1\nindex 01\n\nnote",
        "c2sp.org/tlog-proof@v1\n\nnote",
        "c2sp.org/tlog-proof@v1\nextra !!\nindex 1\n\nnote",
        "c2sp.org/tlog-proof@v1\nindex 1\nAAAA\n\nnote",
        "c2sp.org/tlog-proof@v1\nindex 1\n",
    ],
)
def test_what_is_no_proof_is_refused(text: str) -> None:
    with pytest.raises(BadFormat):
        Proof.parse(text)
