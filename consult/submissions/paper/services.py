"""Entering what came on paper, by e-mail or at meetings; correcting its transcription."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select, update

from consult.consultations.models import Consultation, Stage
from consult.consultations.queries import locked
from consult.core import audit, files
from consult.core.db import db
from consult.core.i18n import local
from consult.ledger import services as ledger
from consult.ledger.entries import instant
from consult.submissions.commands import NotAccepting, Outcome, PaperFacts, SubmitPoints
from consult.submissions.models import PAPER, Identity, Submission
from consult.submissions.paper.leaves import COMPARED, KIND, comparison_content
from consult.submissions.paper.models import PaperEntry
from consult.submissions.revisions import services as revising
from consult.submissions.revisions.services import RevisePoint
from consult.submissions.rows import lock
from consult.submissions.services import submit


class NotReceivedInTime(Exception):
    """The office received it on a day that does not fit; ``first`` and ``last`` are those that do.

    Days are the portal's.
    """

    def __init__(self, first: date, last: date) -> None:
        super().__init__()
        self.first, self.last = first, last


class NoReason(Exception):
    """It is entered after the round's deadline without a reason."""


class NoScanUnderSeal(Exception):
    """A scan of a sealed contribution would show whose it is."""


class OwnTranscription(Exception):
    """Whoever typed it in cannot be the second person who compares it."""


class ScanGone(Exception):
    """The scan was uploaded so long ago that it is no longer kept."""


def enter(command: SubmitPoints) -> Outcome:
    """Receive what staff typed from paper, a letter or minutes; ``received_at`` is now.

    The office must have received it between the round's opening and its deadline. While the
    round is closed and not answered it is entered with a reason. A repeated command gives the
    first one's reference. Raises NotAccepting, NotReceivedInTime, NoReason, NoScanUnderSeal,
    ScanGone and what `submit` raises; writes what it writes, a row of ``paper_entries`` and an
    audit entry that names the transcriber.
    """
    paper = command.paper
    if paper is None or command.channel not in PAPER or command.author_id is not None:
        raise ValueError("not a contribution that staff enter")
    lock(paper.transcriber_id)
    consultation = locked(command.consultation.id) or command.consultation
    check_takes(consultation, command.received_at)
    _check_dates(consultation, paper, command.received_at)
    if paper.scan is not None:
        if command.identity is Identity.SEALED:
            raise NoScanUnderSeal
        if not files.place(paper.scan.sha256).exists():
            raise ScanGone
    outcome = submit(command)
    if not outcome.repeated:
        if paper.scan is not None:
            files.hold([paper.scan.sha256])
        submission_id = db.session.scalar(
            select(Submission.id).where(Submission.reference == outcome.reference)
        )
        audit.record(
            "submission.transcribed",
            actor_id=paper.transcriber_id,
            subject=("submission", submission_id),
        )
    return outcome


def correct(command: RevisePoint) -> bool:
    """Correct the transcription of a point; the words before are kept as a revision.

    Possible until the round is answered. Returns, raises and writes what `revising.revise` does;
    NotAccepting for a round that takes no corrections.
    """
    check_takes(command.point.submission.consultation, command.received_at)
    return revising.revise(command)


def mark_checked(submission: Submission, *, actor_id: int, at: datetime) -> None:
    """Record that a second person has compared the words as they are with the original.

    Later corrections make it a check of earlier words; it may be done again. Repeated by the same
    person while the words are the same, it changes nothing. Raises OwnTranscription; writes a
    ledger leaf and an audit entry.
    """
    lock(actor_id)
    paper = submission.paper
    if paper is None or paper.transcriber_id == actor_id:
        raise OwnTranscription
    db.session.refresh(paper, ["checked_by", "checked_at"])
    if paper.checked_by == actor_id and paper.stands_checked(submission.points):
        return
    db.session.execute(
        update(PaperEntry)
        .where(PaperEntry.submission_id == submission.id)
        .values(checked_by=actor_id, checked_at=at)
    )
    ledger.append(KIND, submission.id, comparison_content(submission.id, actor_id, at), at=at)
    audit.record(
        COMPARED,
        actor_id=actor_id,
        subject=("submission", submission.id),
        details={"checked_at": instant(at)},
    )


def check_takes(consultation: Consultation, instant: datetime) -> None:
    """Return when staff may enter contributions at ``instant``; NotAccepting otherwise."""
    opened = consultation.opens_at is not None and consultation.opens_at <= instant
    if not opened or consultation.stage not in (Stage.OPEN, Stage.CLOSED):
        raise NotAccepting(consultation)


def is_late(consultation: Consultation, instant: datetime) -> bool:
    """Return whether ``instant`` is after the round's deadline, so that a reason is needed."""
    return consultation.closes_at is not None and instant >= consultation.closes_at


def days(consultation: Consultation, instant: datetime) -> tuple[date, date]:
    """Return the first and the last day on which the office may have received it."""
    last = min(instant, consultation.closes_at or instant)
    return local(consultation.opens_at or instant).date(), local(last).date()


def _check_dates(consultation: Consultation, paper: PaperFacts, instant: datetime) -> None:
    first, last = days(consultation, instant)
    if not first <= paper.received_on <= last:
        raise NotReceivedInTime(first, last)
    if is_late(consultation, instant) and not paper.late_reason.strip():
        raise NoReason
