"""Signed checkpoints of the log, and proofs that an entry is in it."""

from __future__ import annotations

import logging

from msgspec import Struct
from sqlalchemy import func, select

from consult.core import clock
from consult.core.db import db, insert_ignore
from consult.ledger import tree
from consult.ledger.formats import Proof, TreeHead
from consult.ledger.keys import KeyUnavailable, signer
from consult.ledger.models import Checkpoint, Leaf
from consult.ledger.tree import Tree


class Signed(Struct, frozen=True):
    """A checkpoint: what it says, its signed ``note``, and the ``key`` that verifies it."""

    head: TreeHead
    note: str
    key: str


def sign(of: Tree) -> Signed:
    """Return the signed checkpoint of the tree; raises KeyUnavailable."""
    key = signer()
    head = TreeHead(key.name, of.size, of.root())
    return Signed(head, key.sign(str(head)), str(key.verifier))


def current() -> Signed:
    """Return the log's checkpoint as it stands now; four queries. Raises KeyUnavailable."""
    return sign(Tree(tree.size()))


def note() -> str:
    """Return the log's present checkpoint as text, or nothing when it cannot be signed now.

    For pages and documents that are worth having without it.
    """
    try:
        return current().note
    except KeyUnavailable as error:
        logging.getLogger(__name__).warning("%s", error)
        return ""


def prove(*leaves: Leaf) -> tuple[list[Proof], Signed]:
    """Return the proof of each leaf, under the log's present checkpoint; four queries.

    Raises KeyUnavailable.
    """
    stored = Tree(tree.size(), [leaf.index for leaf in leaves])
    signed = sign(stored)
    proofs = [
        Proof(
            bytes.fromhex(leaf.salt), leaf.index, tuple(stored.inclusion(leaf.index)), signed.note
        )
        for leaf in leaves
    ]
    return proofs, signed


def store() -> Checkpoint | None:
    """Keep a checkpoint of the log if it has grown since the last; return it, or None.

    Writes the checkpoint and subtrees that have become complete. Raises KeyUnavailable.
    """
    newest = db.session.scalar(select(func.max(Checkpoint.size))) or 0
    if tree.size() <= newest:
        return None
    tree.keep()
    signed = current()
    values = {"size": signed.head.size, "note": signed.note, "signed_at": clock.now()}
    insert_ignore(Checkpoint, values, "size")
    return Checkpoint(**values)
