"""What somebody is to a commission: orderer, seated, member, chair; the policy decides by it."""

from __future__ import annotations

from consult.core.permissions import Actor
from consult.critiques.models import Commission, CommissionStage, PanelRole, SeatState
from consult.critiques.review_models import Review

_DELIVERED = (CommissionStage.REPORTED, CommissionStage.ANSWERED)
_LEADS = (PanelRole.CHAIR, PanelRole.SECRETARY)


def orderer(actor: Actor, commission: Commission) -> bool:
    """Of the agency that ordered it; Front or secretariat staff where these did."""
    if commission.ordered_as == "official":
        return actor.holds("official", commission.orderer_id)
    return actor.has(commission.ordered_as)


def orderer_with_report(actor: Actor, commission: Commission) -> bool:
    """The orderer, once the report has been delivered and not before."""
    return commission.stage in _DELIVERED and orderer(actor, commission)


def seated(actor: Actor, commission: Commission) -> bool:
    """Invited to the panel, whatever the answer was, and not released."""
    seat = commission.seat_of(actor.user_id)
    return seat is not None and seat.state is not SeatState.RELEASED


def member(actor: Actor, commission: Commission) -> bool:
    """On the panel, with no conflict of interest or cleared of it."""
    seat = commission.seat_of(actor.user_id)
    return seat is not None and seat.cleared


def member_after_opening(actor: Actor, commission: Commission) -> bool:
    """A member, once the reviews have been opened."""
    return not commission.blind and member(actor, commission)


def secretariat_after_opening(actor: Actor, commission: Commission) -> bool:
    """The union's secretariat, once the reviews have been opened."""
    return not commission.blind and actor.has("secretariat")


def chair(actor: Actor, commission: Commission) -> bool:
    """The member who chairs the panel."""
    seat = commission.seat_of(actor.user_id)
    return seat is not None and seat.cleared and seat.role is PanelRole.CHAIR


def lead(actor: Actor, commission: Commission) -> bool:
    """The panel's chair or secretary."""
    seat = commission.seat_of(actor.user_id)
    return seat is not None and seat.cleared and seat.role in _LEADS


def lead_after_opening(actor: Actor, commission: Commission) -> bool:
    """The panel's chair or secretary, once the reviews have been opened."""
    return not commission.blind and lead(actor, commission)


def author_of_review(actor: Actor, review: Review) -> bool:
    """The member who wrote it, blind or not."""
    return review.seat.user_id == actor.user_id and member(actor, review.seat.commission)


def reader_of_review(actor: Actor, review: Review) -> bool:
    """The panel and the secretariat, once the reviews have been opened."""
    commission = review.seat.commission
    return member_after_opening(actor, commission) or secretariat_after_opening(actor, commission)
