"""Reading the agency's own work on its answers; for its officials only."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, func, select

from consult.accounts.models import RoleGrant, User
from consult.core.db import db
from consult.responses.embargo_models import Embargo, EmbargoedPoint
from consult.responses.expert_queries import sent_on
from consult.responses.models import AnsweredPoint, Response
from consult.responses.reply_models import Objection
from consult.responses.reply_queries import talk_columns
from consult.responses.work_models import AnswerNote, Assignment, NotedPoint
from consult.submissions.models import Point


class Colleague(NamedTuple):
    """An official of the agency, as one is chosen from a list."""

    id: int
    name: str


def colleagues(agency_id: int) -> list[Colleague]:
    """Return the agency's officials whose accounts are enabled, by name; one query."""
    rows = db.session.execute(
        select(User.id, User.full_name)
        .join(RoleGrant, RoleGrant.user_id == User.id)
        .where(
            RoleGrant.role == "official",
            RoleGrant.organisation_id == agency_id,
            User.disabled_at.is_(None),
        )
        .order_by(User.full_name, User.id)
    )
    return [Colleague._make(row) for row in rows]


class Work(NamedTuple):
    """A point's answer so far, who is to answer it ("" for nobody), how many notes are on it.

    The rest is what passed between agency and author, as `reply_queries.Passed` has it, and at
    which instant the answer is published if it waits for one, and how many experts sent drafts.
    """

    response: Response | None
    assignee: str
    notes: int
    objected_at: datetime | None
    objected_to: int | None
    asked: int
    waiting: int
    publish_at: datetime | None
    drafts: int


def work_on(point_ids: Collection[int]) -> dict[int, Work]:
    """Return the work on each of the points; one query."""
    notes = (
        select(func.count())
        .select_from(NotedPoint)
        .where(NotedPoint.point_id == Point.id)
        .correlate(Point)
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(
            Point.id,
            Response,
            func.coalesce(User.full_name, ""),
            notes,
            *talk_columns(),
            Embargo.publish_at,
            sent_on(),
        )
        .outerjoin(AnsweredPoint, AnsweredPoint.point_id == Point.id)
        .outerjoin(Response, Response.id == AnsweredPoint.response_id)
        .outerjoin(Assignment, Assignment.point_id == Point.id)
        .outerjoin(User, User.id == Assignment.assignee_id)
        .outerjoin(Objection, Objection.point_id == Point.id)
        .outerjoin(EmbargoedPoint, EmbargoedPoint.point_id == Point.id)
        .outerjoin(Embargo, Embargo.id == EmbargoedPoint.embargo_id)
        .where(Point.id.in_(point_ids))
    )
    return {point_id: Work._make(work) for point_id, *work in rows}


def is_assigned(assignee_id: int | None) -> ColumnElement[bool]:
    """Return the condition on `Point` of being assigned to the user, or with None to nobody."""
    assigned = select(Assignment.point_id).where(Assignment.point_id == Point.id)
    if assignee_id is None:
        return ~assigned.exists()
    return assigned.where(Assignment.assignee_id == assignee_id).exists()


class Note(NamedTuple):
    """A note as colleagues read it; ``at`` is in UTC."""

    id: int
    text: str
    author_id: int
    author: str
    at: datetime


def notes_on(point_ids: Collection[int]) -> list[Note]:
    """Return the notes on any of the points, each once, the oldest first; one query."""
    on_them = select(NotedPoint.note_id).where(NotedPoint.point_id.in_(point_ids))
    rows = db.session.execute(
        select(
            AnswerNote.id,
            AnswerNote.text,
            AnswerNote.author_id,
            User.full_name,
            AnswerNote.created_at,
        )
        .join(User, User.id == AnswerNote.author_id)
        .where(AnswerNote.id.in_(on_them))
        .order_by(AnswerNote.id)
    )
    return [Note._make(row) for row in rows]
