"""The stages of a commission and the only way from one to another."""

from __future__ import annotations

from typing import Final

from consult.core import audit, clock
from consult.core.db import db
from consult.core.transitions import declare
from consult.critiques import notices
from consult.critiques.models import Commission, CommissionChange, CommissionStage

_S = CommissionStage
TRANSITIONS: Final = declare(
    ("accept", (_S.ORDERED,), _S.FORMING),
    ("decline", (_S.ORDERED,), _S.DECLINED),
    ("start", (_S.FORMING,), _S.REVIEWING),
    ("meet", (_S.REVIEWING,), _S.MEETING),
    ("report", (_S.MEETING,), _S.REPORTED),
    ("answer", (_S.REPORTED,), _S.ANSWERED),
    ("cancel", (_S.ORDERED, _S.FORMING, _S.REVIEWING, _S.MEETING), _S.CANCELLED),
)


class NotAllowed(Exception):
    """The act does not start at the commission's present stage."""

    def __init__(self, act: str, stage: CommissionStage) -> None:
        super().__init__(f"{act} from {stage}")
        self.act = act
        self.stage = stage


def possible(commission: Commission, transition: str) -> bool:
    """Return whether the stage allows ``transition``; KeyError for an unknown one."""
    return commission.stage in TRANSITIONS[transition].sources


def require(commission: Commission, *stages: CommissionStage, act: str) -> None:
    """Raise NotAllowed unless the commission is in one of ``stages``."""
    if commission.stage not in stages:
        raise NotAllowed(act, commission.stage)


def apply(
    commission: Commission, transition: str, *, actor_id: int | None, reason: str = ""
) -> CommissionChange:
    """Change the stage by a declared ``transition`` and return the record of it.

    Writes the change and an audit entry; enqueues the notices that the transition calls for.
    Raises NotAllowed, KeyError when the transition is not declared.
    """
    if not possible(commission, transition):
        raise NotAllowed(transition, commission.stage)
    before, after = commission.stage, TRANSITIONS[transition].target
    commission.stage = after
    change = CommissionChange(
        commission_id=commission.id,
        transition=transition,
        from_stage=before.value,
        to_stage=after.value,
        at=clock.now(),
        actor_id=actor_id,
        reason=reason,
    )
    db.session.add(change)
    audit.record(
        f"commission.{transition}",
        actor_id=actor_id,
        subject=("commission", commission.id),
        details={"from": before.value, "to": after.value, "reason": reason},
    )
    notices.moved(commission, transition, reason)
    return change
