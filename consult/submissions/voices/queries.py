"""Reading what others say to points: endorsements, reports, what is hidden and why."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, ScalarSelect, func, or_, select
from sqlalchemy.orm import joinedload

from consult.accounts.models import User
from consult.core.db import db
from consult.core.portal import portal
from consult.core.sealing import KeyMissing
from consult.submissions import vault
from consult.submissions.models import Authorship, Point, Submission
from consult.submissions.queries import point_options, standing
from consult.submissions.voices.models import Endorsement, Moderation, Outcome, Report, Voice

# --- endorsements ------------------------------------------------------------------------------


def votes(value: Voice) -> ScalarSelect[int]:
    """Return how many readers answered so, as a column beside `Point`."""
    return (
        select(func.count())
        .select_from(Endorsement)
        .where(Endorsement.point_id == Point.id, Endorsement.value == value)
        .correlate(Point)
        .scalar_subquery()
    )


class Tally(NamedTuple):
    """How many readers agree and disagree with a point."""

    agree: int = 0
    disagree: int = 0


def tallies(point_ids: Collection[int]) -> dict[int, Tally]:
    """Return the counts of those points that have any; one query."""
    return _tallies(Endorsement.point_id.in_(point_ids)) if point_ids else {}


def tallies_of_round(consultation_id: int) -> dict[int, Tally]:
    """Return the counts of the round's points that have any; one query."""
    return _tallies(
        Endorsement.point_id.in_(
            select(Point.id).where(Point.consultation_id == consultation_id, *standing())
        )
    )


def _tallies(condition: ColumnElement[bool]) -> dict[int, Tally]:
    agreed = func.count().filter(Endorsement.value == Voice.AGREE)
    rows = db.session.execute(
        select(Endorsement.point_id, agreed, func.count())
        .where(condition)
        .group_by(Endorsement.point_id)
    )
    return {point_id: Tally(agree, total - agree) for point_id, agree, total in rows}


class Mine(NamedTuple):
    """What a reader may still answer: not one's own points; what was answered already."""

    own: frozenset[int]
    given: dict[int, Voice]


def mine(user_id: int, round_id: int, point_ids: Collection[int]) -> Mine:
    """Return which of these points of a round the reader wrote, and how he answered others.

    Two queries. Without the vault's key, own points that are sealed are taken for others'.
    """
    try:
        wrote = vault.written_by(user_id, [round_id])
    except KeyMissing:
        wrote = Authorship.user_id == user_id
    own = db.session.scalars(
        select(Point.id)
        .join(Authorship, Authorship.submission_id == Point.submission_id)
        .where(Point.id.in_(point_ids), wrote)
    )
    given = db.session.execute(
        select(Endorsement.point_id, Endorsement.value).where(
            Endorsement.point_id.in_(point_ids), Endorsement.user_id == user_id
        )
    )
    return Mine(frozenset(own), dict(given.all()))


# --- reasons -----------------------------------------------------------------------------------


def reasons() -> list[str]:
    """Return the published reasons for hiding a point, in their order, without repeats."""
    lines = (line.strip()[:200] for line in portal().hiding_reasons.splitlines())
    return list(dict.fromkeys(line for line in lines if line))


# --- one point and its moderation --------------------------------------------------------------


def point(point_id: int) -> Point | None:
    """Return a point with all that the policy and its own page ask; one query."""
    return db.session.scalars(
        select(Point)
        .options(
            *point_options(),
            joinedload(Point.submission, innerjoin=True).joinedload(
                Submission.consultation, innerjoin=True
            ),
        )
        .where(Point.id == point_id)
    ).one_or_none()


def latest(point_id: int) -> Moderation | None:
    """Return the point's newest moderation with all that the policy asks, or None; one query."""
    return db.session.scalars(
        select(Moderation)
        .options(
            joinedload(Moderation.point, innerjoin=True)
            .joinedload(Point.submission, innerjoin=True)
            .options(
                joinedload(Submission.authorship, innerjoin=True),
                joinedload(Submission.consultation, innerjoin=True),
            )
        )
        .where(Moderation.point_id == point_id)
        .order_by(Moderation.id.desc())
        .limit(1)
    ).one_or_none()


def hides() -> ColumnElement[bool]:
    """Return the condition of a moderation that hides its point now."""
    return or_(Moderation.outcome.is_(None), Moderation.outcome == Outcome.UPHELD)


class Act(NamedTuple):
    """A moderation as staff see it, with the names of who hid and who decided."""

    moderation: Moderation
    hidden_by: str
    decided_by: str | None


def history(point_id: int) -> list[Act]:
    """Return every moderation of the point, the newest first; one query."""
    hider, decider = User.__table__.alias(), User.__table__.alias()
    rows = db.session.execute(
        select(Moderation, hider.c.full_name, decider.c.full_name)
        .join(hider, hider.c.id == Moderation.hidden_by)
        .outerjoin(decider, decider.c.id == Moderation.decided_by)
        .where(Moderation.point_id == point_id)
        .order_by(Moderation.id.desc())
    )
    return [Act(*row) for row in rows]


def reports_on(point_id: int) -> Sequence[Report]:
    """Return the readers' reports on the point, the newest first; one query.

    Pages show their reasons and notes, not who made them.
    """
    return db.session.scalars(
        select(Report).where(Report.point_id == point_id).order_by(Report.at.desc())
    ).all()


def has_reported(user_id: int, point_id: int) -> bool:
    """Return whether the reader has reported the point; one query."""
    return db.session.get(Report, (point_id, user_id)) is not None
