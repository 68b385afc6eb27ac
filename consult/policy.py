"""Who may do what: the whole answer, on one page. What is not here is denied."""

from __future__ import annotations

from typing import Any

from consult.consultations import queries as rounds
from consult.consultations.models import Audience, Consultation, PointsVisibility, Stage
from consult.core import clock
from consult.core.permissions import NOBODY, Actor, Policy, Predicate, Rule
from consult.critiques import rights as critique
from consult.documents.certificate_models import Certificate
from consult.drafts.models import DraftVersion
from consult.notifications.models import Notification
from consult.people import club_rights as club
from consult.people.evidence_models import Evidence
from consult.people.models import Profile
from consult.submissions import joint_rights as joint
from consult.submissions.attachment_models import Attachment
from consult.submissions.models import Point
from consult.submissions.vault import wrote
from consult.submissions.vault_models import Phase, UnsealingRequest
from consult.submissions.voice_models import Moderation
from consult.summaries.models import Summary

# --- predicates: may this actor, with this subject? -------------------------------------------


def anyone(_actor: Actor, _subject: Any) -> bool:
    return True


def signed_in(actor: Actor, _subject: Any) -> bool:
    return actor is not NOBODY


def confirmed(actor: Actor, _subject: Any) -> bool:
    """Signed in, and the e-mail address is confirmed."""
    return actor.confirmed


def verified(actor: Actor, _subject: Any) -> bool:
    """The union's secretariat has verified the profile."""
    return actor.verified


def role(name: str) -> Predicate:
    return lambda actor, _subject: actor.has(name)


admin, secretariat, front, council = map(role, ("admin", "secretariat", "front", "council"))
any_official = role("official")


def official_of_round(actor: Actor, subject: Any) -> bool:
    """An official of the agency that opened the round."""
    return actor.holds("official", _round(subject).agency_id)


def official_of_agency(actor: Actor, subject: Any) -> bool:
    """An official of the agency whose draft version this is."""
    return actor.holds("official", subject.draft.agency_id)


def owner(actor: Actor, subject: Evidence | Certificate) -> bool:
    return subject.user_id == actor.user_id


def secretariat_of_another(actor: Actor, subject: Profile | Evidence | Certificate | None) -> bool:
    """The secretariat, of anybody's papers but one's own."""
    return secretariat(actor, None) and (subject is None or subject.user_id != actor.user_id)


def second_verifier(actor: Actor, profile: Profile) -> bool:
    """The secretariat, but neither who checked the titles nor the person."""
    return secretariat_of_another(actor, profile) and profile.checked_by != actor.user_id


def reader_of_round(actor: Actor, subject: Any) -> bool:
    """The round is published, and its audience includes the actor."""
    consultation = _round(subject)
    if consultation.stage is Stage.PREPARING:
        return False
    if consultation.audience is Audience.EVERYONE:
        return True
    return verified_or_staff(actor, None)


def verified_or_staff(actor: Actor, _subject: Any) -> bool:
    """Who reads the rounds that are not for everyone."""
    return actor.verified or _staff(actor)


def reader_of_version(actor: Actor, version: DraftVersion) -> bool:
    """Shown to others, and every round on its draft is open to the actor's eyes.

    A comparison shows the words of two versions: the narrower of their audiences counts.
    """
    if version.frozen_at is None:
        return False
    audience = rounds.audience_of_draft(version.draft_id)
    if audience is Audience.EVERYONE:
        return True
    return audience is not None and verified_or_staff(actor, None)


def staff_reader_of_round(actor: Actor, subject: Any) -> bool:
    """Front and secretariat staff, of every round that is no longer being prepared."""
    return (front(actor, None) or secretariat(actor, None)) and (
        _round(subject).stage is not Stage.PREPARING
    )


def front_of_round(actor: Actor, subject: Any) -> bool:
    """Front staff; a round that is still being prepared is its agency's own affair."""
    return front(actor, None) and (subject is None or _round(subject).stage is not Stage.PREPARING)


def verified_reader_of_round(actor: Actor, subject: Any) -> bool:
    return actor.verified and reader_of_round(actor, subject)


def reader_of_points(actor: Actor, subject: Any) -> bool:
    """The round shows its points to its readers now."""
    consultation = _round(subject)
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


def second_person(actor: Actor, asked: UnsealingRequest) -> bool:
    """Secretariat or administrator, who neither asked for the identity nor is the author."""
    return (
        (secretariat(actor, None) or admin(actor, None))
        and asked.requested_by != actor.user_id
        and not wrote(actor.user_id, asked.submission)
    )


def one_of_the_two(actor: Actor, asked: UnsealingRequest) -> bool:
    """Whoever asked for an identity or approved it, on the day after the approval."""
    return (
        actor.user_id in (asked.requested_by, asked.decided_by)
        and (secretariat(actor, None) or admin(actor, None))
        and asked.phase(clock.now()) is Phase.OPEN
    )


def staff_of_published_draft(actor: Actor, version: DraftVersion) -> bool:
    """Front and secretariat staff, of a version that a published round has shown."""
    shown = version.frozen_at is not None and rounds.audience_of_draft(version.draft_id)
    return bool(shown) and (front(actor, None) or secretariat(actor, None))


def reader_of_attachment(actor: Actor, file: Attachment) -> bool:
    """Whoever reads the words of the point reads its files: they are hidden and withdrawn alike."""
    point = file.point
    if point is None:
        return False
    if author(actor, point) or staff_of_points(actor, point):
        return True
    shown = point.hidden_at is None and point.withdrawn_at is None
    return shown and reader_of_points(actor, point)


def addressee(actor: Actor, notice: Notification) -> bool:
    return notice.user_id == actor.user_id


def author(actor: Actor, subject: Any) -> bool:
    submission = subject.submission if isinstance(subject, Point) else subject
    return wrote(actor.user_id, submission)


def reader_of_released(actor: Actor, summary: Summary) -> bool:
    """A released summary: the public ones for the round's readers."""
    return summary.released_at is not None and summary.is_public and reader_of_round(actor, summary)


def council_reader_of_released(actor: Actor, summary: Summary) -> bool:
    return summary.released_at is not None and (
        council(actor, None) or official_of_round(actor, summary)
    )


def _round(subject: Any) -> Consultation:
    if isinstance(subject, Consultation):
        return subject
    if isinstance(subject, Point):
        return subject.submission.consultation
    return subject.consultation


def _staff(actor: Actor) -> bool:
    return any(actor.has(name) for name in ("official", "front", "council", "secretariat"))


def allow(*predicates: Predicate) -> Rule:
    """Any of ``predicates`` is enough; a refusal says "forbidden"."""
    return Rule(predicates)


def allow_or_hide(*predicates: Predicate) -> Rule:
    """Any of ``predicates`` is enough; a refusal looks like "not found"."""
    return Rule(predicates, hidden=True)


# --- the table ---------------------------------------------------------------------------------

POLICY = Policy(
    {
        # Everybody
        "site.read": allow(anyone),
        "account.register": allow(anyone),
        "account.sign_in": allow(anyone),
        "account.own": allow(signed_in),
        "search.use": allow(anyone),
        "notification.own": allow_or_hide(addressee),
        # People
        "profile.own": allow(signed_in),
        "people.verify": allow(secretariat_of_another),
        "people.confirm": allow(second_verifier),
        "evidence.own": allow_or_hide(owner),
        "evidence.read": allow_or_hide(owner, secretariat_of_another),
        "club.read": allow(signed_in),
        "club.members": allow(club.member, secretariat),
        "club.join": allow(verified),
        "club.decide": allow(club.officer, secretariat),
        "club.hand_over": allow(club.chair, secretariat),
        # Drafts and rounds
        "draft.upload": allow(any_official),
        "draft.prepare": allow_or_hide(official_of_agency),
        "version.read": allow_or_hide(reader_of_version, official_of_agency),
        "round.list": allow(anyone),
        "round.list_restricted": allow(verified_or_staff),
        "round.create": allow_or_hide(official_of_agency),
        "round.manage": allow_or_hide(official_of_round),
        "round.read": allow_or_hide(reader_of_round, official_of_round, staff_reader_of_round),
        # Points
        "point.write": allow(verified_reader_of_round),
        "point.read": allow_or_hide(reader_of_points, staff_of_points, author),
        "point.read_withdrawn": allow(staff_of_points, author),
        "attachment.read": allow_or_hide(reader_of_attachment),
        "points.list": allow(reader_of_points, staff_of_points),
        "point.endorse": allow(endorser),
        "point.read_hidden": allow(staff_of_points, author),
        "points.read_hidden": allow(staff_of_points),
        "points.moderate": allow(front, secretariat),
        "point.moderate": allow(moderator),
        "moderation.take_back": allow(moderator),
        "moderation.decide": allow(another_moderator),
        "submission.own": allow_or_hide(author),
        # Joint submissions of clubs
        "joint.list": allow_or_hide(club.member),
        "joint.open": allow_or_hide(club.officer),
        "joint.read": allow_or_hide(joint.member),
        "joint.take_part": allow_or_hide(joint.insider),
        "joint.edit": allow_or_hide(joint.officer),
        "joint.sign_off": allow_or_hide(joint.chair),
        "suggestion.own": allow_or_hide(joint.suggester),
        # Sealed identities
        "identity.work": allow(secretariat, admin),
        "identity.request": allow(secretariat),
        "identity.decide": allow(second_person),
        "identity.see": allow(one_of_the_two),
        # Commissioned critiques
        "commission.list": allow(signed_in),
        "commission.list_all": allow(secretariat),
        "commission.order": allow_or_hide(official_of_agency, staff_of_published_draft),
        "commission.read": allow_or_hide(secretariat, critique.orderer, critique.seated),
        "commission.manage": allow_or_hide(secretariat),
        "commission.cancel": allow_or_hide(secretariat, critique.orderer),
        "commission.material": allow_or_hide(secretariat, critique.member),
        "critique_template.edit": allow(secretariat),
        "seat.own": allow_or_hide(critique.seated),
        "review.write": allow_or_hide(critique.member),
        "review.read": allow_or_hide(critique.author_of_review, critique.reader_of_review),
        "reviews.open": allow_or_hide(critique.chair),
        "reviews.discuss": allow_or_hide(critique.member_after_opening),
        "reviews.read": allow_or_hide(
            critique.member_after_opening, critique.secretariat_after_opening
        ),
        "meeting.lead": allow_or_hide(critique.lead_after_opening),
        "meeting.read": allow_or_hide(
            critique.member_after_opening, critique.secretariat_after_opening
        ),
        "report.write": allow_or_hide(critique.lead_after_opening),
        "report.sign": allow_or_hide(critique.chair),
        "report.read": allow_or_hide(
            critique.member_after_opening,
            critique.secretariat_after_opening,
            critique.orderer_with_report,
        ),
        "recommendation.answer": allow_or_hide(critique.orderer_with_report),
        # Summaries, answers, documents
        "summary.work": allow(front_of_round),
        "summary.list": allow(council, front, any_official),
        "summary.read": allow_or_hide(reader_of_released, council_reader_of_released, front),
        "answer.write": allow_or_hide(official_of_round),
        "document.export": allow(official_of_round, front_of_round),
        # Staff
        "desk.home": allow(signed_in),
        "admin.users": allow(admin),
        "admin.organisations": allow(admin),
        "admin.settings": allow(admin),
        "admin.audit": allow(admin),
        "admin.jobs": allow(admin),
    }
)
