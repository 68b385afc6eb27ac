"""What a round needs before it can be published."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from consult.consultations import queries
from consult.consultations.commands import RoundFields
from consult.consultations.models import Consultation
from consult.drafts import queries as drafts


class Check(Struct, frozen=True):
    """One requirement: ``code`` names it, ``earliest`` is the closing that a rule allows."""

    code: str
    done: bool
    earliest: datetime | None = None


def checklist(said: Consultation | RoundFields, version_id: int, now: datetime) -> list[Check]:
    """Return every requirement of publishing at ``now`` (aware), met or not; four queries.

    The statement on state secrets is asked for at publishing and is not among them.
    """
    closes_at = said.closes_at
    opens_at = max(said.opens_at or now, now)
    rule = queries.period_rule(said.period_rule_id)
    checks = [
        Check("provisions", drafts.provision_count(version_id) > 0),
        Check("reading", drafts.reading_stands(version_id)),
        Check("title", bool(said.title.strip())),
        Check("summary", bool(said.summary.strip())),
        Check("responsible", bool(said.responsible_name.strip())),
        Check("closes", closes_at is not None),
        Check("order", closes_at is None or opens_at < closes_at),
    ]
    if rule is not None:
        earliest = queries.minimum_close(opens_at, rule)
        enough = closes_at is None or closes_at >= earliest
        shortened = bool(said.shortened_reason.strip())
        checks.append(Check("period", enough or shortened, earliest))
    return checks


def missing(said: Consultation | RoundFields, version_id: int, now: datetime) -> list[str]:
    """Return the codes of the requirements that are not met at ``now`` (aware)."""
    return [check.code for check in checklist(said, version_id, now) if not check.done]
