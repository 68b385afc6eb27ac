"""What agency and authors of the demonstration tell each other once the answers are published."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from consult.core import clock
from consult.core.db import db, transaction
from consult.demo.content import read
from consult.demo.people import Keys
from consult.responses import commitments, queries, reply_queries, reply_services
from consult.responses.commitment_models import CommitmentState
from consult.submissions.models import Point


def talk(key: str, now: datetime, point_ids: Keys, *, official_id: int) -> None:
    """Let authors of the round ``key`` object and reply, and its official ask, before ``now``.

    Turns the clock and opens transactions of its own.
    """
    for record in read("replies"):
        if record["round"] == key:
            clock.move_to(now - timedelta(hours=record["hours_before"]))
            with transaction():
                _act(record, db.session.get_one(Point, point_ids[record["point"]]), official_id)


def _act(record: dict[str, Any], point: Point, official_id: int) -> None:
    text, now = record["text"], clock.now()
    if record["act"] == "commit":
        _promise(record, point, official_id)
    elif record["act"] == "object":
        answer = queries.published_for([point.id])[point.id]
        reply_services.object_to(point, answer.id, text, at=now)
    elif record["act"] == "ask":
        reply_services.ask(point, text, actor_id=official_id, at=now)
    else:
        waiting = reply_queries.dialogue(point.id).waiting
        assert waiting is not None
        reply_services.reply(point, waiting.row.id, text, at=now)


def _promise(record: dict[str, Any], point: Point, official_id: int) -> None:
    """Make a commitment in the point's answer; the record may say that it is done by now."""
    now = clock.now()
    answer, due_at = queries.published_for([point.id])[point.id], timedelta(days=record["due_days"])
    row = commitments.make(
        commitments.Make(answer, record["text"], record["who"], now + due_at, official_id, now)
    )
    if "done" in record:
        done, words = CommitmentState.DONE, record["done"]
        commitments.settle(
            commitments.Settle(row, done, words, record["evidence"], official_id, now)
        )
