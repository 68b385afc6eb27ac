"""What staff of the demonstration do with single points: one is hidden, one author asked for."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from consult.core import clock
from consult.core.db import db, transaction
from consult.demo.content import read
from consult.demo.people import Keys
from consult.submissions.identity import services as vault_services
from consult.submissions.identity.models import Ground
from consult.submissions.models import Point
from consult.submissions.moderation import services as moderating


def handle(key: str, now: datetime, point_ids: Keys, people: Keys) -> None:
    """Let staff handle points of the round ``key`` some hours before ``now``.

    Turns the clock and opens a transaction of its own.
    """
    records = [record for record in read("handling") if record["round"] == key]
    if not records:
        return
    clock.move_to(now - timedelta(hours=3))
    with transaction():
        for record in records:
            _act(record, point_ids[record["point"]], people[record["person"]])


def _act(record: dict[str, Any], point_id: int, actor_id: int) -> None:
    point = db.session.get_one(Point, point_id)
    if record["act"] == "hide":
        moderating.hide(
            moderating.Hide(point, record["reason"], record["note"], actor_id, clock.now())
        )
    else:
        ground = Ground(record["ground"])
        vault_services.ask(
            vault_services.AskToOpen(point.submission, ground, record["reason"], actor_id)
        )
