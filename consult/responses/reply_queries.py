"""Reading what passes between agency and author: objections, questions asked back, replies."""

from __future__ import annotations

import enum
from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple

from msgspec import Struct
from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import aliased

from consult.accounts.models import User
from consult.consultations.models import StageChange
from consult.core.db import db
from consult.responses.commitment_models import Commitment
from consult.responses.models import AnsweredPoint, Response
from consult.responses.reply_models import Inquiry, Objection
from consult.submissions.models import Identity, Point
from consult.submissions.queries import standing

# How a contribution comes in by somebody's own account, who can be asked and can reply.
_BY_ACCOUNT = frozenset({"online", "joint"})


class Talk(enum.StrEnum):
    """What passed between agency and author, as the agency's table filters by it."""

    OBJECTED = "objected"  # the author says that the answer misses the point; not answered again
    REANSWERED = "reanswered"  # the same, and answered again
    ASKED = "asked"  # a question waits for the author's reply
    REPLIED = "replied"


class Asked(Struct, frozen=True):
    """A question, its reply if there is one, and the name of the official."""

    row: Inquiry
    asked_by: str

    @property
    def waits(self) -> bool:
        """Whether the author has not replied."""
        return self.row.replied_at is None


class Dialogue(Struct, frozen=True):
    """What passed on one point, beside its present published answer if there is one.

    ``missed`` is the answer that the author objected to, as it was published.
    """

    answer: Response | None
    objection: Objection | None
    missed: Response | None
    inquiries: list[Asked]

    @property
    def waiting(self) -> Asked | None:
        """The question that waits for the author's reply."""
        return next((asked for asked in self.inquiries if asked.waits), None)

    @property
    def answered_again(self) -> bool:
        """Whether the agency has published another answer since the objection."""
        return self.missed is not None and (
            self.answer is not None and self.answer.id != self.missed.id
        )

    @property
    def open_objection(self) -> bool:
        """Whether the author says that the present answer misses the point."""
        return self.objection is not None and not self.answered_again


def dialogue(point_id: int) -> Dialogue:
    """Return what passed on the point; two queries."""
    now, missed = aliased(Response), aliased(Response)
    row = db.session.execute(
        select(now, Objection, missed)
        .select_from(Point)
        .outerjoin(AnsweredPoint, AnsweredPoint.point_id == Point.id)
        .outerjoin(now, and_(now.id == AnsweredPoint.response_id, now.published_at.is_not(None)))
        .outerjoin(Objection, Objection.point_id == Point.id)
        .outerjoin(missed, missed.id == Objection.response_id)
        .where(Point.id == point_id)
    ).one()
    asked = db.session.execute(
        select(Inquiry, User.full_name)
        .join(User, User.id == Inquiry.asked_by)
        .where(Inquiry.point_id == point_id)
        .order_by(Inquiry.id)
    )
    return Dialogue(row[0], row[1], row[2], [Asked(one, name) for one, name in asked])


def reachable(point: Point) -> bool:
    """Whether the point's author has an account: not one of a letter or an imported table."""
    authorship = point.submission.authorship
    by_account = authorship.user_id is not None or authorship.identity is Identity.SEALED
    return point.submission.channel in _BY_ACCOUNT and by_account


def askable(point: Point, talk: Dialogue) -> bool:
    """Whether the author may be asked something now; who is `reachable`."""
    stands = point.received_at is not None and point.withdrawn_at is None
    return stands and talk.waiting is None and (talk.answer is None or talk.open_objection)


def has(talk: Talk) -> ColumnElement[bool]:
    """Return the condition on `Point` of what passed on it."""
    if talk in (Talk.ASKED, Talk.REPLIED):
        waits = Inquiry.replied_at.is_(None) if talk is Talk.ASKED else Inquiry.reply != ""
        return select(Inquiry.id).where(Inquiry.point_id == Point.id, waits).exists()
    same = AnsweredPoint.response_id == Objection.response_id
    return (
        select(Objection.point_id)
        .join(AnsweredPoint, AnsweredPoint.point_id == Objection.point_id)
        .where(Objection.point_id == Point.id, same if talk is Talk.OBJECTED else ~same)
        .exists()
    )


class Passed(NamedTuple):
    """What of all that a line of a list of points shows, beside the published answer."""

    answer: Response | None
    objected_at: datetime | None
    objected_to: int | None
    asked: int
    waiting: int


def passed_on(point_ids: Collection[int]) -> dict[int, Passed]:
    """Return what passed on each of the points; one query."""
    rows = db.session.execute(
        select(Point.id, Response, *talk_columns())
        .outerjoin(AnsweredPoint, AnsweredPoint.point_id == Point.id)
        .outerjoin(
            Response,
            and_(Response.id == AnsweredPoint.response_id, Response.published_at.is_not(None)),
        )
        .outerjoin(Objection, Objection.point_id == Point.id)
        .where(Point.id.in_(point_ids))
    )
    return {point_id: Passed._make(facts) for point_id, *facts in rows}


def talk_columns() -> tuple[Any, ...]:
    """Return the columns of `Passed` after the answer, of `Point` joined to `Objection`."""
    asked = select(func.count()).where(Inquiry.point_id == Point.id).correlate(Point)
    waiting = asked.where(Inquiry.replied_at.is_(None))
    return (
        Objection.at,
        Objection.response_id,
        asked.scalar_subquery(),
        waiting.scalar_subquery(),
    )


class Facts(NamedTuple):
    """Of a round: points without a published answer, objections, commitments.

    ``objected`` counts standing points whose author says that the answer misses; ``missed`` of
    them are not answered again. ``put_off`` is why the day of the answers was changed last.
    """

    waiting: int
    objected: int
    missed: int
    commitments: int
    put_off: str | None


def facts(consultation_id: int) -> Facts:
    """Return them; one query."""
    answered = (
        select(AnsweredPoint.point_id)
        .join(Response, Response.id == AnsweredPoint.response_id)
        .where(AnsweredPoint.point_id == Point.id, Response.published_at.is_not(None))
    )
    objected = select(Objection.point_id).where(Objection.point_id == Point.id)
    points = select(func.count(Point.id)).where(
        Point.consultation_id == consultation_id, *standing()
    )
    promised = select(func.count(Commitment.id)).where(
        Commitment.consultation_id == consultation_id
    )
    put_off = (
        select(StageChange.reason)
        .where(
            StageChange.consultation_id == consultation_id, StageChange.transition == "reschedule"
        )
        .order_by(StageChange.id.desc())
        .limit(1)
    )
    row = db.session.execute(
        select(
            points.where(~answered.exists()).scalar_subquery(),
            points.where(objected.exists()).scalar_subquery(),
            points.where(has(Talk.OBJECTED)).scalar_subquery(),
            promised.scalar_subquery(),
            put_off.scalar_subquery(),
        )
    ).one()
    return Facts._make(row)
