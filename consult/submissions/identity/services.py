"""Opening a sealed identity: asked for by one person, decided by another, told to the author.

The audit log and the ledger's log have each step and never the identity.
"""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct
from sqlalchemy import select, update

from consult.accounts import queries as accounts
from consult.accounts.models import User
from consult.core import audit, clock
from consult.core.db import db
from consult.jobs.services import enqueue
from consult.ledger import services as ledger
from consult.people.models import Organisation
from consult.submissions import vault
from consult.submissions.identity.leaves import KIND, unsealing_content
from consult.submissions.identity.models import (
    LAPSES_AFTER,
    Ground,
    RequestState,
    UnsealingRequest,
)
from consult.submissions.identity.queries import pending
from consult.submissions.models import Identity, Submission


class NotSealed(Exception):
    """Who stands behind the submission is no secret, or it has not been sent."""


class AlreadyAsked(Exception):
    """The request ``request_id`` on the same submission waits, or has opened it."""

    def __init__(self, request_id: int) -> None:
        super().__init__()
        self.request_id = request_id


class AskToOpen(Struct, frozen=True):
    """Ask to see who stands behind a submission; ``reason`` says the ground in full."""

    submission: Submission
    ground: Ground
    reason: str
    actor_id: int


class Person(Struct, frozen=True):
    """Who stood behind a submission; empty strings are what there is not."""

    name: str
    email: str = ""
    organisation: str = ""


def ask(command: AskToOpen) -> int:
    """Ask for an identity to be opened; return the request's id.

    Raises NotSealed, AlreadyAsked. Writes the request and an audit entry; enqueues
    notifications.tell for those who may decide.
    """
    submission, now = command.submission, clock.now()
    # Two who ask at the same moment follow one another.
    db.session.execute(
        select(Submission.id).where(Submission.id == submission.id).with_for_update()
    )
    if submission.received_at is None or submission.authorship.identity is not Identity.SEALED:
        raise NotSealed
    if (other := pending(submission.id, now)) is not None:
        raise AlreadyAsked(other)
    row = UnsealingRequest(
        submission_id=submission.id,
        ground=command.ground,
        reason=command.reason,
        state=RequestState.WAITING,
        requested_by=command.actor_id,
        requested_at=now,
    )
    db.session.add(row)
    db.session.flush()
    _record("identity.requested", row, command.actor_id)
    deciders = [*accounts.users_with_role("secretariat"), *accounts.users_with_role("admin")]
    enqueue(
        "notifications.tell",
        {
            "user_ids": sorted({user.id for user in deciders} - {command.actor_id}),
            "kind": "identity.requested",
            "params": {"round": submission.consultation.title},
            "url": f"/secretariat/identities/{row.id}",
            "dedupe": f"identity.requested:{row.id}",
        },
    )
    return row.id


def decide(asked: UnsealingRequest, *, approve: bool, actor_id: int) -> bool:
    """Approve or refuse a request that waits; return whether this decided it.

    One that is decided, has lapsed or is the actor's own is left. Writes the request, an audit
    entry and, approving, a ledger leaf; then enqueues notifications.tell_sealed for the author.
    """
    now = clock.now()
    decided = db.session.execute(
        update(UnsealingRequest)
        .where(
            UnsealingRequest.id == asked.id,
            UnsealingRequest.state == RequestState.WAITING,
            UnsealingRequest.requested_at > now - LAPSES_AFTER,
            UnsealingRequest.requested_by != actor_id,
        )
        .values(
            state=RequestState.APPROVED if approve else RequestState.REFUSED,
            decided_by=actor_id,
            decided_at=now,
        )
        .returning(UnsealingRequest.id)
    ).first()
    if decided is None:
        return False
    db.session.refresh(asked)
    _record("identity.approved" if approve else "identity.refused", asked, actor_id)
    _tell_requester(asked)
    if approve:
        _open(asked, now)
    return True


def _open(asked: UnsealingRequest, at: datetime) -> None:
    ledger.append(KIND, asked.id, unsealing_content(asked), at=at)
    enqueue(
        "notifications.tell_sealed",
        {
            "submission_ids": [asked.submission_id],
            "kind": "contribution.opened",
            "fact": f"identity.opened:{asked.id}",
        },
    )


def look(asked: UnsealingRequest, *, actor_id: int) -> Person:
    """Return who stands behind the submission; the policy has asked whether the actor may.

    Raises KeyMissing, Unopenable, NotSealed. Writes an audit entry.
    """
    row = asked.submission.authorship.sealed
    if row is None:
        raise NotSealed
    author, _ = vault.opened(row)
    _record("identity.seen", asked, actor_id)
    organisation = author.organisation_name
    if author.organisation_id is not None:
        organisation = db.session.get_one(Organisation, author.organisation_id).name
    if author.user_id is None:
        return Person(author.name, organisation=organisation)
    user = db.session.get_one(User, author.user_id)
    return Person(user.full_name, user.email, organisation)


def _tell_requester(asked: UnsealingRequest) -> None:
    enqueue(
        "notifications.tell",
        {
            "user_ids": [asked.requested_by],
            "kind": f"identity.{asked.state.value}",
            "params": {"round": asked.submission.consultation.title},
            "url": f"/secretariat/identities/{asked.id}",
            "dedupe": f"identity.decided:{asked.id}",
        },
    )


def _record(action: str, asked: UnsealingRequest, actor_id: int) -> None:
    audit.record(
        action,
        actor_id=actor_id,
        subject=("submission", asked.submission_id),
        details={"request": asked.id, "ground": asked.ground.value},
    )
