"""Keeping the opinion groups that were found in a round's endorsements."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from consult.core import audit, clock
from consult.core.db import db
from consult.summaries.group_models import OpinionGroups


def store(
    consultation_id: int, basis: str, found: Mapping[str, Any], *, actor_id: int | None
) -> OpinionGroups:
    """Keep what `engine.shown_groups.shown` found; ``basis`` marks what it had read.

    Earlier groups stay. Writes a row, an audit entry.
    """
    row = OpinionGroups(
        consultation_id=consultation_id,
        basis=basis,
        status=found["status"],
        result={name: value for name, value in found.items() if name != "status"},
        built_at=clock.now(),
        built_by=actor_id,
    )
    db.session.add(row)
    db.session.flush()
    audit.record("groups.built", actor_id=actor_id, subject=("round", consultation_id))
    return row
