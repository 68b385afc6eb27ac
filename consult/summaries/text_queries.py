"""Counting different texts: a point that repeats another one has that one's text.

It does where staff count it as a duplicate, and where the machine proposes so and staff have
not refused it. So a campaign is one text, however many have sent it.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, case, distinct, func, select
from sqlalchemy.orm import aliased

from consult.core.db import db
from consult.submissions.models import Point
from consult.submissions.queries import standing
from consult.summaries.decision_models import PointDecision
from consult.summaries.theme_models import Repetition


class Texts:
    """Different texts, for one statement on points.

    A point that staff count as the duplicate of another has the text that this one repeats.
    """

    def __init__(self) -> None:
        # What is proposed and decided of a point, and of the point that it repeats.
        self._its = aliased(Repetition), aliased(PointDecision)
        self._theirs = aliased(Repetition), aliased(PointDecision)

    @property
    def number(self) -> ColumnElement[int]:
        """How many there are, as a column."""
        text = func.coalesce(_leader(*self._theirs), _leader(*self._its), Point.id)
        return func.count(distinct(text))

    def join(self, statement: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
        """Return the statement joined with what tells the points' texts."""
        for (proposed, decided), point_id in (
            (self._its, Point.id),
            (self._theirs, _leader(*self._its)),
        ):
            statement = statement.outerjoin(proposed, proposed.point_id == point_id)
            statement = statement.outerjoin(decided, decided.point_id == point_id)
        return statement


def _leader(proposed: type[Repetition], decided: type[PointDecision]) -> ColumnElement[int]:
    """Return the point that is repeated, NULL where none is."""
    unrefused = case((proposed.refused_at.is_(None), proposed.leader_id))
    return func.coalesce(decided.leader_id, unrefused)


def texts_by_place(consultation_id: int) -> dict[int | None, int]:
    """Return how many different texts the round's standing points have; one query.

    By provision (None: the whole draft). A text is of one provision only.
    """
    texts = Texts()
    rows = db.session.execute(
        texts.join(select(Point.provision_id, texts.number).select_from(Point))
        .where(Point.consultation_id == consultation_id, *standing())
        .group_by(Point.provision_id)
    )
    return dict(rows.all())
