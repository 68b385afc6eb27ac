"""Reading an author's own: the basket, receipts, and what the form of a point shows."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from consult.consultations.models import Consultation, Question
from consult.core.db import db
from consult.drafts.models import Provision
from consult.submissions import vault
from consult.submissions.commands import NewPoint
from consult.submissions.identity.queries import opened_options
from consult.submissions.models import Authorship, Point, Submission, SubmissionState
from consult.submissions.quoting import locate


def own_submission(reference: str) -> Submission | None:
    """Return the submission with that reference, with authorship and round; one query."""
    return (
        db.session.scalars(
            select(Submission)
            .options(
                joinedload(Submission.authorship).joinedload(Authorship.sealed),
                joinedload(Submission.consultation),
                opened_options(),
            )
            .where(Submission.reference == reference.upper())
        )
        .unique()
        .one_or_none()
    )


def basket(author_id: int, consultation_id: int) -> Submission | None:
    """Return the author's unsent submission in the round, with all in it; three queries."""
    return db.session.scalars(
        select(Submission)
        .options(
            joinedload(Submission.authorship),
            selectinload(Submission.points).options(
                joinedload(Point.provision),
                joinedload(Point.question),
                selectinload(Point.attachments),
            ),
        )
        .where(Submission.draft_of == vault.own_basket_mark(author_id, consultation_id))
    ).one_or_none()


def basket_size(author_id: int, consultation_id: int) -> int:
    """Return how many points wait in the author's basket of the round; one query."""
    return (
        db.session.scalar(
            select(func.count(Point.id))
            .join(Point.submission)
            .where(Submission.draft_of == vault.own_basket_mark(author_id, consultation_id))
        )
        or 0
    )


def basket_point(round_id: int, point_id: int) -> Point | None:
    """Return an unsent point of the round, with all that a form on it shows; one query."""
    return db.session.scalars(
        select(Point)
        .join(Point.submission)
        .options(
            contains_eager(Point.submission).options(
                joinedload(Submission.authorship), joinedload(Submission.consultation)
            ),
            joinedload(Point.provision),
            joinedload(Point.question),
        )
        .where(
            Point.id == point_id,
            Point.consultation_id == round_id,
            Submission.state == SubmissionState.DRAFT,
        )
    ).one_or_none()


def points_of(submission_id: int) -> list[Point]:
    """Return a submission's points in order with provision, question and files; two queries."""
    return list(
        db.session.scalars(
            select(Point)
            .options(
                joinedload(Point.provision),
                joinedload(Point.question),
                selectinload(Point.attachments),
            )
            .where(Point.submission_id == submission_id)
            .order_by(Point.ordinal)
        )
    )


class Basket(NamedTuple):
    """An unsent submission in a list: its round and how many points wait in it."""

    consultation_id: int
    title: str
    closes_at: datetime | None
    points: int


def baskets(written: ColumnElement[bool]) -> list[Basket]:
    """Return an author's baskets that hold points or answers, the round that closes first on top.

    ``written`` is `vault.written_anywhere`; one query.
    """
    rows = db.session.execute(
        select(Consultation.id, Consultation.title, Consultation.closes_at, func.count(Point.id))
        .select_from(Submission)
        .join(Submission.authorship)
        .join(Submission.consultation)
        .outerjoin(Submission.points)
        .where(
            written,
            Submission.state == SubmissionState.DRAFT,
            or_(Point.id.is_not(None), Submission.sheets.any()),
        )
        .group_by(Consultation.id, Consultation.title, Consultation.closes_at)
        .order_by(Consultation.closes_at)
    )
    return [Basket(*row) for row in rows]


def provision(version_id: int, key: str) -> Provision | None:
    """Return the provision with that key in the version, or None; one query."""
    return db.session.scalars(
        select(Provision).where(Provision.version_id == version_id, Provision.key == key)
    ).one_or_none()


def questions(consultation_id: int) -> list[Question]:
    """Return the questions that the round puts, in order; one query."""
    return list(
        db.session.scalars(
            select(Question)
            .where(Question.consultation_id == consultation_id)
            .order_by(Question.ordinal)
        )
    )


def said_twice(
    author_id: int, consultation_id: int, words: NewPoint, point_id: int | None = None
) -> bool:
    """Return whether another standing point of the author says the same words there; one query.

    The point ``point_id``, which is being changed, is not another; nor is any, once ``words`` are
    saved themselves: then their form is only posted again.
    """
    found = db.session.scalars(
        select(Point.form_key)
        .join(Point.submission)
        .join(Submission.authorship)
        .outerjoin(Point.provision)
        .where(
            vault.written_by(author_id, [consultation_id]),
            Point.consultation_id == consultation_id,
            Point.withdrawn_at.is_(None),
            Point.id != (point_id or 0),
            Point.argument == words.argument,
            Point.proposed_wording == words.proposed_wording,
            func.coalesce(Provision.key, "") == (words.provision or ""),
        )
    ).all()
    return bool(found) and words.form_key not in found


def quoted_in(provision: Provision, quote: str) -> bool:
    """Return whether ``quote`` stands word for word in the provision, white space aside."""
    words = f"{provision.number} {provision.title} {provision.text}"
    return locate(words, quote) is not None
