"""Checking a saved receipt or a pair of checkpoints with a public key and nothing else."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any, cast

from msgspec import Struct

from consult.ledger import merkle
from consult.ledger.formats import BadFormat, Proof, TreeHead
from consult.ledger.notes import BadKey, BadNote, Verifier, verified_text

_BLOCK = re.compile(
    "^-----BEGIN CONTENT-----\n([^\n]*)\n-----END CONTENT-----\n\n?"
    "-----BEGIN PROOF-----\n(.*?)-----END PROOF-----$",
    re.M | re.S,
)
_KEY = re.compile(r"^\S+\+[0-9a-f]{8}\+[A-Za-z0-9+/]{44}$", re.M)


class NotProved(Exception):
    """The receipt proves nothing; the message is a sentence that says why."""


class Proved(Struct, frozen=True):
    """What a receipt proves: ``entry`` is in the log that ``head`` describes, at its place."""

    entry: dict[str, Any]
    leaf_hash: str
    index: int
    head: TreeHead


def block(line: bytes, proof: Proof) -> str:
    """Return the part of a receipt that a program reads: the leaf's ``line`` and the proof."""
    return (
        f"-----BEGIN CONTENT-----\n{line.decode()}\n-----END CONTENT-----\n"
        f"-----BEGIN PROOF-----\n{proof}-----END PROOF-----\n"
    )


def keys_in(text: str) -> list[Verifier]:
    """Return the public keys written in ``text``, each alone on a line."""
    found: list[Verifier] = []
    for line in _KEY.findall(_unix(text)):
        try:
            found.append(Verifier.parse(line))
        except BadKey:
            continue
    return found


def verify_receipt(text: str, known: Sequence[Verifier]) -> list[Proved]:
    """Return what the receipt proves by the ``known`` keys, one for each entry in it.

    Raises NotProved when any of it does not hold.
    """
    blocks = _BLOCK.findall(_unix(text))
    if not blocks:
        raise NotProved(
            "There is no proof in this file: it is no receipt, or one of the first release. "
            "Download the receipt anew."
        )
    return [_verify(line, proof, known) for line, proof in blocks]


def _verify(line: str, text: str, known: Sequence[Verifier]) -> Proved:
    try:
        proof = Proof.parse(text)
        head = checkpoint(proof.note, known)
        entry = cast("dict[str, Any]", json.loads(line))
    except BadFormat as error:
        raise NotProved(f"The receipt is damaged: {error}.") from error
    except json.JSONDecodeError as error:
        raise NotProved("The receipt is damaged: its content is not readable.") from error
    leaf = merkle.leaf_hash(proof.extra + line.encode())
    if not merkle.proves_inclusion(leaf, proof.index, head.size, proof.hashes, head.root):
        raise NotProved(
            "The content, the salt or the proof was altered: together they are not in the log "
            "that the checkpoint describes."
        )
    return Proved(entry, leaf.hex(), proof.index, head)


def checkpoint(note: str, known: Sequence[Verifier]) -> TreeHead:
    """Return what a checkpoint signed by a ``known`` key of the same name says.

    Raises NotProved for a signature that is missing or wrong, BadFormat for other text.
    """
    note = _unix(note)
    try:
        head = TreeHead.parse(verified_text(note, known))
    except BadNote as error:
        raise NotProved(f"The checkpoint is not to be trusted: {error}.") from error
    if head.origin not in {verifier.name for verifier in known}:
        raise NotProved(f"The checkpoint is of another log, {head.origin}.")
    return head


def _unix(text: str) -> str:
    return text.removeprefix("\ufeff").replace("\r\n", "\n")
