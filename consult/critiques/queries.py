"""Reading commissions, panels and reviews; the one door to other members' reviews."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from msgspec import Struct
from sqlalchemy import ColumnElement, Select, and_, false, or_, select, true
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.orm.strategy_options import _AbstractLoad  # pyright: ignore[reportPrivateUsage]

from consult.accounts.models import User
from consult.consultations.models import Consultation, Stage
from consult.core.db import db
from consult.critiques.commands import OrderCritique
from consult.critiques.defaults import TEMPLATES, TemplateLine
from consult.critiques.models import (
    Commission,
    CommissionChange,
    CommissionStage,
    CritiqueTemplate,
    Seat,
    SeatState,
)
from consult.critiques.review_models import (
    CritiqueReport,
    Dissent,
    Meeting,
    Review,
)


class StillBlind(Exception):
    """Nobody may see another's review before all have sent or the chair has opened them."""


# --- commissions ---------------------------------------------------------------------------------


def with_seats() -> _AbstractLoad:
    """Return what loads the seats with their people."""
    return selectinload(Commission.seats).joinedload(Seat.user).lazyload(User.roles)


def commission(commission_id: int) -> Commission | None:
    """Return the commission with its version, orderer and seats, or None; two queries."""
    return db.session.scalars(
        select(Commission).options(with_seats()).where(Commission.id == commission_id)
    ).first()


def locked(commission_id: int) -> Commission:
    """Return the commission as it is now, locked against other writers until the end.

    NoResultFound when there is none; two queries.
    """
    return db.session.scalars(
        select(Commission)
        .options(with_seats())
        .where(Commission.id == commission_id)
        .with_for_update(of=Commission)
        .execution_options(populate_existing=True)
    ).one()


def same_order(command: OrderCritique, *, since: datetime) -> Commission | None:
    """Return the order that the same person placed in the same words since then; one query."""
    return db.session.scalars(
        select(Commission)
        .where(
            Commission.version_id == command.version_id,
            Commission.ordered_by == command.ordered_by,
            Commission.created_at >= since,
            Commission.stage == CommissionStage.ORDERED,
            Commission.title == command.title,
            Commission.scope == command.scope,
            Commission.questions == command.questions,
            Commission.deadline == command.deadline,
        )
        .limit(1)
    ).first()


class Concerned(Struct, frozen=True):
    """Whose commissions to list: ``everything`` for the union's secretariat."""

    user_id: int
    agencies: Sequence[int] = ()
    front: bool = False
    everything: bool = False


def commissions(whom: Concerned) -> Sequence[Commission]:
    """Return the commissions that somebody ordered, sits on or works on, newest first.

    Two queries.
    """
    sits = select(Seat.commission_id).where(
        Seat.user_id == whom.user_id, Seat.state != SeatState.RELEASED
    )
    wanted: list[ColumnElement[bool]] = [
        true() if whom.everything else false(),
        and_(
            Commission.ordered_as == "official",
            Commission.orderer_id.in_(whom.agencies) if whom.agencies else false(),
        ),
        and_(Commission.ordered_as == "front", true() if whom.front else false()),
        Commission.id.in_(sits),
    ]
    return db.session.scalars(
        select(Commission)
        .options(with_seats())
        .where(or_(*wanted))
        .order_by(Commission.created_at.desc(), Commission.id.desc())
        .limit(200)
    ).all()


def orderable(whom: Concerned) -> Sequence[Consultation]:
    """Return the newest published rounds on which somebody may order a critique; one query."""
    staff = whom.front or whom.everything
    if not staff and not whom.agencies:
        return []
    mine = true() if staff else Consultation.agency_id.in_(whom.agencies)
    hidden = (Stage.PREPARING, Stage.CANCELLED)
    return db.session.scalars(
        select(Consultation)
        .where(mine, Consultation.stage.not_in(hidden))
        .order_by(Consultation.created_at.desc(), Consultation.id.desc())
        .limit(20)
    ).all()


class HistoryLine(Struct, frozen=True):
    """A change of stage and the name of who made it; empty: the scheduler."""

    change: CommissionChange
    actor_name: str


def history(commission_id: int) -> list[HistoryLine]:
    """Return the commission's changes of stage, oldest first; one query."""
    rows = db.session.execute(
        select(CommissionChange, User.full_name)
        .outerjoin(User, User.id == CommissionChange.actor_id)
        .where(CommissionChange.commission_id == commission_id)
        .order_by(CommissionChange.at, CommissionChange.id)
    )
    return [HistoryLine(change, name or "") for change, name in rows]


def template(kind: str) -> list[TemplateLine]:
    """Return the lines of the template "intake" or "criterion" in force; one query."""
    rows = db.session.scalars(
        select(CritiqueTemplate)
        .where(CritiqueTemplate.kind == kind)
        .order_by(CritiqueTemplate.ordinal)
    ).all()
    if not rows:
        return list(TEMPLATES[kind])
    return [TemplateLine(row.text, row.guidance, row.is_required) for row in rows]


# --- reviews -------------------------------------------------------------------------------------


def own_reviews(seat_id: int) -> list[Review]:
    """Return the member's own reviews, the first first, drafts included; two queries."""
    return list(
        db.session.scalars(
            _whole_reviews().where(Review.seat_id == seat_id).order_by(Review.number)
        ).unique()
    )


def _whole_reviews() -> Select[Review]:
    return select(Review).options(joinedload(Review.ratings), selectinload(Review.remarks))


def seats_sent(commission_id: int) -> set[int]:
    """Return the seats whose first review has been sent, and nothing of it; one query."""
    return set(
        db.session.scalars(
            select(Review.seat_id).where(
                Review.commission_id == commission_id,
                Review.number == 1,
                Review.sent_at.is_not(None),
            )
        )
    )


def sent_reviews(of: Commission) -> list[Review]:
    """Return every sent review, by seat and number.

    With `own_reviews` and `sent_review` the only way to them.
    Raises StillBlind until they are opened. Two queries.
    """
    if of.blind:
        raise StillBlind
    return list(
        db.session.scalars(
            _whole_reviews()
            .where(Review.commission_id == of.id, Review.sent_at.is_not(None))
            .order_by(Review.seat_id, Review.number)
        ).unique()
    )


def sent_review(review_id: int) -> Review | None:
    """Return one sent review with its seat and commission, or None; three queries.

    Who may see it, and when, is the policy's ("review.read").
    """
    return (
        db.session.scalars(
            _whole_reviews()
            .options(
                joinedload(Review.seat).options(
                    joinedload(Seat.user).lazyload(User.roles),
                    joinedload(Seat.commission).options(with_seats()),
                )
            )
            .where(Review.id == review_id, Review.sent_at.is_not(None))
        )
        .unique()
        .first()
    )


def counting(reviews: Iterable[Review]) -> list[Review]:
    """Return of each seat the sent review that counts, the last one."""
    return list({review.seat_id: review for review in reviews}.values())


# --- meeting and report --------------------------------------------------------------------------


def meeting(commission_id: int) -> Meeting | None:
    """Return the meeting with its attendance, or None; one query."""
    return (
        db.session.scalars(
            select(Meeting)
            .options(joinedload(Meeting.attendance))
            .where(Meeting.commission_id == commission_id)
        )
        .unique()
        .first()
    )


def report(commission_id: int) -> CritiqueReport | None:
    """Return the report with its recommendations, or None; one query."""
    return (
        db.session.scalars(
            select(CritiqueReport)
            .options(joinedload(CritiqueReport.recommendations))
            .where(CritiqueReport.commission_id == commission_id)
        )
        .unique()
        .first()
    )


def signed(commission_id: int) -> bool:
    """Return whether the chair has signed the report; one query."""
    return (
        db.session.scalar(
            select(CritiqueReport.signed_at).where(CritiqueReport.commission_id == commission_id)
        )
        is not None
    )


def dissents(commission_id: int) -> list[Dissent]:
    """Return the differing opinions, oldest first; one query.

    Their seats come from the commission, which the caller has loaded.
    """
    return list(
        db.session.scalars(
            select(Dissent)
            .where(Dissent.commission_id == commission_id)
            .order_by(Dissent.at, Dissent.id)
        )
    )


# --- reminders -----------------------------------------------------------------------------------


def waiting_for_reviews(until: datetime) -> Sequence[Commission]:
    """Return the commissions being reviewed whose reviews are due by ``until`` (aware)."""
    return db.session.scalars(
        select(Commission)
        .options(with_seats())
        .where(
            Commission.stage == CommissionStage.REVIEWING,
            Commission.opened_at.is_(None),
            Commission.reviews_due_at <= until,
        )
        .order_by(Commission.id)
    ).all()


def critiques_of(user_ids: Collection[int]) -> dict[int, int]:
    """Return how many panels each of these people has sent a review to; one query."""
    found: dict[int, int] = {}
    for user_id in db.session.scalars(
        select(Seat.user_id)
        .join(Review, Review.seat_id == Seat.id)
        .where(Seat.user_id.in_(user_ids), Review.number == 1, Review.sent_at.is_not(None))
    ):
        found[user_id] = found.get(user_id, 0) + 1
    return found
