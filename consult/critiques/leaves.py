"""What the ledger's leaves of reviews, reports and answers cover, and whether the rows have it.

A sent review: {"commission", "conclusion", "general", "member", "number", "ratings", "remarks",
"role", "sent_at"}, ratings as [criterion, value or null, not applicable, argument, evidence,
wording] and remarks as [key, citation, argument, wording], in their order.
A delivered report: {"assessment", "commission", "conclusion", "delivered_at", "dissents",
"findings", "recommendations", "reviews", "signed_by", "summary"}, dissents as [role, words],
recommendations as [id, key, citation, words], reviews as the ids of those that counted.
The answer to a recommendation: {"answered_at", "commission", "outcome", "reason",
"recommendation"}. Instants are as `ledger.entries` has them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from consult.accounts.models import User
from consult.core.db import db
from consult.critiques.models import Seat
from consult.critiques.review_models import (
    CritiqueReport,
    Dissent,
    Rating,
    Recommendation,
    Review,
)
from consult.ledger.auditing import Finding, logged
from consult.ledger.entries import instant
from consult.ledger.models import Leaf

REVIEW, REPORT, ANSWER = "review", "critique_report", "critique_answer"


def review_content(review: Review) -> dict[str, Any]:
    """Return what the leaf of a sent review covers; ValueError for a draft."""
    if review.sent_at is None:
        raise ValueError("a drafted review has no leaf")
    ratings = sorted(review.ratings, key=lambda rating: rating.criterion.ordinal)
    return {
        "commission": review.commission_id,
        "member": review.seat.user_id,
        "role": review.seat.role.value,
        "number": review.number,
        "conclusion": review.conclusion.value if review.conclusion else None,
        "general": review.general,
        "ratings": [[r.criterion.text, r.value, r.not_applicable, *_words(r)] for r in ratings],
        "remarks": [
            [r.provision_key, r.citation, r.argument, r.proposed_wording] for r in review.remarks
        ],
        "sent_at": instant(review.sent_at),
    }


def _words(rating: Rating) -> tuple[str, str, str]:
    return rating.argument, rating.evidence, rating.proposed_wording


def report_content(
    report: CritiqueReport, dissents: Sequence[Dissent], reviews: Iterable[int]
) -> dict[str, Any]:
    """Return what the leaf of a delivered report covers; ValueError before the delivery.

    ``reviews`` are the ids of the reviews that count.
    """
    if report.delivered_at is None:
        raise ValueError("an undelivered report has no leaf")
    return {
        "commission": report.commission_id,
        "summary": report.summary,
        "assessment": report.assessment,
        "findings": report.findings,
        "conclusion": report.conclusion.value if report.conclusion else None,
        "recommendations": [
            [r.id, r.provision_key, r.citation, r.text] for r in report.recommendations
        ],
        "dissents": [[dissent.seat.role.value, dissent.text] for dissent in dissents],
        "reviews": sorted(reviews),
        "signed_by": report.signed_by,
        "delivered_at": instant(report.delivered_at),
    }


def answer_content(recommendation: Recommendation) -> dict[str, Any]:
    """Return what the leaf of a published answer covers; ValueError for a drafted one."""
    if recommendation.answered_at is None or recommendation.outcome is None:
        raise ValueError("a drafted answer has no leaf")
    return {
        "commission": recommendation.commission_id,
        "recommendation": recommendation.id,
        "outcome": recommendation.outcome.value,
        "reason": recommendation.reason,
        "answered_at": instant(recommendation.answered_at),
    }


class Reviews:
    """The reviews' side of the audit."""

    table = Review.__tablename__

    def contents(self, leaves: Sequence[Leaf]) -> Mapping[int, dict[str, Any] | None]:
        """Return the content of each leaf of a review that is there and sent."""
        rows = db.session.scalars(
            select(Review)
            .options(
                joinedload(Review.seat).joinedload(Seat.user).lazyload(User.roles),
                selectinload(Review.ratings).joinedload(Rating.criterion),
                selectinload(Review.remarks),
            )
            .where(Review.id.in_(_subjects(leaves)), Review.sent_at.is_not(None))
        )
        known = {row.id: review_content(row) for row in rows}
        return {leaf.index: known[leaf.subject_id] for leaf in leaves if leaf.subject_id in known}

    def others(self) -> Iterable[Finding]:
        """Yield sent reviews without a leaf."""
        sent = select(Review.id).where(Review.sent_at.is_not(None)).order_by(Review.id)
        recorded = logged(REVIEW)
        for review_id in db.session.scalars(sent):
            if review_id not in recorded:
                yield Finding("inserted", self.table, review_id)


class Reports:
    """The delivered reports' side of the audit."""

    table = CritiqueReport.__tablename__

    def contents(self, leaves: Sequence[Leaf]) -> Mapping[int, dict[str, Any] | None]:
        """Return the content of each leaf of a report that is there and delivered."""
        ids = _subjects(leaves)
        rows = db.session.scalars(
            select(CritiqueReport)
            .options(selectinload(CritiqueReport.recommendations))
            .where(CritiqueReport.commission_id.in_(ids), CritiqueReport.delivered_at.is_not(None))
        )
        dissents = _dissents(ids)
        counted = counted_reviews(ids)
        known = {
            row.commission_id: report_content(
                row, dissents.get(row.commission_id, []), counted.get(row.commission_id, [])
            )
            for row in rows
        }
        return {leaf.index: known[leaf.subject_id] for leaf in leaves if leaf.subject_id in known}

    def others(self) -> Iterable[Finding]:
        """Yield delivered reports without a leaf."""
        delivered = select(CritiqueReport.commission_id).where(
            CritiqueReport.delivered_at.is_not(None)
        )
        recorded = logged(REPORT)
        for commission_id in db.session.scalars(delivered.order_by(CritiqueReport.commission_id)):
            if commission_id not in recorded:
                yield Finding("inserted", self.table, commission_id)


class CritiqueAnswers:
    """The orderers' answers' side of the audit."""

    table = Recommendation.__tablename__

    def contents(self, leaves: Sequence[Leaf]) -> Mapping[int, dict[str, Any] | None]:
        """Return the content of each leaf of an answer that is there and published."""
        rows = db.session.scalars(
            select(Recommendation).where(
                Recommendation.id.in_(_subjects(leaves)),
                Recommendation.answered_at.is_not(None),
                Recommendation.outcome.is_not(None),
            )
        )
        known = {row.id: answer_content(row) for row in rows}
        return {leaf.index: known[leaf.subject_id] for leaf in leaves if leaf.subject_id in known}

    def others(self) -> Iterable[Finding]:
        """Yield published answers without a leaf."""
        answered = select(Recommendation.id).where(Recommendation.answered_at.is_not(None))
        recorded = logged(ANSWER)
        for recommendation_id in db.session.scalars(answered.order_by(Recommendation.id)):
            if recommendation_id not in recorded:
                yield Finding("inserted", self.table, recommendation_id)


def counted_reviews(commission_ids: Iterable[int]) -> dict[int, list[int]]:
    """Return of each commission the ids of the reviews that count; one query."""
    last: dict[tuple[int, int], int] = {}
    for commission_id, seat_id, review_id in db.session.execute(
        select(Review.commission_id, Review.seat_id, Review.id)
        .where(Review.commission_id.in_(commission_ids), Review.sent_at.is_not(None))
        .order_by(Review.number)
    ):
        last[commission_id, seat_id] = review_id
    found: dict[int, list[int]] = {}
    for (commission_id, _seat), review_id in last.items():
        found.setdefault(commission_id, []).append(review_id)
    return found


def _subjects(leaves: Sequence[Leaf]) -> set[int]:
    return {leaf.subject_id for leaf in leaves}


def _dissents(commission_ids: Iterable[int]) -> dict[int, list[Dissent]]:
    found: dict[int, list[Dissent]] = {}
    for dissent in db.session.scalars(
        select(Dissent)
        .options(joinedload(Dissent.seat).joinedload(Seat.user).lazyload(User.roles))
        .where(Dissent.commission_id.in_(commission_ids))
        .order_by(Dissent.at, Dissent.id)
    ):
        found.setdefault(dissent.commission_id, []).append(dissent)
    return found
