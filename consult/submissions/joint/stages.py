"""The states of a joint submission and the only way from one to another."""

from __future__ import annotations

from typing import Final

from sqlalchemy import select

from consult.core import audit, clock
from consult.core.db import db
from consult.core.transitions import declare
from consult.submissions.joint.commands import NotAllowed
from consult.submissions.joint.models import JointChange, JointState, JointSubmission

_S = JointState
TRANSITIONS: Final = declare(
    ("start_signing", (_S.DRAFTING,), _S.SIGNING),
    ("reopen", (_S.SIGNING, _S.APPROVED), _S.DRAFTING),
    ("approve", (_S.SIGNING,), _S.APPROVED),
    ("send", (_S.APPROVED,), _S.SENT),
    ("drop", (_S.DRAFTING, _S.SIGNING, _S.APPROVED), _S.DROPPED),
)


def possible(joint: JointSubmission, transition: str) -> bool:
    """Return whether the state allows ``transition``; KeyError for an unknown one."""
    return joint.state in TRANSITIONS[transition].sources


def require(joint: JointSubmission, state: JointState, act: str) -> None:
    """Raise NotAllowed unless the joint submission is in ``state``."""
    if joint.state is not state:
        raise NotAllowed(act, joint.state)


def lock(joint: JointSubmission) -> None:
    """Read ``joint`` as it is now; other writers of it wait until the commit."""
    db.session.scalars(
        select(JointSubmission)
        .where(JointSubmission.id == joint.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def apply(joint: JointSubmission, transition: str, *, actor_id: int, reason: str = "") -> None:
    """Change the state by a declared ``transition`` of a joint submission that is locked.

    Writes the change and an audit entry. Raises NotAllowed, KeyError when not declared.
    """
    if not possible(joint, transition):
        raise NotAllowed(transition, joint.state)
    before, after = joint.state, TRANSITIONS[transition].target
    joint.state = after
    if after in (JointState.SENT, JointState.DROPPED):
        joint.under_way = None
    db.session.add(
        JointChange(
            joint_id=joint.id,
            transition=transition,
            from_state=before.value,
            to_state=after.value,
            at=clock.now(),
            actor_id=actor_id,
            reason=reason,
        )
    )
    audit.record(
        f"joint.{transition}",
        actor_id=actor_id,
        subject=("joint", joint.id),
        details={"reason": reason} if reason else {},
    )
    db.session.flush()
