"""Evidence of degrees and titles: given by the person, seen by the secretariat, then deleted."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Final

from msgspec import Struct
from sqlalchemy import delete, func, select

from consult.core import audit, clock, files, uploads
from consult.core.db import db
from consult.core.files import StoredFile
from consult.core.settings import settings
from consult.people.evidence_models import Evidence
from consult.people.models import Profile
from consult.people.services import CORE_FACTS

MOST_FILES: Final = 6
LIMIT: Final = 10 * 1024 * 1024  # bytes
_MONTH: Final = timedelta(days=30.44)


class Refused(Exception):
    """The file cannot be taken; ``reason`` is a key of `forms.refusal`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class AddEvidence(Struct, frozen=True):
    """A file as it was sent, and the fact that it proves."""

    user_id: int
    fact: str
    name: str
    data: bytes


def of_person(user_id: int) -> list[Evidence]:
    """Return the person's evidence, the oldest first; one query."""
    statement = select(Evidence).where(Evidence.user_id == user_id)
    return list(db.session.scalars(statement.order_by(Evidence.id)))


def by_id(evidence_id: int) -> Evidence | None:
    """Return one piece of evidence, or None when there is none (any more)."""
    return db.session.get(Evidence, evidence_id)


def add(command: AddEvidence) -> Evidence:
    """Keep the file, cleaned of its metadata, for the secretariat's eyes.

    The kind is told by the content. Raises Refused. Writes the file, then its rows.
    """
    if command.fact not in CORE_FACTS:
        raise ValueError(f"nothing is proven by {command.fact!r}")
    kind = _acceptable(command.data)
    _room_for(command.user_id)
    try:
        clean = uploads.clean(command.data, kind)
    except uploads.NotClean:
        raise Refused("broken") from None
    stored = files.store(
        io.BytesIO(clean),
        name=command.name,
        media_type=uploads.MEDIA_TYPES[kind],
        uploaded_by=command.user_id,
        limit=2 * LIMIT,
    )
    if any(row.file.sha256 == stored.sha256 for row in of_person(command.user_id)):
        db.session.delete(stored)
        raise Refused("again")
    row = Evidence(
        user_id=command.user_id, fact=command.fact, file_id=stored.id, added_at=clock.now()
    )
    db.session.add(row)
    db.session.flush()
    return row


def _acceptable(data: bytes) -> uploads.Kind:
    if not data:
        raise Refused("empty")
    if len(data) > LIMIT:
        raise Refused("large")
    kind = uploads.kind_of(data)
    if kind is None:
        raise Refused("kind")
    return kind


def _room_for(user_id: int) -> None:
    # The profile's row makes the uploads of one person follow one another.
    profile = db.session.get(Profile, user_id, with_for_update={"of": Profile})
    if profile is None:
        raise Refused("no_profile")
    if profile.state == "checked":
        raise Refused("decided")
    count = select(func.count()).select_from(Evidence).where(Evidence.user_id == user_id)
    if (db.session.scalar(count) or 0) >= MOST_FILES:
        raise Refused("many")


def remove(row: Evidence) -> None:
    """Delete the person's own evidence. Raises Refused while a second person decides on it."""
    profile = db.session.get(Profile, row.user_id, with_for_update={"of": Profile})
    if profile is not None and profile.state == "checked":
        raise Refused("decided")
    _delete([row])


def forget() -> int:
    """Delete the evidence whose period of keeping after the decision is over; return how many."""
    over = clock.now() - settings().evidence_months * _MONTH
    rows = list(db.session.scalars(select(Evidence).where(Evidence.decided_at < over)))
    for user_id in sorted({row.user_id for row in rows}):
        audit.record("evidence.deleted", actor_id=None, subject=("user", user_id))
    _delete(rows)
    return len(rows)


def _delete(rows: list[Evidence]) -> None:
    """Delete the rows; the bytes, which no row names any more, go with the daily sweep."""
    file_ids = [row.file_id for row in rows]
    db.session.execute(delete(Evidence).where(Evidence.id.in_([row.id for row in rows])))
    db.session.execute(delete(StoredFile).where(StoredFile.id.in_(file_ids)))
