"""Writing what passes between agency and author: questions, replies, one objection."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from consult.accounts import queries as accounts
from consult.consultations.models import Consultation
from consult.core import audit
from consult.core.db import db, insert_ignore
from consult.jobs.services import enqueue
from consult.responses import queries, reply_queries
from consult.responses.reply_leaves import (
    INQUIRIES,
    INQUIRY,
    OBJECTION,
    OBJECTIONS,
    REPLY,
)
from consult.responses.reply_models import Inquiry, Objection
from consult.responses.work_models import Assignment
from consult.submissions.models import Identity, Point, code_of

LONGEST = 4_000  # characters of a question, a reply, an objection


class Unreachable(Exception):
    """The author has no account (a letter, an imported table), so nobody can be asked."""


class NotAskable(Exception):
    """The point does not stand, has an answer that holds, or a question waits for its reply."""


class AlreadyReplied(Exception):
    """There is no such question that waits for a reply."""


class AlreadyObjected(Exception):
    """The author has said once that an answer misses the point."""


class NoAnswer(Exception):
    """The point has no published answer, or another one than the author has read."""


def ask(point: Point, question: str, *, actor_id: int, at: datetime) -> Inquiry:
    """Ask the author of the point something, and return it, flushed.

    Only before its answer is published, or when the author says that the answer misses the
    point; one question at a time. Reads ``point.submission.authorship`` and ``.consultation``.
    Raises Unreachable, NotAskable. Writes a ledger leaf and an audit entry; enqueues what tells
    the author.
    """
    if not reply_queries.reachable(point):
        raise Unreachable
    _lock(point)
    if not reply_queries.askable(point, reply_queries.dialogue(point.id)):
        raise NotAskable
    row = Inquiry(point_id=point.id, question=question, asked_by=actor_id, asked_at=at)
    db.session.add(row)
    db.session.flush()
    INQUIRIES.append(INQUIRY, row, at=at)
    audit.record("point.asked", actor_id=actor_id, subject=("point", point.id))
    _tell_author(point, row.id)
    return row


def reply(point: Point, inquiry_id: int, text: str, *, at: datetime) -> None:
    """Keep the author's reply to the question, once; the point stays as it is.

    Raises AlreadyReplied. Writes a ledger leaf and an audit entry, which does not name the
    author; enqueues notifications.tell to the officials.
    """
    row = db.session.get(Inquiry, inquiry_id)
    changed = db.session.execute(
        update(Inquiry)
        .where(Inquiry.id == inquiry_id, Inquiry.point_id == point.id, Inquiry.replied_at.is_(None))
        .values(reply=text, replied_at=at)
        .returning(Inquiry.id)
        .execution_options(synchronize_session=False)
    )
    if changed.first() is None or row is None:
        raise AlreadyReplied
    db.session.refresh(row)
    INQUIRIES.append(REPLY, row, at=at)
    audit.record("point.replied", actor_id=None, subject=("point", point.id))
    _tell_agency(point, "inquiry.replied", {row.asked_by}, f"inquiry.replied:{row.id}")


def object_to(point: Point, response_id: int, text: str, *, at: datetime) -> None:
    """Keep that the author says that the answer misses the point; once for each point.

    ``response_id`` is the answer that the author has read. Raises NoAnswer when that is not the
    published one, AlreadyObjected. Writes a ledger leaf and an audit entry, which does not name
    the author; enqueues notifications.tell to the officials.
    """
    _lock(point)
    answer = queries.published_for([point.id]).get(point.id)
    if answer is None or answer.id != response_id or point.withdrawn_at is not None:
        raise NoAnswer
    values = {"point_id": point.id, "response_id": response_id, "text": text, "at": at}
    if not insert_ignore(Objection, values, "point_id"):
        raise AlreadyObjected
    row = db.session.get_one(Objection, point.id)
    OBJECTIONS.append(OBJECTION, row, at=at)
    audit.record("answer.objected", actor_id=None, subject=("point", point.id))
    who = {answer.published_by} if answer.published_by else set[int]()
    _tell_agency(point, "answer.objected", who, f"answer.objected:{point.id}")


def _lock(point: Point) -> None:
    """Let nobody answer, ask or object in the round at the same time."""
    db.session.execute(
        select(Consultation.id).where(Consultation.id == point.consultation_id).with_for_update()
    )


def _tell_author(point: Point, inquiry_id: int) -> None:
    authorship, fact = point.submission.authorship, f"inquiry.asked:{inquiry_id}"
    if authorship.identity is Identity.SEALED:
        # Who that is must stand in no job: the one that tells finds it out.
        payload: dict[str, Any] = {
            "submission_ids": [point.submission_id],
            "kind": "contribution.news",
            "fact": fact,
        }
        enqueue("notifications.tell_sealed", payload)
        return
    payload = {
        "user_ids": [authorship.user_id],
        "kind": "inquiry.asked",
        "params": {"code": code_of(point.id), "round": point.submission.consultation.title},
        "url": f"/points/{point.id}/dialogue",
        "dedupe": fact,
    }
    enqueue("notifications.tell", payload)


def _tell_agency(point: Point, kind: str, also: set[int], fact: str) -> None:
    """Tell who is to answer the point and who dealt with it; nobody of them: every official."""
    round_ = point.submission.consultation
    officials = {user.id for user in accounts.users_with_role("official", round_.agency_id)}
    assigned = db.session.get(Assignment, point.id)
    concerned = officials & (also | ({assigned.assignee_id} if assigned else set[int]()))
    enqueue(
        "notifications.tell",
        {
            "user_ids": sorted(concerned or officials),
            "kind": kind,
            "params": {"code": code_of(point.id), "round": round_.title},
            "url": f"/office/points/{point.id}/dialogue",
            "dedupe": fact,
        },
    )
