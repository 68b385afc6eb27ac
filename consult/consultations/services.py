"""Writing consultations: preparing, publishing, opening and closing, extending, cancelling."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from msgspec.structs import asdict

from consult.consultations import queries, stages
from consult.consultations.checks import missing
from consult.consultations.commands import Asked, RoundFields
from consult.consultations.models import Consultation, Question, QuestionKind, Stage
from consult.core import arrivals, audit, clock
from consult.core.db import db
from consult.drafts import queries as drafts
from consult.drafts import services as draft_services
from consult.drafts.models import DraftVersion
from consult.jobs.services import enqueue

# When a closing is tried again that waits for points under way.
_AGAIN_AFTER = timedelta(seconds=1)


class NotEditable(Exception):
    """The round has opened, closed or been cancelled: its words stay as they are."""


class QuestionsAnswered(Exception):
    """Answers may have come in already: they would mean something else under other questions."""


class QuestionRemoved(Exception):
    """A question of a published round is taken away: points on it may have been begun."""


class Incomplete(Exception):
    """The round cannot be published yet; ``codes`` are those of `checks.missing`."""

    def __init__(self, codes: list[str]) -> None:
        super().__init__(", ".join(codes))
        self.codes = codes


class TooLate(Exception):
    """The round closed at ``closes_at``, so it can no longer be extended."""

    def __init__(self, closes_at: datetime | None) -> None:
        super().__init__(str(closes_at))
        self.closes_at = closes_at


class NotLater(Exception):
    """The new closing is not later than the present one, ``closes_at``."""

    def __init__(self, closes_at: datetime) -> None:
        super().__init__(str(closes_at))
        self.closes_at = closes_at


def create(version: DraftVersion, said: RoundFields, *, created_by: int | None) -> Consultation:
    """Begin preparing a round on ``version`` and return it, flushed.

    Writes the round, its questions and an audit entry. Nothing is public yet.
    """
    consultation = Consultation(
        version=version,
        agency_id=version.draft.agency_id,
        stage=Stage.PREPARING,
        created_by=created_by,
        created_at=clock.now(),
    )
    _say(consultation, said)
    db.session.add(consultation)
    db.session.flush()
    audit.record("round.created", actor_id=created_by, subject=("round", consultation.id))
    return consultation


def edit(consultation: Consultation, said: RoundFields, *, actor_id: int | None) -> None:
    """Change what a round says while it is prepared or scheduled.

    A scheduled round must stay complete; when its new opening has come, it opens at once.
    Writes the round, its questions and an audit entry; enqueues ``consultations.advance`` at
    new instants of a scheduled round, and ``search.index``. Raises NotEditable, Incomplete;
    QuestionsAnswered for other questions once the opening has come, QuestionRemoved for fewer of
    a scheduled round.
    """
    _lock(consultation)
    if consultation.stage not in (Stage.PREPARING, Stage.SCHEDULED):
        raise NotEditable
    if consultation.stage is Stage.SCHEDULED:
        opened = consultation.opens_at is not None and consultation.opens_at <= clock.now()
        if opened and not _questions_stand(consultation, said):
            raise QuestionsAnswered
        if len(said.questions) < len(consultation.questions):
            raise QuestionRemoved
        _check(said, consultation.version_id)
    _say(consultation, said)
    audit.record("round.edited", actor_id=actor_id, subject=("round", consultation.id))
    if consultation.stage is Stage.SCHEDULED:
        _set_going(consultation)
        enqueue("search.index", {"kind": "round", "id": consultation.id})


def use_newest_version(consultation: Consultation, *, actor_id: int | None) -> DraftVersion:
    """Put a round that is being prepared on the draft's newest version, and return that.

    Writes the round and an audit entry. Raises NotEditable once the round is published.
    """
    _lock(consultation)
    if consultation.stage is not Stage.PREPARING:
        raise NotEditable
    newest = drafts.newest(consultation.version.draft_id)
    consultation.version = newest
    audit.record(
        "round.version_changed",
        actor_id=actor_id,
        subject=("round", consultation.id),
        details={"version": newest.number},
    )
    return newest


def publish(consultation: Consultation, *, actor_id: int, no_state_secret: bool) -> None:
    """Publish the round: it is scheduled, and opens at once when its opening has come.

    ``no_state_secret`` is the official's own statement, kept with name and instant. An opening
    that is empty or past becomes now. Writes the round, freezes its version, records the
    transition; enqueues ``consultations.advance`` at both instants. Raises Incomplete,
    stages.NotAllowed.
    """
    _lock(consultation)
    if not stages.possible(consultation, "publish"):
        raise stages.NotAllowed("publish", consultation.stage)
    if not no_state_secret:
        raise Incomplete(["no_state_secret"])
    _check(consultation, consultation.version_id)
    now = clock.now()
    consultation.no_state_secret_by, consultation.no_state_secret_at = actor_id, now
    draft_services.freeze(consultation.version, at=now)
    stages.apply(consultation, "publish", actor_id=actor_id)
    _set_going(consultation)


def extend(
    consultation: Consultation, closes_at: datetime, *, reason: str, actor_id: int | None
) -> None:
    """Let an open round close at ``closes_at`` (aware), later than it would have.

    Writes the round and the transition with its ``reason``; enqueues ``consultations.advance``
    at the new instant and tells the staff and those who have written. Raises TooLate when the
    round is no longer open now, NotLater.
    """
    _lock(consultation)
    old = consultation.closes_at
    if not stages.possible(consultation, "extend") or old is None or old <= clock.now():
        raise TooLate(old)
    if closes_at <= old:
        raise NotLater(old)
    consultation.closes_at = closes_at
    if consultation.answer_by and consultation.answer_by <= closes_at:
        consultation.answer_by = None  # the usual period after the new closing
    stages.apply(consultation, "extend", actor_id=actor_id, reason=reason)
    _advance_at(consultation, closes_at)


def cancel(consultation: Consultation, *, reason: str, actor_id: int | None) -> None:
    """Cancel a round before it opens or while it is open; its points are kept.

    Writes the transition with its ``reason``; tells the staff and those who have written when
    it was published. Raises stages.NotAllowed.
    """
    _lock(consultation)
    stages.apply(consultation, "cancel", actor_id=actor_id, reason=reason)


def advance(consultation_id: int) -> None:
    """Open the round if its opening has come, then close it if its closing has.

    Does nothing when neither is due, so it may be called at any time and any number of times;
    after a long stop it does both. A closing waits until what arrived before it is stored: then
    it is tried again in a second, by a job that is enqueued. Writes the transitions.
    """
    consultation = queries.locked(consultation_id)
    if consultation is not None:
        _advance(consultation)


def _advance(consultation: Consultation) -> None:
    now = clock.now()
    opens_at, closes_at = consultation.opens_at, consultation.closes_at
    if consultation.stage is Stage.SCHEDULED and opens_at is not None and opens_at <= now:
        stages.apply(consultation, "open", actor_id=None)
    if consultation.stage is Stage.OPEN and closes_at is not None and closes_at <= now:
        if arrivals.all_done(closes_at):
            stages.apply(consultation, "close", actor_id=None)
        else:
            _advance_at(consultation, now + _AGAIN_AFTER)


def _set_going(consultation: Consultation) -> None:
    """Enqueue a scheduled round's instants and open it if it is time."""
    now = clock.now()
    if consultation.opens_at is None or consultation.opens_at < now:
        consultation.opens_at = now  # a round is never said to have been open earlier
    for instant in (consultation.opens_at, consultation.closes_at):
        if instant is not None:
            _advance_at(consultation, instant)
    _advance(consultation)


def _check(said: Consultation | RoundFields, version_id: int) -> None:
    if codes := missing(said, version_id, clock.now()):
        raise Incomplete(codes)


def _advance_at(consultation: Consultation, instant: datetime) -> None:
    enqueue(
        "consultations.advance",
        {"id": consultation.id},
        run_at=instant,
        key=f"consultations.advance:{consultation.id}:{instant.isoformat()}",
    )


def _lock(consultation: Consultation) -> None:
    queries.locked(consultation.id)  # refreshes this very object


def _say(consultation: Consultation, said: RoundFields) -> None:
    for name, value in asdict(said).items():
        if name != "questions":
            setattr(consultation, name, value)
    # In place: deleting and adding rows of one ordinal would break its uniqueness.
    kept = consultation.questions[: len(said.questions)]
    kept += [Question(ordinal=n + 1) for n in range(len(kept), len(said.questions))]
    for question, asked in zip(kept, said.questions, strict=True):
        for name, value in _columns(asked).items():
            setattr(question, name, value)
    consultation.questions = kept


def _columns(asked: Asked) -> dict[str, Any]:
    """Return what is stored of a question: nothing that its kind has no use for."""
    scale = asked.kind is QuestionKind.SCALE
    options = asked.kind in (QuestionKind.SINGLE, QuestionKind.MULTIPLE)
    return {
        "text": asked.text,
        "kind": asked.kind,
        "help": asked.help,
        "options": list(asked.options) if options else [],
        "low": asked.low if scale else "",
        "high": asked.high if scale else "",
        "steps": asked.steps if scale else 0,
        "is_required": asked.is_required and (scale or options),
    }


def _questions_stand(consultation: Consultation, said: RoundFields) -> bool:
    """Return whether ``said`` leaves the questions as they are."""
    now = [
        {name: getattr(question, name) for name in _columns(Asked(""))}
        for question in consultation.questions
    ]
    return now == [_columns(asked) for asked in said.questions]
