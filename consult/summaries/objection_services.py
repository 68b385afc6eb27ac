"""Objecting to how a summary records one's point, and the Front's answers."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from consult.accounts.queries import users_with_role
from consult.consultations.queries import locked
from consult.core import audit, clock
from consult.core.db import db
from consult.jobs.services import enqueue
from consult.submissions.models import Identity, Point, code_of
from consult.summaries import objection_queries as queries
from consult.summaries.models import StepKind, Summary
from consult.summaries.objection_leaves import ANSWER, OBJECTION, OBJECTIONS
from consult.summaries.objection_models import Objection, Outcome
from consult.summaries.review_queries import changes_since


class TooLate(Exception):
    """The time to object is over, has not begun, or the summary is released."""


class AlreadyObjected(Exception):
    """There is one objection to a point already; there is no second."""


class AlreadyAnswered(Exception):
    """A colleague has answered the objection."""


class NothingChanged(Exception):
    """Nothing has been changed in the summary since the objection."""


class Object(Struct, frozen=True):
    """An author objects to how the summary records the point."""

    summary: Summary
    point: Point
    reason: str
    at: datetime


def object_to(command: Object) -> Objection:
    """Keep the one objection to a point; raises TooLate, AlreadyObjected.

    Who objects is not written: the author may be sealed. Writes an objection, a ledger leaf, an
    audit entry; enqueues notifications.tell ("summary.objected") to the Front.
    """
    summary = command.summary
    locked(summary.consultation_id)
    until = queries.open_until(summary)
    if summary.released_at is not None or until is None or command.at > until:
        raise TooLate
    known = db.session.query(Objection.id).filter_by(
        summary_id=summary.id, point_id=command.point.id
    )
    if known.first() is not None:
        raise AlreadyObjected
    row = Objection(
        summary_id=summary.id,
        point_id=command.point.id,
        reason=command.reason,
        made_at=command.at,
    )
    db.session.add(row)
    db.session.flush()
    OBJECTIONS.append(OBJECTION, row, at=command.at)
    code = code_of(command.point.id)
    _record("objected", None, row)
    enqueue(
        "notifications.tell",
        {
            "user_ids": sorted(user.id for user in users_with_role("front")),
            "kind": "summary.objected",
            "params": {"round": summary.consultation.title, "code": code},
            "url": f"/front/rounds/{summary.consultation_id}/summary/review",
            "dedupe": f"summary.objected:{row.id}",
        },
    )
    return row


class AnswerObjection(Struct, frozen=True):
    """The Front has changed the summary, or keeps it with a reason."""

    objection: Objection
    outcome: Outcome
    words: str
    actor_id: int | None


def answer(command: AnswerObjection) -> Objection:
    """Answer the objection; its author is told. Raises AlreadyAnswered, NothingChanged.

    Writes the objection, a ledger leaf, an audit entry; enqueues a notice to the author.
    """
    row = command.objection
    locked(row.summary.consultation_id)
    db.session.refresh(row)
    if row.answered_at is not None:
        raise AlreadyAnswered
    if command.outcome is Outcome.CHANGED and not _changed(row):
        raise NothingChanged
    row.outcome, row.answer = command.outcome, command.words
    now = clock.now()
    row.answered_by, row.answered_at = command.actor_id, now
    db.session.flush()
    OBJECTIONS.append(ANSWER, row, at=now)
    _record("objection_answered", command.actor_id, row)
    _tell_author(row)
    return row


def _changed(row: Objection) -> bool:
    edited = any(
        step.kind is StepKind.EDITED and step.at > row.made_at for step in row.summary.steps
    )
    since = changes_since(row.summary.consultation_id, row.made_at)
    return edited or bool(since.decided or since.taken_back)


def _record(what: str, actor_id: int | None, row: Objection) -> None:
    audit.record(
        f"summary.{what}",
        actor_id=actor_id,
        subject=("summary", row.summary_id),
        details={"code": code_of(row.point_id)},
    )


def _tell_author(row: Objection) -> None:
    authorship, fact = row.point.submission.authorship, f"objection:{row.id}"
    if authorship.identity is Identity.SEALED:
        # Nothing that is written may say what it is about: the job finds out who it is.
        enqueue(
            "notifications.tell_sealed",
            {
                "submission_ids": [authorship.submission_id],
                "kind": "contribution.news",
                "fact": fact,
            },
        )
    elif authorship.user_id is not None:
        enqueue(
            "notifications.tell",
            {
                "user_ids": [authorship.user_id],
                "kind": "summary.objection_answered",
                "params": {"code": code_of(row.point_id), "reason": row.answer},
                "url": f"/summaries/{row.summary_id}/own",
                "dedupe": fact,
            },
        )
