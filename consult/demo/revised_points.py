"""Points of the demonstration that their authors revised soon after they had sent them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from msgspec.structs import replace

from consult.core import clock
from consult.core.db import db
from consult.submissions.commands import NewPoint
from consult.submissions.models import Point
from consult.submissions.revisions import services as revising


def revise(point_id: int, author_id: int, record: dict[str, Any], sent: NewPoint) -> None:
    """Revise the point from the record's "first_argument", which was ``sent``, to "argument"."""
    if "first_argument" not in record:
        return
    words = replace(sent, argument=record["argument"], form_key=f"{sent.form_key}-1")
    at = clock.now() + timedelta(minutes=20)
    point = db.session.get_one(Point, point_id)
    revising.revise(revising.RevisePoint(point, author_id, words, 0, at))
