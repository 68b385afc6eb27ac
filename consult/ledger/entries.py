"""What a leaf of the log is made of, so that anybody can compute it again.

The leaf hash is SHA-256(0x00 || salt || line), as RFC 9162 (2.1.1) has it, where ``salt`` are 32
random bytes and ``line`` is a JSON object in UTF-8: keys sorted, no spaces, characters beyond
ASCII as they are. The salt keeps a short opinion from being guessed from its hash.

Format 2 (written now) is {"at", "content", "format": 2, "index", "kind", "subject"}: the fact's
instant, what it says, the leaf's place in the log, the kind of fact and the row's id. Instants are
RFC 3339 in UTC with microseconds. Kinds: "submission", "withdrawal", "revision", "comparison",
"answers", "joint", "joint_signature", "response", "answer_objection", "inquiry", "inquiry_reply",
"summary", "summary_objection", "objection_answer", "version", "unsealing", "moderation",
"moderation_appeal", "moderation_outcome", "review", "critique_report", "critique_answer",
"redaction"; each room's ``leaves``, ``receipts`` or ``answers`` module says what ``content`` holds.
What only the portal may see (who stands behind an opinion) is in the content as "withheld":
SHA-256(blind || line of it), with 32 other random bytes that stay in the database.

Format 1 (the first release) is the content alone, without "withheld". A field that a later
release adds to a content is left out while it is empty, so that older leaves stay what they are.
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

from consult.ledger.merkle import leaf_hash as _leaf_hash
from consult.ledger.models import Leaf

FORMAT = 2


def instant(value: datetime) -> str:
    """Return the aware instant in UTC with microseconds, as RFC 3339 has it."""
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def canonical(content: dict[str, Any]) -> bytes:
    """Return ``content`` as JSON with sorted keys and no spaces, in UTF-8."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def leaf_hash(salt: str, content: dict[str, Any]) -> str:
    """Return the hexadecimal RFC 9162 leaf hash, SHA-256(0x00 || salt || canonical content)."""
    return _leaf_hash(bytes.fromhex(salt) + canonical(content)).hex()


def withheld_hash(blind: str, withheld: dict[str, Any]) -> str:
    """Return the hexadecimal SHA-256(blind || canonical withheld)."""
    return hashlib.sha256(bytes.fromhex(blind) + canonical(withheld)).hexdigest()


def entry(
    index: int, kind: str, subject_id: int, at: datetime, content: dict[str, Any]
) -> dict[str, Any]:
    """Return what leaf ``index`` of format 2 covers; ``at`` (aware) is the fact's instant."""
    return {
        "format": FORMAT,
        "index": index,
        "kind": kind,
        "subject": subject_id,
        "at": instant(at),
        "content": content,
    }


def covered(leaf: Leaf, content: dict[str, Any]) -> dict[str, Any]:
    """Return all that ``leaf`` covers when its content is ``content``."""
    if leaf.format == 1:
        return content
    return entry(leaf.index, leaf.kind, leaf.subject_id, leaf.at, content)


def unaltered(leaf: Leaf, content: dict[str, Any]) -> bool:
    """Return whether ``content`` is what the leaf was made over."""
    try:
        return leaf_hash(leaf.salt, covered(leaf, content)) == leaf.leaf_hash
    except ValueError:  # a salt that is no longer hexadecimal
        return False
