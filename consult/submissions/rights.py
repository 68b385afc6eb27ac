"""Who may do what with points and submissions; the policy's table names these predicates."""

from __future__ import annotations

from typing import Any

from consult.consultations.models import PointsVisibility, Stage
from consult.consultations.rights import (
    official_of_round,
    reader_of_round,
    round_of,
    staff_reader_of_round,
)
from consult.core import clock
from consult.core.permissions import Actor
from consult.submissions.attachments.models import Attachment
from consult.submissions.identity.models import Phase, UnsealingRequest
from consult.submissions.models import Identity, Point, Submission
from consult.submissions.vault import wrote
from consult.submissions.voices.models import Moderation


def reader_of_points(actor: Actor, subject: Any) -> bool:
    """The round shows its points to its readers now."""
    consultation = round_of(subject)
    if isinstance(subject, Point) and subject.received_at is None:
        return False
    shown = consultation.points_visibility
    closed = consultation.stage in (Stage.CLOSED, Stage.ANSWERED)
    return reader_of_round(actor, consultation) and (
        shown is PointsVisibility.AT_ONCE or (shown is PointsVisibility.AFTER_CLOSING and closed)
    )


def staff_of_points(actor: Actor, subject: Any) -> bool:
    """Staff see every received point of the rounds they work on."""
    if isinstance(subject, Point) and subject.received_at is None:
        return False
    return official_of_round(actor, subject) or staff_reader_of_round(actor, subject)


def author(actor: Actor, subject: Any) -> bool:
    submission = subject.submission if isinstance(subject, Point) else subject
    return wrote(actor.user_id, submission)


def endorser(actor: Actor, subject: Any) -> bool:
    """Verified readers of the round's points; of a point, not its author."""
    own = isinstance(subject, Point) and author(actor, subject)
    return actor.verified and reader_of_points(actor, subject) and not own


def moderator(actor: Actor, subject: Any) -> bool:
    """Front and secretariat staff, of what was received; of a hiding, whoever it was."""
    if isinstance(subject, Moderation):
        return subject.hidden_by == actor.user_id and staff_reader_of_round(actor, subject.point)
    return subject.received_at is not None and staff_reader_of_round(actor, subject)


def another_moderator(actor: Actor, moderation: Moderation) -> bool:
    """Staff who neither hid the point nor wrote it."""
    point = moderation.point
    involved = moderation.hidden_by == actor.user_id or author(actor, point)
    return staff_reader_of_round(actor, point) and not involved


def reader_of_attachment(actor: Actor, file: Attachment) -> bool:
    """Whoever reads the words of the point reads its files: they are hidden and withdrawn alike."""
    point = file.point
    if point is None:
        return False
    if author(actor, point) or staff_of_points(actor, point):
        return True
    shown = point.hidden_at is None and point.withdrawn_at is None
    return shown and reader_of_points(actor, point)


def transcriber(actor: Actor, submission: Submission) -> bool:
    """Whoever typed it in from paper."""
    return submission.paper is not None and submission.paper.transcriber_id == actor.user_id


def staff_of_openly_named(actor: Actor, submission: Submission) -> bool:
    """Staff of the round, where the contributor's name is public: the scan shows it.

    The scan of a letter that is shown only under its organisation is its transcriber's alone: a
    letter bears its writer's name and signature, which neither agency nor readers are to see, and
    nobody can tell whether they have been covered. Whoever compares it uses the original.
    """
    return submission.authorship.identity is Identity.PUBLIC and (
        official_of_round(actor, submission) or staff_reader_of_round(actor, submission)
    )


def second_person(actor: Actor, asked: UnsealingRequest) -> bool:
    """Secretariat or administrator, who neither asked for the identity nor is the author."""
    return (
        _opens_identities(actor)
        and asked.requested_by != actor.user_id
        and not wrote(actor.user_id, asked.submission)
    )


def one_of_the_two(actor: Actor, asked: UnsealingRequest) -> bool:
    """Whoever asked for an identity or approved it, on the day after the approval."""
    return (
        actor.user_id in (asked.requested_by, asked.decided_by)
        and _opens_identities(actor)
        and asked.phase(clock.now()) is Phase.OPEN
    )


def _opens_identities(actor: Actor) -> bool:
    return actor.has("secretariat") or actor.has("admin")
