"""Writing memberships of clubs and associations: joining, inviting, leaving, functions."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from consult.accounts.models import User
from consult.accounts.queries import users_with_role
from consult.core import audit, clock, ratelimit
from consult.core.db import db, insert_ignore
from consult.jobs.services import enqueue
from consult.people import queries
from consult.people.club_models import MembershipEvent
from consult.people.models import Membership, Organisation

_ADDRESSES = 50  # that one person may try to invite in a day
MEMBER_ROLES = ("member", *queries.OFFICER_ROLES)


class NoSuchRequest(Exception):
    """There is no open request or invitation of that person, or no membership (any more)."""


class Lapsed(Exception):
    """The invitation was open until ``until``."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until)
        self.until = until


class NobodyVerified(Exception):
    """No account with that address has a verified profile."""


class TooManyInvitations(Exception):
    """The person has tried so many addresses today that it looks like searching for accounts."""


class AlreadyMember(Exception):
    """The person has been accepted already."""


class HandOverFirst(Exception):
    """The club would be left without its chair, or without any officer."""


def ask_to_join(club: Organisation, user_id: int) -> None:
    """Ask the club to accept the user; asking twice, or as a member, changes nothing.

    Whoever was declined, removed or has left may ask again; whoever is invited is a member
    then. Tells the club's officers, or the union's secretariat when the club has none.
    """
    row, new = _membership(club, user_id, "requested")
    if not new:
        if row.state == "invited" and not row.lapsed:
            answer_invitation(club, user_id, accept=True)
            return
        if row.state in ("requested", "accepted"):
            return
        _begin_again(row, "requested")
    _note(row, "requested", user_id)
    user = db.session.get_one(User, user_id)
    deciding = queries.officers(club.id) or [u.id for u in users_with_role("secretariat")]
    _tell(deciding, "club.requested", club, user_id, name=user.full_name)


def invite(club: Organisation, email: str, *, actor_id: int) -> None:
    """Invite whoever has that address; it is for the person to accept.

    Inviting twice invites once, anew when the first lapsed; whoever has asked to join is
    accepted. Raises NobodyVerified,
    AlreadyMember, TooManyInvitations. Writes an audit entry; tells the person.
    """
    if not ratelimit.hit(f"club.invite:{actor_id}", limit=_ADDRESSES, period=timedelta(days=1)):
        raise TooManyInvitations
    user = db.session.scalars(
        select(User).where(
            User.email == email.strip().lower(),
            User.verified_at.is_not(None),
            User.disabled_at.is_(None),
        )
    ).one_or_none()
    if user is None:
        raise NobodyVerified
    row, new = _membership(club, user.id, "invited")
    if not new:
        if row.state == "accepted":
            raise AlreadyMember
        if row.state == "requested":
            decide_request(club, user.id, accept=True, actor_id=actor_id)
            return
        if row.state == "invited" and not row.lapsed:
            return
        _begin_again(row, "invited")
    _note(row, "invited", actor_id)
    _audit("club.invited", club, actor_id, user_id=user.id)
    _tell([user.id], "club.invited", club, user.id)


def answer_invitation(club: Organisation, user_id: int, *, accept: bool) -> None:
    """Accept or decline the club's invitation; tells the officers.

    Raises NoSuchRequest, and Lapsed when it is accepted too late.
    """
    row = _locked(club, user_id)
    if row is None or row.state != "invited":
        raise NoSuchRequest
    if accept and row.lapsed:
        raise Lapsed(row.answer_by)
    _settle(row, "accepted" if accept else "declined", user_id)
    user = db.session.get_one(User, user_id)
    kind = "club.joined" if accept else "club.refused"
    _audit(kind, club, user_id, user_id=user_id)
    _tell(queries.officers(club.id), kind, club, user_id, name=user.full_name)


def take_back(club: Organisation, user_id: int, *, actor_id: int) -> None:
    """Take the club's invitation back. Raises NoSuchRequest when it was answered meanwhile."""
    row = _locked(club, user_id)
    if row is None or row.state != "invited":
        raise NoSuchRequest
    _settle(row, "left", actor_id, step="uninvited")


def decide_request(club: Organisation, user_id: int, *, accept: bool, actor_id: int) -> None:
    """Accept or decline the user's open request. Raises NoSuchRequest; tells the person."""
    row = _locked(club, user_id)
    if row is None or row.state != "requested":
        raise NoSuchRequest
    _settle(row, "accepted" if accept else "declined", actor_id)
    kind = f"club.{row.state}"
    _audit(kind, club, actor_id, user_id=user_id)
    _tell([user_id], kind, club, user_id)


def leave(club: Organisation, user_id: int) -> None:
    """End the user's membership or take the request back; opinions already sent stay.

    Raises HandOverFirst for the chair and for the last officer, as long as others are members.
    """
    row = _locked(club, user_id)
    if row is None or row.state not in ("requested", "accepted"):
        return
    if row.state == "accepted":
        _check_left_led(row)
        _audit("club.left", club, user_id)
    _settle(row, "left", user_id)


def remove(club: Organisation, user_id: int, *, actor_id: int, reason: str) -> None:
    """End another person's membership, with a reason; tells the person.

    Raises NoSuchRequest for somebody who is no member, HandOverFirst as `leave` does.
    """
    row = _locked(club, user_id)
    if row is None or row.state != "accepted":
        raise NoSuchRequest
    _check_left_led(row)
    _settle(row, "removed", actor_id)
    _audit("club.removed", club, actor_id, user_id=user_id, reason=reason)
    _tell([user_id], "club.removed", club, user_id, reason=reason)


def set_club_role(club: Organisation, user_id: int, role: str, *, actor_id: int) -> None:
    """Make an accepted member "member" or "secretary" of the club; "chair" while it has none.

    Raises ValueError for another role, NoSuchRequest when the person is no member,
    HandOverFirst when the club has a chair, or would be left without any officer.
    """
    if role not in MEMBER_ROLES:
        raise ValueError(f"a club has no {role!r}")
    row = _locked(club, user_id)
    if row is None or row.state != "accepted":
        raise NoSuchRequest
    if row.role == role:
        return
    if role == "chair" and _chair(club.id) is not None:
        raise HandOverFirst
    if role == "member" or row.role == "chair":
        _check_left_led(row)
    _give_role(club, row, role, actor_id)


def hand_over(club: Organisation, user_id: int, *, actor_id: int) -> None:
    """Make an accepted member the club's one chair; the chair so far becomes a member.

    Raises NoSuchRequest. Writes an audit entry for each; tells the new chair.
    """
    row = _locked(club, user_id)
    if row is None or row.state != "accepted":
        raise NoSuchRequest
    if row.role == "chair":
        return
    before = _chair(club.id)
    if before is not None:
        _give_role(club, before, "member", actor_id)
    _give_role(club, row, "chair", actor_id)


# --- the steps that these share ------------------------------------------------------------------


def _membership(club: Organisation, user_id: int, state: str) -> tuple[Membership, bool]:
    """Return the user's membership, locked, and whether it was made now in ``state``."""
    values = {
        "organisation_id": club.id,
        "user_id": user_id,
        "state": state,
        "role": "member",
        "requested_at": clock.now(),
    }
    new = insert_ignore(Membership, values, "organisation_id", "user_id")
    row = _locked(club, user_id)
    assert row is not None
    return row, new


def _locked(club: Organisation, user_id: int) -> Membership | None:
    """Return the membership; changes of one club follow one another until the commit."""
    db.session.execute(
        select(Organisation.id).where(Organisation.id == club.id).with_for_update(key_share=True)
    )
    return db.session.scalars(
        select(Membership)
        .where(Membership.organisation_id == club.id, Membership.user_id == user_id)
        .execution_options(populate_existing=True)
    ).one_or_none()


def _begin_again(row: Membership, state: str) -> None:
    row.state, row.role, row.requested_at = state, "member", clock.now()
    row.decided_at = row.decided_by = None


def _settle(row: Membership, state: str, actor_id: int, *, step: str = "") -> None:
    row.state, row.role = state, "member"
    row.decided_at, row.decided_by = clock.now(), actor_id
    _note(row, step or state, actor_id)


def _chair(club_id: int) -> Membership | None:
    return db.session.scalars(
        select(Membership).where(
            Membership.organisation_id == club_id,
            Membership.state == "accepted",
            Membership.role == "chair",
        )
    ).first()


def _check_left_led(row: Membership) -> None:
    """Raise HandOverFirst when others would be left without their chair or any officer."""
    others = [
        other.role
        for other in db.session.scalars(
            select(Membership).where(
                Membership.organisation_id == row.organisation_id,
                Membership.state == "accepted",
                Membership.user_id != row.user_id,
            )
        )
    ]
    last = row.role != "member" and all(role == "member" for role in others)
    if others and (row.role == "chair" or last):
        raise HandOverFirst


def _give_role(club: Organisation, row: Membership, role: str, actor_id: int) -> None:
    row.role = role
    _note(row, role, actor_id)
    _audit("club.role_set", club, actor_id, user_id=row.user_id, role=role)
    if role == "chair" and row.user_id != actor_id:
        _tell([row.user_id], "club.chair", club, row.user_id)


def _note(row: Membership, step: str, actor_id: int) -> None:
    db.session.add(
        MembershipEvent(
            organisation_id=row.organisation_id,
            user_id=row.user_id,
            step=step,
            at=clock.now(),
            actor_id=actor_id,
        )
    )
    db.session.flush()


def _audit(kind: str, club: Organisation, actor_id: int, **details: Any) -> None:
    audit.record(kind, actor_id=actor_id, subject=("organisation", club.id), details=details)


def _tell(user_ids: list[int], kind: str, club: Organisation, about: int, **params: Any) -> None:
    enqueue(
        "notifications.tell",
        {
            "user_ids": user_ids,
            "kind": kind,
            "params": {"club": club.name} | params,
            "url": f"/clubs/{club.id}",
            "dedupe": f"{kind}:{club.id}:{about}:{clock.now().isoformat()}",
        },
    )
