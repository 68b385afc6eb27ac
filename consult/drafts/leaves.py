"""What the ledger's leaf of a published version covers, and whether the rows still have it.

The content is {"draft", "file", "final", "number", "provisions", "published_at", "text"}: "text"
is the SHA-256 of the version's text in UTF-8, "file" that of the uploaded file or null, and
"provisions" that of their canonical JSON, a list of [ordinal, key, part, kind, number, title, text,
citation, depth] in order.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from consult.core.db import db
from consult.drafts.models import DraftVersion, Provision
from consult.ledger.auditing import Finding, covered_since, logged
from consult.ledger.entries import instant
from consult.ledger.models import Leaf

KIND = "version"


def version_content(version: DraftVersion, *, at: datetime) -> dict[str, Any]:
    """Return what the leaf of a version covers that was published ``at`` an instant (aware).

    Reads the version's text and provisions.
    """
    rows = db.session.execute(
        select(
            Provision.ordinal,
            Provision.key,
            Provision.part,
            Provision.kind,
            Provision.number,
            Provision.title,
            Provision.text,
            Provision.citation,
            Provision.depth,
        )
        .where(Provision.version_id == version.id)
        .order_by(Provision.ordinal)
    )
    provisions = json.dumps([list(row) for row in rows], ensure_ascii=False, separators=(",", ":"))
    return {
        "draft": version.draft_id,
        "number": version.number,
        "final": version.final_at == at,
        "published_at": instant(at),
        "file": version.file.sha256 if version.file else None,
        "text": hashlib.sha256(version.text.encode()).hexdigest(),
        "provisions": hashlib.sha256(provisions.encode()).hexdigest(),
    }


class Versions:
    """The versions' side of the audit."""

    table = DraftVersion.__tablename__

    def contents(self, leaves: Sequence[Leaf]) -> Mapping[int, dict[str, Any] | None]:
        """Return the content of each leaf of a version that is there."""
        rows = db.session.scalars(
            select(DraftVersion).where(DraftVersion.id.in_({leaf.subject_id for leaf in leaves}))
        )
        known = {row.id: row for row in rows}
        return {
            leaf.index: version_content(known[leaf.subject_id], at=leaf.at)
            for leaf in leaves
            if leaf.subject_id in known
        }

    def others(self) -> Iterable[Finding]:
        """Yield published versions without a leaf; the first release had none of versions."""
        recorded, since = logged(KIND), covered_since()
        for version_id, published_at, final_at in db.session.execute(
            select(DraftVersion.id, DraftVersion.published_at, DraftVersion.final_at)
            .where(DraftVersion.published_at.is_not(None))
            .order_by(DraftVersion.id)
        ):
            if version_id not in recorded:
                last = final_at or published_at
                older = since is None or last < since
                yield Finding("unlogged" if older else "inserted", self.table, version_id)
