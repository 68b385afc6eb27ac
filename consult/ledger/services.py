"""Appending to the log; leaves are hashed as RFC 9162 (section 2.1.1) says."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, update

from consult.core.db import db, insert_ignore, insert_rows
from consult.ledger.models import Head, Leaf

_ADVANCE = (
    update(Head)
    .where(Head.id == 1)
    .values(size=Head.size + bindparam("number"))
    .returning(Head.size)
)


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
    """Append a leaf for each (subject id, content), in order, as `append` does; one lock.

    The leaves returned are written already and belong to no session.
    """
    rows: list[dict[str, Any]] = []
    for index, (subject_id, content) in enumerate(facts, start=_reserve(len(facts))):
        salt = secrets.token_hex(32)
        rows.append(
            {
                "index": index,
                "leaf_hash": leaf_hash(salt, content),
                "kind": kind,
                "subject_id": subject_id,
                "salt": salt,
                "at": at,
            }
        )
    insert_rows(Leaf, rows)
    return [Leaf(**row) for row in rows]


def _reserve(number: int) -> int:
    """Move the head on by ``number``, keeping its lock; return the first index."""
    connection = db.session().connection()
    size = connection.execute(_ADVANCE, {"number": number}).scalar()
    if size is None:
        insert_ignore(Head, {"id": 1, "size": 0}, "id")
        size = connection.execute(_ADVANCE, {"number": number}).scalar_one()
    return size - number
