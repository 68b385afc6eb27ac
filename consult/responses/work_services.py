"""Writing the agency's own work on its answers: assigning points, noting things on them."""

from __future__ import annotations

from collections.abc import Collection

from msgspec import Struct
from sqlalchemy import delete, insert, select

from consult.consultations.models import Consultation
from consult.core import audit, clock
from consult.core.db import db
from consult.jobs.services import enqueue
from consult.responses import work_queries
from consult.responses.work_models import AnswerNote, Assignment, NotedPoint
from consult.submissions.models import Point
from consult.submissions.queries import standing


class NoColleague(Exception):
    """Points are assigned only to officials of the agency that opened the round."""


class AssignPoints(Struct, frozen=True):
    """Points of one round for one official of its agency; None takes them from whoever has them."""

    consultation: Consultation
    point_ids: frozenset[int]
    assignee_id: int | None
    actor_id: int


def assign(command: AssignPoints) -> int:
    """Assign the standing points among those named; return how many that changed.

    Raises NoColleague. Writes an audit entry and enqueues one notifications.tell for the
    assignee, who is not told of what he assigned himself nor of what he had already.
    """
    round_, assignee_id = command.consultation, command.assignee_id
    if assignee_id is not None and assignee_id not in {
        colleague.id for colleague in work_queries.colleagues(round_.agency_id)
    }:
        raise NoColleague
    changed = _changing(command)
    if not changed:
        return 0
    now = clock.now()
    db.session.execute(delete(Assignment).where(Assignment.point_id.in_(changed)))
    if assignee_id is not None:
        row = {"assignee_id": assignee_id, "assigned_by": command.actor_id, "assigned_at": now}
        db.session.execute(insert(Assignment), [{"point_id": id_, **row} for id_ in changed])
    audit.record(
        "answer.assigned" if assignee_id is not None else "answer.unassigned",
        actor_id=command.actor_id,
        subject=("round", round_.id),
        details={"user_id": assignee_id, "points": changed},
    )
    if assignee_id not in (None, command.actor_id):
        enqueue(
            "notifications.tell",
            {
                "user_ids": [assignee_id],
                "kind": "answer.assigned",
                "params": {"round": round_.title, "count": len(changed)},
                "url": f"/office/rounds/{round_.id}/answers?assigned=me",
                "dedupe": f"answer.assigned:{assignee_id}:{now.isoformat()}",
            },
        )
    return len(changed)


def _changing(command: AssignPoints) -> list[int]:
    """Return which of the points stand and are not yet as they are to be, the round locked."""
    round_id = command.consultation.id
    db.session.execute(select(Consultation.id).where(Consultation.id == round_id).with_for_update())
    return list(
        db.session.scalars(
            select(Point.id)
            .where(Point.consultation_id == round_id, Point.id.in_(command.point_ids), *standing())
            .where(~work_queries.is_assigned(command.assignee_id))
            .order_by(Point.id)
        )
    )


def note(point_ids: Collection[int], text: str, *, author_id: int) -> None:
    """Put the note on the points, which the caller has looked up in a round of the agency.

    The same words once more, by the same person on the same points, are a form sent twice.
    """
    earlier = work_queries.notes_on(point_ids)
    if earlier and (earlier[-1].author_id, earlier[-1].text) == (author_id, text):
        return
    row = AnswerNote(text=text, author_id=author_id, created_at=clock.now())
    db.session.add(row)
    db.session.flush()
    db.session.execute(
        insert(NotedPoint),
        [{"note_id": row.id, "point_id": point_id} for point_id in sorted(point_ids)],
    )
