"""Writing commitments: made beside a published answer, done, dropped, opened again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from msgspec import Struct
from sqlalchemy import select, update

from consult.core import audit, files
from consult.core.db import db
from consult.responses import commitment_queries
from consult.responses.commitment_leaves import CHANGE, CHANGES, FILE, FILES, REMOVAL, SAID
from consult.responses.commitment_models import (
    Commitment,
    CommitmentChange,
    CommitmentFile,
    CommitmentState,
)
from consult.responses.models import AnsweredPoint, Response
from consult.submissions.attachments.screening import Screened

MOST_FILES: Final = 10


class NotPublished(Exception):
    """Only a published answer holds commitments: everybody reads them."""


class OutcomeMissing(Exception):
    """Nobody can tell without words what was done, or why it was dropped."""


class TooMany(Exception):
    """The commitment would have more files than MOST_FILES."""


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

    Raises NotPublished. Writes an audit entry and a ledger leaf.
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
    _log(row, command.actor_id, command.at)
    _record("commitment.made", row, command.actor_id)
    return row


def settle(command: Settle) -> None:
    """Say that the commitment is done or dropped, or open again; each may be taken back.

    Raises OutcomeMissing. Writes an audit entry with the state and the words before, and a
    ledger leaf; neither when nothing is said anew.
    """
    row, state = command.commitment, command.state
    if state is not CommitmentState.OPEN and not command.outcome:
        raise OutcomeMissing
    db.session.refresh(row, with_for_update={"of": Commitment})
    if (row.state, row.outcome, row.evidence) == (state, command.outcome, command.evidence):
        return
    before = {"before": row.state.value, "outcome_before": row.outcome}
    row.state, row.outcome, row.evidence = state, command.outcome, command.evidence
    row.settled_at = None if state is CommitmentState.OPEN else command.at
    db.session.flush()
    _log(row, command.actor_id, command.at)
    _record(f"commitment.{state.value}", row, command.actor_id, before)


def prove(row: Commitment, found: Sequence[Screened], *, actor_id: int | None, at: datetime) -> int:
    """Keep the screened files as evidence and return how many are new; one twice is one.

    The caller has screened them before this transaction's first write. Raises TooMany with
    nothing kept, OSError on a full disk. Writes the files, and for each a row, a ledger leaf and
    an audit entry.
    """
    db.session.refresh(row, with_for_update={"of": Commitment})
    known = {file.sha256 for file in commitment_queries.files_of(row.id)}
    new = {hashlib.sha256(file.data).hexdigest(): file for file in found}
    new = {digest: file for digest, file in new.items() if digest not in known}
    if len(known) + len(new) > MOST_FILES:
        raise TooMany
    for file in new.values():
        kept = CommitmentFile(
            commitment_id=row.id,
            name=file.name,
            kind=file.kind,
            size=len(file.data),
            sha256=files.keep(file.data),
            added_by=actor_id,
            added_at=at,
        )
        db.session.add(kept)
        db.session.flush()
        FILES.append(FILE, kept, at=at)
        _record("commitment.proven", row, actor_id, {"file": kept.name})
    files.hold(new)
    return len(new)


def unprove(row: Commitment, file_id: int, *, actor_id: int | None, at: datetime) -> bool:
    """Take a file away from the evidence; False when it is none of the standing ones.

    It stays on record. Writes the row, a ledger leaf and an audit entry.
    """
    db.session.refresh(row, with_for_update={"of": Commitment})
    for file in commitment_queries.files_of(row.id):
        if file.id == file_id:
            file.removed_at = at
            db.session.flush()
            FILES.append(REMOVAL, file, at=at)
            _record("commitment.unproven", row, actor_id, {"file": file.name})
            return True
    return False


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


def _log(row: Commitment, actor_id: int | None, at: datetime) -> None:
    """Keep what the commitment says now as its last change, with the leaf of that."""
    said = {name: getattr(row, name) for name in SAID}
    change = CommitmentChange(commitment_id=row.id, by=actor_id, at=at, **said)
    db.session.add(change)
    db.session.flush()
    CHANGES.append(CHANGE, change, at=at)


def _record(
    action: str, row: Commitment, actor_id: int | None, details: dict[str, str] | None = None
) -> None:
    audit.record(
        action, actor_id=actor_id, subject=("commitment", row.id), details={**(details or {})}
    )
