"""Writing profiles and memberships: what people say, what secretariat and clubs decide."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Any

from consult.accounts.models import User
from consult.accounts.queries import users_with_role
from consult.accounts.services import mark_verified
from consult.core import audit, clock
from consult.core.db import db, insert_ignore
from consult.jobs.services import enqueue
from consult.people import queries
from consult.people.models import Membership, Organisation, Profile

# What the secretariat vouches for; a change of it afterwards is looked at again.
CORE_FACTS = ("degree", "academic_title")
# What verification cannot do without.
NEEDED = ("degree", "field_code", "organisation_name", "locality")


class NotConfirmed(Exception):
    """The e-mail address is not confirmed, so nobody knows that it is the person's."""


class Incomplete(Exception):
    """Facts that verification needs are missing; ``fields`` names them."""

    def __init__(self, fields: list[str]) -> None:
        super().__init__(", ".join(fields))
        self.fields = fields


class NotPending(Exception):
    """The profile does not wait for a decision (any more)."""


class ChangedMeanwhile(Exception):
    """The profile is not the one that was looked at."""


class NoSuchRequest(Exception):
    """There is no open request of that person to join the club (any more)."""


@dataclass(frozen=True)
class SaveProfile:
    """Everything that the form of a profile holds."""

    year_of_birth: int | None
    gender: str
    academic_title: str
    degree: str
    field_code: str
    speciality: str
    post: str
    organisation_name: str
    locality: str
    about: str


def save_profile(user_id: int, command: SaveProfile) -> bool:
    """Keep the profile; return whether that made it wait for verification once more.

    A verified person stays verified: only a change of degree or academic title goes to the
    secretariat, and until it decides the verified facts are what counts.
    Enqueues ``notifications.tell`` then.
    """
    row = db.session.get(Profile, user_id)
    if row is None:
        row = Profile(user_id=user_id, state="draft", verified_facts={}, decision_note="")
        db.session.add(row)
    verified = db.session.get_one(User, user_id).verified_at is not None
    if verified and not row.verified_facts:
        row.verified_facts = _facts(row)
    for name, value in asdict(command).items():
        setattr(row, name, value)
    db.session.flush()
    if not verified:
        return False
    if _facts(row) == row.verified_facts:
        row.state = "verified"
        return False
    if row.state != "pending":
        _wait(row)
        return True
    return False


def request_verification(user_id: int) -> None:
    """Ask the secretariat to verify the saved profile; asking twice asks once.

    Raises NotConfirmed, Incomplete. Enqueues ``notifications.tell`` to the secretariat.
    """
    row = db.session.get_one(Profile, user_id)
    user = db.session.get_one(User, user_id)
    if user.email_confirmed_at is None:
        raise NotConfirmed
    missing = [name for name in NEEDED if not getattr(row, name)]
    if missing:
        raise Incomplete(missing)
    if row.state in ("draft", "returned"):
        _wait(row)


def verify(user_id: int, *, seen: str, actor_id: int) -> None:
    """Verify the profile that waits; the person may write from now on.

    ``seen`` is the `fingerprint` of what the decision is about. Raises NotPending and
    ChangedMeanwhile. Enqueues ``notifications.tell``.
    """
    row = _pending(user_id)
    if fingerprint(row) != seen:
        raise ChangedMeanwhile
    row.state, row.decision_note = "verified", ""
    row.verified_facts = _facts(row)
    _decided(row, actor_id)
    mark_verified(user_id)
    audit.record("profile.verified", actor_id=actor_id, subject=("user", user_id))
    _tell_person(row, "profile.verified", {})


def return_profile(user_id: int, note: str, *, actor_id: int) -> None:
    """Give the profile back with a note that says what to correct.

    When a verified person had changed degree or title, the verified facts are restored and
    the person stays verified. Raises NotPending, ValueError for an empty note. Enqueues
    ``notifications.tell``.
    """
    if not note.strip():
        raise ValueError("a returned profile needs a note")
    row = _pending(user_id)
    row.state, row.decision_note = "returned", note
    if row.user.verified_at is not None:
        row.state = "verified"
        for name, value in row.verified_facts.items():
            setattr(row, name, value)
    _decided(row, actor_id)
    audit.record("profile.returned", actor_id=actor_id, subject=("user", user_id))
    _tell_person(row, "profile.returned", {"note": note})


def fingerprint(row: Profile) -> str:
    """Return a short digest of everything that the profile says, the person's name included."""
    said = {name: getattr(row, name) for name in SaveProfile.__dataclass_fields__}
    words = json.dumps([row.user.full_name, said], sort_keys=True)
    return hashlib.sha256(words.encode()).hexdigest()[:16]


def _facts(row: Profile) -> dict[str, Any]:
    return {name: getattr(row, name) or "" for name in CORE_FACTS}


def _wait(row: Profile) -> None:
    now = clock.now()
    row.state, row.requested_at = "pending", now
    secretariat = [user.id for user in users_with_role("secretariat")]
    name = db.session.get_one(User, row.user_id).full_name
    audit.record("profile.requested", actor_id=row.user_id, subject=("user", row.user_id))
    _tell(
        secretariat,
        "profile.requested",
        {"name": name},
        f"/secretariat/profiles/{row.user_id}",
        f"profile.requested:{row.user_id}:{now.isoformat()}",
    )


def _pending(user_id: int) -> Profile:
    row = db.session.get(Profile, user_id, with_for_update={"of": Profile})
    if row is None or row.state != "pending":
        raise NotPending
    return row


def _decided(row: Profile, actor_id: int) -> None:
    row.decided_at, row.decided_by = clock.now(), actor_id


def _tell_person(row: Profile, kind: str, params: dict[str, Any]) -> None:
    fact = f"{kind}:{row.user_id}:{clock.now().isoformat()}"
    _tell([row.user_id], kind, params, "/profile", fact)


def _tell(user_ids: list[int], kind: str, params: dict[str, Any], url: str, fact: str) -> None:
    enqueue(
        "notifications.tell",
        {"user_ids": user_ids, "kind": kind, "params": params, "url": url, "dedupe": fact},
    )
