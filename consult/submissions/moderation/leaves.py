"""What the log covers of moderation, and whether the rows are still as it has them.

Kinds of leaves, each on a row of ``moderations``: "moderation" (hidden) covers {"by", "hidden_at",
"note", "point", "reason"}, "moderation_appeal" {"appealed_at", "point", "text"} and
"moderation_outcome" {"by", "decided_at", "decision", "outcome", "point"}; people and points are
named by their ids, the author of the point is not named.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select

from consult.core.db import db
from consult.ledger.acts import Act, Acts
from consult.ledger.auditing import Finding
from consult.ledger.entries import instant
from consult.submissions.models import Point
from consult.submissions.voices.models import Moderation, Outcome


def _at(value: datetime | None) -> str | None:
    return instant(value) if value else None


def _hidden(moderation: Moderation) -> dict[str, Any]:
    return {
        "point": moderation.point_id,
        "reason": moderation.reason,
        "note": moderation.note,
        "hidden_at": instant(moderation.hidden_at),
        "by": moderation.hidden_by,
    }


def _appealed(moderation: Moderation) -> dict[str, Any]:
    return {
        "point": moderation.point_id,
        "text": moderation.appeal,
        "appealed_at": _at(moderation.appealed_at),
    }


def _ended(moderation: Moderation) -> dict[str, Any]:
    return {
        "point": moderation.point_id,
        "outcome": moderation.outcome.value if moderation.outcome else None,
        "decision": moderation.decision,
        "decided_at": _at(moderation.decided_at),
        "by": moderation.decided_by,
    }


def _has_appeal() -> ColumnElement[bool]:
    return or_(Moderation.appealed_at.is_not(None), Moderation.appeal != "")


def _has_outcome() -> ColumnElement[bool]:
    ended = or_(Moderation.outcome.is_not(None), Moderation.decided_at.is_not(None))
    return or_(ended, Moderation.decision != "", Moderation.decided_by.is_not(None))


class _Moderations(Acts):
    def others(self) -> Iterable[Finding]:
        """Yield acts that no leaf covers, and points hidden or shown without a record."""
        yield from super().others()
        yield from _wrong_points()


MODERATIONS = _Moderations(
    Moderation.id,
    {
        "moderation": Act(_hidden),
        "moderation_appeal": Act(_appealed, _has_appeal(), "its appeal"),
        "moderation_outcome": Act(_ended, _has_outcome(), "its outcome"),
    },
)


def _wrong_points() -> Iterable[Finding]:
    """Yield points that do not say of themselves what their newest moderation says."""
    newest = (
        select(Moderation.point_id, func.max(Moderation.id).label("id"))
        .group_by(Moderation.point_id)
        .subquery()
    )
    rows = db.session.execute(
        select(
            Point.id,
            Point.hidden_at,
            Point.hidden_reason,
            Moderation.hidden_at,
            Moderation.reason,
            Moderation.outcome,
        )
        .outerjoin(newest, newest.c.point_id == Point.id)
        .outerjoin(Moderation, Moderation.id == newest.c.id)
        .where(
            or_(Point.hidden_at.is_not(None), Point.hidden_reason != "", newest.c.id.is_not(None))
        )
        .order_by(Point.id)
    )
    for point_id, hidden_at, told, since, reason, outcome in rows:
        expected = since if outcome in (None, Outcome.UPHELD) else None
        if hidden_at != expected:
            detail = "hidden without a record" if hidden_at else "shown without a record"
            yield Finding("altered", Point.__tablename__, point_id, detail=detail)
        elif told != (reason or ""):
            yield Finding("altered", Point.__tablename__, point_id, detail="why it was hidden")
