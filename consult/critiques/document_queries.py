"""All that an official document of a critique needs, in one call each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from consult.core.db import db
from consult.critiques import queries
from consult.critiques.models import Commission, Criterion, Seat
from consult.critiques.review_models import (
    Attendance,
    Conclusion,
    CritiqueReport,
    Dissent,
    Meeting,
    Rating,
    Review,
)
from consult.critiques.spread import Move, Spread, moves, spread
from consult.people.models import Profile
from consult.people.queries import profiles_by_user


class Person(Struct, frozen=True):
    """A member as documents name one; ``profile`` None for somebody without."""

    seat: Seat
    name: str
    profile: Profile | None


class ReviewSheet(Struct, frozen=True):
    """Phiếu nhận xét: one sent review; ``ratings`` by the criterion's id."""

    commission: Commission
    criteria: Sequence[Criterion]
    member: Person
    review: Review
    ratings: Mapping[int, Rating]


class MinutesSheet(Struct, frozen=True):
    """Biên bản: the meeting with who was there; chair and secretary are None without one."""

    commission: Commission
    meeting: Meeting
    attendance: Sequence[tuple[Person, Attendance | None]]
    chair: Person | None
    secretary: Person | None


class CriterionLine(Struct, frozen=True):
    """A criterion of the report: its spread and what members argue, by their roles' order."""

    criterion: Criterion
    spread: Spread
    ratings: Sequence[tuple[Seat, Rating]]


class Compared(Struct, frozen=True):
    """The reviews side by side.

    ``reviews`` are those that count, by their roles' order; ``moves`` tells whose rating moved
    between the first and the second; ``conclusions`` how many concluded what.
    """

    commission: Commission
    panel: Sequence[Seat]
    lines: Sequence[CriterionLine]
    reviews: Sequence[Review]
    moves: Sequence[Move]
    conclusions: Mapping[Conclusion, int]


class ReportSheet(Compared, frozen=True):
    """Báo cáo phản biện: everything that it carries."""

    report: CritiqueReport | None
    meeting: Meeting | None
    dissents: Sequence[Dissent]


def commission_with_criteria(commission_id: int) -> Commission | None:
    """Return what `commission` does with the criteria besides; two queries."""
    return (
        db.session.scalars(
            select(Commission)
            .options(queries.with_seats(), joinedload(Commission.criteria))
            .where(Commission.id == commission_id)
        )
        .unique()
        .first()
    )


def review_sheet(commission: Commission, review: Review) -> ReviewSheet:
    """Return the sheet of a review that the caller may see; at most three queries."""
    seat = next(seat for seat in commission.seats if seat.id == review.seat_id)
    [member] = _people([seat])
    ratings = {rating.criterion_id: rating for rating in review.ratings}
    return ReviewSheet(commission, commission.criteria, member, review, ratings)


def minutes_sheet(commission: Commission) -> MinutesSheet | None:
    """Return the minutes, or None before a meeting was called; two queries."""
    meeting = queries.meeting(commission.id)
    if meeting is None:
        return None
    people = _people(commission.sitting())
    rows = {row.seat_id: row for row in meeting.attendance}
    by_role = {person.seat.role.value: person for person in people}
    return MinutesSheet(
        commission,
        meeting,
        [(person, rows.get(person.seat.id)) for person in people],
        by_role.get("chair"),
        by_role.get("secretary"),
    )


def compared(commission: Commission) -> Compared:
    """Return the reviews side by side; three queries.

    Raises queries.StillBlind before they are opened. Who may see them is the policy's.
    """
    reviews = queries.sent_reviews(commission)
    counting = {review.seat_id: review for review in queries.counting(reviews)}
    panel = commission.sitting()
    seats = [seat for seat in panel if seat.id in counting]
    firsts = {review.seat_id: review for review in reviews if review.number == 1}
    pairs = [
        (seat_id, _values(firsts[seat_id]), _values(review))
        for seat_id, review in counting.items()
        if review.number > 1 and seat_id in firsts
    ]
    said = [review.conclusion for review in counting.values()]
    return Compared(
        commission,
        panel,
        [_line(criterion, seats, counting) for criterion in commission.criteria],
        [counting[seat.id] for seat in seats],
        moves(pairs),
        {conclusion: said.count(conclusion) for conclusion in Conclusion},
    )


def report_sheet(commission: Commission) -> ReportSheet:
    """Return all of the report; six queries.

    Raises queries.StillBlind before the reviews are opened. Who may see it is the policy's.
    """
    reviews = compared(commission)
    return ReportSheet(
        commission,
        reviews.panel,
        reviews.lines,
        reviews.reviews,
        reviews.moves,
        reviews.conclusions,
        queries.report(commission.id),
        queries.meeting(commission.id),
        queries.dissents(commission.id),
    )


def _line(
    criterion: Criterion, seats: Sequence[Seat], reviews: Mapping[int, Review]
) -> CriterionLine:
    found = [
        (seat, rating)
        for seat in seats
        for rating in reviews[seat.id].ratings
        if rating.criterion_id == criterion.id
    ]
    given = spread((rating.value, rating.not_applicable) for _, rating in found)
    return CriterionLine(criterion, given, found)


def _values(review: Review) -> dict[int, int | None]:
    return {rating.criterion_id: rating.value for rating in review.ratings}


def _people(seats: Sequence[Seat]) -> list[Person]:
    profiles = profiles_by_user([seat.user_id for seat in seats])
    return [Person(seat, seat.user.full_name, profiles.get(seat.user_id)) for seat in seats]
