"""The way of a summary from draft to release: the declared steps, and who has written in it."""

from __future__ import annotations

from consult.core import audit, clock
from consult.core.db import db
from consult.summaries.commands import WrongState
from consult.summaries.models import State, Step, StepKind, Summary

_WRITTEN = frozenset({State.DRAFT, State.IN_REVIEW, State.APPROVED})
# step → the states in which it may be taken, the state to which it leads
WAYS: dict[StepKind, tuple[frozenset[State], State]] = {
    # Whoever approves has read these very words: any change of them begins anew.
    StepKind.EDITED: (_WRITTEN, State.DRAFT),
    StepKind.SENT: (frozenset({State.DRAFT}), State.IN_REVIEW),
    StepKind.RETURNED: (frozenset({State.IN_REVIEW, State.APPROVED}), State.DRAFT),
    # Once more when points have changed since.
    StepKind.APPROVED: (frozenset({State.IN_REVIEW, State.APPROVED}), State.APPROVED),
    StepKind.RELEASED: (frozenset({State.APPROVED}), State.RELEASED),
}
_WRITING = (StepKind.EDITED, StepKind.SENT)


def take(
    summary: Summary, kind: StepKind, *, actor_id: int | None, words: str = "", basis: str = ""
) -> Step:
    """Take the step; raises WrongState. Writes a step and an audit entry, not flushed.

    Edits of one person that follow each other are one step.
    """
    allowed, reached = WAYS[kind]
    if summary.state not in allowed:
        raise WrongState(summary.state)
    now = clock.now()
    last = summary.steps[-1] if summary.steps else None
    if last and kind is StepKind.EDITED and (last.kind, last.actor_id) == (kind, actor_id):
        last.at = now
        return last
    step = Step(kind=kind, actor_id=actor_id, at=now, words=words, basis=basis)
    summary.steps.append(step)
    summary.state = reached
    db.session.flush()
    audit.record(
        f"summary.{kind.value}",
        actor_id=actor_id,
        subject=("summary", summary.id),
        details={"round": summary.consultation_id, "number": summary.number},
    )
    return step


def writers(summary: Summary) -> frozenset[int]:
    """Return who began this version, changed it or sent it for review."""
    wrote = {step.actor_id for step in summary.steps if step.kind in _WRITING}
    return frozenset(user_id for user_id in (summary.created_by, *wrote) if user_id is not None)


def last(summary: Summary, *kinds: StepKind) -> Step | None:
    """Return the newest step of those kinds (of any, when none is named), or None."""
    found = [step for step in summary.steps if not kinds or step.kind in kinds]
    return found[-1] if found else None


def last_id(summary: Summary) -> int:
    """Return the id of the newest step, 0 when there is none: what pages were made from."""
    step = last(summary)
    return step.id if step else 0
