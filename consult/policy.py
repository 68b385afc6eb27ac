"""Who may do what: the whole answer, on one page. What is not here is denied.

Predicates about one room's matters live in that room (``rights``); this table alone decides.
"""

from __future__ import annotations

from typing import Any

from consult.consultations.rights import (
    front_of_round,
    official_of_agency,
    official_of_round,
    reader_of_round,
    reader_of_version,
    staff_of_published_draft,
    staff_reader_of_round,
    verified_or_staff,
    verified_reader_of_round,
)
from consult.core.permissions import NOBODY, Actor, Policy, Predicate, Rule
from consult.critiques import rights as critique
from consult.documents.certificate_models import Certificate
from consult.documents.export_queries import Made
from consult.documents.summary_rights import Wanted, reader_of_file
from consult.jobs.work_models import Work
from consult.notifications.models import Notification
from consult.people import club_rights as club
from consult.people.evidence_models import Evidence
from consult.people.models import Profile
from consult.responses.rights import asked_expert
from consult.submissions.joint import rights as joint
from consult.submissions.rights import (
    another_moderator,
    author,
    endorser,
    moderator,
    one_of_the_two,
    reader_of_attachment,
    reader_of_points,
    second_person,
    staff_of_openly_named,
    staff_of_points,
    transcriber,
)
from consult.summaries import rights as summaries

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


def owner(actor: Actor, subject: Evidence | Certificate) -> bool:
    return subject.user_id == actor.user_id


def secretariat_of_another(actor: Actor, subject: Profile | Evidence | Certificate | None) -> bool:
    """The secretariat, of anybody's papers but one's own."""
    return secretariat(actor, None) and (subject is None or subject.user_id != actor.user_id)


def second_verifier(actor: Actor, profile: Profile) -> bool:
    """The secretariat, but neither who checked the titles nor the person."""
    return secretariat_of_another(actor, profile) and profile.checked_by != actor.user_id


def asker(actor: Actor, work: Work) -> bool:
    """Who asked for the work."""
    return work.asked_by is not None and work.asked_by == actor.user_id


def asker_who_may_export(actor: Actor, file: Made) -> bool:
    """Who asked for the file and may still ask for it."""
    if not asker(actor, file.work):
        return False
    if file.summary is not None:
        return reader_of_file(actor, Wanted(file.summary, file.export))
    return official_of_round(actor, file.consultation) or front_of_round(actor, file.consultation)


def addressee(actor: Actor, notice: Notification) -> bool:
    return notice.user_id == actor.user_id


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
        "certificate.request": allow(verified),
        "certificate.issue": allow(secretariat_of_another),
        "certificate.read": allow_or_hide(owner, secretariat_of_another),
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
        # What staff enter from paper, letters and meetings
        "paper.work": allow_or_hide(official_of_round, staff_reader_of_round),
        "paper.scan": allow_or_hide(transcriber, staff_of_openly_named),
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
        "summary.approve": allow(summaries.another_of_the_front),
        "summary.read": allow_or_hide(
            summaries.public_reader, summaries.council_reader, summaries.agency_reader, front
        ),
        # More than the public sees: the points of unread files, words that are for staff only.
        "summary.read_in_full": allow(summaries.council_reader, summaries.agency_reader, front),
        "summary.read_history": allow(front),
        "summary.own": allow_or_hide(summaries.recorded_author),
        "summary.object": allow_or_hide(summaries.author_of_own_point),
        "answer.write": allow_or_hide(official_of_round),
        "draft_reply.own": allow_or_hide(asked_expert),
        "summary.file": allow_or_hide(reader_of_file),
        "document.export": allow(official_of_round, front_of_round),
        "export.fetch": allow_or_hide(asker_who_may_export),
        "work.own": allow_or_hide(asker),
        # Staff
        "desk.home": allow(signed_in),
        "admin.users": allow(admin),
        "admin.organisations": allow(admin),
        "admin.settings": allow(admin),
        "admin.audit": allow(admin),
        "admin.jobs": allow(admin),
    }
)
