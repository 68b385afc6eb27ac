"""Keeping the machine's doubts about declared stances, dismissing them, taking that back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, select

from consult.consultations.queries import locked
from consult.core import audit, clock
from consult.core.db import db, insert_rows
from consult.submissions.models import Stance, code_of
from consult.summaries.doubt_models import StanceDoubt


def keep(consultation_id: int, result: Mapping[str, Any]) -> None:
    """Keep the doubts of a build (`engine.build.build`) in place of earlier ones.

    What staff dismissed stays so while the point has the same words and stance. Writes doubts.
    """
    mine = StanceDoubt.consultation_id == consultation_id
    dismissed = {
        _same(row.point_id, row.stance, row.text): (row.dismissed_at, row.dismissed_by)
        for row in db.session.scalars(
            select(StanceDoubt).where(mine, StanceDoubt.dismissed_at.is_not(None))
        )
    }
    found = [doubt for group in result["groups"] for doubt in group["doubts"]]
    db.session.execute(
        delete(StanceDoubt).where(
            mine,
            StanceDoubt.dismissed_at.is_(None)
            | StanceDoubt.point_id.in_([doubt["id"] for doubt in found]),
        )
    )
    db.session.expire_all()
    rows: list[dict[str, Any]] = []
    for doubt in found:
        stance = Stance(doubt["stance"])
        at, by = dismissed.get(_same(doubt["id"], stance, doubt["text"]), (None, None))
        rows.append(
            {
                "point_id": doubt["id"],
                "consultation_id": consultation_id,
                "stance": stance,
                "dismissed_at": at,
                "dismissed_by": by,
                **{name: doubt[name] for name in ("reads", "start", "end", "text")},
            }
        )
    insert_rows(StanceDoubt, rows)


def _same(point_id: int, stance: Stance, text: str) -> tuple[int, Stance, str]:
    return point_id, stance, text


def dismiss(
    consultation_id: int, point_id: int, *, actor_id: int | None, undo: bool = False
) -> bool:
    """Say that the declared stance is right (or take that back); return whether that is new.

    Writes the doubt, an audit entry.
    """
    locked(consultation_id)
    row = db.session.scalars(
        select(StanceDoubt).where(
            StanceDoubt.consultation_id == consultation_id,
            StanceDoubt.point_id == point_id,
            StanceDoubt.dismissed_at.is_not(None) == undo,
        )
    ).first()
    if row is None:
        return False
    row.dismissed_at = None if undo else clock.now()
    row.dismissed_by = None if undo else actor_id
    db.session.flush()
    audit.record(
        "doubt.reopened" if undo else "doubt.dismissed",
        actor_id=actor_id,
        subject=("round", consultation_id),
        details={"codes": code_of(point_id)},
    )
    return True
