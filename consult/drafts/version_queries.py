"""Reading the versions of a draft: their states, whether they are being compared."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select

from consult.accounts.models import User
from consult.core.db import db
from consult.core.files import StoredFile
from consult.drafts.models import DraftVersion
from consult.jobs.models import Job

COMPARE = "drafts.compare"


class VersionState(enum.StrEnum):
    """How far a version has come; derived from its instants, never stored."""

    PREPARING = "preparing"
    SUPERSEDED = "superseded"  # a corrected file took its place before anybody saw it
    CONSULTED = "consulted"  # a round on it is or was published
    PUBLISHED = "published"
    FINAL = "final"


def state(version: DraftVersion | VersionLine, newest: int) -> VersionState:
    """Return the version's state, given the number of its draft's newest version."""
    if version.final_at is not None:
        return VersionState.FINAL
    if version.published_at is not None:
        return VersionState.PUBLISHED
    if version.frozen_at is not None:
        return VersionState.CONSULTED
    return VersionState.PREPARING if version.number == newest else VersionState.SUPERSEDED


class VersionLine(NamedTuple):
    """A version as a plain row; ``uploaded_by`` and ``file`` are empty when unknown."""

    id: int
    draft_id: int
    number: int
    created_at: datetime
    frozen_at: datetime | None
    published_at: datetime | None
    final_at: datetime | None
    uploaded_by: str
    file: str


def versions_of(draft_id: int, *, public_only: bool = False) -> list[VersionLine]:
    """Return the draft's versions, newest first; one query.

    With ``public_only`` those that were shown to others, by a round or by their publication.
    """
    statement = (
        select(
            DraftVersion.id,
            DraftVersion.draft_id,
            DraftVersion.number,
            DraftVersion.created_at,
            DraftVersion.frozen_at,
            DraftVersion.published_at,
            DraftVersion.final_at,
            func.coalesce(User.full_name, ""),
            func.coalesce(StoredFile.name, ""),
        )
        .outerjoin(User, User.id == DraftVersion.created_by)
        .outerjoin(StoredFile, StoredFile.id == DraftVersion.file_id)
        .where(DraftVersion.draft_id == draft_id)
        .order_by(DraftVersion.number.desc())
    )
    if public_only:
        statement = statement.where(DraftVersion.frozen_at.is_not(None))
    return [VersionLine._make(row) for row in db.session.execute(statement)]


def earlier_public(version: DraftVersion) -> list[DraftVersion]:
    """Return the draft's earlier versions that were shown to others, newest first; one query."""
    return list(
        db.session.scalars(
            select(DraftVersion)
            .where(
                DraftVersion.draft_id == version.draft_id,
                DraftVersion.number < version.number,
                DraftVersion.frozen_at.is_not(None),
            )
            .order_by(DraftVersion.number.desc())
        )
    )


def newest_of(draft_id: int) -> DraftVersion | None:
    """Return the newest version of the draft, or None for an unknown draft; one query."""
    return db.session.scalars(
        select(DraftVersion)
        .where(DraftVersion.draft_id == draft_id)
        .order_by(DraftVersion.number.desc())
        .limit(1)
    ).first()


def is_comparing(version_id: int) -> bool:
    """Return whether a comparison of the version with earlier ones is still to come; one query."""
    return (
        db.session.scalar(
            select(Job.id)
            .where(
                Job.name == COMPARE,
                Job.state.in_(("ready", "running")),
                Job.payload["version_id"].as_integer() == version_id,
            )
            .limit(1)
        )
        is not None
    )
