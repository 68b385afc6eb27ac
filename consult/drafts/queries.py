"""Reading drafts, versions and provisions."""

from __future__ import annotations

from consult.core.db import db
from consult.drafts.models import DraftVersion


def version(version_id: int) -> DraftVersion | None:
    """Return the version with its draft and file, or None; one query."""
    return db.session.get(DraftVersion, version_id)
