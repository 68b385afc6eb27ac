"""The end of the demonstration's closed round: the Front's summary, the agency's answers."""

from __future__ import annotations

from typing import Any

from consult.demo.paths import find
from consult.demo.people import Keys
from consult.drafts import queries as drafts
from consult.responses import services as responses
from consult.responses.models import Disposition
from consult.summaries import release_services, review_services, steps
from consult.summaries import services as summaries
from consult.summaries.commands import Approve, Release
from consult.summaries.review_queries import in_work


def summarise(
    release: dict[str, Any],
    *,
    round_id: int,
    version_id: int,
    writer_id: int,
) -> None:
    """Write the round's summary; the machine proposes the passages."""
    provisions = drafts.provisions(version_id)
    summary = summaries.start(round_id, actor_id=writer_id)
    narratives: dict[int | None, str] = {
        None if item["provision"] is None else find(provisions, item["provision"]).id: item["text"]
        for item in release["narratives"]
    }
    summaries.save(
        summaries.SaveSummary(
            summary_id=summary.id,
            actor_id=writer_id,
            introduction=release["intro"],
            conclusion="\n".join(item["note"] for item in release["dissents"]),
            narratives=narratives,
        )
    )


def approve(round_id: int, *, writer_id: int, approver_id: int) -> None:
    """Send the round's summary for review and have it approved."""
    summary = in_work(round_id)
    assert summary
    written = steps.last_id(summary)
    sent = review_services.send(summary.id, actor_id=writer_id, step_id=written).steps[-1]
    review_services.approve(Approve(summary.id, approver_id, sent.id))


def release(round_id: int, *, actor_id: int) -> None:
    """Release the round's approved summary to everybody, before authors' time to object ends."""
    summary = in_work(round_id)
    assert summary
    early = "Trình Hội đồng nhân dân tỉnh trước kỳ họp; các tác giả đã được thông báo."
    step_id = summary.steps[-1].id
    release_services.release(Release(summary.id, actor_id, step_id, early=early))


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
