"""How the demonstration's Front reads an open round: what is read, rated, noted, its themes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct

from consult.consultations.models import Consultation
from consult.core import clock
from consult.core.db import transaction
from consult.demo.content import read
from consult.demo.people import Keys
from consult.jobs import works
from consult.summaries import reading_services as reading
from consult.summaries import theme_queries, theme_services
from consult.summaries.reading_services import WriteNote
from consult.summaries.tasks import KIND


class Front(Struct, frozen=True):
    """The round that is read, and the ids by key of its points and of those who read it."""

    round_id: int
    point_ids: Keys
    people: Keys


def look_through(key: str, now: datetime, front: Front) -> None:
    """Let staff read points of the round ``key``, rate and note them some hours before ``now``.

    Turns the clock and opens transactions of its own.
    """
    for record in read("reading"):
        if record["round"] != key:
            continue
        clock.move_to(now - timedelta(hours=record["hours_before"]))
        user_id, round_id, ids = front.people[record["person"]], front.round_id, front.point_ids
        seen = [ids[point] for point in record["read"]]
        with transaction():
            reading.mark(round_id, seen, read=True, user_id=user_id)
            for point, level in record["importance"].items():
                reading.rate(round_id, ids[point], level, actor_id=user_id)
            for point, text in record["notes"].items():
                reading.write_note(WriteNote(round_id, ids[point], text, user_id))


def themes(key: str, now: datetime, front: Front, work: Callable[[], None]) -> None:
    """Let staff have themes of the round ``key`` built, which ``work`` does, and change them.

    Turns the clock and opens transactions of its own.
    """
    for record in read("themes"):
        if record["round"] != key:
            continue
        user_id, round_id = front.people[record["person"]], front.round_id
        clock.move_to(now - timedelta(hours=record["built_hours_before"]))
        with transaction() as session:
            works.start(
                KIND,
                {"round_id": round_id, "actor_id": user_id},
                asked_by=user_id,
                title=f"Chủ đề của “{session.get_one(Consultation, round_id).title}”",
                page=f"/front/rounds/{round_id}/themes",
            )
        work()
        clock.move_to(now - timedelta(hours=record["changed_hours_before"]))
        for change in record["changes"]:
            with transaction():
                _change(change, front, user_id)


def _change(change: dict[str, Any], front: Front, user_id: int) -> None:
    round_id, point_ids = front.round_id, front.point_ids
    if change["act"] == "split":
        alone = frozenset({point_ids[change["point"]]})
        theme_services.move(theme_services.Move(round_id, alone, user_id, name=change["name"]))
        return
    (place,) = theme_queries.places(round_id, [point_ids[change["holding"]]])
    assert place.theme_id
    theme_services.rename(theme_services.Rename(round_id, place.theme_id, change["name"], user_id))
