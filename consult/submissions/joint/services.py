"""Writing a club's joint submission: opening it, suggestions, the text made of them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select

from consult.consultations.models import Consultation
from consult.core import audit, clock
from consult.core.db import db, insert_ignore
from consult.people import club_queries
from consult.submissions.commands import NewPoint, NothingToSend
from consult.submissions.joint import stages as joint_stages
from consult.submissions.joint.commands import (
    BadQuorum,
    Decided,
    EditedMeanwhile,
    EditJointPoint,
    OpenJoint,
    Suggest,
    UnderWay,
)
from consult.submissions.joint.models import (
    JointPoint,
    JointState,
    JointSubmission,
    JointSuggestion,
    QuorumKind,
    SuggestionState,
)
from consult.submissions.joint.notices import tell
from consult.submissions.point_words import point_rows
from consult.submissions.rows import check_member
from consult.submissions.services import check_open

# The columns that a suggestion and a point of the text both fill from words.
WORDS = ("provision_id", "kind", "stance", "quote", "argument", "proposed_wording")


def open_joint(command: OpenJoint) -> JointSubmission:
    """Open a joint submission; its quorum is counted from the members of this moment.

    Raises NotAccepting, UnderWay (also for the second of two clicks), BadQuorum. Writes it and
    an audit entry; tells the members.
    """
    club, consultation = command.organisation, command.consultation
    check_open(consultation, command.at)
    members = club_queries.accepted(club.id)
    most = len(members) if command.quorum_kind is QuorumKind.NUMBER else 100
    if not 1 <= command.quorum_value <= most:
        raise BadQuorum(len(members))
    mark = f"{club.id}:{consultation.id}"
    values: dict[str, Any] = {
        "consultation_id": consultation.id,
        "organisation_id": club.id,
        "under_way": mark,
        "title": command.title,
        "note": command.note,
        "quorum_kind": command.quorum_kind,
        "quorum_value": command.quorum_value,
        "members_at_opening": len(members),
        "opened_by": command.actor_id,
        "opened_at": command.at,
    }
    new = insert_ignore(JointSubmission, values, "under_way")
    joint = db.session.scalars(
        select(JointSubmission).where(JointSubmission.under_way == mark)
    ).one()
    if not new:
        raise UnderWay(joint.id)
    audit.record("joint.opened", actor_id=command.actor_id, subject=("joint", joint.id))
    tell(joint, set(members) - {command.actor_id}, "joint.opened", "opened")
    return joint


def edit_cover(joint: JointSubmission, *, title: str, note: str) -> None:
    """Change title and cover note. Raises NotAllowed when it is no longer being drafted."""
    _drafting(joint, "edit")
    joint.title, joint.note = title, note
    db.session.flush()


def suggest(command: Suggest) -> JointSuggestion:
    """Keep a member's suggestion word for word; a repeated post changes nothing.

    Raises NotAMember, NotAccepting, NotAllowed, UnknownProvision, UnusableText.
    """
    joint, key = command.joint, command.point.form_key
    check_member(command.user_id, joint.organisation_id)
    joint_stages.lock(joint)
    known = db.session.scalars(
        select(JointSuggestion).where(
            JointSuggestion.joint_id == joint.id,
            JointSuggestion.user_id == command.user_id,
            JointSuggestion.form_key == key,
        )
    ).one_or_none()
    if known is not None:
        return known
    joint_stages.require(joint, JointState.DRAFTING, "suggest")
    check_open(joint.consultation, command.at)
    row = JointSuggestion(
        joint_id=joint.id,
        user_id=command.user_id,
        form_key=key,
        suggested_at=command.at,
        state=SuggestionState.WAITING,
        **_words(joint.consultation, command.point),
    )
    db.session.add(row)
    db.session.flush()
    return row


def take_back(suggestion: JointSuggestion) -> None:
    """Take one's own suggestion back. Raises Decided once it has been decided."""
    joint_stages.lock(suggestion.joint)
    _decide(suggestion, SuggestionState.TAKEN_BACK, (SuggestionState.WAITING,), None, "")


def take(suggestion: JointSuggestion, *, actor_id: int) -> JointPoint:
    """Take a suggestion over as the last point of the text, also one that was declined.

    Raises NotAllowed, Decided. Tells its author.
    """
    joint = suggestion.joint
    _drafting(joint, "take")
    free = (SuggestionState.WAITING, SuggestionState.DECLINED)
    _decide(suggestion, SuggestionState.TAKEN, free, actor_id, "")
    last = db.session.scalar(
        select(func.max(JointPoint.ordinal)).where(JointPoint.joint_id == joint.id)
    )
    point = JointPoint(
        joint_id=joint.id,
        suggestion_id=suggestion.id,
        ordinal=(last or 0) + 1,
        **{name: getattr(suggestion, name) for name in WORDS},
    )
    db.session.add(point)
    db.session.flush()
    _tell_author(suggestion, actor_id, "joint.taken")
    return point


def decline(suggestion: JointSuggestion, *, actor_id: int, reason: str) -> None:
    """Decline a suggestion with a reason. Raises NotAllowed, Decided. Tells its author."""
    _drafting(suggestion.joint, "decline")
    _decide(suggestion, SuggestionState.DECLINED, (SuggestionState.WAITING,), actor_id, reason)
    db.session.flush()
    _tell_author(suggestion, actor_id, "joint.declined", reason=reason)


def edit_point(command: EditJointPoint) -> None:
    """Change the words of a point of the text; the suggestion stays as its author wrote it.

    Raises NotAllowed, EditedMeanwhile, UnknownProvision, UnusableText.
    """
    point = command.point
    _drafting(point.joint, "edit")
    db.session.refresh(point)
    if point.edits != command.base:
        raise EditedMeanwhile
    words = _words(point.joint.consultation, command.words)
    if all(getattr(point, name) == value for name, value in words.items()):
        return
    for name, value in words.items():
        setattr(point, name, value)
    point.edits += 1
    db.session.flush()


def move(point: JointPoint, *, up: bool) -> None:
    """Change places with the point before (``up``) or after it, if there is one.

    Raises NotAllowed.
    """
    _drafting(point.joint, "edit")
    rows = list(
        db.session.scalars(
            select(JointPoint)
            .where(JointPoint.joint_id == point.joint_id)
            .order_by(JointPoint.ordinal, JointPoint.id)
            .execution_options(populate_existing=True)
        )
    )
    here = rows.index(point)
    there = here - 1 if up else here + 1
    if 0 <= there < len(rows):
        rows[here].ordinal, rows[there].ordinal = rows[there].ordinal, rows[here].ordinal
        db.session.flush()


def put_back(point: JointPoint) -> None:
    """Take a point out of the text; its suggestion waits again. Raises NotAllowed."""
    _drafting(point.joint, "edit")
    suggestion = point.suggestion
    suggestion.state, suggestion.reason = SuggestionState.WAITING, ""
    suggestion.decided_at = suggestion.decided_by = None
    db.session.delete(point)
    db.session.flush()


def start_signing(joint: JointSubmission, *, actor_id: int) -> None:
    """Lay the text before the members. Raises NotAllowed, NothingToSend without a point.

    Writes the change and an audit entry; tells the members.
    """
    _drafting(joint, "start_signing")
    if not db.session.scalar(select(JointPoint.id).where(JointPoint.joint_id == joint.id).limit(1)):
        raise NothingToSend
    joint_stages.apply(joint, "start_signing", actor_id=actor_id)
    members = set(club_queries.accepted(joint.organisation_id)) - {actor_id}
    tell(joint, members, "joint.signing", f"text {joint.text_number}")


def drop(joint: JointSubmission, *, actor_id: int, reason: str) -> None:
    """Give it up, with a reason; everything written stays readable for the members.

    Raises NotAllowed. Writes the change and an audit entry; tells the members.
    """
    joint_stages.lock(joint)
    joint_stages.apply(joint, "drop", actor_id=actor_id, reason=reason)
    members = set(club_queries.accepted(joint.organisation_id)) - {actor_id}
    tell(joint, members, "joint.dropped", "dropped", reason=reason)


def _drafting(joint: JointSubmission, act: str) -> None:
    joint_stages.lock(joint)
    joint_stages.require(joint, JointState.DRAFTING, act)


def _words(consultation: Consultation, point: NewPoint) -> dict[str, Any]:
    [row] = point_rows(consultation, [point], created_at=clock.now())
    return {name: row[name] for name in WORDS}


def _decide(
    suggestion: JointSuggestion,
    state: SuggestionState,
    free: tuple[SuggestionState, ...],
    actor_id: int | None,
    reason: str,
) -> None:
    db.session.refresh(suggestion)
    if suggestion.state not in free:
        raise Decided
    suggestion.state, suggestion.reason = state, reason
    suggestion.decided_at, suggestion.decided_by = clock.now(), actor_id


def _tell_author(suggestion: JointSuggestion, actor_id: int, kind: str, **params: Any) -> None:
    if suggestion.user_id == actor_id or suggestion.decided_at is None:
        return
    fact = f"{suggestion.id}:{suggestion.decided_at.isoformat()}"
    tell(suggestion.joint, [suggestion.user_id], kind, fact, **params)
