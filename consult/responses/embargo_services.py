"""Writing embargoes: answers held back until an instant, another instant, none, publication."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct
from sqlalchemy import delete, insert, literal, select, update

from consult.accounts import queries as accounts
from consult.consultations import queries as rounds
from consult.consultations.models import Consultation
from consult.core import audit, clock
from consult.core.db import db
from consult.core.i18n import format_datetime
from consult.jobs.services import enqueue
from consult.responses import embargo_queries, queries, services
from consult.responses.embargo_models import Embargo, EmbargoedPoint
from consult.responses.models import AnsweredPoint
from consult.submissions.models import code_of

# So many codes of points fit into a notice.
_NAMED = 20


class NotAhead(Exception):
    """The instant has passed already: what is to be published now is published at once."""


class NothingToHold(Exception):
    """None of the points has a drafted answer that could be published."""


class Over(Exception):
    """The answers were published, or the embargo was lifted, meanwhile."""


class Hold(Struct, frozen=True):
    """Drafted answers of a round, until when (aware) they wait, and who says so.

    ``point_ids`` None stands for all drafted answers that do not wait yet.
    """

    consultation_id: int
    point_ids: frozenset[int] | None
    publish_at: datetime
    actor_id: int | None
    at: datetime


def hold(command: Hold) -> Embargo:
    """Let the drafted answers wait for the instant and return the embargo, flushed.

    What waited for another instant waits for this one. Raises NotAhead, NothingToHold. Writes
    an audit entry; enqueues responses.release at the instant.
    """
    if command.publish_at <= command.at:
        raise NotAhead
    rounds.locked(command.consultation_id)
    wanted = embargo_queries.publishable(command.consultation_id, command.point_ids)
    point_ids = list(db.session.scalars(wanted))
    if not point_ids:
        raise NothingToHold
    row = Embargo(
        consultation_id=command.consultation_id,
        publish_at=command.publish_at,
        set_by=command.actor_id,
        set_at=command.at,
    )
    db.session.add(row)
    db.session.flush()
    if command.point_ids is not None:
        again = delete(EmbargoedPoint).where(EmbargoedPoint.point_id.in_(wanted.order_by(None)))
        db.session.execute(again.execution_options(synchronize_session=False))
    db.session.execute(
        insert(EmbargoedPoint).from_select(
            ["point_id", "embargo_id"], wanted.add_columns(literal(row.id))
        )
    )
    _end_empty(command.consultation_id)
    _release_at(row)
    _record("embargo.set", row, command.actor_id, points=point_ids)
    return row


def change(
    consultation_id: int,
    embargo_id: int,
    publish_at: datetime,
    *,
    actor_id: int | None,
    at: datetime,
) -> None:
    """Let the embargo end at another instant (aware), ahead of ``at``.

    Raises NotAhead, Over. Writes an audit entry; enqueues responses.release at the instant.
    """
    if publish_at <= at:
        raise NotAhead
    row = _waiting(consultation_id, embargo_id)
    before, row.publish_at = row.publish_at.isoformat(), publish_at
    _release_at(row)
    _record("embargo.changed", row, actor_id, before=before)


def lift(consultation_id: int, embargo_id: int, *, actor_id: int | None) -> None:
    """Let the answers wait no more: they are drafts like others. Raises Over; audited."""
    row = _waiting(consultation_id, embargo_id)
    _end(row)
    _record("embargo.lifted", row, actor_id)


def release(embargo_id: int) -> list[int]:
    """Publish the embargo's answers, as they are now, if its instant has come; return their ids.

    May be called at any time and any number of times. Answers for discussion and points
    withdrawn are left out. Writes what `services.publish` writes, and an audit entry; enqueues
    notifications.tell to the agency's officials.
    """
    known = db.session.get(Embargo, embargo_id)
    round_ = rounds.locked(known.consultation_id) if known is not None else None
    row = embargo_queries.waiting(round_.id, embargo_id) if round_ is not None else None
    if round_ is None or row is None or row.publish_at > clock.now():
        return []
    out = list(db.session.scalars(embargo_queries.going_out(row)))
    left = embargo_queries.left_out(row)
    _end(row)
    ids = _publish(round_.id, out, left, actor_id=row.set_by)
    _record("embargo.ended", row, None, answers=ids, left=left)
    _tell(round_, row, len(ids), left)
    return ids


def _publish(
    consultation_id: int, points: list[int], left: list[int], *, actor_id: int | None
) -> list[int]:
    """Publish the answers to the points, which let go of those that are left out."""
    if not points:
        return []
    going = {response.id for response in queries.current_for(points).values()}
    db.session.execute(
        delete(AnsweredPoint)
        .where(AnsweredPoint.point_id.in_(left), AnsweredPoint.response_id.in_(going))
        .execution_options(synchronize_session=False)
    )
    return services.publish(consultation_id, actor_id=actor_id, response_ids=going)


def _tell(round_: Consultation, row: Embargo, count: int, left: list[int]) -> None:
    named = ", ".join(map(code_of, left[:_NAMED])) + (" …" if len(left) > _NAMED else "")
    officials = accounts.users_with_role("official", round_.agency_id)
    enqueue(
        "notifications.tell",
        {
            "user_ids": sorted(user.id for user in officials),
            "kind": "embargo.left_out" if left else "embargo.ended",
            "params": {
                "round": round_.title,
                "count": count,
                "at": format_datetime(row.publish_at),
                "left": named,
            },
            "url": f"/office/rounds/{round_.id}/answers",
            "dedupe": f"embargo.ended:{row.id}",
        },
    )


def _waiting(consultation_id: int, embargo_id: int) -> Embargo:
    """Return the embargo, its round locked; raises Over."""
    rounds.locked(consultation_id)
    row = embargo_queries.waiting(consultation_id, embargo_id)
    if row is None:
        raise Over
    return row


def _end(row: Embargo) -> None:
    row.ended_at = clock.now()
    db.session.execute(
        delete(EmbargoedPoint)
        .where(EmbargoedPoint.embargo_id == row.id)
        .execution_options(synchronize_session=False)
    )
    db.session.flush()


def _end_empty(consultation_id: int) -> None:
    """End the embargoes that hold nothing any more: all went to another."""
    db.session.execute(
        update(Embargo)
        .where(
            Embargo.consultation_id == consultation_id,
            Embargo.ended_at.is_(None),
            Embargo.id.not_in(select(EmbargoedPoint.embargo_id)),
        )
        .values(ended_at=clock.now())
        .execution_options(synchronize_session=False)
    )


def _release_at(row: Embargo) -> None:
    enqueue(
        "responses.release",
        {"id": row.id},
        run_at=row.publish_at,
        key=f"responses.release:{row.id}:{row.publish_at.isoformat()}",
    )


def _record(action: str, row: Embargo, actor_id: int | None, **details: object) -> None:
    audit.record(
        action,
        actor_id=actor_id,
        subject=("round", row.consultation_id),
        details={"embargo": row.id, "at": row.publish_at.isoformat(), **details},
    )
