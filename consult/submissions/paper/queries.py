"""Reading what staff entered from paper, letters and meetings."""

from __future__ import annotations

from sqlalchemy import Select, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from consult.accounts.models import User
from consult.core.db import db
from consult.submissions.models import PAPER, Authorship, Point, Submission
from consult.submissions.paper.models import PaperEntry

_PEOPLE = (
    joinedload(PaperEntry.transcriber).lazyload(User.roles),
    joinedload(PaperEntry.checker).lazyload(User.roles),
)


def entries(consultation_id: int) -> Select[Submission]:
    """Return the statement for the round's entries, the newest first, with all a list shows."""
    return (
        select(Submission)
        .join(Submission.paper)
        .options(
            contains_eager(Submission.paper).options(*_PEOPLE),
            joinedload(Submission.authorship).joinedload(Authorship.organisation),
            joinedload(Submission.authorship).joinedload(Authorship.user).lazyload(User.roles),
            selectinload(Submission.points).load_only(
                Point.id, Point.submission_id, Point.revised_at
            ),
        )
        .where(Submission.consultation_id == consultation_id)
        .order_by(Submission.received_at.desc(), Submission.id.desc())
    )


def entry(submission_id: int) -> Submission | None:
    """Return what staff entered under that id, with round, author and transcriber; one query."""
    return db.session.scalars(
        select(Submission)
        .join(Submission.paper)
        .options(
            contains_eager(Submission.paper).options(*_PEOPLE),
            joinedload(Submission.authorship).joinedload(Authorship.sealed),
            joinedload(Submission.consultation),
        )
        .where(Submission.id == submission_id, Submission.channel.in_(PAPER))
    ).one_or_none()


def entered_point(point_id: int) -> Point | None:
    """Return a point that staff entered, with all that a form on it shows; one query."""
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
        .where(Point.id == point_id, Submission.channel.in_(PAPER))
    ).one_or_none()
