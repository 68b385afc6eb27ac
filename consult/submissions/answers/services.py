"""Answering a round's questions: in the basket first, and changed until the closing."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime

from msgspec import Struct
from sqlalchemy import select

from consult.consultations.models import Consultation, Question, QuestionKind
from consult.core import audit, clock
from consult.core.db import db
from consult.ledger import services as ledger
from consult.submissions import own
from consult.submissions.answers.models import AnswerSheet, QuestionAnswer
from consult.submissions.answers.queries import own_sheet
from consult.submissions.answers.record import sheet_content
from consult.submissions.rows import draft, lock, shown_actor
from consult.submissions.services import check_open


class UnusableAnswers(Exception):
    """A question is not the round's, a choice not the question's, or a required one is open."""


class Answer(Struct, frozen=True):
    """Answer a round's questions, all at once: choices by the question's number in the round.

    ``form_key`` tells a repeated post from a new one.
    """

    consultation: Consultation
    author_id: int
    chosen: Mapping[int, Sequence[int]]
    form_key: str
    received_at: datetime


class Answered(Struct, frozen=True):
    """What became of the answers: received in the submission ``reference``, or in the basket."""

    reference: str
    received: bool
    changed: bool = True


def answer(command: Answer) -> Answered:
    """Keep answers in the basket; those of an author who has answered are received anew.

    An author answers a round once, whatever the number of contributions: the sheet received
    last counts until it is withdrawn. A repeated command changes nothing. Raises NotAccepting,
    UnusableAnswers. Writes a sheet with its answers; of one that replaces a received one a
    ledger leaf and an audit entry too.
    """
    consultation = command.consultation
    lock(command.author_id)
    check_open(consultation, command.received_at)
    rows = _checked(own.questions(consultation.id), command.chosen)
    sheet = own_sheet(command.author_id, consultation.id)
    if sheet is not None and sheet.received_at is not None:
        return _replace(command, sheet, rows)
    if sheet is None:
        submission_id, reference = draft(consultation.id, command.author_id, clock.now())
        sheet = AnswerSheet(submission_id=submission_id, number=0)
    else:
        reference = sheet.submission.reference
    sheet.form_key = command.form_key
    _write(sheet, rows)
    return Answered(reference, received=False)


def _checked(questions: Sequence[Question], chosen: Mapping[int, Sequence[int]]) -> dict[int, str]:
    """Return what is stored of the choices, by the questions' ids."""
    asked = {question.ordinal: question for question in questions if question.on_sheet}
    if chosen.keys() - asked.keys():
        raise UnusableAnswers
    rows: dict[int, str] = {}
    for number, question in asked.items():
        numbers = sorted(set(chosen.get(number, ())))
        known = {choice for choice, _ in question.choices}
        several = question.kind is QuestionKind.MULTIPLE
        if set(numbers) - known or (len(numbers) > 1 and not several):
            raise UnusableAnswers
        if numbers:
            rows[question.id] = ",".join(map(str, numbers))
        elif question.is_required:
            raise UnusableAnswers
    return rows


def _rows(sheet: AnswerSheet) -> dict[int, str]:
    return {answer.question_id: answer.chosen for answer in sheet.answers}


def _write(sheet: AnswerSheet, rows: Mapping[int, str]) -> None:
    """Make ``rows`` the answers of a sheet; an empty one that is not received is deleted."""
    session = db.session()
    if not rows and sheet.received_at is None:
        if sheet in session:
            session.delete(sheet)
            session.flush()
        return
    session.add(sheet)
    kept = {answer.question_id: answer for answer in sheet.answers}
    sheet.answers = [
        kept.get(question_id) or QuestionAnswer(question_id=question_id) for question_id in rows
    ]
    for one in sheet.answers:
        one.chosen = rows[one.question_id]
    session.flush()


def _replace(command: Answer, sheet: AnswerSheet, rows: Mapping[int, str]) -> Answered:
    """Receive ``rows`` in place of a received sheet, which is kept; a leaf covers the new one."""
    submission = sheet.submission
    earlier = db.session.scalars(
        select(AnswerSheet).where(
            AnswerSheet.submission_id == submission.id, AnswerSheet.form_key == command.form_key
        )
    ).one_or_none()
    if earlier is not None and rows == _rows(earlier):
        return Answered(submission.reference, received=True)
    if rows == _rows(sheet):
        return Answered(submission.reference, received=True, changed=False)
    sheet.replaced_at = command.received_at
    following = AnswerSheet(
        submission=submission,
        number=sheet.number + 1,
        # A form shown again by the browser's way back says something else under the same key.
        form_key=secrets.token_urlsafe(16) if earlier else command.form_key,
        received_at=command.received_at,
    )
    _write(following, rows)
    db.session.refresh(following)
    ledger.append("answers", following.id, sheet_content(following), at=command.received_at)
    audit.record(
        "answers.changed",
        actor_id=shown_actor(command.author_id, submission.authorship.identity),
        subject=("submission", submission.id),
    )
    return Answered(submission.reference, received=True)
