"""Reading for moderation: the staff's queue of points, the public log of what was hidden."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, and_, func, select

from consult.consultations.models import Audience, Consultation, Stage
from consult.core.db import db
from consult.core.paging import Page
from consult.submissions.models import Point, Submission, code_of
from consult.submissions.queries import point_options, standing
from consult.submissions.voices.models import Moderation, Outcome, Report
from consult.submissions.voices.queries import hides

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


_THERE = and_(Moderation.point_id == Point.id, hides())
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
