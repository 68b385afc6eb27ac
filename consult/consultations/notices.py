"""Who is told of a round's change of stage."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from consult.accounts import queries as accounts
from consult.accounts.models import User
from consult.consultations.models import Consultation
from consult.core.db import db
from consult.core.i18n import format_datetime
from consult.jobs.services import enqueue

# One job writes a notification and an e-mail for each person; jobs shall stay short.
_AT_ONCE = 200


def opened(consultation: Consultation) -> None:
    """Enqueue telling everybody who may write, and the staff who follow rounds."""
    people = set(
        db.session.scalars(
            select(User.id).where(User.verified_at.is_not(None), User.disabled_at.is_(None))
        )
    )
    _tell(consultation, "round.opened", people | _staff(consultation, agency=False))


def closed(consultation: Consultation) -> None:
    """Enqueue telling those who summarise and those who answer."""
    _tell(consultation, "round.closed", _staff(consultation))


def extended(consultation: Consultation, reason: str) -> None:
    """Enqueue telling those who have written in the round, and the staff."""
    _tell_with_authors(consultation, "round.extended", _staff(consultation), reason)


def cancelled(consultation: Consultation, reason: str) -> None:
    """Enqueue telling those who have written in the round, and the staff."""
    _tell_with_authors(consultation, "round.cancelled", _staff(consultation), reason)


def _staff(consultation: Consultation, *, agency: bool = True) -> set[int]:
    people = accounts.users_with_role("front")
    if agency:
        people = [*people, *accounts.users_with_role("official", consultation.agency_id)]
    return {user.id for user in people}


def _message(consultation: Consultation, kind: str, reason: str = "") -> dict[str, Any]:
    closes = format_datetime(consultation.closes_at)
    return {
        "kind": kind,
        "params": {"round": consultation.title, "closes": closes, "reason": reason},
        "url": f"/rounds/{consultation.id}",
        # A round may be extended several times: each new closing is a fact of its own.
        "dedupe": f"{kind}:{consultation.id}:{closes}",
    }


def _tell(consultation: Consultation, kind: str, people: set[int]) -> None:
    message, ids = _message(consultation, kind), sorted(people)
    for first in range(0, len(ids), _AT_ONCE):
        enqueue("notifications.tell", message | {"user_ids": ids[first : first + _AT_ONCE]})


def _tell_with_authors(
    consultation: Consultation, kind: str, people: set[int], reason: str
) -> None:
    # Who has written is known further up only; the job there adds the authors.
    message = _message(consultation, kind, reason) | {"user_ids": sorted(people)}
    enqueue("submissions.tell_authors", message | {"consultation_id": consultation.id})
