"""Moderation: hiding a point from the public, the author's one appeal, and its decision."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, update

from consult.accounts.queries import users_with_role
from consult.core import audit
from consult.core.db import db
from consult.jobs.services import enqueue
from consult.submissions.models import Identity, Point, code_of
from consult.submissions.moderation.leaves import MODERATIONS
from consult.submissions.voices.models import Moderation, Outcome, Report

LONGEST_REASON = 200  # characters of a reason of the published list
LONGEST_TEXT = 4_000  # of a note, an appeal, a decision


class NotStanding(Exception):
    """The point is not received, has been withdrawn, or is hidden already."""


class Overtaken(Exception):
    """Somebody has decided, appealed or taken back meanwhile."""


class Hide(Struct, frozen=True):
    """Hide ``point`` from the public; ``reason`` is one of the published list."""

    point: Point
    reason: str
    note: str
    actor_id: int
    at: datetime


class Decide(Struct, frozen=True):
    """Decide an appeal; ``shown`` grants it. Another person than the one who hid the point."""

    moderation: Moderation
    shown: bool
    decision: str
    actor_id: int
    at: datetime


def hide(command: Hide) -> Moderation:
    """Hide a standing point from the public; it counts in every account as before.

    Reads ``point.submission.authorship``, as the other services do.
    Raises NotStanding (also for the second of two who hide at once). Writes the moderation, a
    ledger leaf and an audit entry; enqueues search.index and what tells the author.
    """
    point, at = command.point, command.at
    hidden = db.session.execute(
        update(Point)
        .where(
            Point.id == point.id,
            Point.received_at.is_not(None),
            Point.withdrawn_at.is_(None),
            Point.hidden_at.is_(None),
        )
        .values(hidden_at=at, hidden_reason=command.reason)
        .returning(Point.id)
    )
    if hidden.first() is None:
        raise NotStanding
    moderation = Moderation(
        point_id=point.id,
        reason=command.reason,
        note=command.note,
        hidden_at=at,
        hidden_by=command.actor_id,
    )
    db.session.add(moderation)
    db.session.flush()
    _record(moderation, "moderation", at)
    audit.record(
        "point.hidden",
        actor_id=command.actor_id,
        subject=("point", point.id),
        details={"reason": command.reason},
    )
    _settle_reports(point.id, at)
    _index(point)
    _tell_author(moderation, point, "point.hidden", command.reason, f"{moderation.id}:hidden")
    return moderation


def appeal(moderation: Moderation, text: str, *, at: datetime) -> None:
    """Keep the author's appeal, once; Overtaken when there is one or the point is shown again.

    Reads ``moderation.point.submission.consultation``. Writes a ledger leaf and an audit entry,
    which does not name the author; enqueues notifications.tell to the staff who may decide.
    """
    _change(
        moderation,
        (Moderation.appealed_at.is_(None), Moderation.outcome.is_(None)),
        {"appeal": text, "appealed_at": at},
    )
    _record(moderation, "moderation_appeal", at)
    audit.record("point.appealed", actor_id=None, subject=("point", moderation.point_id))
    staff = {user.id for role in ("front", "secretariat") for user in users_with_role(role)}
    enqueue(
        "notifications.tell",
        {
            "user_ids": sorted(staff - {moderation.hidden_by}),
            "kind": "appeal.received",
            "params": {
                "code": code_of(moderation.point_id),
                "round": moderation.point.submission.consultation.title,
            },
            "url": f"/points/{moderation.point_id}/moderation",
            "dedupe": f"appeal:{moderation.id}",
        },
    )


def take_back(moderation: Moderation, *, actor_id: int, at: datetime) -> None:
    """Show the point again, as long as nobody has appealed; Overtaken afterwards.

    Only for whoever hid it. Writes and enqueues what `decide` does.
    """
    waiting = (Moderation.appealed_at.is_(None), Moderation.outcome.is_(None))
    values = {"outcome": Outcome.TAKEN_BACK, "decided_at": at, "decided_by": actor_id}
    _change(moderation, waiting, values)
    _ended(moderation, "point.taken_back", actor_id, at)


def decide(command: Decide) -> None:
    """Decide an appeal: the point stays hidden, or is shown again; Overtaken when decided.

    Writes a ledger leaf and an audit entry; enqueues search.index and what tells the author.
    """
    moderation, at = command.moderation, command.at
    _change(
        moderation,
        (Moderation.appealed_at.is_not(None), Moderation.outcome.is_(None)),
        {
            "outcome": Outcome.SHOWN if command.shown else Outcome.UPHELD,
            "decision": command.decision,
            "decided_at": at,
            "decided_by": command.actor_id,
        },
    )
    act = "point.appeal_granted" if command.shown else "point.appeal_refused"
    _ended(moderation, act, command.actor_id, at)


def settle_reports(point: Point, *, actor_id: int, at: datetime) -> None:
    """Close the readers' reports on a point that is left as it is. Writes an audit entry."""
    if _settle_reports(point.id, at):
        audit.record("point.reports_settled", actor_id=actor_id, subject=("point", point.id))


def _settle_reports(point_id: int, at: datetime) -> bool:
    settled = db.session.execute(
        update(Report)
        .where(Report.point_id == point_id, Report.settled_at.is_(None))
        .values(settled_at=at)
        .returning(Report.user_id)
        .execution_options(synchronize_session=False)
    )
    return settled.first() is not None


def _change(
    moderation: Moderation, conditions: tuple[ColumnElement[bool], ...], values: dict[str, Any]
) -> None:
    changed = db.session.execute(
        update(Moderation)
        .where(Moderation.id == moderation.id, *conditions)
        .values(values)
        .returning(Moderation.id)
    )
    if changed.first() is None:
        raise Overtaken
    db.session.refresh(moderation, list(values))


def _ended(moderation: Moderation, act: str, actor_id: int, at: datetime) -> None:
    """Record the end of a moderation, or of an appeal that changed nothing; tell the author."""
    point = moderation.point
    kind = "appeal.upheld" if moderation.in_force else "point.shown"
    if not moderation.in_force:
        point.hidden_at = None
        db.session.flush()
        _index(point)
    _record(moderation, "moderation_outcome", at)
    audit.record(act, actor_id=actor_id, subject=("point", moderation.point_id))
    _tell_author(moderation, point, kind, moderation.decision, f"{moderation.id}:ended")


def _record(moderation: Moderation, kind: str, at: datetime) -> None:
    MODERATIONS.append(kind, moderation, at=at)


def _index(point: Point) -> None:
    enqueue("search.index", {"kind": "submission", "id": point.submission_id})


def _tell_author(moderation: Moderation, point: Point, kind: str, reason: str, fact: str) -> None:
    authorship = point.submission.authorship
    if authorship.identity is Identity.SEALED:
        # Nothing that is written for him may say what it is about: the job finds out who he is.
        payload = {
            "submission_ids": [point.submission_id],
            "kind": "contribution.news",
            "fact": f"moderation:{fact}",
        }
        enqueue("notifications.tell_sealed", payload)
    elif authorship.user_id is not None:
        enqueue(
            "notifications.tell",
            {
                "user_ids": [authorship.user_id],
                "kind": kind,
                "params": {"code": code_of(moderation.point_id), "reason": reason},
                "url": f"/points/{moderation.point_id}",
                "dedupe": f"moderation:{fact}",
            },
        )
