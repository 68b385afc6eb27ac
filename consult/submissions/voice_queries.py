"""Reading what others say to points: endorsements, reports, what is hidden and why."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, func, or_, select
from sqlalchemy.orm import joinedload

from consult.accounts.models import User
from consult.consultations.models import Audience, Consultation, Stage
from consult.core.db import db
from consult.core.paging import Page
from consult.core.portal import portal
from consult.core.sealing import KeyMissing
from consult.submissions import vault
from consult.submissions.models import Authorship, Point, Submission, code_of
from consult.submissions.queries import point_options, standing
from consult.submissions.voice_models import Endorsement, Moderation, Outcome, Report, Voice

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


def _hides() -> ColumnElement[bool]:
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


# --- the staff's queue ---------------------------------------------------------------------------

SHOWS = ("all", "reported", "hidden", "appealed")


class Waiting(NamedTuple):
    """A point in the queue, how many open reports it has, and its moderation if it is hidden."""

    point: Point
    reports: int
    moderation: Moderation | None


_OPEN_REPORTS = (
    select(func.count())
    .select_from(Report)
    .where(Report.point_id == Point.id, Report.settled_at.is_(None))
    .correlate(Point)
    .scalar_subquery()
)


_THERE = and_(Moderation.point_id == Point.id, _hides())
_WAITS = and_(Moderation.appealed_at.is_not(None), Moderation.outcome.is_(None))


def _queued(round_id: int | None, show: str) -> list[ColumnElement[bool]]:
    """Return the conditions on `Point` and `Consultation` of what is in the queue."""
    conditions = [*standing(), Consultation.stage != Stage.PREPARING]
    if round_id is not None:
        conditions.append(Point.consultation_id == round_id)
    if show == "reported":
        reported = select(Report.point_id).where(Report.settled_at.is_(None))
        conditions.append(Point.id.in_(reported))
    elif show == "hidden":
        conditions.append(Point.hidden_at.is_not(None))
    elif show == "appealed":
        conditions.append(Point.id.in_(select(Moderation.point_id).where(_WAITS)))
    return conditions


def _counted(round_id: int | None, show: str) -> Select[int]:
    return (
        select(func.count(Point.id))
        .join(Consultation, Consultation.id == Point.consultation_id)
        .where(*_queued(round_id, show))
    )


def page_of_queue(round_id: int | None, show: str, *, number: int, size: int) -> Page[Waiting]:
    """Return one page of the staff's queue; two queries.

    ``show`` is one of SHOWS: what was appealed longest ago comes first, otherwise what was
    received last. Only standing points of rounds that are not being prepared.
    """
    newest = (Point.received_at.desc(), Point.id.desc())
    rows = db.session.execute(
        select(Point, _OPEN_REPORTS, Moderation)
        .join(Consultation, Consultation.id == Point.consultation_id)
        .outerjoin(Moderation, _THERE)
        .options(*point_options())
        .where(*_queued(round_id, show))
        .order_by(*((Moderation.appealed_at, Point.id) if show == "appealed" else newest))
        .limit(size)
        .offset((number - 1) * size)
    )
    found = [Waiting(*row) for row in rows]
    return Page(found, number, size, db.session.scalar(_counted(round_id, show)) or 0)


class QueueCounts(NamedTuple):
    """How much there is to moderate."""

    reported: int
    hidden: int
    appealed: int


def queue_counts(round_id: int | None = None) -> QueueCounts:
    """Return how much there is to moderate, of one round when given; one query."""
    row = db.session.execute(
        select(*(_counted(round_id, show).scalar_subquery() for show in SHOWS[1:]))
    ).one()
    return QueueCounts(*row)


def rounds_with_points() -> list[tuple[int, str]]:
    """Return (id, title) of the rounds that have received points, the newest first; one query."""
    received = select(Submission.consultation_id).where(Submission.received_at.is_not(None))
    rows = db.session.execute(
        select(Consultation.id, Consultation.title)
        .where(Consultation.id.in_(received), Consultation.stage != Stage.PREPARING)
        .order_by(Consultation.id.desc())
    )
    return [(row[0], row[1]) for row in rows]


# --- the public log ------------------------------------------------------------------------------


class Logged(NamedTuple):
    """A line of the public log: no words of the point, nobody's name."""

    point_id: int
    round_id: int
    title: str
    reason: str
    hidden_at: datetime
    appealed_at: datetime | None
    outcome: Outcome | None
    decided_at: datetime | None

    @property
    def code(self) -> str:
        """The reference that people cite."""
        return code_of(self.point_id)


def page_of_log(*, restricted: bool, number: int, size: int) -> Page[Logged]:
    """Return one page of the public log, newest first; two queries.

    ``restricted`` includes the rounds that only verified people and staff read.
    """
    joined = (
        select(
            Moderation.point_id,
            Consultation.id,
            Consultation.title,
            Moderation.reason,
            Moderation.hidden_at,
            Moderation.appealed_at,
            Moderation.outcome,
            Moderation.decided_at,
        )
        .join(Point, Point.id == Moderation.point_id)
        .join(Consultation, Consultation.id == Point.consultation_id)
    )
    if not restricted:
        joined = joined.where(Consultation.audience == Audience.EVERYONE)
    total = db.session.scalar(joined.with_only_columns(func.count(Moderation.id)))
    rows = db.session.execute(
        joined.order_by(Moderation.hidden_at.desc(), Moderation.id.desc())
        .limit(size)
        .offset((number - 1) * size)
    )
    return Page([Logged(*row) for row in rows], number, size, total or 0)
