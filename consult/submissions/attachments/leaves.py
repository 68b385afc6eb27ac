"""Whether the files of received points are still those that the ledger has.

A submission's leaf covers their names, sizes and digests; here is whether the bytes are theirs.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from sqlalchemy import select

from consult.core import files
from consult.core.db import db
from consult.ledger.auditing import Finding
from consult.submissions.attachments.models import Attachment
from consult.submissions.models import Point


def wrong_files() -> Iterable[Finding]:
    """Yield the received files whose bytes are gone, or no longer those of their digest."""
    rows = db.session.execute(
        select(Attachment.id, Attachment.sha256)
        .join(Attachment.point)
        .where(Point.received_at.is_not(None))
        .order_by(Attachment.id)
    )
    yield from astray(Attachment.__tablename__, rows.tuples())


def astray(table: str, rows: Iterable[tuple[int, str]]) -> Iterable[Finding]:
    """Yield the rows of ``table``, as (id, digest), whose bytes are gone or others."""
    for row_id, digest in rows:
        try:
            with files.place(digest).open("rb") as stored:
                found = hashlib.file_digest(stored, "sha256").hexdigest()
        except OSError:
            yield Finding("deleted", table, row_id, detail="its file")
        else:
            if found != digest:
                yield Finding("altered", table, row_id, detail="its file")
