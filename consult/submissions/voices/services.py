"""Endorsing: readers agree or disagree with a point, once each, until the round closes."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct
from sqlalchemy import and_, delete

from consult.core.db import db, dialect_insert, insert_ignore
from consult.submissions.models import Point
from consult.submissions.services import check_open
from consult.submissions.voices.models import Endorsement, Report, Voice

LONGEST_NOTE = 2_000  # characters of what a reader adds to a report


class NotShown(Exception):
    """The point has been withdrawn or hidden, so nobody answers it."""


class Endorse(Struct, frozen=True):
    """One reader's answer to a point; ``value`` None takes an earlier one back."""

    point: Point
    user_id: int
    value: Voice | None
    received_at: datetime


class ReportPoint(Struct, frozen=True):
    """A reader says that a point breaks the rules, for a reason of the published list."""

    point: Point
    user_id: int
    reason: str
    note: str
    received_at: datetime


def endorse(command: Endorse) -> None:
    """Keep the reader's answer, the latest that arrived; repeated, nothing changes.

    Reads ``point.submission.consultation``. Raises NotAccepting for what arrived after the
    closing (or before the opening), NotShown. Writes or deletes one row; no job, no entry in
    the log: an endorsement is no opinion of its own.
    """
    point, at = command.point, command.received_at
    check_open(point.submission.consultation, at)
    _check_shown(point)
    session = db.session()
    if command.value is None:
        session.execute(
            delete(Endorsement).where(
                Endorsement.point_id == point.id,
                Endorsement.user_id == command.user_id,
                Endorsement.at <= at,
            )
        )
        return
    statement = dialect_insert(Endorsement).values(
        point_id=point.id, user_id=command.user_id, value=command.value, at=at
    )
    new = statement.excluded
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["point_id", "user_id"],
            set_={"value": new.value, "at": new.at},
            # A delayed repeat of an earlier press does not undo a later one.
            where=and_(Endorsement.value != new.value, Endorsement.at <= new.at),
        )
    )


def report(command: ReportPoint) -> bool:
    """Keep the reader's report for the staff; return False when there was one already.

    Raises NotShown; ValueError for a note that is too long. Writes at most one row.
    """
    _check_shown(command.point)
    if len(command.note) > LONGEST_NOTE:
        raise ValueError("the note is too long")
    return insert_ignore(
        Report,
        {
            "point_id": command.point.id,
            "user_id": command.user_id,
            "reason": command.reason,
            "note": command.note,
            "at": command.received_at,
        },
        "point_id",
        "user_id",
    )


def _check_shown(point: Point) -> None:
    if point.withdrawn_at is not None or point.hidden_at is not None:
        raise NotShown
