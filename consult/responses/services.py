"""Writing answers: drafting, moving points between them, publishing, correcting."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from msgspec import Struct
from sqlalchemy import delete, select, update

from consult.consultations import stages
from consult.consultations.models import Consultation
from consult.core import audit, clock
from consult.core.db import db
from consult.jobs.services import enqueue
from consult.ledger.services import append_many
from consult.responses import commitments, embargo_queries, linking, queries
from consult.responses.leaves import response_content
from consult.responses.models import AnsweredPoint, Disposition, Response
from consult.submissions.models import Point
from consult.submissions.queries import standing


class NoPoints(Exception):
    """Nothing was chosen, or none of it is a standing point of the round."""


class ReasonMissing(Exception):
    """Every disposition but full acceptance needs a reason (Luật 64/2025/QH15)."""


class AlreadyPublished(Exception):
    """These points have a published answer, which only a correction replaces."""

    def __init__(self, point_ids: Iterable[int]) -> None:
        super().__init__("already published")
        self.point_ids = sorted(point_ids)


class NotPublished(Exception):
    """A correction is of published answers only."""


class NoSuchAnswer(Exception):
    """There is no such drafted answer in the round: it was published or emptied meanwhile."""


class AnswerPoints(Struct, frozen=True):
    """One answer to points of one round; ``reason`` is plain text."""

    consultation_id: int
    point_ids: frozenset[int]
    disposition: Disposition
    reason: str
    actor_id: int | None
    for_discussion: bool = False


def answer(command: AnswerPoints) -> Response:
    """Draft an answer to the points and return it, flushed.

    When the points are just those of one draft answer, that one is changed; otherwise they
    leave their drafts for a new one. Raises NoPoints, ReasonMissing, AlreadyPublished with
    nothing written.
    """
    points = _points(command)
    current = queries.current_for(points)
    published = [point_id for point_id, response in current.items() if response.published_at]
    if published:
        raise AlreadyPublished(published)
    response = _the_only_draft(points, current)
    if response is None:
        response = _new(command)
        _move(points, response)
    response.disposition, response.reason = command.disposition, command.reason
    response.for_discussion = command.for_discussion
    db.session.flush()
    _drop_empty(command.consultation_id)
    return response


def move(
    consultation_id: int,
    point_ids: Collection[int],
    response_id: int,
) -> Response:
    """Let the drafted answer answer these points too; return it.

    Raises NoPoints, NoSuchAnswer, AlreadyPublished. A draft that loses all its points goes.
    """
    _lock(consultation_id)
    points = _standing_points(consultation_id, point_ids)
    response = db.session.get(Response, response_id)
    if (
        response is None
        or response.consultation_id != consultation_id
        or response.published_at is not None
    ):
        raise NoSuchAnswer
    current = queries.current_for(points)
    published = [point_id for point_id, other in current.items() if other.published_at]
    if published:
        raise AlreadyPublished(published)
    _move(points, response)
    _drop_empty(consultation_id)
    return response


def correct(command: AnswerPoints) -> Response:
    """Replace the published answer of the points by a new one, published at once; return it.

    The old answer stays on record, in the table and in the log. Raises NoPoints,
    ReasonMissing, NotPublished. Writes a ledger leaf and an audit entry; enqueues
    notifications.answers_published.
    """
    points = _points(command)
    current = queries.current_for(points)
    if len(current) < len(points) or any(r.published_at is None for r in current.values()):
        raise NotPublished
    now = clock.now()
    response = _new(command)
    response.published_at, response.published_by = now, command.actor_id
    response.answered_ids = points
    _move(points, response)
    replaced = list({old.id: old for old in current.values()}.values())
    if len(replaced) == 1:
        linking.carry_over(replaced[0], response)
    commitments.carry_over(replaced, response)
    append_many("response", [(response.id, response_content(response))], at=now)
    audit.record(
        "answer.corrected",
        actor_id=command.actor_id,
        subject=("response", response.id),
        details={"replaces": sorted(old.id for old in replaced), "points": points},
    )
    enqueue("notifications.answers_published", {"response_ids": [response.id]})
    return response


def publish(
    consultation_id: int,
    *,
    actor_id: int | None,
    response_ids: Collection[int] | None = None,
) -> list[int]:
    """Publish the round's drafted answers (of ``response_ids`` when given); return their ids.

    Those that are still for discussion or wait for an instant stay drafts.
    Once every standing point is answered and the round is closed, the round becomes
    "answered". Writes a ledger leaf for each answer and an audit entry; enqueues
    notifications.answers_published.
    """
    _lock(consultation_id)
    now = clock.now()
    conditions = [
        Response.consultation_id == consultation_id,
        Response.published_at.is_(None),
        Response.for_discussion.is_(False),
        Response.id.not_in(embargo_queries.held()),
    ]
    if response_ids is not None:
        conditions.append(Response.id.in_(response_ids))
    # The condition is in the update, so that two officials never publish an answer twice.
    ids = sorted(
        db.session.scalars(
            update(Response)
            .where(*conditions)
            .values(published_at=now, published_by=actor_id)
            .returning(Response.id)
            .execution_options(synchronize_session=False)
        )
    )
    if ids:
        _record_publication(consultation_id, ids, now, actor_id)
    db.session.flush()
    consultation = db.session.get_one(Consultation, consultation_id)
    done = queries.progress(consultation_id)
    if done.standing and done.complete and stages.possible(consultation, "answer"):
        stages.apply(consultation, "answer", actor_id=actor_id)
    return ids


def _record_publication(
    consultation_id: int, ids: list[int], now: datetime, actor_id: int | None
) -> None:
    points = queries.answered_by(ids)
    responses = db.session.scalars(
        select(Response)
        .where(Response.id.in_(ids))
        .execution_options(populate_existing=True)  # the update went past the session
    ).all()
    for response in responses:
        response.answered_ids = points.get(response.id, [])
    ordered = sorted(responses, key=lambda response: response.id)
    facts = [(response.id, response_content(response)) for response in ordered]
    append_many("response", facts, at=now)
    audit.record(
        "answers.published",
        actor_id=actor_id,
        subject=("round", consultation_id),
        details={"responses": ids},
    )
    enqueue("notifications.answers_published", {"response_ids": ids})


def _points(command: AnswerPoints) -> list[int]:
    """Return the standing points that the command names, the round locked."""
    if command.disposition is not Disposition.ACCEPTED and not command.reason.strip():
        raise ReasonMissing
    _lock(command.consultation_id)
    return _standing_points(command.consultation_id, command.point_ids)


def _lock(consultation_id: int) -> None:
    """Let one official at a time write the round's answers."""
    db.session.execute(
        select(Consultation.id).where(Consultation.id == consultation_id).with_for_update()
    )


def _standing_points(consultation_id: int, point_ids: Collection[int]) -> list[int]:
    points = list(
        db.session.scalars(
            select(Point.id)
            .where(Point.consultation_id == consultation_id, Point.id.in_(point_ids), *standing())
            .order_by(Point.id)
        )
    )
    if not points:
        raise NoPoints
    return points


def _the_only_draft(points: list[int], current: dict[int, Response]) -> Response | None:
    """Return the draft that answers these points and no others, if there is one."""
    responses = {response.id: response for response in current.values()}
    if len(responses) != 1 or len(current) != len(points):
        return None
    [response] = responses.values()
    return response if queries.points_of(response.id) == points else None


def _new(command: AnswerPoints) -> Response:
    response = Response(
        consultation_id=command.consultation_id,
        disposition=command.disposition,
        reason=command.reason,
        created_by=command.actor_id,
        created_at=clock.now(),
    )
    db.session.add(response)
    db.session.flush()
    return response


def _move(points: list[int], response: Response) -> None:
    rows = db.session.scalars(select(AnsweredPoint).where(AnsweredPoint.point_id.in_(points)))
    known = {row.point_id: row for row in rows}
    for point_id in points:
        if point_id in known:
            known[point_id].response_id = response.id
        else:
            db.session.add(AnsweredPoint(point_id=point_id, response_id=response.id))
    db.session.flush()


def _drop_empty(consultation_id: int) -> None:
    """Delete drafts that answer nothing any more."""
    answering = select(AnsweredPoint.response_id)
    db.session.execute(
        delete(Response)
        .where(
            Response.consultation_id == consultation_id,
            Response.published_at.is_(None),
            Response.id.not_in(answering),
        )
        .execution_options(synchronize_session=False)
    )
