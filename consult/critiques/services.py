"""Writing commissions: ordering, taking on, declining, criteria, starting, cancelling."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete

from consult.core import audit, clock
from consult.core.db import db, insert_rows
from consult.critiques import notices, queries, stages
from consult.critiques.checks import before_reviewing
from consult.critiques.commands import Checked, OrderCritique
from consult.critiques.defaults import TemplateLine
from consult.critiques.models import (
    Commission,
    CommissionStage,
    Criterion,
    CritiqueTemplate,
    IntakeItem,
)

# A form that is sent again so soon after is a retry, no second order.
AGAIN = timedelta(minutes=10)


class Incomplete(Exception):
    """Something that the act presupposes is missing; ``codes`` name it."""

    def __init__(self, codes: Sequence[str]) -> None:
        super().__init__(", ".join(codes))
        self.codes = list(codes)


class BadInstant(Exception):
    """The instant has passed, or lies after the report's deadline ``latest``."""

    def __init__(self, latest: datetime) -> None:
        super().__init__(str(latest))
        self.latest = latest


def order(command: OrderCritique) -> Commission:
    """Place an order with the union and return it, flushed.

    The same words sent again within minutes, as after a cut connection, are the same order.
    Writes the commission with its intake list from the template, and an audit entry; tells the
    secretariat. Raises BadInstant for a deadline that has passed.
    """
    now = clock.now()
    if command.deadline <= now:
        raise BadInstant(now)
    same = queries.same_order(command, since=now - AGAIN)
    if same is not None:
        return same
    commission = Commission(
        version_id=command.version_id,
        consultation_id=command.consultation_id,
        orderer_id=command.orderer_id,
        ordered_as=command.ordered_as,
        ordered_by=command.ordered_by,
        stage=CommissionStage.ORDERED,
        title=command.title,
        scope=command.scope,
        questions=command.questions,
        field_code=command.field_code,
        deadline=command.deadline,
        created_at=now,
    )
    db.session.add(commission)
    db.session.flush()
    items = [
        {
            "commission_id": commission.id,
            "ordinal": ordinal,
            "text": line.text,
            "is_required": line.is_required,
            "declared": ordinal in command.declared,
        }
        for ordinal, line in enumerate(queries.template("intake"), 1)
    ]
    insert_rows(IntakeItem, items)
    audit.record(
        "commission.ordered",
        actor_id=command.ordered_by,
        subject=("commission", commission.id),
    )
    notices.ordered(commission)
    return commission


def accept(
    commission_id: int, checked: Mapping[int, Checked], *, actor_id: int | None
) -> Commission:
    """Take the order on; ``checked`` is the union's word on the intake, by the item's id.

    Writes the intake, the criteria from the template, the transition. Raises Incomplete with
    the texts of required items that are not confirmed, stages.NotAllowed.
    """
    commission = queries.locked(commission_id)
    stages.require(commission, CommissionStage.ORDERED, act="accept")
    for item in commission.intake:
        said = checked.get(item.id, Checked(confirmed=False))
        item.confirmed, item.note = said.confirmed, said.note
    missing = [item.text for item in commission.intake if item.is_required and not item.confirmed]
    if missing:
        raise Incomplete(missing)
    _add_criteria(commission, queries.template("criterion"), after=0)
    stages.apply(commission, "accept", actor_id=actor_id)
    return commission


def decline(commission_id: int, *, reason: str, actor_id: int | None) -> Commission:
    """Decline the order; writes the transition with its reason. Raises stages.NotAllowed."""
    commission = queries.locked(commission_id)
    stages.apply(commission, "decline", actor_id=actor_id, reason=reason)
    return commission


def cancel(commission_id: int, *, reason: str, actor_id: int | None) -> Commission:
    """Cancel before the report; what was written is kept. Raises stages.NotAllowed."""
    commission = queries.locked(commission_id)
    stages.apply(commission, "cancel", actor_id=actor_id, reason=reason)
    return commission


def set_criteria(
    commission_id: int, lines: Sequence[TemplateLine], *, actor_id: int | None
) -> Commission:
    """Replace the commission's criteria while the panel is formed; lines keep their rows.

    Writes the criteria and an audit entry. Raises stages.NotAllowed, Incomplete without a line.
    """
    commission = queries.locked(commission_id)
    stages.require(commission, CommissionStage.FORMING, act="criteria")
    if not lines:
        raise Incomplete(["criteria"])
    known = list(commission.criteria)
    for row, line in zip(known, lines, strict=False):
        row.text, row.guidance = line.text, line.guidance
    for row in known[len(lines) :]:
        db.session.delete(row)
    db.session.flush()
    _add_criteria(commission, lines[len(known) :], after=len(known))
    db.session.expire(commission, ["criteria"])
    audit.record(
        "commission.criteria_set",
        actor_id=actor_id,
        subject=("commission", commission.id),
        details={"count": len(lines)},
    )
    return commission


def set_template(kind: str, lines: Sequence[TemplateLine], *, actor_id: int | None) -> None:
    """Replace the template "intake" or "criterion"; without a line the default returns.

    Later orders use it; earlier ones stay as they are. Writes the lines and an audit entry.
    """
    db.session.execute(delete(CritiqueTemplate).where(CritiqueTemplate.kind == kind))
    rows = [
        {
            "kind": kind,
            "ordinal": ordinal,
            "text": line.text,
            "guidance": line.guidance,
            "is_required": line.is_required,
        }
        for ordinal, line in enumerate(lines, 1)
    ]
    insert_rows(CritiqueTemplate, rows)
    audit.record(
        "critique_template.changed",
        actor_id=actor_id,
        subject=("critique_template", None),
        details={"kind": kind, "count": len(lines)},
    )


def start(commission_id: int, reviews_due_at: datetime, *, actor_id: int | None) -> Commission:
    """Show the panel the material and begin the blind reviews, due at ``reviews_due_at``.

    Writes the due instant and the transition. Raises Incomplete with the codes of
    `checks.before_reviewing`, BadInstant, stages.NotAllowed.
    """
    commission = queries.locked(commission_id)
    stages.require(commission, CommissionStage.FORMING, act="start")
    checks = before_reviewing(commission, len(commission.criteria))
    missing = [check.code for check in checks if not check.done]
    if missing:
        raise Incomplete(missing)
    if not clock.now() < reviews_due_at <= commission.deadline:
        raise BadInstant(commission.deadline)
    commission.reviews_due_at = reviews_due_at
    stages.apply(commission, "start", actor_id=actor_id)
    return commission


def _add_criteria(commission: Commission, lines: Sequence[TemplateLine], *, after: int) -> None:
    rows = [
        {
            "commission_id": commission.id,
            "ordinal": ordinal,
            "text": line.text,
            "guidance": line.guidance,
        }
        for ordinal, line in enumerate(lines, after + 1)
    ]
    insert_rows(Criterion, rows)
