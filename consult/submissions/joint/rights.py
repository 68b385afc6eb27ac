"""Who may do what with a club's joint submission; the policy's table names these predicates."""

from __future__ import annotations

from consult.core.permissions import Actor
from consult.people import queries as people
from consult.submissions.joint.models import JointPoint, JointSubmission, JointSuggestion

Subject = JointSubmission | JointSuggestion | JointPoint


def member(actor: Actor, subject: Subject) -> bool:
    """Accepted by the club."""
    return _standing(actor, subject)[0] == "accepted"


def insider(actor: Actor, subject: Subject) -> bool:
    """A member, or somebody who was one: the services tell such a person what has ended."""
    return _standing(actor, subject)[0] in ("accepted", "left", "removed")


def officer(actor: Actor, subject: Subject) -> bool:
    """The club's secretary or chair."""
    state, role = _standing(actor, subject)
    return state == "accepted" and role in people.OFFICER_ROLES


def chair(actor: Actor, subject: Subject) -> bool:
    """The one who chairs the club."""
    return _standing(actor, subject) == ("accepted", "chair")


def suggester(actor: Actor, suggestion: JointSuggestion) -> bool:
    """The member who made the suggestion."""
    return suggestion.user_id == actor.user_id and member(actor, suggestion)


def _standing(actor: Actor, subject: Subject) -> tuple[str, str]:
    joint = subject if isinstance(subject, JointSubmission) else subject.joint
    if actor.user_id is None:
        return "", ""
    return people.standing(joint.organisation_id, actor.user_id)
