"""What services of this room are asked to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from consult.critiques.review_models import Conclusion, Outcome

LONGEST = 20_000


@dataclass(frozen=True)
class OrderCritique:
    """An order; ``declared`` has the ordinals of what the orderer says is there."""

    version_id: int
    consultation_id: int | None
    orderer_id: int
    ordered_as: str
    ordered_by: int | None
    title: str
    scope: str
    questions: str
    field_code: str
    deadline: datetime
    declared: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Checked:
    """The union's word on one item of the intake."""

    confirmed: bool
    note: str = ""


@dataclass(frozen=True)
class RatingWords:
    """What a member says on one criterion."""

    value: int | None = None
    not_applicable: bool = False
    argument: str = ""
    evidence: str = ""
    proposed_wording: str = ""


@dataclass(frozen=True)
class RemarkWords:
    """What a member says on one provision; an empty key is the whole draft."""

    provision_key: str
    citation: str
    argument: str
    proposed_wording: str = ""


@dataclass(frozen=True)
class ReviewWords:
    """A whole review as typed; ``ratings`` by the criterion's id."""

    ratings: Mapping[int, RatingWords]
    remarks: tuple[RemarkWords, ...] = ()
    conclusion: Conclusion | None = None
    general: str = ""


@dataclass(frozen=True)
class Minutes:
    """The minutes as typed; ``attendance`` has (present, note) by the seat's id."""

    held_at: datetime
    ended_at: datetime | None
    place: str
    guests: str = ""
    course: str = ""
    conclusions: str = ""
    attendance: Mapping[int, tuple[bool, str]] | None = None


@dataclass(frozen=True)
class RecommendationWords:
    """One recommendation; an empty key is the whole draft."""

    provision_key: str
    citation: str
    text: str


@dataclass(frozen=True)
class ReportWords:
    """The report as typed."""

    summary: str
    assessment: str
    findings: str
    conclusion: Conclusion | None
    recommendations: tuple[RecommendationWords, ...] = ()


@dataclass(frozen=True)
class AnswerWords:
    """The orderer's answer to one recommendation, as far as it is written."""

    outcome: Outcome | None
    reason: str = ""
