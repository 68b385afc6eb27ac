"""Reading the history of memberships."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from consult.accounts.models import User
from consult.core.db import db
from consult.people.club_models import MembershipEvent
from consult.people.fields import with_title
from consult.people.models import Membership, Profile

_SHOWN = 30


def history(organisation_id: int) -> list[MembershipEvent]:
    """Return the club's latest steps of memberships with their people, newest first; one query."""
    return list(
        db.session.scalars(
            select(MembershipEvent)
            .options(joinedload(MembershipEvent.user).lazyload(User.roles))
            .where(MembershipEvent.organisation_id == organisation_id)
            .order_by(MembershipEvent.id.desc())
            .limit(_SHOWN)
        )
    )


def accepted(organisation_id: int) -> list[int]:
    """Return the user ids of the club's members whose accounts are in use; one query."""
    return list(
        db.session.scalars(
            select(Membership.user_id)
            .join(User, User.id == Membership.user_id)
            .where(
                Membership.organisation_id == organisation_id,
                Membership.state == "accepted",
                User.disabled_at.is_(None),
            )
            .order_by(Membership.user_id)
        )
    )


def titled(user_id: int) -> str:
    """Return the person's name with degree and title as the secretariat verified them."""
    user = db.session.get_one(User, user_id)
    profile = db.session.get(Profile, user_id)
    if user.verified_at is None or profile is None:
        return user.full_name
    facts = profile.verified_facts
    if not facts and profile.state == "verified":  # verified before such facts were kept apart
        facts = {"academic_title": profile.academic_title, "degree": profile.degree}
    return with_title(user.full_name, facts.get("academic_title", ""), facts.get("degree", ""))
