"""Who may do what with a club's joint submission; the policy's table names these predicates."""

from __future__ import annotations

from consult.core.permissions import Actor
from consult.people import queries as people
from consult.people.models import Membership
from consult.submissions.joint_models import JointPoint, JointSubmission, JointSuggestion

Subject = JointSubmission | JointSuggestion | JointPoint


def member(actor: Actor, subject: Subject) -> bool:
    """Accepted by the club."""
    row = _membership(actor, subject)
    return row is not None and row.state == "accepted"


def insider(actor: Actor, subject: Subject) -> bool:
    """A member, or somebody who was one: the services tell such a person what has ended."""
    row = _membership(actor, subject)
    return row is not None and row.state in ("accepted", "left", "removed")


def officer(actor: Actor, subject: Subject) -> bool:
    """The club's secretary or chair."""
    row = _membership(actor, subject)
    return row is not None and row.state == "accepted" and row.role in people.OFFICER_ROLES


def chair(actor: Actor, subject: Subject) -> bool:
    """The one who chairs the club."""
    row = _membership(actor, subject)
    return row is not None and row.state == "accepted" and row.role == "chair"


def suggester(actor: Actor, suggestion: JointSuggestion) -> bool:
    """The member who made the suggestion."""
    return suggestion.user_id == actor.user_id and member(actor, suggestion)


def _membership(actor: Actor, subject: Subject) -> Membership | None:
    joint = subject if isinstance(subject, JointSubmission) else subject.joint
    if actor.user_id is None:
        return None
    return people.membership(joint.organisation_id, actor.user_id)
