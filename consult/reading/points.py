"""Received points as their readers see them: plain rows, each with its published answer.

A list draws dozens of points; as mapped objects they cost twice as much.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from msgspec import Struct
from sqlalchemy import Select, Subquery, and_, func, select
from sqlalchemy.orm import joinedload

from consult.accounts.models import User
from consult.consultations.models import Question
from consult.core.db import db
from consult.core.paging import Page
from consult.drafts.models import Provision
from consult.people.models import Organisation
from consult.responses.models import AnsweredPoint, Disposition, Response
from consult.submissions.models import (
    Authorship,
    Identity,
    Point,
    PointKind,
    Stance,
    Submission,
    code_of,
)
from consult.submissions.queries import Contributor, PointFilter, point_conditions, shown
from consult.submissions.voices.models import Voice
from consult.submissions.voices.queries import votes


class AnswerFilter(Struct, frozen=True):
    """Points answered in public so; or with ``waiting`` those without a public answer."""

    disposition: Disposition | None = None
    waiting: bool = False


class Order(enum.StrEnum):
    """How a list of points is ordered."""

    NEWEST = "newest"
    AGREED = "agreed"  # most readers agree
    ANSWERED = "answered"  # most readers agree or disagree


class ShownPoint(NamedTuple):
    """A received point, what may be shown of its author, and its published answer if any.

    ``key`` and ``citation`` are None for a point on the whole draft. Of a point that is hidden
    from the public, words and author are there for those only who read hidden ones. ``agree``
    and ``disagree`` count the readers who endorse it or not; ``channel`` is its submission's.
    """

    id: int
    consultation_id: int
    received_at: datetime
    withdrawn_at: datetime | None
    revised_at: datetime | None
    stance: Stance
    kind: PointKind
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
    hidden_at: datetime | None
    hidden_reason: str
    agree: int
    disagree: int
    channel: str
    who: Contributor

    @property
    def code(self) -> str:
        """The reference that people cite."""
        return code_of(self.id)

    @property
    def masked(self) -> bool:
        """Whether its words are left out."""
        return self.hidden_at is not None and not self.argument_html

    def without_words(self) -> ShownPoint:
        """Return the point as the public sees one that is hidden."""
        return self._replace(
            quote="",
            argument_html="",
            proposed_wording="",
            question=None,
            question_text=None,
            who=Contributor(Identity.PUBLIC),
        )


_COLUMNS: tuple[Any, ...] = (
    Point.id,
    Point.consultation_id,
    Point.received_at,
    Point.withdrawn_at,
    Point.revised_at,
    Point.stance,
    Point.kind,
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
    Point.hidden_at,
    Point.hidden_reason,
    votes(Voice.AGREE),
    votes(Voice.DISAGREE),
    Submission.channel,
    Authorship.identity,
    func.coalesce(User.full_name, Authorship.name),
    func.coalesce(Organisation.name, Authorship.organisation_name),
)
_OF_AUTHOR = len(_COLUMNS) - 3  # where the columns on the author begin


def _with_answer(statement: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    return statement.outerjoin(AnsweredPoint, AnsweredPoint.point_id == Point.id).outerjoin(
        Response,
        and_(Response.id == AnsweredPoint.response_id, Response.published_at.is_not(None)),
    )


def _rows(statement: Select[*tuple[Any, ...]], *, reads_hidden: bool) -> list[ShownPoint]:
    found: Iterable[tuple[Any, ...]] = db.session.execute(statement)
    return [_point(row, reads_hidden=reads_hidden) for row in found]


def _point(row: Sequence[Any], *, reads_hidden: bool) -> ShownPoint:
    who = shown(*row[_OF_AUTHOR : _OF_AUTHOR + 3])
    point = ShownPoint._make((*row[:_OF_AUTHOR], who))
    return point if point.hidden_at is None or reads_hidden else point.without_words()


_NEWEST = (Point.received_at.desc(), Point.id.desc())
_ORDERS: dict[Order, tuple[Any, ...]] = {
    Order.NEWEST: _NEWEST,
    Order.AGREED: (votes(Voice.AGREE).desc(), *_NEWEST),
    Order.ANSWERED: ((votes(Voice.AGREE) + votes(Voice.DISAGREE)).desc(), *_NEWEST),
}


# Put together once: joining seven tables anew for each request is not free.
_BASE = _with_answer(
    select(*_COLUMNS)
    .select_from(Point)
    .join(Submission, Submission.id == Point.submission_id)
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
    order: Order = Order.NEWEST,
    reads_hidden: bool = False,
) -> Page[ShownPoint]:
    """Return one page of the points of ``wanted``; two queries.

    One query when the caller knows already how many there are: ``total``. Hidden points are
    listed; with their words for whoever ``reads_hidden`` ones.
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
        _BASE.where(*conditions).order_by(*_ORDERS[order]).limit(size).offset((number - 1) * size),
        reads_hidden=reads_hidden,
    )
    return Page(rows, number, size, known or 0)


def shown_point(point_id: int, *, reads_hidden: bool = False) -> ShownPoint:
    """Return one point that has been received; ValueError for another; one query."""
    [row] = _rows(_BASE.where(Point.id == point_id), reads_hidden=reads_hidden)
    return row


def points_on(ranked: Subquery, most: int) -> list[tuple[ShownPoint, int]]:
    """Return the points of ``ranked`` up to the place ``most``, each with its ``of``; one query.

    Those that are hidden from the public come without their words.
    ``ranked`` has the columns id, place (from 1) and of.
    """
    rows = db.session.execute(
        _BASE.add_columns(ranked.c.of)
        .join(ranked, ranked.c.id == Point.id)
        .where(ranked.c.place <= most)
        .order_by(Point.received_at, Point.id)
    )
    return [(_point(row, reads_hidden=False), row[-1]) for row in rows]


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
