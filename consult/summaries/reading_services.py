"""Reading a round as a team: marking points as read, rating and noting them."""

from __future__ import annotations

from collections.abc import Collection

from msgspec import Struct
from sqlalchemy import delete

from consult.consultations.queries import locked
from consult.core import audit, clock
from consult.core.db import db, dialect_insert
from consult.submissions.models import code_of
from consult.summaries import reading_queries as queries
from consult.summaries.reading_models import PointImportance, PointNote, PointReading


class NotInThisRound(Exception):
    """The point was not received in the round, or the note is not on one that was."""


def mark(
    consultation_id: int, point_ids: Collection[int], *, read: bool, user_id: int
) -> list[int]:
    """Mark points as read by the person, or as unread again; return which changed.

    Points that are not of the round are left out. Writes readings; it is the person's own
    affair, so no audit entry.
    """
    states = queries.reading_states(consultation_id, point_ids, user_id)
    changed = sorted(point_id for point_id, was in states.items() if was is not read)
    if not changed:
        return []
    if read:
        now = clock.now()
        rows = [{"user_id": user_id, "point_id": id_, "read_at": now} for id_ in changed]
        db.session.execute(
            dialect_insert(PointReading)
            .values(rows)
            .on_conflict_do_update(index_elements=["user_id", "point_id"], set_={"read_at": now})
        )
    else:
        db.session.execute(
            delete(PointReading).where(
                PointReading.user_id == user_id, PointReading.point_id.in_(changed)
            )
        )
    return changed


def rate(consultation_id: int, point_id: int, level: int, *, actor_id: int) -> int:
    """Give the point that importance (0: none) for the whole team; return the one before.

    Raises NotInThisRound. Writes the importance, an audit entry when it is another one.
    """
    assert 0 <= level <= 3
    locked(consultation_id)
    _received(consultation_id, point_id, actor_id)
    row = db.session.get(PointImportance, point_id)
    before = row.level if row else 0
    if level == before:
        return before
    if row is None:
        row = PointImportance(point_id=point_id)
        db.session.add(row)
    row.level, row.set_by, row.set_at = level, actor_id, clock.now()
    _audit("rated", consultation_id, point_id, actor_id)
    return before


class WriteNote(Struct, frozen=True):
    """Note something on a point for the whole team."""

    consultation_id: int
    point_id: int
    text: str
    actor_id: int


def write_note(command: WriteNote) -> int:
    """Keep the note and return its id; the same words of the same person are kept once.

    Raises NotInThisRound. Writes the note, an audit entry.
    """
    locked(command.consultation_id)
    _received(command.consultation_id, command.point_id, command.actor_id)
    for known in queries.notes([command.point_id]).get(command.point_id, []):
        same = known.text == command.text and known.written_by == command.actor_id
        if same and known.removed_at is None:
            return known.id
    note = PointNote(
        point_id=command.point_id,
        text=command.text,
        written_by=command.actor_id,
        written_at=clock.now(),
    )
    db.session.add(note)
    db.session.flush()
    _audit("noted", command.consultation_id, command.point_id, command.actor_id)
    return note.id


def remove_note(consultation_id: int, note_id: int, *, actor_id: int, undo: bool = False) -> int:
    """Remove the note, or bring it back; return its point. It is kept either way.

    Raises NotInThisRound. Writes who removed it and when, an audit entry.
    """
    locked(consultation_id)
    note = queries.note(consultation_id, note_id)
    if note is None:
        raise NotInThisRound
    if (note.removed_at is None) is not undo:
        note.removed_at = None if undo else clock.now()
        note.removed_by = None if undo else actor_id
        what = "note_restored" if undo else "note_removed"
        _audit(what, consultation_id, note.point_id, actor_id)
    return note.point_id


def _received(consultation_id: int, point_id: int, user_id: int) -> None:
    if not queries.reading_states(consultation_id, [point_id], user_id):
        raise NotInThisRound


def _audit(what: str, consultation_id: int, point_id: int, actor_id: int) -> None:
    audit.record(
        f"triage.{what}",
        actor_id=actor_id,
        subject=("round", consultation_id),
        details={"codes": code_of(point_id)},
    )
