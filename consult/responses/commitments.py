"""Writing commitments: made beside a published answer, done, dropped, opened again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct
from sqlalchemy import select, update

from consult.core import audit
from consult.core.db import db
from consult.responses.commitment_models import Commitment, CommitmentState
from consult.responses.models import AnsweredPoint, Response


class NotPublished(Exception):
    """Only a published answer holds commitments: everybody reads them."""


class OutcomeMissing(Exception):
    """Nobody can tell without words what was done, or why it was dropped."""


class Make(Struct, frozen=True):
    """What is to be done, by whom, until when (aware), as ``response`` promises."""

    response: Response
    what: str
    who: str
    due_at: datetime
    actor_id: int | None
    at: datetime


class Settle(Struct, frozen=True):
    """What became of the commitment; ``evidence`` is an address, or empty."""

    commitment: Commitment
    state: CommitmentState
    outcome: str
    evidence: str
    actor_id: int | None
    at: datetime


def make(command: Make) -> Commitment:
    """Keep the commitment and return it, flushed; the same words twice are a form sent twice.

    Raises NotPublished. Writes an audit entry.
    """
    response = command.response
    if response.published_at is None:
        raise NotPublished
    facts = {"what": command.what, "who": command.who, "due_at": command.due_at}
    again = db.session.scalars(
        select(Commitment).filter_by(response_id=response.id, **facts)
    ).first()
    if again is not None:
        return again
    row = Commitment(
        consultation_id=response.consultation_id,
        response_id=response.id,
        state=CommitmentState.OPEN,
        made_by=command.actor_id,
        made_at=command.at,
        **facts,
    )
    db.session.add(row)
    db.session.flush()
    _record("commitment.made", row, command.actor_id)
    return row


def settle(command: Settle) -> None:
    """Say that the commitment is done or dropped, or open again; each may be taken back.

    Raises OutcomeMissing. Writes an audit entry with the state and the words before.
    """
    row, state = command.commitment, command.state
    if state is not CommitmentState.OPEN and not command.outcome:
        raise OutcomeMissing
    before = {"before": row.state.value, "outcome_before": row.outcome}
    row.state, row.outcome, row.evidence = state, command.outcome, command.evidence
    row.settled_at = None if state is CommitmentState.OPEN else command.at
    _record(f"commitment.{state.value}", row, command.actor_id, before)


def carry_over(replaced: Iterable[Response], new: Response) -> None:
    """Let the corrected answer hold the commitments of those that answer no point any more."""
    old = [response.id for response in replaced]
    answering = select(AnsweredPoint.response_id)
    db.session.execute(
        update(Commitment)
        .where(Commitment.response_id.in_(old), Commitment.response_id.not_in(answering))
        .values(response_id=new.id)
        .execution_options(synchronize_session=False)
    )


def _record(
    action: str, row: Commitment, actor_id: int | None, details: dict[str, str] | None = None
) -> None:
    audit.record(
        action, actor_id=actor_id, subject=("commitment", row.id), details={**(details or {})}
    )
