"""The secretariat's decision on a profile: each fact is checked, titles by two people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct
from sqlalchemy import update

from consult.accounts.models import User
from consult.accounts.queries import users_with_role
from consult.accounts.services import mark_verified
from consult.core import audit, clock
from consult.core.db import db
from consult.core.settings import settings
from consult.people.evidence_models import Evidence
from consult.people.models import Profile
from consult.people.services import CORE_FACTS, facts, fingerprint, tell, tell_person

# Degrees from which on a second person looks; any academic title is above them.
HIGH_DEGREES = ("TS", "TSKH")


class NotPending(Exception):
    """The profile does not wait for this decision (any more)."""


class ChangedMeanwhile(Exception):
    """The profile is not the one that was looked at."""


class SamePerson(Exception):
    """Whoever checked a title cannot confirm it as the second person."""


class Unfinished(Exception):
    """Facts are without a finding, or without the reason of it; ``facts`` names them."""

    def __init__(self, unfinished: list[str]) -> None:
        super().__init__(", ".join(unfinished))
        self.facts = unfinished


class Finding(Struct, frozen=True):
    """What was found of one fact; all but "confirmed" need a reason."""

    verdict: Literal["confirmed", "refused", "more"]
    reason: str = ""

    @property
    def complete(self) -> bool:
        """Whether the reason is there that the verdict needs."""
        return self.verdict == "confirmed" or bool(self.reason.strip())


def to_check(row: Profile) -> list[str]:
    """Return the stated facts that nobody has verified as they stand now."""
    verified = row.verified_facts
    return [
        name
        for name in CORE_FACTS
        if getattr(row, name) and getattr(row, name) != verified.get(name)
    ]


def needs_two(row: Profile) -> bool:
    """Return whether a second person confirms what is to be checked of the profile."""
    names = to_check(row)
    high = "academic_title" in names or ("degree" in names and row.degree in HIGH_DEGREES)
    return settings().second_verifier and high


def check(user_id: int, findings: Mapping[str, Finding], *, seen: str, actor_id: int) -> Profile:
    """Record what was found of each fact of a waiting profile, and what follows from it.

    All confirmed: the person is verified, or (for a title, or a doctorate) a second person is
    asked. Else the profile goes back with the reasons. ``seen`` is the `fingerprint` of what the
    decision is about. Returns the profile. Raises NotPending, ChangedMeanwhile, Unfinished.
    Enqueues ``notifications.tell``.
    """
    row = _waiting(user_id, "pending")
    _as_seen(row, seen)
    names = to_check(row)
    unfinished = [n for n in names if n not in findings or not findings[n].complete]
    if unfinished:
        raise Unfinished(unfinished)
    found = [findings[name] for name in names]
    twice = needs_two(row)
    row.checks = {
        name: {"verdict": findings[name].verdict, "reason": findings[name].reason.strip()}
        for name in names
    }
    row.checked_by, row.checked_at = actor_id, clock.now()
    if any(finding.verdict != "confirmed" for finding in found):
        reasons = [f.reason.strip() for f in found if f.verdict != "confirmed"]
        _give_back(row, " ".join(reasons), actor_id)
    elif twice:
        row.state = "checked"
        audit.record("profile.checked", actor_id=actor_id, subject=("user", user_id))
        _ask_second(row, actor_id)
    else:
        _verify(row, actor_id)
    return row


def confirm(user_id: int, *, seen: str, actor_id: int) -> None:
    """Confirm as the second person what the first has checked; the person is verified then.

    Raises NotPending, ChangedMeanwhile, SamePerson. Enqueues ``notifications.tell``.
    """
    row = _waiting(user_id, "checked")
    if row.checked_by == actor_id:
        raise SamePerson
    _as_seen(row, seen)
    _verify(row, actor_id)


def return_profile(user_id: int, note: str, *, actor_id: int) -> None:
    """Give a profile that waits back with a note that says what to correct.

    When a verified person had changed degree or title, the verified facts are restored and
    the person stays verified. Raises NotPending, ValueError for an empty note. Enqueues
    ``notifications.tell``.
    """
    if not note.strip():
        raise ValueError("a returned profile needs a note")
    row = _waiting(user_id, "pending", "checked")
    row.checks, row.checked_by, row.checked_at = {}, None, None
    _give_back(row, note, actor_id)


def _waiting(user_id: int, *states: str) -> Profile:
    row = db.session.get(Profile, user_id, with_for_update={"of": Profile})
    if row is None or row.state not in states:
        raise NotPending
    return row


def _as_seen(row: Profile, seen: str) -> None:
    if fingerprint(row) != seen:
        raise ChangedMeanwhile


def _verify(row: Profile, actor_id: int) -> None:
    row.state, row.decision_note = "verified", ""
    row.verified_facts = facts(row)
    _decided(row, actor_id)
    mark_verified(row.user_id)
    details = {"checked_by": row.checked_by} if row.checked_by else {}
    audit.record(
        "profile.verified", actor_id=actor_id, subject=("user", row.user_id), details=details
    )
    tell_person(row, "profile.verified", {})


def _give_back(row: Profile, note: str, actor_id: int) -> None:
    row.state, row.decision_note = "returned", note
    if row.user.verified_at is not None:
        row.state = "verified"
        for name, value in row.verified_facts.items():
            setattr(row, name, value)
    _decided(row, actor_id)
    audit.record("profile.returned", actor_id=actor_id, subject=("user", row.user_id))
    tell_person(row, "profile.returned", {"note": note})


def _decided(row: Profile, actor_id: int) -> None:
    row.decided_at, row.decided_by = clock.now(), actor_id
    db.session.execute(
        update(Evidence).where(Evidence.user_id == row.user_id).values(decided_at=row.decided_at)
    )


def _ask_second(row: Profile, actor_id: int) -> None:
    others = [
        user.id for user in users_with_role("secretariat") if user.id not in (actor_id, row.user_id)
    ]
    name = db.session.get_one(User, row.user_id).full_name
    fact = f"profile.checked:{row.user_id}:{clock.now().isoformat()}"
    url = f"/secretariat/profiles/{row.user_id}"
    tell(others, "profile.checked", {"name": name}, url, fact)
    tell_person(row, "profile.halfway", {})
