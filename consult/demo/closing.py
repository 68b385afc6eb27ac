"""The end of the demonstration's closed round: the Front's summary, the agency's answers."""

from __future__ import annotations

from typing import Any

from consult.demo.paths import find
from consult.demo.people import Keys
from consult.drafts import queries as drafts
from consult.responses import services as responses
from consult.responses.models import Disposition
from consult.summaries import services as summaries


def summarise(release: dict[str, Any], *, round_id: int, version_id: int, staff_id: int) -> None:
    """Write and release the round's summary; the passages are those that the machine proposes."""
    provisions = drafts.provisions(version_id)
    summary = summaries.start(round_id, actor_id=staff_id)
    narratives: dict[int | None, str] = {
        None if item["provision"] is None else find(provisions, item["provision"]).id: item["text"]
        for item in release["narratives"]
    }
    summaries.save(
        summaries.SaveSummary(
            summary_id=summary.id,
            actor_id=staff_id,
            introduction=release["intro"],
            conclusion="\n".join(item["note"] for item in release["dissents"]),
            narratives=narratives,
        )
    )
    summaries.release(summary.id, actor_id=staff_id)


def answer(
    records: list[dict[str, Any]], *, round_id: int, point_ids: Keys, official_id: int
) -> None:
    """Draft the agency's answers to the points (ids by key) and publish them together."""
    for record in records:
        responses.answer(
            responses.AnswerPoints(
                consultation_id=round_id,
                point_ids=frozenset(point_ids[key] for key in record["points"]),
                disposition=Disposition(record["disposition"]),
                reason=record["reason"] or "",
                actor_id=official_id,
            )
        )
    responses.publish(round_id, actor_id=official_id)
