"""What a panel needs before reviewing starts, and a report before it is signed."""

from __future__ import annotations

from msgspec import Struct

from consult.critiques.models import (
    Clearance,
    Commission,
    CommissionStage,
    Declaration,
    PanelRole,
    SeatState,
)
from consult.critiques.review_models import CritiqueReport, Meeting

# Each is held by exactly one member.
SINGLE_ROLES = (
    PanelRole.CHAIR,
    PanelRole.SECRETARY,
    PanelRole.REVIEWER_1,
    PanelRole.REVIEWER_2,
)


class Check(Struct, frozen=True):
    """One requirement: a code that the pages put into words, and whether it is met."""

    code: str
    done: bool


def before_reviewing(commission: Commission, criteria: int) -> list[Check]:
    """Return what must be so before members see the material, for ``criteria`` criteria."""
    sitting = commission.sitting()
    roles = [seat.role for seat in sitting]
    asked = [seat for seat in commission.seats if seat.state is SeatState.INVITED]
    undeclared = [
        seat
        for seat in commission.seats
        if seat.state is SeatState.ACCEPTED and seat.declaration is Declaration.NOT_YET
    ]
    undecided = [
        seat
        for seat in commission.seats
        if seat.state is SeatState.ACCEPTED and seat.clearance is Clearance.WAITING
    ]
    return [
        *(Check(role.value, roles.count(role) == 1) for role in SINGLE_ROLES),
        Check("replied", not asked),
        Check("declared", not undeclared),
        Check("decided", not undecided),
        Check("criteria", criteria > 0),
    ]


def before_signing(report: CritiqueReport | None, meeting: Meeting | None) -> list[Check]:
    """Return what the chair's signature under the report presupposes."""
    said = report is not None
    return [
        Check("minutes", meeting is not None and meeting.confirmed),
        Check("assessment", said and bool(report.assessment.strip())),
        Check("findings", said and bool(report.findings.strip())),
        Check("conclusion", said and report.conclusion is not None),
        Check("recommendations", said and bool(report.recommendations)),
    ]


def revisable(commission: Commission) -> bool:
    """Return whether reviews may still be written: until the report is delivered."""
    return commission.stage in (CommissionStage.REVIEWING, CommissionStage.MEETING)
