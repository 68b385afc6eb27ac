"""What services of this room are asked to do."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from consult.consultations.models import Audience, Kind, PointsVisibility, QuestionKind


class Asked(Struct, frozen=True):
    """A question as the agency puts it; see `models.Question` for what the fields mean."""

    text: str
    kind: QuestionKind = QuestionKind.FREE_TEXT
    help: str = ""
    options: tuple[str, ...] = ()
    low: str = ""
    high: str = ""
    steps: int = 0
    is_required: bool = False


class RoundFields(Struct, frozen=True):
    """What the agency says of a round. Instants are aware; ``opens_at`` None: when published.

    ``answer_by`` None: the usual period after the closing.
    """

    kind: Kind
    title: str
    summary: str = ""
    can_change: str = ""
    cannot_change: str = ""
    legal_basis: str = ""
    questions: tuple[Asked, ...] = ()
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    answer_by: datetime | None = None
    period_rule_id: int | None = None
    shortened_reason: str = ""
    audience: Audience = Audience.EVERYONE
    points_visibility: PointsVisibility = PointsVisibility.AT_ONCE
    responsible_name: str = ""
    responsible_contact: str = ""
    asked_count: int = 0
