"""Writing draft replies asked of experts: asked, kept while written, sent, declined, cancelled."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import insert

from consult.accounts.models import User
from consult.consultations import queries as rounds
from consult.consultations.models import Consultation
from consult.core import audit
from consult.core.db import db
from consult.core.i18n import format_datetime
from consult.jobs.services import enqueue
from consult.responses import expert_queries
from consult.responses.expert_models import DraftRequest, DraftState, RequestedPoint
from consult.responses.models import Disposition


class NoPoints(Exception):
    """None of the points stands and is shown to the public."""


class NotAhead(Exception):
    """The instant until which the draft is asked has passed already."""


class NoExpert(Exception):
    """Only verified intellectuals whose account is enabled are asked."""


class OwnPoint(Exception):
    """The expert wrote one of the points."""


class AskedAlready(Exception):
    """A draft reply to one of the points is asked of the expert and still to come."""


class Empty(Exception):
    """There is nothing to send."""


class Over(Exception):
    """The draft was sent, declined or cancelled, or its day has passed."""


class Ask(Struct, frozen=True):
    """To which points a draft reply is asked, of whom, until when (aware), with which words."""

    consultation: Consultation
    point_ids: frozenset[int]
    expert_id: int
    until: datetime
    words: str
    actor_id: int
    at: datetime


class Draft(Struct, frozen=True):
    """What the expert has written so far; ``disposition`` is only a proposal."""

    text: str
    disposition: Disposition | None
    at: datetime


def ask(command: Ask) -> DraftRequest:
    """Ask for the draft reply and return the request, flushed.

    Raises NotAhead, NoPoints, NoExpert, OwnPoint, AskedAlready. Writes an audit entry; enqueues
    notifications.tell to the expert.
    """
    round_ = command.consultation
    if command.until <= command.at:
        raise NotAhead
    rounds.locked(round_.id)
    points = expert_queries.askable(round_.id, command.point_ids)
    if not points:
        raise NoPoints
    expert = db.session.get(User, command.expert_id)
    if expert is None or expert.verified_at is None or expert.disabled_at is not None:
        raise NoExpert
    if expert_queries.wrote_openly(expert.id, points):
        raise OwnPoint
    if expert_queries.asked_already(expert.id, points, command.at):
        raise AskedAlready
    row = DraftRequest(
        consultation_id=round_.id,
        expert_id=expert.id,
        asked_by=command.actor_id,
        asked_at=command.at,
        until=command.until,
        words=command.words,
    )
    db.session.add(row)
    db.session.flush()
    db.session.execute(
        insert(RequestedPoint), [{"request_id": row.id, "point_id": id_} for id_ in points]
    )
    _record("asked", row, command.actor_id, user_id=expert.id, points=points)
    _tell(row, "asked", [expert.id], f"/draft-replies/{row.id}")
    return row


def save(asked_id: int, draft: Draft) -> None:
    """Keep the draft as it is so far; only the expert reads it. Raises Over."""
    _write(_open(asked_id, draft.at), draft)


def send(asked_id: int, draft: Draft) -> None:
    """Hand the draft to the agency, which ends the expert's access to the points.

    Raises Over, Empty. Writes an audit entry; enqueues notifications.tell to the official, and
    the thanks to the expert.
    """
    row = _open(asked_id, draft.at)
    if not draft.text:
        raise Empty
    _write(row, draft)
    _end(row, DraftState.SENT, draft.at, row.expert_id)
    _tell(row, "sent", [row.asked_by], f"/office/rounds/{row.consultation_id}/experts")
    _tell(row, "thanks", [row.expert_id], "/draft-replies")


def decline(asked_id: int, *, at: datetime) -> None:
    """End the request as the expert wishes.

    Raises Over. Writes an audit entry; enqueues notifications.tell to the official.
    """
    row = _open(asked_id, at)
    _end(row, DraftState.DECLINED, at, row.expert_id)
    _tell(row, "declined", [row.asked_by], f"/office/rounds/{row.consultation_id}/experts")


def cancel(consultation_id: int, asked_id: int, *, actor_id: int, at: datetime) -> None:
    """End the request as the agency wishes.

    Raises Over, also when it is none of the round. Writes an audit entry; enqueues
    notifications.tell to the expert.
    """
    known = expert_queries.request(asked_id)
    if known is None or known.consultation_id != consultation_id:
        raise Over
    row = _open(asked_id, at)
    _end(row, DraftState.CANCELLED, at, actor_id)
    _tell(row, "cancelled", [row.expert_id], "/draft-replies")


def _open(asked_id: int, at: datetime) -> DraftRequest:
    row = expert_queries.locked(asked_id)
    if not row.open_at(at):
        raise Over
    return row


def _write(row: DraftRequest, draft: Draft) -> None:
    row.text, row.disposition, row.saved_at = draft.text, draft.disposition, draft.at


def _end(row: DraftRequest, state: DraftState, at: datetime, actor_id: int) -> None:
    row.state, row.ended_at = state, at
    _record(state.value, row, actor_id)


def _record(what: str, row: DraftRequest, actor_id: int, **details: Any) -> None:
    audit.record(
        f"draft_reply.{what}",
        actor_id=actor_id,
        subject=("round", row.consultation_id),
        details={"request": row.id, **details},
    )


def _tell(row: DraftRequest, what: str, user_ids: list[int], url: str) -> None:
    round_ = db.session.get_one(Consultation, row.consultation_id)
    expert = db.session.get_one(User, row.expert_id)
    enqueue(
        "notifications.tell",
        {
            "user_ids": user_ids,
            "kind": f"draft_reply.{what}",
            "params": {
                "round": round_.title,
                "agency": round_.agency.name,
                "name": expert.full_name,
                "at": format_datetime(row.until),
            },
            "url": url,
            "dedupe": f"draft_reply.{what}:{row.id}",
        },
    )
