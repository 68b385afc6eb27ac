"""Received points as their readers see them: plain rows, each with its published answer.

A list draws dozens of points; as mapped objects they cost twice as much.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, Subquery, and_, func, select
from sqlalchemy.orm import joinedload

from consult.accounts.models import User
from consult.consultations.models import Question
from consult.core.db import db
from consult.core.paging import Page
from consult.drafts.models import Provision
from consult.people.models import Organisation
from consult.responses.models import AnsweredPoint, Disposition, Response
from consult.submissions.models import Authorship, Point, Stance, Submission, code_of
from consult.submissions.queries import Contributor, PointFilter, point_conditions, shown


@dataclass(frozen=True)
class AnswerFilter:
    """Points answered in public so; or with ``waiting`` those without a public answer."""

    disposition: Disposition | None = None
    waiting: bool = False


class ShownPoint(NamedTuple):
    """A received point, what may be shown of its author, and its published answer if any.

    ``key`` and ``citation`` are None for a point on the whole draft.
    """

    id: int
    consultation_id: int
    received_at: datetime
    withdrawn_at: datetime | None
    stance: Stance
    quote: str
    argument_html: str
    proposed_wording: str
    key: str | None
    citation: str | None
    question: int | None
    question_text: str | None
    disposition: Disposition | None
    reason: str | None
    published_at: datetime | None
    provision_id: int | None
    who: Contributor

    @property
    def code(self) -> str:
        """The reference that people cite."""
        return code_of(self.id)


_COLUMNS: tuple[Any, ...] = (
    Point.id,
    Point.consultation_id,
    Point.received_at,
    Point.withdrawn_at,
    Point.stance,
    Point.quote,
    Point.argument_html,
    Point.proposed_wording,
    Provision.key,
    Provision.citation,
    Question.ordinal,
    Question.text,
    Response.disposition,
    Response.reason,
    Response.published_at,
    Point.provision_id,
    Authorship.identity,
    func.coalesce(User.full_name, Authorship.name),
    func.coalesce(Organisation.name, Authorship.organisation_name),
)


def _with_answer(statement: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    return statement.outerjoin(AnsweredPoint, AnsweredPoint.point_id == Point.id).outerjoin(
        Response,
        and_(Response.id == AnsweredPoint.response_id, Response.published_at.is_not(None)),
    )


def _rows(statement: Select[*tuple[Any, ...]]) -> list[ShownPoint]:
    found: Iterable[tuple[Any, ...]] = db.session.execute(statement)
    return [_point(row) for row in found]


def _point(row: Sequence[Any]) -> ShownPoint:
    return ShownPoint._make((*row[:16], shown(*row[16:19])))


# Put together once: joining seven tables anew for each request is not free.
_BASE = _with_answer(
    select(*_COLUMNS)
    .select_from(Point)
    .join(Authorship, Authorship.submission_id == Point.submission_id)
    .outerjoin(User, User.id == Authorship.user_id)
    .outerjoin(Organisation, Organisation.id == Authorship.organisation_id)
    .outerjoin(Provision, Provision.id == Point.provision_id)
    .outerjoin(Question, Question.id == Point.question_id)
)


def page_of_points(
    wanted: PointFilter,
    answered: AnswerFilter,
    *,
    number: int,
    size: int,
    total: int | None = None,
) -> Page[ShownPoint]:
    """Return one page of the points of ``wanted``, newest first; two queries.

    One query when the caller knows already how many there are: ``total``.
    """
    conditions = point_conditions(wanted)
    count: Select[*tuple[Any, ...]] = select(func.count()).select_from(Point)
    if answered.waiting:
        conditions.append(Response.id.is_(None))
    elif answered.disposition is not None:
        conditions.append(Response.disposition == answered.disposition)
    if answered != AnswerFilter():
        count = _with_answer(count)
    known = db.session.scalar(count.where(*conditions)) if total is None else total
    rows = _rows(
        _BASE.where(*conditions)
        .order_by(Point.received_at.desc(), Point.id.desc())
        .limit(size)
        .offset((number - 1) * size)
    )
    return Page(rows, number, size, known or 0)


def shown_point(point_id: int) -> ShownPoint:
    """Return one point that has been received; ValueError for another; one query."""
    [row] = _rows(_BASE.where(Point.id == point_id))
    return row


def points_on(ranked: Subquery, most: int) -> list[tuple[ShownPoint, int]]:
    """Return the points of ``ranked`` up to the place ``most``, each with its ``of``; one query.

    ``ranked`` has the columns id, place (from 1) and of.
    """
    rows = db.session.execute(
        _BASE.add_columns(ranked.c.of)
        .join(ranked, ranked.c.id == Point.id)
        .where(ranked.c.place <= most)
        .order_by(Point.received_at, Point.id)
    )
    return [(_point(row), row[19]) for row in rows]


def subject(point_id: int) -> Point | None:
    """Return a point with all that the policy asks about it; one query."""
    return db.session.scalars(
        select(Point)
        .options(
            joinedload(Point.submission, innerjoin=True).options(
                joinedload(Submission.authorship, innerjoin=True),
                joinedload(Submission.consultation, innerjoin=True),
            )
        )
        .where(Point.id == point_id)
    ).one_or_none()
