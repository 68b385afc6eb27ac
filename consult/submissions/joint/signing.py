"""Members sign a joint submission or attach a dissent; the chair signs it off and sends it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from consult.core import audit, clock
from consult.core.db import db
from consult.ledger import services as ledger
from consult.people import club_queries
from consult.people import queries as people
from consult.submissions import services
from consult.submissions.commands import NewPoint, Outcome, SubmitPoints
from consult.submissions.joint import leaves as joint_leaves
from consult.submissions.joint import stages as joint_stages
from consult.submissions.joint.commands import OtherwiseSaid, QuorumMissing, Sign, TextChanged
from consult.submissions.joint.models import (
    JointPoint,
    JointSignature,
    JointState,
    JointSubmission,
    SignatureKind,
    Voided,
)
from consult.submissions.joint.notices import tell
from consult.submissions.joint.queries import live_signatures, points_of
from consult.submissions.models import Identity, Submission
from consult.submissions.rows import check_member

CHANNEL = "joint"


def sign(command: Sign) -> JointSignature:
    """Sign the text, or attach a dissent to it; done twice, it is done once.

    Raises NotAMember, NotAllowed, TextChanged, OtherwiseSaid. Writes an audit entry, which does
    not say which of the two it was.
    """
    joint, user_id = command.joint, command.user_id
    check_member(user_id, joint.organisation_id)
    joint_stages.lock(joint)
    joint_stages.require(joint, JointState.SIGNING, "sign")
    if command.text_number != joint.text_number:
        raise TextChanged
    said = _said(joint, user_id)
    if said is not None:
        if said.kind is command.kind and said.text == command.text:
            return said
        raise OtherwiseSaid
    row = JointSignature(
        joint_id=joint.id,
        user_id=user_id,
        kind=command.kind,
        text_number=joint.text_number,
        shown_as=club_queries.titled(user_id)[:160],
        named=command.named,
        text=command.text,
        at=command.at,
    )
    db.session.add(row)
    audit.record("joint.answered", actor_id=user_id, subject=("joint", joint.id))
    db.session.flush()
    return row


def take_back(joint: JointSubmission, user_id: int) -> bool:
    """Take one's own signature or dissent back; return whether there was one.

    Raises NotAllowed once the chair has signed off.
    """
    joint_stages.lock(joint)
    joint_stages.require(joint, JointState.SIGNING, "take_back")
    said = _said(joint, user_id)
    if said is None:
        return False
    _void([said], Voided.TAKEN_BACK)
    return True


def reopen(joint: JointSubmission, *, actor_id: int, reason: str) -> None:
    """Open the text for changes: what members have signed no longer counts, and they are told.

    Raises NotAllowed. Writes the change and an audit entry.
    """
    joint_stages.lock(joint)
    joint_stages.apply(joint, "reopen", actor_id=actor_id, reason=reason)
    live = live_signatures(joint.id)
    _void(live, Voided.TEXT)
    joint.text_number += 1
    joint.approved_by = joint.approved_at = None
    db.session.flush()
    signers = {row.user_id for row in live} - {actor_id}
    tell(joint, signers, "joint.voided", f"text {joint.text_number}", reason=reason)


def approve(joint: JointSubmission, *, actor_id: int, text_number: int, at: datetime) -> None:
    """The chair signs the text off. Signatures of people who left no longer count.

    Raises NotAllowed, TextChanged, QuorumMissing. Writes the change and an audit entry; tells
    the members who signed and the officers.
    """
    joint_stages.lock(joint)
    joint_stages.require(joint, JointState.SIGNING, "approve")
    if joint.text_number != text_number:
        raise TextChanged
    live = _enough(joint)
    joint_stages.apply(joint, "approve", actor_id=actor_id)
    joint.approved_by, joint.approved_at = actor_id, at
    db.session.flush()
    told = {row.user_id for row in live} | set(people.officers(joint.organisation_id))
    tell(joint, told - {actor_id}, "joint.approved", f"text {joint.text_number}")


def send(joint: JointSubmission, *, actor_id: int, received_at: datetime) -> Outcome:
    """Send what the chair has signed off as one submission in the club's name.

    Repeated, it gives the same reference. Raises NotAllowed, QuorumMissing and what `submit`
    raises; then it stays as it was. Writes what `submit` does, the change, an audit entry and
    the leaves of joint submission and signatures; tells the members.
    """
    joint_stages.lock(joint)
    if joint.state is JointState.SENT and joint.submission is not None:
        return Outcome(joint.submission.reference, sent=True, repeated=True)
    joint_stages.require(joint, JointState.APPROVED, "send")
    live = _enough(joint)
    outcome = services.submit(
        SubmitPoints(
            consultation=joint.consultation,
            author_id=actor_id,
            points=[_as_sent(point) for point in points_of(joint.id)],
            identity=Identity.ORGANISATION,
            idempotency_key=f"joint:{joint.id}",
            received_at=received_at,
            organisation_id=joint.organisation_id,
            channel=CHANNEL,
        )
    )
    joint.submission = db.session.scalars(
        select(Submission).where(Submission.reference == outcome.reference)
    ).one()
    joint.sent_at = received_at
    joint_stages.apply(joint, "send", actor_id=actor_id)
    _record(joint, live, received_at)
    members = set(club_queries.accepted(joint.organisation_id)) - {actor_id}
    tell(joint, members | {row.user_id for row in live} - {actor_id}, "joint.sent", "sent")
    return outcome


def _record(joint: JointSubmission, live: list[JointSignature], at: datetime) -> None:
    ledger.append(
        joint_leaves.JOINT,
        joint.id,
        joint_leaves.joint_content(joint, live),
        at=at,
        withheld=joint_leaves.joint_withheld(joint),
    )
    ledger.append_many(
        joint_leaves.SIGNATURE,
        [(row.id, joint_leaves.signature_content(row)) for row in live],
        at=at,
        withheld=[joint_leaves.signature_withheld(row) for row in live],
    )


def _as_sent(point: JointPoint) -> NewPoint:
    return NewPoint(
        provision=point.provision.key if point.provision else None,
        stance=point.stance,
        argument=point.argument,
        form_key=f"joint:{point.joint_id}:{point.id}",
        proposed_wording=point.proposed_wording,
        quote=point.quote,
        kind=point.kind,
    )


def _enough(joint: JointSubmission) -> list[JointSignature]:
    """Return what counts, without those who are members no more.

    Raises QuorumMissing when too few have signed; then nothing is voided.
    """
    live = live_signatures(joint.id)
    members = set(club_queries.accepted(joint.organisation_id))
    staying = [row for row in live if row.user_id in members]
    signed = sum(row.kind is SignatureKind.SIGNED for row in staying)
    if signed < joint.needed:
        raise QuorumMissing(joint.needed, signed)
    _void([row for row in live if row.user_id not in members], Voided.LEFT)
    return staying


def _said(joint: JointSubmission, user_id: int) -> JointSignature | None:
    return db.session.scalars(
        select(JointSignature).where(
            JointSignature.joint_id == joint.id,
            JointSignature.user_id == user_id,
            JointSignature.voided_at.is_(None),
        )
    ).one_or_none()


def _void(rows: list[JointSignature], why: Voided) -> None:
    now = clock.now()
    for row in rows:
        row.voided_at, row.voided_why = now, why
    db.session.flush()
