"""Writing reviews: saving drafts, sending once, opening them, revising after the opening."""

from __future__ import annotations

from datetime import datetime, timedelta

from consult.core import audit, clock
from consult.core.db import db
from consult.critiques import notices, queries, stages
from consult.critiques.checks import revisable
from consult.critiques.commands import RatingWords, ReviewWords
from consult.critiques.leaves import review_content
from consult.critiques.models import Clearance, Commission, CommissionStage, PanelRole, Seat
from consult.critiques.review_models import Conclusion, Rating, Review, ReviewRemark
from consult.ledger.services import append

SINCE_START = (CommissionStage.REVIEWING, CommissionStage.MEETING)
# How long before the reviews are due their authors are reminded.
REMINDERS = (("1d", timedelta(days=1)), ("3d", timedelta(days=3)))


class NotAMember(Exception):
    """The person does not sit on the panel, or has not been cleared."""


class AlreadySent(Exception):
    """The review has been sent, and there is nothing to revise now."""


class Unfinished(Exception):
    """What a review must have to be sent; ``codes`` are criterion ids and "conclusion"."""

    def __init__(self, codes: list[int | str]) -> None:
        super().__init__(str(codes))
        self.codes = codes


class SignedOff(Exception):
    """The chair has signed the report, so what it rests on stays as it is."""


class NotChair(Exception):
    """Only the chair opens reviews, and only after sending an own one."""


def save(commission_id: int, user_id: int, words: ReviewWords) -> Review:
    """Keep a review as it is written so far, and return it, flushed.

    Once the first one is sent and the reviews are opened, this begins the revision. Writes the
    review. Raises NotAMember, AlreadySent, SignedOff, stages.NotAllowed.
    """
    commission = queries.locked(commission_id)
    return _save(commission, _seat(commission, user_id), words)


def send(commission_id: int, user_id: int, words: ReviewWords) -> Review:
    """Keep the review and send it, once and for all; return it.

    The last one to be sent opens them all. Writes the review, a ledger leaf and an audit entry.
    Raises Unfinished and what `save` raises.
    """
    commission = queries.locked(commission_id)
    seat = _seat(commission, user_id)
    missing = unfinished(commission, words)
    if missing:
        raise Unfinished(missing)
    review = _save(commission, seat, words)
    review.sent_at = now = clock.now()
    db.session.flush()
    append("review", review.id, review_content(review), at=now)
    audit.record(
        "review.sent",
        actor_id=user_id,
        subject=("commission", commission_id),
        details={"number": review.number},
    )
    open_when_all_sent(commission)
    return review


def unfinished(commission: Commission, words: ReviewWords) -> list[int | str]:
    """Return what is missing: criteria without a rating, the conclusion, its grounds."""
    none = RatingWords()
    missing: list[int | str] = [
        criterion.id
        for criterion in commission.criteria
        if (said := words.ratings.get(criterion.id, none)).value is None and not said.not_applicable
    ]
    if words.conclusion is None:
        missing.append("conclusion")
    elif words.conclusion is not Conclusion.APPROVE and not words.general.strip():
        missing.append("general")
    return missing


def writable(commission: Commission, own: list[Review]) -> int | None:
    """Return the number of the review that may be written now, or None.

    1 until it is sent; 2 once the reviews are opened, until that is sent too.
    """
    if not revisable(commission):
        return None
    sent = [review.number for review in own if review.sent_at is not None]
    if not sent:
        return 1
    return 2 if not commission.blind and 2 not in sent else None


def open_by_chair(commission_id: int, user_id: int) -> Commission:
    """Open the reviews before all have been sent; those missing can still be sent.

    Writes the opening and an audit entry; tells the panel. Raises NotChair,
    stages.NotAllowed.
    """
    commission = queries.locked(commission_id)
    stages.require(commission, CommissionStage.REVIEWING, act="open")
    seat = _seat(commission, user_id)
    if seat.role is not PanelRole.CHAIR or seat.id not in queries.seats_sent(commission_id):
        raise NotChair
    if commission.blind:
        _open(commission, user_id)
    return commission


def open_when_all_sent(commission: Commission) -> None:
    """Open the reviews when every member has sent one; otherwise do nothing."""
    if commission.stage is not CommissionStage.REVIEWING or not commission.blind:
        return
    expected = {seat.id for seat in commission.seats if seat.accepted or seat.invited}
    if expected and expected <= queries.seats_sent(commission.id):
        _open(commission, None)


def remind(now: datetime) -> None:
    """Enqueue the reminders of reviews that are due in three days, in one, or overdue.

    Each is told once for a due instant, however often this runs; ``now`` is aware.
    """
    for commission in queries.waiting_for_reviews(now + REMINDERS[-1][1]):
        due = commission.reviews_due_at
        if due is None:
            continue
        sent = queries.seats_sent(commission.id)
        missing = [
            seat
            for seat in commission.seats
            if seat.accepted and seat.clearance is not Clearance.WAITING and seat.id not in sent
        ]
        near = (name for name, before in REMINDERS if due - now <= before)
        notices.due(commission, missing, "overdue" if due <= now else next(near))


def _open(commission: Commission, by: int | None) -> None:
    commission.opened_at, commission.opened_by = clock.now(), by
    audit.record("reviews.opened", actor_id=by, subject=("commission", commission.id))
    notices.opened(commission)


def _seat(commission: Commission, user_id: int) -> Seat:
    seat = commission.seat_of(user_id)
    if seat is None or not seat.cleared:
        raise NotAMember
    return seat


def _save(commission: Commission, seat: Seat, words: ReviewWords) -> Review:
    stages.require(commission, *SINCE_START, act="review")
    own = queries.own_reviews(seat.id)
    number = writable(commission, own)
    if number is None:
        raise AlreadySent
    if queries.signed(commission.id):
        raise SignedOff
    now = clock.now()
    review = next((review for review in own if review.number == number), None)
    if review is None:
        review = Review(
            commission_id=commission.id, seat=seat, number=number, created_at=now, saved_at=now
        )
        db.session.add(review)
    review.saved_at = now
    review.conclusion, review.general = words.conclusion, words.general
    _rate(review, {criterion.id for criterion in commission.criteria}, words)
    _remark(review, words)
    db.session.flush()
    return review


def _rate(review: Review, criteria: set[int], words: ReviewWords) -> None:
    known = {rating.criterion_id: rating for rating in review.ratings}
    for criterion_id in sorted(criteria & set(words.ratings)):
        said = words.ratings[criterion_id]
        rating = known.get(criterion_id)
        if rating is None:
            rating = Rating(criterion_id=criterion_id)
            review.ratings.append(rating)
        rating.value = None if said.not_applicable else said.value
        rating.not_applicable = said.not_applicable
        rating.argument, rating.evidence = said.argument, said.evidence
        rating.proposed_wording = said.proposed_wording


def _remark(review: Review, words: ReviewWords) -> None:
    # In place: deleting and adding rows of one ordinal would break its uniqueness.
    kept = review.remarks[: len(words.remarks)]
    for ordinal, said in enumerate(words.remarks, 1):
        if ordinal > len(kept):
            kept.append(ReviewRemark(ordinal=ordinal))
        row = kept[ordinal - 1]
        row.provision_key, row.citation = said.provision_key, said.citation
        row.argument, row.proposed_wording = said.argument, said.proposed_wording
    review.remarks = kept
