"""The stages of a round and the only way from one to another."""

from __future__ import annotations

from typing import Final

from consult.consultations import notices, queries
from consult.consultations.models import Consultation, Stage, StageChange
from consult.core import audit, clock
from consult.core.db import db
from consult.core.transitions import declare
from consult.jobs.services import enqueue

TRANSITIONS: Final = declare(
    ("publish", (Stage.PREPARING,), Stage.SCHEDULED),
    ("open", (Stage.SCHEDULED,), Stage.OPEN),
    ("extend", (Stage.OPEN,), Stage.OPEN),
    ("close", (Stage.OPEN,), Stage.CLOSED),
    ("answer", (Stage.CLOSED,), Stage.ANSWERED),
    ("reschedule", (Stage.CLOSED,), Stage.CLOSED),  # until when it is answered
    ("cancel", (Stage.PREPARING, Stage.SCHEDULED, Stage.OPEN), Stage.CANCELLED),
)


class NotAllowed(Exception):
    """The transition does not start at the round's present stage."""

    def __init__(self, transition: str, stage: Stage) -> None:
        super().__init__(f"{transition} from {stage}")
        self.transition = transition
        self.stage = stage


def possible(consultation: Consultation, transition: str) -> bool:
    """Return whether the round's stage allows ``transition``; KeyError for an unknown one."""
    return consultation.stage in TRANSITIONS[transition].sources


def apply(
    consultation: Consultation, transition: str, *, actor_id: int | None, reason: str = ""
) -> StageChange:
    """Change the round's stage by a declared ``transition`` and return the record of it.

    ``actor_id`` None means the scheduler. Writes the change and an audit entry; enqueues
    ``search.index`` and the notices that the transition calls for. Raises NotAllowed when the
    transition does not start at the present stage, KeyError when it is not declared.
    """
    if not possible(consultation, transition):
        raise NotAllowed(transition, consultation.stage)
    before, after = consultation.stage, TRANSITIONS[transition].target
    consultation.stage = after
    if transition == "close" and consultation.closes_at and not consultation.answer_by:
        consultation.answer_by = queries.usual_answer_by(consultation.closes_at)
    change = StageChange(
        consultation_id=consultation.id,
        transition=transition,
        from_stage=before.value,
        to_stage=after.value,
        at=clock.now(),
        actor_id=actor_id,
        reason=reason,
    )
    db.session.add(change)
    audit.record(
        f"round.{transition}",
        actor_id=actor_id,
        subject=("round", consultation.id),
        details={"from": before.value, "to": after.value, "reason": reason},
    )
    enqueue("search.index", {"kind": "round", "id": consultation.id})
    _tell(consultation, transition, before, reason)
    return change


def _tell(consultation: Consultation, transition: str, before: Stage, reason: str) -> None:
    if transition == "open":
        notices.opened(consultation)
    elif transition == "close":
        notices.closed(consultation)
    elif transition == "extend":
        notices.extended(consultation, reason)
    elif transition == "cancel" and before is not Stage.PREPARING:
        notices.cancelled(consultation, reason)
