"""Writing the meeting, its minutes, the report with its dissents, and the orderer's answers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from consult.core import audit, clock
from consult.core.db import db, insert_rows
from consult.core.i18n import format_datetime
from consult.critiques import notices, queries, stages
from consult.critiques.checks import before_signing, revisable
from consult.critiques.commands import AnswerWords, Minutes, ReportWords
from consult.critiques.leaves import answer_content, counted_reviews, report_content
from consult.critiques.models import Commission, CommissionStage, PanelRole, Seat
from consult.critiques.queries import StillBlind
from consult.critiques.review_models import (
    Attendance,
    CritiqueReport,
    Dissent,
    Meeting,
    Outcome,
    Recommendation,
)
from consult.critiques.review_services import NotAMember, SignedOff
from consult.critiques.services import Incomplete
from consult.ledger.services import append, append_many

_LEADS = (PanelRole.CHAIR, PanelRole.SECRETARY)


class Overtaken(Exception):
    """Somebody else has saved another text since this one was read."""


class NotYours(Exception):
    """Only the panel's chair or secretary may do this."""


# --- meeting -------------------------------------------------------------------------------------


def call_meeting(commission_id: int, user_id: int, *, held_at: datetime, place: str) -> Meeting:
    """Call the panel together once the reviews are opened; return the meeting, flushed.

    By the chair or the secretary. Writes the meeting and the transition; tells the panel.
    Raises NotYours, StillBlind, stages.NotAllowed.
    """
    commission, _ = _led(commission_id, user_id)
    if commission.blind:
        raise StillBlind
    stages.apply(commission, "meet", actor_id=user_id)
    meeting = Meeting(commission_id=commission_id, held_at=held_at, place=place, revision=1)
    db.session.add(meeting)
    db.session.flush()
    notices.rescheduled(commission, format_datetime(held_at), place)
    return meeting


def write_minutes(commission_id: int, user_id: int, said: Minutes, *, revision: int) -> Meeting:
    """Replace the minutes; what chair and secretary had confirmed is to be confirmed again.

    ``revision`` is the one that was read. Writes the meeting, the attendance and an audit
    entry; tells the panel of another time or place, and asks both to confirm minutes that are
    complete. Raises NotYours, Overtaken, SignedOff, stages.NotAllowed.
    """
    commission, _ = _led(commission_id, user_id)
    stages.require(commission, CommissionStage.MEETING, act="minutes")
    meeting = _meeting(commission_id, revision)
    if queries.signed(commission_id):
        raise SignedOff
    moved = (meeting.held_at, meeting.place) != (said.held_at, said.place)
    meeting.held_at, meeting.ended_at, meeting.place = said.held_at, said.ended_at, said.place
    meeting.guests, meeting.course = said.guests, said.course
    meeting.conclusions = said.conclusions
    meeting.revision += 1
    meeting.chair_confirmed_at = meeting.secretary_confirmed_at = None
    _attend(commission, meeting, said.attendance or {})
    audit.record("minutes.saved", actor_id=user_id, subject=("commission", commission_id))
    if moved:
        notices.rescheduled(commission, format_datetime(said.held_at), said.place)
    if meeting.course.strip() and meeting.conclusions.strip():
        notices.minutes_written(commission, meeting.revision)
    return meeting


def confirm_minutes(commission_id: int, user_id: int, *, revision: int) -> Meeting:
    """Confirm the minutes as chair or secretary; a repeated confirmation changes nothing.

    Writes the meeting and an audit entry. Raises NotYours, Overtaken, Incomplete while they
    are empty, stages.NotAllowed.
    """
    commission, seat = _led(commission_id, user_id)
    stages.require(commission, CommissionStage.MEETING, act="minutes")
    meeting = _meeting(commission_id, revision)
    if not meeting.course.strip() or not meeting.conclusions.strip():
        raise Incomplete(["minutes"])
    now = clock.now()
    if seat.role is PanelRole.CHAIR:
        meeting.chair_confirmed_at = meeting.chair_confirmed_at or now
    else:
        meeting.secretary_confirmed_at = meeting.secretary_confirmed_at or now
    audit.record("minutes.confirmed", actor_id=user_id, subject=("commission", commission_id))
    return meeting


# --- report --------------------------------------------------------------------------------------


def write_report(
    commission_id: int, user_id: int, said: ReportWords, *, revision: int
) -> CritiqueReport:
    """Replace the report's text, by chair or secretary; a signature under it is taken back.

    ``revision`` is the one that was read, 0 before the first. Writes the report with its
    recommendations and an audit entry. Raises NotYours, StillBlind, Overtaken,
    stages.NotAllowed.
    """
    commission, _ = _led(commission_id, user_id)
    stages.require(commission, CommissionStage.REVIEWING, CommissionStage.MEETING, act="report")
    if commission.blind:
        raise StillBlind
    report = queries.report(commission_id)
    if (report.revision if report else 0) != revision:
        raise Overtaken
    if report is None:
        report = CritiqueReport(commission_id=commission_id, revision=0)
        db.session.add(report)
    report.summary, report.assessment = said.summary, said.assessment
    report.findings, report.conclusion = said.findings, said.conclusion
    report.revision += 1
    report.signed_at = report.signed_by = None
    known = list(report.recommendations)
    for row, words in zip(known, said.recommendations, strict=False):
        row.provision_key, row.citation = words.provision_key, words.citation
        row.text = words.text
    report.recommendations = known[: len(said.recommendations)]
    db.session.flush()
    rows = [
        {
            "commission_id": commission_id,
            "ordinal": ordinal,
            "provision_key": words.provision_key,
            "citation": words.citation,
            "text": words.text,
        }
        for ordinal, words in enumerate(said.recommendations, 1)
        if ordinal > len(known)
    ]
    insert_rows(Recommendation, rows)
    audit.record("critique_report.saved", actor_id=user_id, subject=("commission", commission_id))
    return report


def dissent(commission_id: int, user_id: int, text: str) -> Dissent | None:
    """Put a member's differing opinion into the report, verbatim; empty words take it out.

    Writes the dissent and an audit entry. Raises NotAMember, StillBlind, SignedOff,
    stages.NotAllowed.
    """
    commission = queries.locked(commission_id)
    seat = _seat(commission, user_id)
    if not revisable(commission):
        raise stages.NotAllowed("dissent", commission.stage)
    if commission.blind:
        raise StillBlind
    if queries.signed(commission_id):
        raise SignedOff
    found = next((d for d in queries.dissents(commission_id) if d.seat_id == seat.id), None)
    if found is None and text:
        found = Dissent(commission_id=commission_id, seat=seat)
        db.session.add(found)
    if found is not None and text:
        found.text, found.at = text, clock.now()
    elif found is not None:
        db.session.delete(found)
        found = None
    db.session.flush()
    audit.record("dissent.saved", actor_id=user_id, subject=("commission", commission_id))
    return found


def sign_report(commission_id: int, user_id: int, *, revision: int) -> CritiqueReport:
    """Sign the report off as the chair.

    Writes the report and an audit entry; tells the secretariat. Raises NotYours, Overtaken,
    Incomplete with the codes of `checks.before_signing`, stages.NotAllowed.
    """
    commission, seat = _led(commission_id, user_id)
    if seat.role is not PanelRole.CHAIR:
        raise NotYours
    stages.require(commission, CommissionStage.MEETING, act="sign")
    report = queries.report(commission_id)
    checks = before_signing(report, queries.meeting(commission_id))
    missing = [check.code for check in checks if not check.done]
    if report is None or missing:
        raise Incomplete(missing)
    if report.revision != revision:
        raise Overtaken
    report.signed_at, report.signed_by = clock.now(), user_id
    audit.record("critique_report.signed", actor_id=user_id, subject=("commission", commission_id))
    notices.signed(commission, report.revision)
    return report


def deliver(commission_id: int, *, actor_id: int | None) -> CritiqueReport:
    """Deliver the signed report to the orderer; from now on it stays as it is.

    Writes the report, a ledger leaf and the transition. Raises Incomplete without a signature,
    stages.NotAllowed.
    """
    commission = queries.locked(commission_id)
    stages.require(commission, CommissionStage.MEETING, act="report")
    report = queries.report(commission_id)
    if report is None or report.signed_at is None:
        raise Incomplete(["signature"])
    now = clock.now()
    report.delivered_at, report.delivered_by = now, actor_id
    db.session.flush()
    counted = counted_reviews([commission_id]).get(commission_id, [])
    content = report_content(report, queries.dissents(commission_id), counted)
    append("critique_report", commission_id, content, at=now)
    stages.apply(commission, "report", actor_id=actor_id)
    return report


# --- answers -------------------------------------------------------------------------------------


def save_answers(commission_id: int, answers: Mapping[int, AnswerWords]) -> CritiqueReport:
    """Keep the answers as they are written so far, by the recommendation's id.

    Writes the recommendations. Raises stages.NotAllowed.
    """
    commission = queries.locked(commission_id)
    return _save_answers(commission, answers)


def publish_answers(
    commission_id: int, answers: Mapping[int, AnswerWords], *, actor_id: int | None
) -> CritiqueReport:
    """Keep the answers and give them to the panel and the union, once and for all.

    Writes the recommendations, a ledger leaf for each and the transition. Raises Incomplete
    with the ids of those that lack an outcome, or a reason for anything but full acceptance
    (as Luật 64/2025/QH15 asks of answers to opinions), stages.NotAllowed.
    """
    commission = queries.locked(commission_id)
    report = _save_answers(commission, answers)
    missing = unanswered(report)
    if missing:
        raise Incomplete([str(number) for number in missing])
    now = clock.now()
    for row in report.recommendations:
        row.answered_at, row.answered_by = now, actor_id
    db.session.flush()
    facts = [(row.id, answer_content(row)) for row in report.recommendations]
    append_many("critique_answer", facts, at=now)
    stages.apply(commission, "answer", actor_id=actor_id)
    return report


def unanswered(report: CritiqueReport) -> list[int]:
    """Return the ids of the recommendations whose answer is not complete."""
    return [
        row.id
        for row in report.recommendations
        if row.outcome is None or (row.outcome is not Outcome.ACCEPTED and not row.reason.strip())
    ]


def _save_answers(commission: Commission, answers: Mapping[int, AnswerWords]) -> CritiqueReport:
    stages.require(commission, CommissionStage.REPORTED, act="answer")
    report = queries.report(commission.id)
    if report is None:
        raise stages.NotAllowed("answer", commission.stage)
    for row in report.recommendations:
        if row.id in answers:
            row.outcome, row.reason = answers[row.id].outcome, answers[row.id].reason
    return report


def _seat(commission: Commission, user_id: int) -> Seat:
    seat = commission.seat_of(user_id)
    if seat is None or not seat.cleared:
        raise NotAMember
    return seat


def _led(commission_id: int, user_id: int) -> tuple[Commission, Seat]:
    commission = queries.locked(commission_id)
    seat = commission.seat_of(user_id)
    if seat is None or not seat.cleared or seat.role not in _LEADS:
        raise NotYours
    return commission, seat


def _meeting(commission_id: int, revision: int) -> Meeting:
    meeting = queries.meeting(commission_id)
    if meeting is None or meeting.revision != revision:
        raise Overtaken
    return meeting


def _attend(commission: Commission, meeting: Meeting, said: Mapping[int, tuple[bool, str]]) -> None:
    known = {row.seat_id: row for row in meeting.attendance}
    for seat in commission.sitting():
        if seat.id not in said:
            continue
        present, note = said[seat.id]
        row = known.get(seat.id)
        if row is None:
            row = Attendance(seat=seat)
            meeting.attendance.append(row)
        row.present, row.note = present, note
    db.session.flush()
