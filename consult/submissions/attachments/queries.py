"""Reading the files that are attached to points."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from consult.core.db import db
from consult.submissions.attachments.models import Attachment
from consult.submissions.models import Authorship, Point, Submission


def attachment(attachment_id: int) -> Attachment | None:
    """Return a file of a point, with all that tells who may have it, or None; one query."""
    return db.session.scalars(
        select(Attachment)
        .options(
            joinedload(Attachment.point)
            .joinedload(Point.submission)
            .options(
                joinedload(Submission.authorship).joinedload(Authorship.sealed),
                joinedload(Submission.consultation),
            )
        )
        .where(Attachment.id == attachment_id, Attachment.point_id.is_not(None))
    ).one_or_none()


def attachments_of(point_ids: Collection[int]) -> dict[int, list[Attachment]]:
    """Return the files of each of the points that has any, in order; at most one query."""
    found: dict[int, list[Attachment]] = {}
    if point_ids:
        for row in db.session.scalars(
            select(Attachment)
            .where(Attachment.point_id.in_(point_ids))
            .order_by(Attachment.point_id, Attachment.ordinal, Attachment.id)
        ):
            found.setdefault(row.point_id or 0, []).append(row)
    return found


def attachments_of_round(consultation_id: int) -> dict[int, list[Attachment]]:
    """Return the files of all points received in the round, withdrawn ones too; one query.

    The keys are the points' ids. No machine has read what is in them: whoever accounts for a
    round's opinions lists them as unread.
    """
    found: dict[int, list[Attachment]] = {}
    for row in db.session.scalars(
        select(Attachment)
        .join(Attachment.point)
        .where(Point.consultation_id == consultation_id, Point.received_at.is_not(None))
        .order_by(Attachment.point_id, Attachment.ordinal, Attachment.id)
    ):
        found.setdefault(row.point_id or 0, []).append(row)
    return found


def count_of_submission(submission_id: int) -> int:
    """Return how many files the submission's points have; one query."""
    return (
        db.session.scalar(
            select(func.count(Attachment.id))
            .join(Attachment.point)
            .where(Point.submission_id == submission_id)
        )
        or 0
    )


def waiting(owner: str, place: str, form_key: str = "") -> list[Attachment]:
    """Return the files that wait at a place for ``form_key``, or for the newest form there."""
    rows = list(
        db.session.scalars(
            select(Attachment)
            .where(Attachment.owner == owner, Attachment.place == place)
            .order_by(Attachment.created_at, Attachment.id)
        )
    )
    newest = form_key or (rows[-1].form_key if rows else "")
    return [row for row in rows if row.form_key == newest]
