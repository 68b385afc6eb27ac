"""Who may do what in a club or association; the policy's table names these predicates."""

from __future__ import annotations

from consult.core.permissions import Actor
from consult.people import queries
from consult.people.models import Organisation


def officer(actor: Actor, club: Organisation) -> bool:
    """The club's secretary or chair."""
    return actor.user_id is not None and queries.is_club_officer(actor.user_id, club.id)


def chair(actor: Actor, club: Organisation) -> bool:
    """The one who chairs the club."""
    return actor.user_id is not None and queries.is_club_chair(actor.user_id, club.id)


def member(actor: Actor, club: Organisation) -> bool:
    """Accepted by the club."""
    return actor.user_id is not None and queries.is_club_member(actor.user_id, club.id)
