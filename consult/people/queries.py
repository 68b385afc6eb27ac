"""Reading organisations, memberships and profiles."""

from __future__ import annotations

from sqlalchemy import select

from consult.core.db import db
from consult.people.models import Membership


def is_club_officer(user_id: int, organisation_id: int) -> bool:
    """Return whether the user is the accepted secretary or chair of that organisation."""
    return (
        db.session.scalar(
            select(Membership.id).where(
                Membership.organisation_id == organisation_id,
                Membership.user_id == user_id,
                Membership.state == "accepted",
                Membership.role.in_(("secretary", "chair")),
            )
        )
        is not None
    )
