"""Writing submissions: the basket, sending, withdrawing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, insert, select, update

from consult.consultations.models import Consultation, Stage
from consult.core import audit, clock
from consult.core.db import db
from consult.jobs.services import enqueue
from consult.ledger import services as ledger
from consult.submissions import receipts, vault
from consult.submissions.answers import rows as answer_rows
from consult.submissions.attachments import services as attaching
from consult.submissions.commands import (
    AlreadySent,
    Cancelled,
    NewPoint,
    NothingToSend,
    Outcome,
    SavePoint,
    SendBasket,
    SubmitPoints,
    TooEarly,
    TooLate,
)
from consult.submissions.models import Point, Submission, SubmissionState
from consult.submissions.paper.models import PaperEntry
from consult.submissions.point_words import WORDS, point_rows
from consult.submissions.rows import (
    check_member,
    draft,
    insert_submission,
    known,
    lock,
    name_author,
    record_receipt,
    recorded_points,
    shown_actor,
)


def save_point(command: SavePoint) -> Outcome:
    """Keep a point in the basket, whatever the stage of the round: words are never lost.

    A repeated post changes nothing; one that was sent meanwhile is reported as sent. Raises
    UnknownProvision, UnknownQuestion, UnusableText. Writes at most three rows, no job.
    """
    lock(command.author_id)
    key = command.point.form_key
    found = known(command.author_id, command.consultation.id, key, [key])
    if found:
        if command.point.attached and not found[0].sent:
            _claim(command, found[0].point_id)
        return Outcome(found[0].reference, found[0].sent, repeated=True)
    now = clock.now()
    rows = point_rows(command.consultation, [command.point], created_at=now, received_at=None)
    submission_id, reference = draft(command.consultation.id, command.author_id, now)
    last = db.session.scalar(
        select(func.max(Point.ordinal)).where(Point.submission_id == submission_id)
    )
    rows[0] |= {"submission_id": submission_id, "ordinal": (last or 0) + 1}
    db.session.execute(insert(Point), rows)
    if command.point.attached:
        made = Point.submission_id == submission_id, Point.form_key == key
        _claim(command, db.session.scalars(select(Point.id).where(*made)).one())
    return Outcome(reference, sent=False)


def _claim(command: SavePoint, point_id: int) -> None:
    attaching.claim(command.author_id, command.consultation.id, command.point.attached, point_id)


def change_point(point: Point, words: NewPoint) -> None:
    """Replace the words of a point in a basket; its provision stays.

    Raises UnknownQuestion, UnusableText, AlreadySent.
    """
    [row] = point_rows(point.submission.consultation, [words], created_at=point.created_at)
    if words.quote == point.quote and not words.before:  # the same words, at the place they had
        row |= {"quote_start": point.quote_start, "quote_end": point.quote_end}
    changed = db.session.execute(
        update(Point)
        .where(Point.id == point.id, Point.received_at.is_(None))
        .values({name: row[name] for name in WORDS})
        .returning(Point.id)
    )
    if changed.first() is None:
        raise AlreadySent


def delete_point(point: Point) -> None:
    """Take a point out of a basket; AlreadySent for one that has been received."""
    gone = db.session.execute(
        delete(Point).where(Point.id == point.id, Point.received_at.is_(None)).returning(Point.id)
    )
    if gone.first() is None:
        raise AlreadySent


def submit(command: SubmitPoints) -> Outcome:
    """Receive points at ``received_at``: all of them in one submission, or none.

    A repeated command (same author and key, or same form keys) gives the first one's
    reference; the same forms lying in the basket leave it. Raises NotAccepting (not for what
    staff import or enter), NotAMember, UnknownProvision, UnknownQuestion,
    UnusableText. Writes submission, authorship, points, a ledger leaf and an audit entry;
    enqueues search.index and, for an account, notifications.tell.
    """
    lock(command.author_id)
    keys = [point.form_key for point in command.points]
    found = known(command.author_id, command.consultation.id, command.idempotency_key, keys)
    for row in found:
        if row.sent:
            return Outcome(row.reference, sent=True, repeated=True)
    if command.author_id is not None:
        check_open(command.consultation, command.received_at)
        check_member(command.author_id, command.organisation_id)
    rows = point_rows(
        command.consultation,
        command.points,
        created_at=command.received_at,
        received_at=command.received_at,
    )
    reference = receipts.new_reference()
    submission_id, author = _insert(command, reference)
    for ordinal, row in enumerate(rows, 1):
        row |= {"submission_id": submission_id, "ordinal": ordinal}
    db.session.execute(insert(Point), rows)
    if command.paper is not None:
        db.session.add(PaperEntry.of(submission_id, command.paper))
    files = _take_files(command, submission_id, [row.point_id for row in found])
    points = _recorded(command.points, rows, files)
    record_receipt(command, submission_id, reference, points, author)
    return Outcome(reference, sent=True)


def _take_files(
    command: SubmitPoints, submission_id: int, earlier: list[int]
) -> dict[int, tuple[dict[str, Any], ...]]:
    """Give the points their files, and put away the points of the basket that they replace."""
    files = attaching.settle(
        attaching.Arrival(
            submission_id,
            command.consultation.id,
            command.author_id,
            command.identity,
            {n: point.attached for n, point in enumerate(command.points, 1) if point.attached},
            earlier,
        )
    )
    if earlier:
        db.session.execute(delete(Point).where(Point.id.in_(earlier)))
    return files


def _insert(command: SubmitPoints, reference: str) -> tuple[int, dict[str, Any]]:
    return insert_submission(
        {
            "reference": reference,
            "consultation_id": command.consultation.id,
            "state": SubmissionState.RECEIVED,
            "channel": command.channel,
            "created_at": command.received_at,
            "received_at": command.received_at,
        },
        vault.Author(
            command.author_id,
            command.organisation_id,
            command.name,
            command.organisation_name,
        ),
        command.identity,
        idempotency_key=command.idempotency_key,
    )


def _recorded(
    points: Sequence[NewPoint],
    rows: Sequence[dict[str, Any]],
    files: Mapping[int, tuple[dict[str, Any], ...]],
) -> list[receipts.Recorded]:
    return [
        receipts.Recorded(
            point.provision,
            point.question,
            point.stance.value,
            point.argument,
            point.proposed_wording,
            point.quote,
            point.kind.value,
            row["quote_start"],
            row["quote_end"],
            files.get(row["ordinal"], ()),
        )
        for point, row in zip(points, rows, strict=True)
    ]


def import_submissions(commands: Iterable[SubmitPoints]) -> list[Outcome]:
    """Receive the rows of a spreadsheet, each as `submit` does; the caller's transaction
    makes it all or nothing. Raises what `submit` raises, at the first row that is wrong."""
    return [submit(command) for command in commands]


def send_basket(command: SendBasket) -> Outcome:
    """Receive everything in the basket at ``received_at``, in one submission.

    Repeated, it gives the same reference. Raises NothingToSend, NotAccepting, NotAMember; then
    the basket stays as it was. Writes and enqueues what `submit` does.
    """
    lock(command.author_id)
    found = db.session.execute(
        select(Submission.id, Submission.state)
        .join(Submission.authorship)
        .where(
            Submission.reference == command.reference,
            Submission.consultation_id == command.consultation.id,
            vault.written_by(command.author_id, [command.consultation.id]),
        )
    ).one_or_none()
    if found is None:
        raise NothingToSend
    submission_id, state = found
    if state is not SubmissionState.DRAFT:
        return Outcome(command.reference, sent=True, repeated=True)
    check_open(command.consultation, command.received_at)
    check_member(command.author_id, command.organisation_id)
    files = attaching.receive(submission_id, command.identity)
    points, answers = recorded_points(submission_id, files), answer_rows.waiting(submission_id)
    if not points and not answers:
        raise NothingToSend
    session = db.session()
    session.execute(
        update(Submission)
        .where(Submission.id == submission_id)
        .values(state=SubmissionState.RECEIVED, received_at=command.received_at, draft_of=None)
        .execution_options(synchronize_session=False)
    )
    author = name_author(
        submission_id,
        vault.Author(command.author_id, command.organisation_id),
        command.identity,
        command.consultation.id,
    )
    session.execute(
        update(Point)
        .where(Point.submission_id == submission_id)
        .values(received_at=command.received_at)
        .execution_options(synchronize_session=False)
    )
    if answers:
        answer_rows.receive(submission_id, command.received_at)
    record_receipt(command, submission_id, command.reference, points, author, answers)
    return Outcome(command.reference, sent=True)


def withdraw(
    submission: Submission, *, author_id: int, point_ids: Sequence[int] | None, at: datetime
) -> int:
    """Withdraw points of a received submission; return how many things were withdrawn.

    ``point_ids`` None: all of it, its answers to the round's questions too. They stay in the
    database and in every account as withdrawn. Repeated, it returns 0.
    Writes a ledger leaf and an audit entry; enqueues search.index.
    """
    lock(author_id)
    wanted = [
        point
        for point in submission.points
        if point.withdrawn_at is None and (point_ids is None or point.id in point_ids)
    ]
    standing = submission.withdrawn_at is None and bool(submission.sheets)
    answers = standing and point_ids is None
    if submission.received_at is None or not (wanted or answers):
        return 0
    for point in wanted:
        point.withdrawn_at = at
    if all(point.withdrawn_at for point in submission.points) and answers == standing:
        submission.state, submission.withdrawn_at = SubmissionState.WITHDRAWN, at
    content = receipts.withdrawal_content(
        reference=submission.reference,
        ordinals=[point.ordinal for point in wanted],
        withdrawn_at=at,
        answers=answers,
    )
    ledger.append("withdrawal", submission.id, content, at=at)
    audit.record(
        "submission.withdrawn",
        actor_id=shown_actor(author_id, submission.authorship.identity),
        subject=("submission", submission.id),
        details={"points": len(wanted)},
    )
    enqueue("search.index", {"kind": "submission", "id": submission.id})
    db.session.flush()
    return len(wanted) + answers


def check_open(consultation: Consultation, instant: datetime) -> None:
    """Return when the round takes what arrived at ``instant``; otherwise say why not.

    Raises TooEarly, TooLate or Cancelled.
    """
    if consultation.accepts_at(instant):
        return
    if consultation.stage is Stage.CANCELLED:
        raise Cancelled(consultation)
    if consultation.opens_at is None or instant < consultation.opens_at:
        raise TooEarly(consultation)
    raise TooLate(consultation)
