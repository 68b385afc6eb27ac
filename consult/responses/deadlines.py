"""The period in which the agency answers: until when, what is overdue, who is reminded of it."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from consult.accounts import queries as accounts
from consult.consultations import queries as rounds
from consult.consultations import stages
from consult.consultations.models import Consultation, Stage
from consult.core import clock
from consult.core.db import db
from consult.core.i18n import format_datetime
from consult.jobs.services import enqueue
from consult.responses import queries

_BEFORE = timedelta(days=3)
_AGAIN = timedelta(days=7)


def overdue(consultation: Consultation, waiting: int) -> bool:
    """Whether ``waiting`` points of the round should have been answered by now."""
    by = consultation.answer_by
    return (
        waiting > 0 and consultation.stage is Stage.CLOSED and by is not None and by <= clock.now()
    )


def remind(now: datetime) -> int:
    """Tell the officials of rounds with unanswered points; return of how many rounds.

    Three days before the answers are due once, afterwards every week, then the Front as well.
    May be called at any time: each time is told once. Enqueues notifications.tell.
    """
    rounds = db.session.scalars(
        select(Consultation)
        .where(Consultation.stage == Stage.CLOSED, Consultation.answer_by <= now + _BEFORE)
        .order_by(Consultation.id)
    ).all()
    done = queries.progress_of([round_.id for round_ in rounds])
    waiting = {id_: made.standing - made.published for id_, made in done.items()}
    return sum(_remind(r, waiting[r.id], now) for r in rounds if waiting.get(r.id))


class NotAhead(Exception):
    """The instant has passed already, so nothing could be answered by then."""


class Unchanged(Exception):
    """The answers are due at this very instant already."""


def reschedule(
    consultation: Consultation, answer_by: datetime, *, reason: str, actor_id: int, at: datetime
) -> None:
    """Let the answers of a closed round be due at ``answer_by`` (aware), ahead of ``at``.

    Raises NotAhead, Unchanged, stages.NotAllowed. Writes the round and the transition with its
    ``reason``; enqueues what tells those who have written.
    """
    if answer_by <= at:
        raise NotAhead
    rounds.locked(consultation.id)  # refreshes this very object
    if consultation.answer_by == answer_by:
        raise Unchanged
    change = stages.apply(consultation, "reschedule", actor_id=actor_id, reason=reason)
    consultation.answer_by = answer_by
    db.session.flush()
    by = format_datetime(answer_by)
    enqueue(
        "submissions.tell_authors",
        {
            "consultation_id": consultation.id,
            "user_ids": [],
            "kind": "answers.rescheduled",
            "params": {"round": consultation.title, "at": by, "reason": reason},
            "url": f"/rounds/{consultation.id}/answers",
            "dedupe": f"answers.rescheduled:{change.id}",
        },
    )


def _remind(round_: Consultation, waiting: int, now: datetime) -> bool:
    by = round_.answer_by
    assert by is not None
    late = by <= now
    users = accounts.users_with_role("official", round_.agency_id)
    users += accounts.users_with_role("front") if late else []
    week = (now - by) // _AGAIN if late else "before"
    fact = f"answers.due:{round_.id}:{by.isoformat()}:{week}"
    enqueue(
        "notifications.tell",
        {
            "user_ids": sorted({user.id for user in users}),
            "kind": "answers.overdue" if late else "answers.due",
            "params": {"round": round_.title, "count": waiting, "at": format_datetime(by)},
            "url": f"/rounds/{round_.id}/answers",
            "dedupe": fact,
        },
        key=fact,
    )
    return True
