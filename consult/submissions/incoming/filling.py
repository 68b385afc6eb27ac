"""Points that come together from a filled form: into the basket, where their author looks on."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from sqlalchemy import func, select

from consult.consultations.models import Consultation
from consult.core import clock
from consult.core.db import db, insert_rows
from consult.submissions import vault
from consult.submissions.commands import NewPoint
from consult.submissions.models import Authorship, Point
from consult.submissions.point_words import point_rows
from consult.submissions.rows import draft, lock


class KeepPoints(Struct, frozen=True):
    """Put points into the author's basket of the round, in this order."""

    consultation: Consultation
    author_id: int
    points: Sequence[NewPoint]


def keep_points(command: KeepPoints) -> int:
    """Keep the points in the basket, whatever the stage of the round; return how many were new.

    Those whose form key the author has used in the round, in the basket or sent, are left as
    they are: the same file read again adds nothing. Raises UnknownProvision, UnknownQuestion,
    UnusableText. Writes the points, and the basket if there was none; no job.
    """
    lock(command.author_id)
    there = _known(command)
    points = [point for point in command.points if point.form_key not in there]
    if not points:
        return 0
    now = clock.now()
    rows = point_rows(command.consultation, points, created_at=now)
    submission_id, _ = draft(command.consultation.id, command.author_id, now)
    last = db.session.scalar(
        select(func.max(Point.ordinal)).where(Point.submission_id == submission_id)
    )
    for ordinal, row in enumerate(rows, (last or 0) + 1):
        row |= {"submission_id": submission_id, "ordinal": ordinal}
    insert_rows(Point, rows)
    return len(rows)


def _known(command: KeepPoints) -> set[str]:
    """Return the form keys among the command's that the author's points have already."""
    round_id = command.consultation.id
    found = db.session.scalars(
        select(Point.form_key)
        .join(Authorship, Authorship.submission_id == Point.submission_id)
        .where(
            Point.consultation_id == round_id,
            Point.form_key.in_([point.form_key for point in command.points]),
            vault.written_by(command.author_id, [round_id]),
        )
    )
    return set(found)
