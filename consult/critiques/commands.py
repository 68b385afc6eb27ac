"""What services of this room are asked to do."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct

from consult.critiques.review_models import Conclusion, Outcome

LONGEST = 20_000


class OrderCritique(Struct, frozen=True):
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


class Checked(Struct, frozen=True):
    """The union's word on one item of the intake."""

    confirmed: bool
    note: str = ""


class RatingWords(Struct, frozen=True):
    """What a member says on one criterion."""

    value: int | None = None
    not_applicable: bool = False
    argument: str = ""
    evidence: str = ""
    proposed_wording: str = ""


class RemarkWords(Struct, frozen=True):
    """What a member says on one provision; an empty key is the whole draft."""

    provision_key: str
    citation: str
    argument: str
    proposed_wording: str = ""


class ReviewWords(Struct, frozen=True):
    """A whole review as typed; ``ratings`` by the criterion's id."""

    ratings: Mapping[int, RatingWords]
    remarks: tuple[RemarkWords, ...] = ()
    conclusion: Conclusion | None = None
    general: str = ""


class Minutes(Struct, frozen=True):
    """The minutes as typed; ``attendance`` has (present, note) by the seat's id."""

    held_at: datetime
    ended_at: datetime | None
    place: str
    guests: str = ""
    course: str = ""
    conclusions: str = ""
    attendance: Mapping[int, tuple[bool, str]] | None = None


class RecommendationWords(Struct, frozen=True):
    """One recommendation; an empty key is the whole draft."""

    provision_key: str
    citation: str
    text: str


class ReportWords(Struct, frozen=True):
    """The report as typed."""

    summary: str
    assessment: str
    findings: str
    conclusion: Conclusion | None
    recommendations: tuple[RecommendationWords, ...] = ()


class AnswerWords(Struct, frozen=True):
    """The orderer's answer to one recommendation, as far as it is written."""

    outcome: Outcome | None
    reason: str = ""
