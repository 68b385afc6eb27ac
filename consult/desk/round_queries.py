"""The rounds that concern somebody, with what is left to do in each: one query."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ScalarSelect, and_, false, func, or_, select, true

from consult.consultations.models import Audience, Consultation, Stage
from consult.core.db import db
from consult.people.models import Organisation
from consult.responses.models import AnsweredPoint, Response
from consult.responses.reply_queries import Talk, has
from consult.submissions.models import Point
from consult.submissions.queries import standing

_MOST_ROUNDS = 100


class RoundLine(NamedTuple):
    """A round with what is left to do: points standing, and those with a published answer.

    ``missed`` are those whose author says that the answer misses them, not answered again.
    """

    id: int
    title: str
    stage: Stage
    opens_at: datetime | None
    closes_at: datetime | None
    agency_id: int
    agency: str
    points: int
    answered: int
    answer_by: datetime | None
    missed: int

    def overdue(self, now: datetime) -> bool:
        """Whether points wait though the answers were due by ``now`` (aware)."""
        late = self.answer_by is not None and self.answer_by <= now
        return late and self.stage is Stage.CLOSED and self.waiting > 0

    @property
    def waiting(self) -> int:
        """How many points have no published answer."""
        return self.points - self.answered


def rounds(*, agencies: Sequence[int], front: bool, open_to: Sequence[Audience]) -> list[RoundLine]:
    """Return the rounds that concern somebody, newest first; one query.

    ``agencies``: every round of these organisations; ``front``: every published round;
    ``open_to``: the open ones of these audiences.
    """
    wanted = [
        Consultation.agency_id.in_(agencies) if agencies else false(),
        and_(true() if front else false(), Consultation.stage != Stage.PREPARING),
        and_(Consultation.audience.in_(open_to), Consultation.stage == Stage.OPEN),
    ]
    points = (
        select(func.count(Point.id))
        .where(Point.consultation_id == Consultation.id, *standing())
        .correlate(Consultation)
        .scalar_subquery()
    )
    answered = (
        select(func.count(Point.id))
        .join(AnsweredPoint, AnsweredPoint.point_id == Point.id)
        .join(Response, Response.id == AnsweredPoint.response_id)
        .where(
            Point.consultation_id == Consultation.id,
            *standing(),
            Response.published_at.is_not(None),
        )
        .correlate(Consultation)
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(
            Consultation.id,
            Consultation.title,
            Consultation.stage,
            Consultation.opens_at,
            Consultation.closes_at,
            Consultation.agency_id,
            Organisation.short_name,
            points,
            answered,
            Consultation.answer_by,
            _missed(),
        )
        .join(Organisation, Organisation.id == Consultation.agency_id)
        .where(or_(*wanted))
        .order_by(Consultation.created_at.desc(), Consultation.id.desc())
        .limit(_MOST_ROUNDS)
    )
    return [RoundLine._make(row) for row in rows]


def _missed() -> ScalarSelect[int]:
    return (
        select(func.count(Point.id))
        .where(Point.consultation_id == Consultation.id, *standing(), has(Talk.OBJECTED))
        .correlate(Consultation)
        .scalar_subquery()
    )
