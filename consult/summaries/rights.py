"""Who may do what with summaries; the policy's table names these predicates."""

from __future__ import annotations

from consult.consultations.rights import front_of_round, official_of_round, reader_of_round
from consult.core.permissions import Actor
from consult.submissions.rights import author
from consult.summaries import steps
from consult.summaries.models import StepKind, Summary
from consult.summaries.objection_queries import OwnPoint, wrote_in


def another_of_the_front(actor: Actor, summary: Summary) -> bool:
    """Front staff who have not written in this version."""
    return front_of_round(actor, summary) and actor.user_id not in steps.writers(summary)


def public_reader(actor: Actor, summary: Summary) -> bool:
    """A released summary that is public: the round's readers."""
    return _released(summary) and summary.is_public and reader_of_round(actor, summary)


def council_reader(actor: Actor, summary: Summary) -> bool:
    """The People's Council, of what was released to it."""
    return _released(summary) and summary.for_council and actor.has("council")


def agency_reader(actor: Actor, summary: Summary) -> bool:
    """Officials of the drafting agency, of what was released to it."""
    return _released(summary) and summary.for_agency and official_of_round(actor, summary)


def recorded_author(actor: Actor, summary: Summary) -> bool:
    """Authors of standing points in the round, once the summary has been approved."""
    return (
        actor.user_id is not None
        and steps.last(summary, StepKind.APPROVED) is not None
        and wrote_in(actor.user_id, summary.consultation_id)
    )


def author_of_own_point(actor: Actor, subject: OwnPoint) -> bool:
    return author(actor, subject.point)


def _released(summary: Summary) -> bool:
    return summary.released_at is not None
