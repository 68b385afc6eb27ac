"""Appending to the log, and destroying what a leaf covers without touching the log."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, update

from consult.core.db import db, insert_ignore, insert_rows
from consult.ledger.entries import FORMAT, entry, leaf_hash, withheld_hash
from consult.ledger.models import Head, Leaf, Redaction

_ADVANCE = (
    update(Head)
    .where(Head.id == 1)
    .values(size=Head.size + bindparam("number"))
    .returning(Head.size)
)


def append(
    kind: str,
    subject_id: int,
    content: dict[str, Any],
    *,
    at: datetime,
    withheld: dict[str, Any] | None = None,
) -> Leaf:
    """Append a leaf over ``content`` and return it; ``at`` (aware) is the fact's instant.

    ``withheld`` is covered by a hash only. Locks the head row until the transaction ends, so
    indexes have neither gaps nor doubles. Writes the leaf and the head.
    """
    [leaf] = _append(kind, [(subject_id, content)], at, [withheld])
    return leaf


def append_many(
    kind: str,
    facts: Sequence[tuple[int, dict[str, Any]]],
    *,
    at: datetime,
    withheld: Sequence[dict[str, Any]] | None = None,
) -> list[Leaf]:
    """Append a leaf for each (subject id, content), in order, as `append` does; one lock.

    ``withheld`` has what each of them withholds. The leaves returned are written already and
    belong to no session.
    """
    return _append(kind, facts, at, withheld or [None] * len(facts))


def redact(leaf: Leaf, reason: str, *, at: datetime) -> Leaf:
    """Destroy the salts of ``leaf`` and append the tombstone that says so; return that.

    The leaf's hash stays, so the log's roots stay; without the salt nobody can tell any more
    what it covered. The caller destroys the words themselves. ``at`` (aware) is the instant.
    Writes the redaction, the leaf's salts and a leaf.
    """
    known = db.session.get_one(Leaf, leaf.index)
    known.salt = known.blind = ""
    redaction = Redaction(leaf_index=leaf.index, reason=reason, at=at)
    db.session.add(redaction)
    db.session.flush()
    return append("redaction", leaf.index, redaction_content(redaction), at=at)


def redaction_content(redaction: Redaction) -> dict[str, Any]:
    """Return what the leaf of a redaction covers: which leaf, and why."""
    return {"leaf": redaction.leaf_index, "reason": redaction.reason}


def _append(
    kind: str,
    facts: Sequence[tuple[int, dict[str, Any]]],
    at: datetime,
    withheld: Sequence[dict[str, Any] | None],
) -> list[Leaf]:
    rows: list[dict[str, Any]] = []
    first = _reserve(len(facts))
    for index, ((subject_id, content), hidden) in enumerate(
        zip(facts, withheld, strict=True), start=first
    ):
        salt, blind = secrets.token_hex(32), ""
        if hidden is not None:
            blind = secrets.token_hex(32)
            content = content | {"withheld": withheld_hash(blind, hidden)}
        rows.append(
            {
                "index": index,
                "leaf_hash": leaf_hash(salt, entry(index, kind, subject_id, at, content)),
                "kind": kind,
                "subject_id": subject_id,
                "salt": salt,
                "at": at,
                "format": FORMAT,
                "blind": blind,
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
