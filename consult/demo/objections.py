"""Authors of the demonstration object to the Front's summary, and the Front answers them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from consult.core import clock
from consult.core.db import db, transaction
from consult.demo.content import read
from consult.demo.paths import find
from consult.demo.people import Keys
from consult.drafts import queries as drafts
from consult.submissions.models import Point
from consult.summaries import objection_services
from consult.summaries import services as summaries
from consult.summaries.models import Summary
from consult.summaries.objection_models import Outcome
from consult.summaries.objection_queries import objection
from consult.summaries.objection_services import AnswerObjection, Object
from consult.summaries.review_queries import in_work


def object_to(key: str, now: datetime, round_id: int, point_ids: Keys, writer_id: int) -> bool:
    """Tell the objections to the approved summary of the round ``key``, and their answers.

    Returns whether the summary was changed, so that it needs approval again. Turns the clock
    and opens transactions of its own.
    """
    records = [record for record in read("objections") if record["round"] == key]
    made: list[int] = []
    for record in records:
        clock.move_to(now + timedelta(days=record["made_day"]))
        with transaction():
            point = db.session.get_one(Point, point_ids[record["point"]])
            said = Object(_summary(round_id), point, record["reason"], clock.now())
            made.append(objection_services.object_to(said).id)
    for record, objection_id in zip(records, made, strict=True):
        clock.move_to(now + timedelta(days=record["answered_day"]))
        with transaction():
            _answer(record, round_id, objection_id, writer_id)
    return any("narrative" in record for record in records)


def _summary(round_id: int) -> Summary:
    summary = in_work(round_id)
    assert summary
    return summary


def _answer(record: dict[str, Any], round_id: int, objection_id: int, writer_id: int) -> None:
    if "narrative" in record:
        _rewrite(_summary(round_id), record, writer_id)
    row = objection(round_id, objection_id)
    assert row
    objection_services.answer(
        AnswerObjection(row, Outcome(record["outcome"]), record["answer"], writer_id)
    )


def _rewrite(summary: Summary, record: dict[str, Any], writer_id: int) -> None:
    provisions = drafts.provisions(summary.consultation.version_id)
    summaries.save(
        summaries.SaveSummary(
            summary_id=summary.id,
            actor_id=writer_id,
            introduction=summary.introduction,
            conclusion=summary.conclusion,
            narratives={find(provisions, record["provision"]).id: record["narrative"]},
        )
    )
