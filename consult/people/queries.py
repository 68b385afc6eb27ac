"""Reading organisations, memberships and profiles."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from msgspec import Struct
from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import contains_eager, lazyload

from consult.accounts.models import User
from consult.core import clock
from consult.core.db import db
from consult.core.i18n import local
from consult.core.text import fold, name_key
from consult.people.models import WAITING, Membership, Organisation, Profile

# The kinds of organisation that have members and may speak for them.
CLUB_KINDS = ("association", "club")
OFFICER_ROLES = ("chair", "secretary")


def today() -> date:
    """Return the day that it is in the portal's time zone."""
    return local(clock.now()).date()


def _valid(on: date) -> Any:
    return and_(
        or_(Organisation.valid_from.is_(None), Organisation.valid_from <= on),
        or_(Organisation.valid_to.is_(None), Organisation.valid_to >= on),
    )


def organisations(*kinds: str, on: date | None = None) -> list[Organisation]:
    """Return the organisations of those kinds (of all without any) that bear their name ``on``.

    ``on`` is a local day, by default today. Sorted by name.
    """
    statement = select(Organisation).where(_valid(on or today()))
    if kinds:
        statement = statement.where(Organisation.kind.in_(kinds))
    return sorted(db.session.scalars(statement), key=lambda row: fold(row.name))


def organisation(organisation_id: int) -> Organisation | None:
    """Return the organisation under any of its names, or None."""
    return db.session.get(Organisation, organisation_id)


def club_by_id(organisation_id: int) -> Organisation | None:
    """Return the club or association that exists today, or None."""
    row = db.session.get(Organisation, organisation_id)
    if row is None or row.kind not in CLUB_KINDS:
        return None
    now = today()
    started = row.valid_from is None or row.valid_from <= now
    return row if started and (row.valid_to is None or row.valid_to >= now) else None


class ClubRow(Struct, frozen=True):
    """A club in the list: how many members it has accepted, and the reader's own membership."""

    club: Organisation
    members: int
    mine: Membership | None


def clubs(user_id: int) -> list[ClubRow]:
    """Return today's clubs and associations as the user sees them; three queries."""
    counts = dict(
        db.session.execute(
            select(Membership.organisation_id, func.count())
            .where(Membership.state == "accepted")
            .group_by(Membership.organisation_id)
        ).all()
    )
    mine = {
        row.organisation_id: row
        for row in db.session.scalars(select(Membership).where(Membership.user_id == user_id))
    }
    return [
        ClubRow(club, counts.get(club.id, 0), mine.get(club.id))
        for club in organisations(*CLUB_KINDS)
    ]


def accepted_clubs(user_id: int) -> list[Organisation]:
    """Return the clubs and associations of today that have accepted the user, by name."""
    statement = (
        select(Organisation)
        .join(Membership, Membership.organisation_id == Organisation.id)
        .where(Membership.user_id == user_id, Membership.state == "accepted", _valid(today()))
    )
    return sorted(db.session.scalars(statement), key=lambda row: fold(row.name))


def membership(organisation_id: int, user_id: int) -> Membership | None:
    """Return the user's membership of the club in any state, or None."""
    return db.session.scalars(
        select(Membership).where(
            Membership.organisation_id == organisation_id, Membership.user_id == user_id
        )
    ).first()


def members(organisation_id: int) -> list[Membership]:
    """Return accepted members, open requests and invitations, by given name; one query."""
    statement = (
        select(Membership)
        .join(User, User.id == Membership.user_id)
        .where(
            Membership.organisation_id == organisation_id,
            Membership.state.in_(("accepted", "requested", "invited")),
            User.disabled_at.is_(None),
        )
        .options(contains_eager(Membership.user).lazyload(User.roles))
    )
    rows = db.session.scalars(statement).unique()
    return sorted(rows, key=lambda row: name_key(row.user.full_name))


def standing(organisation_id: int, user_id: int) -> tuple[str, str]:
    """Return state and role of the user in the club, ("", "") for a stranger; one query."""
    row = db.session.execute(
        select(Membership.state, Membership.role).where(
            Membership.organisation_id == organisation_id, Membership.user_id == user_id
        )
    ).one_or_none()
    return (row[0], row[1]) if row else ("", "")


def is_club_officer(user_id: int, organisation_id: int) -> bool:
    """Return whether the user is the accepted secretary or chair of that organisation."""
    state, role = standing(organisation_id, user_id)
    return state == "accepted" and role in OFFICER_ROLES


def is_club_chair(user_id: int, organisation_id: int) -> bool:
    """Return whether the user is the accepted chair of that organisation."""
    return standing(organisation_id, user_id) == ("accepted", "chair")


def is_club_member(user_id: int, organisation_id: int) -> bool:
    """Return whether the club has accepted the user."""
    return standing(organisation_id, user_id)[0] == "accepted"


def officers(organisation_id: int) -> list[int]:
    """Return the user ids of the club's secretary and chair."""
    return list(
        db.session.scalars(
            select(Membership.user_id)
            .where(
                Membership.organisation_id == organisation_id,
                Membership.state == "accepted",
                Membership.role.in_(OFFICER_ROLES),
            )
            .order_by(Membership.user_id)
        )
    )


def requests_for_officer(user_id: int) -> list[Membership]:
    """Return the open requests to join the clubs of which the user is an officer."""
    own = select(Membership.organisation_id).where(
        Membership.user_id == user_id,
        Membership.state == "accepted",
        Membership.role.in_(OFFICER_ROLES),
    )
    statement = select(Membership).where(
        Membership.organisation_id.in_(own), Membership.state == "requested"
    )
    return list(db.session.scalars(statement.order_by(Membership.requested_at)).unique())


def profile(user_id: int) -> Profile | None:
    """Return the user's profile, or None before it is first saved."""
    return db.session.get(Profile, user_id)


def profiles_by_user(user_ids: Sequence[int]) -> dict[int, Profile]:
    """Return user id → profile for those who have one; one query."""
    statement = select(Profile).where(Profile.user_id.in_(user_ids))
    rows = db.session.scalars(statement.options(lazyload(Profile.user)))
    return {row.user_id: row for row in rows}


def counts_by_state() -> dict[str, int]:
    """Return state → number of profiles."""
    return dict(
        db.session.execute(select(Profile.state, func.count()).group_by(Profile.state)).all()
    )


def profiles_statement(states: Collection[str] = (), name: str = "") -> Select[Any]:
    """Return the SELECT of profiles in ``states`` (all when empty) whose name holds ``name``.

    Diacritics and case of ``name`` do not matter. Those who wait longest come first.
    """
    statement = (
        select(Profile)
        .join(User, User.id == Profile.user_id)
        .options(contains_eager(Profile.user).lazyload(User.roles))
    )
    if states:
        statement = statement.where(Profile.state.in_(states))
    for word in fold(name).split():
        statement = statement.where(User.name_folded.contains(word, autoescape=True))
    decided = Profile.state.not_in(WAITING)  # False sorts before True on both engines
    return statement.order_by(decided, Profile.requested_at, Profile.user_id)
