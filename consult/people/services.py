"""Writing profiles: what people say of themselves, what the secretariat decides on it."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict
from sqlalchemy import update

from consult.accounts.models import User
from consult.accounts.queries import users_with_role
from consult.core import audit, clock
from consult.core.db import db
from consult.jobs.services import enqueue
from consult.people.evidence_models import Evidence
from consult.people.models import WAITING, Profile

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


class SaveProfile(Struct, frozen=True):
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
    residence: str
    languages: str
    associations: str
    publications: str
    patents: str
    critique_experience: str
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
        row.verified_facts = facts(row)
    before = facts(row) if verified else said(row)
    for name, value in asdict(command).items():
        setattr(row, name, value)
    if row.state == "checked" and before != (facts(row) if verified else said(row)):
        # What the first person found was another profile.
        row.state, row.checks, row.checked_by, row.checked_at = "pending", {}, None, None
    db.session.flush()
    if not verified:
        return False
    if facts(row) == row.verified_facts:
        row.state, row.checks = "verified", {}
        return False
    if row.state not in WAITING:
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


def fingerprint(row: Profile) -> str:
    """Return a short digest of everything that the profile says, the person's name included."""
    words = json.dumps([row.user.full_name, said(row)], sort_keys=True)
    return hashlib.sha256(words.encode()).hexdigest()[:16]


def said(row: Profile) -> dict[str, Any]:
    """Return everything that the person says in the profile."""
    return {name: getattr(row, name) for name in SaveProfile.__struct_fields__}


def facts(row: Profile) -> dict[str, Any]:
    """Return what the secretariat vouches for once it has verified the profile."""
    return {name: getattr(row, name) or "" for name in CORE_FACTS}


def _wait(row: Profile) -> None:
    now = clock.now()
    row.state, row.requested_at = "pending", now
    row.checks, row.checked_by, row.checked_at = {}, None, None
    # What is kept of the evidence is looked at once more: its period begins anew.
    db.session.execute(
        update(Evidence).where(Evidence.user_id == row.user_id).values(decided_at=None)
    )
    secretariat = [user.id for user in users_with_role("secretariat")]
    name = db.session.get_one(User, row.user_id).full_name
    audit.record("profile.requested", actor_id=row.user_id, subject=("user", row.user_id))
    tell(
        secretariat,
        "profile.requested",
        {"name": name},
        f"/secretariat/profiles/{row.user_id}",
        f"profile.requested:{row.user_id}:{now.isoformat()}",
    )


def tell_person(row: Profile, kind: str, params: dict[str, Any]) -> None:
    """Tell the person of the profile a fact about it. Enqueues ``notifications.tell``."""
    fact = f"{kind}:{row.user_id}:{clock.now().isoformat()}"
    tell([row.user_id], kind, params, "/profile", fact)


def tell(user_ids: list[int], kind: str, params: dict[str, Any], url: str, fact: str) -> None:
    """Tell the users ``fact``, a key that is unique to it, once."""
    enqueue(
        "notifications.tell",
        {"user_ids": user_ids, "kind": kind, "params": params, "url": url, "dedupe": fact},
    )
