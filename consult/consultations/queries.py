"""Reading consultations, their history and the rules of periods."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct
from sqlalchemy import and_, or_, select

from consult.accounts.models import User
from consult.consultations.models import (
    Audience,
    Consultation,
    Holiday,
    PeriodRule,
    Stage,
    StageChange,
)
from consult.consultations.periods import WORKING, earliest_close
from consult.core import portal
from consult.core.db import db
from consult.core.i18n import zone
from consult.drafts.models import DraftVersion


def consultation(round_id: int) -> Consultation | None:
    """Return the round with its version and agency, or None; one query."""
    return db.session.get(Consultation, round_id)


def locked(consultation_id: int) -> Consultation | None:
    """Return the round as it is now, locked against other writers until the end, or None."""
    return db.session.scalars(
        select(Consultation)
        .where(Consultation.id == consultation_id)
        .with_for_update(of=Consultation)
        .execution_options(populate_existing=True)
    ).first()


def due(now: datetime) -> list[int]:
    """Return the ids of the rounds that should have opened or closed by ``now`` (aware)."""
    return list(
        db.session.scalars(
            select(Consultation.id)
            .where(
                or_(
                    and_(Consultation.stage == Stage.SCHEDULED, Consultation.opens_at <= now),
                    and_(Consultation.stage == Stage.OPEN, Consultation.closes_at <= now),
                )
            )
            .order_by(Consultation.id)
        )
    )


def audience_of_draft(draft_id: int) -> Audience | None:
    """Return who may read all that rounds on the draft have shown; one query.

    Everyone, when every published round on any version is for everyone; None before the first.
    """
    audiences = set(
        db.session.scalars(
            select(Consultation.audience)
            .join(DraftVersion, DraftVersion.id == Consultation.version_id)
            .where(DraftVersion.draft_id == draft_id, Consultation.stage != Stage.PREPARING)
            .distinct()
        )
    )
    if not audiences:
        return None
    return Audience.VERIFIED if Audience.VERIFIED in audiences else Audience.EVERYONE


def rounds_of_draft(draft_id: int) -> Sequence[Consultation]:
    """Return the rounds on any version of the draft, newest first; one query."""
    return db.session.scalars(
        select(Consultation)
        .join(DraftVersion, DraftVersion.id == Consultation.version_id)
        .where(DraftVersion.draft_id == draft_id)
        .order_by(Consultation.id.desc())
    ).all()


class HistoryLine(Struct, frozen=True):
    """A change of stage and the name of who made it; empty: the scheduler."""

    change: StageChange
    actor_name: str


def history(consultation_id: int) -> list[HistoryLine]:
    """Return the round's changes of stage, oldest first; one query."""
    rows = db.session.execute(
        select(StageChange, User.full_name)
        .outerjoin(User, User.id == StageChange.actor_id)
        .where(StageChange.consultation_id == consultation_id)
        .order_by(StageChange.at, StageChange.id)
    )
    return [HistoryLine(change, name or "") for change, name in rows]


def period_rules() -> Sequence[PeriodRule]:
    """Return the rules of posting periods, shortest first; one query."""
    return db.session.scalars(select(PeriodRule).order_by(PeriodRule.days, PeriodRule.id)).all()


def period_rule(rule_id: int | None) -> PeriodRule | None:
    """Return the rule, or None; at most one query."""
    return None if rule_id is None else db.session.get(PeriodRule, rule_id)


def minimum_close(opens_at: datetime, rule: PeriodRule) -> datetime:
    """Return the earliest closing (UTC) under ``rule`` of a round opening then; one query."""
    return _after(opens_at, rule.days, rule.unit)


def usual_answer_by(closes_at: datetime) -> datetime | None:
    """Return until when (UTC) the agency answers a round that closes then; None without a period.

    Luật 64/2025/QH15 asks for tiếp thu, giải trình in full and in public and names no number of
    days that holds for every instrument. So the number of working days is the portal's setting
    ``answer_days``. Two queries at most.
    """
    days = portal.portal().answer_days.strip()
    return _after(closes_at, int(days), WORKING) if days else None


def _after(instant: datetime, days: int, unit: str) -> datetime:
    holidays = set(db.session.scalars(select(Holiday.day)))
    return earliest_close(instant, days=days, unit=unit, holidays=holidays, zone=zone())
