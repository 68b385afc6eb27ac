"""Appending to the log; leaves are hashed as RFC 9162 (section 2.1.1) says."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from consult.core.db import db, insert_ignore
from consult.ledger.models import Head, Leaf


def canonical(content: dict[str, Any]) -> bytes:
    """Return ``content`` as JSON with sorted keys and no spaces, in UTF-8."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def leaf_hash(salt: str, content: dict[str, Any]) -> str:
    """Return the hexadecimal RFC 9162 leaf hash, SHA-256(0x00 || salt || canonical content)."""
    return hashlib.sha256(b"\x00" + bytes.fromhex(salt) + canonical(content)).hexdigest()


def append(kind: str, subject_id: int, content: dict[str, Any], *, at: datetime) -> Leaf:
    """Append a leaf over ``content`` and return it; ``at`` (aware) is the fact's instant.

    Locks the head row until the transaction ends, so indexes have neither gaps nor doubles.
    Writes the leaf and the head.
    """
    return append_many(kind, [(subject_id, content)], at=at)[0]


def append_many(
    kind: str, facts: Sequence[tuple[int, dict[str, Any]]], *, at: datetime
) -> list[Leaf]:
    """Append a leaf for each (subject id, content), in order, as `append` does; one lock."""
    head = db.session.scalar(select(Head).where(Head.id == 1).with_for_update())
    if head is None:
        insert_ignore(Head, {"id": 1, "size": 0}, "id")
        head = db.session.scalars(select(Head).where(Head.id == 1).with_for_update()).one()
    leaves: list[Leaf] = []
    for index, (subject_id, content) in enumerate(facts, start=head.size):
        salt = secrets.token_hex(32)
        leaves.append(
            Leaf(
                index=index,
                leaf_hash=leaf_hash(salt, content),
                kind=kind,
                subject_id=subject_id,
                salt=salt,
                at=at,
            )
        )
    head.size += len(leaves)
    db.session.add_all(leaves)
    return leaves
