"""Reviewing summaries: sending to colleagues, sending back, approving by another person."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping

from sqlalchemy import select
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.attributes import set_committed_value

from consult.accounts.models import RoleGrant, User
from consult.consultations.queries import locked
from consult.core.db import db
from consult.jobs.services import enqueue
from consult.summaries import accounting, queries, steps
from consult.summaries.commands import (
    Approve,
    CellsWithoutPassage,
    Overtaken,
    OwnSummary,
    PassagesOutdated,
    Place,
    PointsChanged,
    PointsMissing,
    RoundNotClosed,
    WrongState,
)
from consult.summaries.models import State, StepKind, Summary
from consult.summaries.objection_queries import authors, shown_to_authors
from consult.summaries.review_queries import changes_since, looked_at
from consult.summaries.services import RELEASABLE, known_placeholders, stored_words


def send(summary_id: int, *, actor_id: int | None, step_id: int) -> Summary:
    """Send the summary for review; raises WrongState, Overtaken and what `checked` does.

    Writes a step, an audit entry; enqueues notifications.tell ("summary.sent") to the Front.
    """
    summary = current(summary_id)
    if summary.state is not State.DRAFT:
        raise WrongState(summary.state)
    unovertaken(summary, step_id)
    checked(summary)
    step = steps.take(summary, StepKind.SENT, actor_id=actor_id)
    tell(summary, "summary.sent", _front(without=steps.writers(summary)), f"{step.id}")
    return summary


def give_back(summary_id: int, *, actor_id: int | None, step_id: int, reason: str) -> Summary:
    """Send the summary back to its writers; the words stay. Raises WrongState, Overtaken.

    Writes a step, an audit entry; enqueues notifications.tell ("summary.returned").
    """
    summary = current(summary_id)
    unovertaken(summary, step_id)
    step = steps.take(summary, StepKind.RETURNED, actor_id=actor_id, words=reason)
    writers = steps.writers(summary) - {actor_id}
    tell(summary, "summary.returned", writers, f"{step.id}", reason=reason)
    return summary


def approve(command: Approve) -> Summary:
    """Approve the summary, as somebody who has not written in it.

    Raises WrongState, OwnSummary, Overtaken, what `checked` does, and PointsChanged where points
    have changed since the words were last kept, unless ``points_seen`` says that this is known.
    Writes a step with the accounting's hash, an audit entry; enqueues notices to the writers
    and, where the words are new to them, to the authors of the points.
    """
    summary = current(command.summary_id)
    if summary.state not in (State.IN_REVIEW, State.APPROVED):
        raise WrongState(summary.state)
    if command.actor_id in steps.writers(summary):
        raise OwnSummary
    unovertaken(summary, command.step_id)
    account = checked(summary)
    if not command.points_seen and any(changes_since(summary.consultation_id, looked_at(summary))):
        raise PointsChanged
    step = steps.take(summary, StepKind.APPROVED, actor_id=command.actor_id, basis=basis(account))
    tell(summary, "summary.approved", steps.writers(summary), f"{step.id}")
    if shown_to_authors(summary) is step:
        _tell_authors(summary, f"summary.recorded:{step.id}")
    return summary


def _tell_authors(summary: Summary, fact: str) -> None:
    """Tell those who wrote how to see their points' record; nothing says who is sealed."""
    accounts, sealed = authors(summary.consultation_id)
    enqueue(
        "notifications.tell",
        {
            "user_ids": accounts,
            "kind": "summary.recorded",
            "params": {"round": summary.consultation.title},
            "url": f"/summaries/{summary.id}/own",
            "dedupe": fact,
        },
    )
    news = {"submission_ids": sealed, "kind": "contribution.news", "fact": fact}
    enqueue("notifications.tell_sealed", news)


def current(summary_id: int) -> Summary:
    """Return the summary as it is now, its round locked until the end of the transaction."""
    round_ = locked(db.session.get_one(Summary, summary_id).consultation_id)
    summary = db.session.get_one(
        Summary, summary_id, populate_existing=True, options=[joinedload(Summary.steps)]
    )
    set_committed_value(summary, "consultation", round_)
    return summary


def unovertaken(summary: Summary, step_id: int) -> None:
    """Return when the step (0: none yet) is the summary's last one; raises Overtaken."""
    if steps.last_id(summary) != step_id:
        raise Overtaken


def checked(summary: Summary) -> accounting.Accounting:
    """Return the accounting of a summary that lacks nothing.

    Raises RoundNotClosed, UnknownPlaceholders, PassagesOutdated, CellsWithoutPassage or
    PointsMissing.
    """
    return accounted(summary, queries.outdated_passages(summary.id))


def accounted(summary: Summary, outdated: Mapping[int, int]) -> accounting.Accounting:
    """Return and raise what `checked` does, for who knows the quoted passages.

    ``outdated`` are those whose point no longer has the words: point by passage.
    """
    if summary.consultation.stage not in RELEASABLE:
        raise RoundNotClosed
    known_placeholders(stored_words(summary))
    if outdated:
        raise PassagesOutdated(outdated.values())
    account = accounting.accounting(summary)
    bare = account.cells.keys() - account.quoted
    if bare:
        raise CellsWithoutPassage(sorted(bare, key=_place))
    if not account.balanced:
        raise PointsMissing(account.missing, account.twice)
    return account


def _place(cell: Place) -> tuple[bool, int, str]:
    return cell[0] is None, cell[0] or 0, cell[1].value


def basis(account: accounting.Accounting) -> str:
    """Return the hash of all that a release says of points beside the staff's words."""
    said = [
        account.body,
        account.appendix,
        account.withdrawn,
        sorted(account.duplicates.items()),
        sorted(account.set_aside.items()),
        sorted((point_id, at.isoformat()) for point_id, at in account.revised.items()),
    ]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def _front(*, without: Collection[int]) -> set[int]:
    """Return who else of the Front may review."""
    rows = db.session.scalars(
        select(RoleGrant.user_id)
        .join(RoleGrant.user)
        .where(RoleGrant.role == "front", User.disabled_at.is_(None))
    )
    return set(rows) - set(without)


def tell(
    summary: Summary, kind: str, user_ids: Collection[int], fact: str, *, reason: str = ""
) -> None:
    """Enqueue the notice to those users; none, when there are none."""
    if not user_ids:
        return
    enqueue(
        "notifications.tell",
        {
            "user_ids": sorted(user_ids),
            "kind": kind,
            "params": {"round": summary.consultation.title, "reason": reason},
            "url": f"/front/rounds/{summary.consultation_id}/summary/review",
            "dedupe": f"{kind}:{fact}",
        },
    )
