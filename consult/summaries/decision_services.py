"""Deciding on points beside quoting them: duplicate of another, set aside, file read."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from msgspec import Struct
from sqlalchemy import delete, select, update

from consult.consultations.queries import locked
from consult.core import audit, clock
from consult.core.db import db
from consult.submissions.attachments.models import Attachment
from consult.submissions.models import Point, code_of
from consult.submissions.queries import standing
from consult.summaries import decision_queries
from consult.summaries.decision_models import FileReading, PointDecision, Reason
from consult.summaries.models import Passage, Summary


class Refused(Exception):
    """The decision is refused because of these points; the subclasses say why."""

    def __init__(self, point_ids: Iterable[int] = ()) -> None:
        super().__init__(type(self).__name__)
        self.point_ids = sorted(point_ids)


class NotStanding(Refused):
    """These points are not in the round, or were withdrawn."""


class LeaderNotListed(Refused):
    """The point to be repeated is not in the round, was withdrawn, or is set aside."""


class LeaderElsewhere(Refused):
    """These points stand on another provision, or with another stance, than the one repeated."""


class ItsOwnDuplicate(Refused):
    """These points would repeat themselves."""


class RepeatedByOthers(Refused):
    """These points cannot be set aside while others are their duplicates."""


class Decide(Struct, frozen=True):
    """Mark the points as duplicates of ``leader_id``, or, without one, set them aside."""

    consultation_id: int
    point_ids: frozenset[int]
    actor_id: int | None
    leader_id: int | None = None
    reason: Reason | None = None
    words: str = ""


def decide(command: Decide) -> None:
    """Keep the decision on each point, in place of an earlier one; raises a `Refused`.

    A duplicate of a duplicate becomes one of that one's leader, and what repeated a point that
    becomes a duplicate repeats the new leader: there are no chains. The words of the points are
    no longer quoted in the summary being written. Writes decisions, passages, an audit entry.
    """
    locked(command.consultation_id)
    points = _points(command.consultation_id, command.point_ids)
    gone = command.point_ids - points.keys()
    if gone:
        raise NotStanding(gone)
    followers = decision_queries.followers(command.point_ids)
    if command.leader_id is None:
        others = [row for row in followers if row.point_id not in command.point_ids]
        if others:
            raise RepeatedByOthers({row.leader_id for row in others if row.leader_id})
        leader_id = None
    else:
        leader_id = _leader(command, points.values())
        for follower in followers:
            follower.leader_id = leader_id
    known = decision_queries.decisions(command.point_ids)
    for point_id in sorted(command.point_ids):
        row = known.get(point_id)
        if row is None:
            row = PointDecision(point_id=point_id)
            db.session.add(row)
        row.leader_id, row.words = leader_id, command.words
        row.reason = command.reason if leader_id is None else None
        row.decided_by, row.decided_at = command.actor_id, clock.now()
    db.session.flush()
    _unquote(command.consultation_id, command.point_ids)
    _record("duplicates" if leader_id else "set_aside", command.consultation_id, command)


def _points(consultation_id: int, point_ids: Collection[int]) -> dict[int, Point]:
    rows = db.session.scalars(
        select(Point).where(
            Point.consultation_id == consultation_id, Point.id.in_(point_ids), *standing()
        )
    )
    return {row.id: row for row in rows}


def _leader(command: Decide, points: Iterable[Point]) -> int:
    """Return the id of the listed point that the points may repeat."""
    assert command.leader_id is not None
    decided = decision_queries.decisions([command.leader_id]).get(command.leader_id)
    leader_id = command.leader_id
    if decided is not None and decided.leader_id is not None:
        leader_id = decided.leader_id
    if leader_id in command.point_ids:
        raise ItsOwnDuplicate([leader_id])
    leader = _points(command.consultation_id, [leader_id]).get(leader_id)
    if leader is None or (decided is not None and decided.reason is not None):
        raise LeaderNotListed([leader_id])
    place = leader.provision_id, leader.stance
    elsewhere = [point.id for point in points if (point.provision_id, point.stance) != place]
    if elsewhere:
        raise LeaderElsewhere(elsewhere)
    return leader_id


def _unquote(consultation_id: int, point_ids: Collection[int]) -> None:
    drafts = select(Summary.id).where(
        Summary.consultation_id == consultation_id, Summary.released_at.is_(None)
    )
    db.session.execute(
        update(Passage)
        .where(Passage.summary_id.in_(drafts), Passage.point_id.in_(point_ids))
        .values(is_quoted=False)
    )


class TakeBack(Struct, frozen=True):
    """Undo the decisions on these points: they are quoted or listed again."""

    consultation_id: int
    point_ids: frozenset[int]
    actor_id: int | None


def take_back(command: TakeBack) -> None:
    """Undo what was decided of those points of the round; points without a decision are left.

    Deletes decisions, writes an audit entry.
    """
    locked(command.consultation_id)
    inside = select(Point.id).where(
        Point.consultation_id == command.consultation_id, Point.id.in_(command.point_ids)
    )
    db.session.execute(delete(PointDecision).where(PointDecision.point_id.in_(inside)))
    _record("taken_back", command.consultation_id, command)


def _record(what: str, consultation_id: int, command: Decide | TakeBack) -> None:
    audit.record(
        f"decision.{what}",
        actor_id=command.actor_id,
        subject=("round", consultation_id),
        details={"codes": ", ".join(map(code_of, sorted(command.point_ids)))},
    )


def mark_files(
    consultation_id: int, file_ids: Collection[int], *, read: bool, actor_id: int | None
) -> Sequence[int]:
    """Mark files of the round's points as read, or as unread again; return which changed.

    Files that are not of the round are left out. Writes readings, an audit entry.
    """
    locked(consultation_id)
    wanted = (
        select(Attachment.id)
        .join(Attachment.point)
        .where(
            Point.consultation_id == consultation_id,
            Point.received_at.is_not(None),
            Attachment.id.in_(file_ids),
        )
    )
    theirs = set(db.session.scalars(wanted))
    known = decision_queries.read_files(theirs)
    changed = sorted(theirs - known if read else known)
    if read:
        for file_id in changed:
            db.session.add(
                FileReading(attachment_id=file_id, read_by=actor_id, read_at=clock.now())
            )
    else:
        db.session.execute(delete(FileReading).where(FileReading.attachment_id.in_(changed)))
    db.session.flush()
    if changed:
        audit.record(
            "files.read" if read else "files.unread",
            actor_id=actor_id,
            subject=("round", consultation_id),
            details={"files": len(changed)},
        )
    return changed
