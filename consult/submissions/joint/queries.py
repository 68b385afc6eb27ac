"""Reading joint submissions: those of a club, their text, suggestions and signatures."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from msgspec import Struct, field
from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import contains_eager, joinedload

from consult.accounts.models import User
from consult.consultations.models import Consultation, Stage
from consult.core.db import db
from consult.submissions.joint.models import (
    JointChange,
    JointPoint,
    JointSignature,
    JointState,
    JointSubmission,
    JointSuggestion,
    SignatureKind,
)
from consult.submissions.models import Authorship, Identity, Point, Submission, SubmissionState


def joint(joint_id: int) -> JointSubmission | None:
    """Return the joint submission with club, round and what was sent, or None; one query."""
    return db.session.scalars(
        select(JointSubmission)
        .options(
            joinedload(JointSubmission.organisation),
            joinedload(JointSubmission.consultation),
            joinedload(JointSubmission.submission),
        )
        .where(JointSubmission.id == joint_id)
    ).one_or_none()


def of_club(organisation_id: int) -> list[JointSubmission]:
    """Return the club's joint submissions with their rounds, newest first; one query."""
    return list(
        db.session.scalars(
            select(JointSubmission)
            .options(joinedload(JointSubmission.consultation))
            .where(JointSubmission.organisation_id == organisation_id)
            .order_by(JointSubmission.id.desc())
        )
    )


def suggestion(joint_id: int, suggestion_id: int) -> JointSuggestion | None:
    """Return a suggestion of that joint submission with its author, or None; one query."""
    return db.session.scalars(
        select(JointSuggestion)
        .join(JointSuggestion.joint)
        .options(
            contains_eager(JointSuggestion.joint).options(
                joinedload(JointSubmission.organisation),
                joinedload(JointSubmission.consultation),
            ),
            joinedload(JointSuggestion.provision),
            joinedload(JointSuggestion.user).lazyload(User.roles),
        )
        .where(JointSuggestion.id == suggestion_id, JointSuggestion.joint_id == joint_id)
    ).one_or_none()


def point(joint_id: int, point_id: int) -> JointPoint | None:
    """Return a point of that joint submission's text, with its suggestion; one query."""
    return db.session.scalars(
        select(JointPoint)
        .join(JointPoint.joint)
        .options(
            contains_eager(JointPoint.joint).options(
                joinedload(JointSubmission.organisation),
                joinedload(JointSubmission.consultation),
            ),
            joinedload(JointPoint.provision),
            joinedload(JointPoint.suggestion).options(
                joinedload(JointSuggestion.provision),
                joinedload(JointSuggestion.user).lazyload(User.roles),
            ),
        )
        .where(JointPoint.id == point_id, JointPoint.joint_id == joint_id)
    ).one_or_none()


def points_of(joint_id: int) -> list[JointPoint]:
    """Return the points of the text in order, with suggestions and provisions; one query."""
    return list(
        db.session.scalars(
            select(JointPoint)
            .options(
                joinedload(JointPoint.provision),
                joinedload(JointPoint.suggestion).options(
                    joinedload(JointSuggestion.provision),
                    joinedload(JointSuggestion.user).lazyload(User.roles),
                ),
            )
            .where(JointPoint.joint_id == joint_id)
            .order_by(JointPoint.ordinal, JointPoint.id)
        )
    )


def suggestions_of(joint_id: int) -> list[JointSuggestion]:
    """Return all suggestions with their authors, in order of arrival; one query."""
    return list(
        db.session.scalars(
            select(JointSuggestion)
            .options(
                joinedload(JointSuggestion.provision),
                joinedload(JointSuggestion.user).lazyload(User.roles),
            )
            .where(JointSuggestion.joint_id == joint_id)
            .order_by(JointSuggestion.id)
        )
    )


def live_signatures(joint_id: int) -> list[JointSignature]:
    """Return the signatures and dissents that count, in order; one query."""
    return list(
        db.session.scalars(
            select(JointSignature)
            .where(JointSignature.joint_id == joint_id, JointSignature.voided_at.is_(None))
            .order_by(JointSignature.id)
        )
    )


def last_said(joint_id: int, user_id: int) -> JointSignature | None:
    """Return the newest signature or dissent of the person, also one that no longer counts."""
    return db.session.scalars(
        select(JointSignature)
        .where(JointSignature.joint_id == joint_id, JointSignature.user_id == user_id)
        .order_by(JointSignature.id.desc())
        .limit(1)
    ).one_or_none()


def changes(joint_id: int) -> list[JointChange]:
    """Return the changes of state, oldest first; one query."""
    return list(
        db.session.scalars(
            select(JointChange).where(JointChange.joint_id == joint_id).order_by(JointChange.id)
        )
    )


# --- what may be shown of signatures -------------------------------------------------------------


class Dissent(Struct, frozen=True):
    """A dissent word for word; ``name`` is empty where its author is not shown."""

    text: str
    name: str = ""


class Signed(Struct, frozen=True):
    """What may be shown of who stands behind a club's text: with `contributor`, the only way."""

    title: str = ""
    note: str = ""
    club: str = ""
    cosigners: list[str] = field(default_factory=list[str])
    dissents: list[Dissent] = field(default_factory=list[Dissent])
    needed: int = 0
    members: int = 0


def shown(joint: JointSubmission, live: Sequence[JointSignature]) -> Signed:
    """Return what may be shown of a joint submission and the signatures that count."""
    return Signed(
        joint.title,
        joint.note,
        joint.organisation.name,
        [row.shown_as for row in live if row.kind is SignatureKind.SIGNED],
        [
            Dissent(row.text, row.shown_as if row.named else "")
            for row in live
            if row.kind is SignatureKind.DISSENT
        ],
        joint.needed,
        joint.members_at_opening,
    )


def signed_by(submissions: Collection[Submission]) -> dict[int, Signed]:
    """Return what may be shown of those that clubs sent jointly, by submission id.

    No query when there is none among them, else two.
    """
    ids = {row.id for row in submissions if row.channel == "joint"}
    return _signed(JointSubmission.submission_id.in_(ids)) if ids else {}


def signed_in_round(consultation_id: int) -> dict[int, Signed]:
    """Return what may be shown of all that clubs sent jointly in the round and stands.

    By submission id; one query.
    """
    return _signed(
        and_(
            JointSubmission.consultation_id == consultation_id,
            JointSubmission.state == JointState.SENT,
        )
    )


def _signed(condition: ColumnElement[bool]) -> dict[int, Signed]:
    counts = and_(JointSignature.joint_id == JointSubmission.id, JointSignature.voided_at.is_(None))
    rows = db.session.execute(
        select(JointSubmission, JointSignature)
        .outerjoin(JointSignature, counts)
        .options(joinedload(JointSubmission.organisation))
        .where(condition)
        .order_by(JointSubmission.id, JointSignature.id)
    )
    live: dict[int, tuple[JointSubmission, list[JointSignature]]] = {}
    for joint, signature in rows:
        signatures = live.setdefault(joint.id, (joint, []))[1]
        if signature:
            signatures.append(signature)
    return {
        joint.submission_id: shown(joint, signatures)
        for joint, signatures in live.values()
        if joint.submission_id is not None
    }


def sent_by(submission: Submission) -> tuple[JointSubmission, list[JointSignature]] | None:
    """Return the joint submission that became ``submission``, with what counts; for its leaves."""
    if submission.channel != "joint":
        return None
    row = db.session.scalars(
        select(JointSubmission)
        .options(joinedload(JointSubmission.submission), joinedload(JointSubmission.organisation))
        .where(JointSubmission.submission_id == submission.id)
    ).one_or_none()
    return (row, live_signatures(row.id)) if row else None


# --- what a club has contributed -----------------------------------------------------------------


def contributed(organisation_id: int) -> list[tuple[Submission, int]]:
    """Return what was sent on the club's behalf and not sealed, with its number of points.

    Newest first, with rounds; one query. Which of them a reader may see the policy says.
    """
    standing = func.count(Point.id)
    rows = db.session.execute(
        select(Submission, standing)
        .join(Submission.authorship)
        .join(Submission.consultation)
        .join(Submission.points)
        .options(contains_eager(Submission.consultation))
        .where(
            Authorship.organisation_id == organisation_id,
            Authorship.identity != Identity.SEALED,
            Submission.state == SubmissionState.RECEIVED,
            Point.withdrawn_at.is_(None),
            Point.hidden_at.is_(None),
        )
        .group_by(Submission.id, Consultation.id)
        .order_by(Submission.received_at.desc(), Submission.id.desc())
    )
    return [(submission, number) for submission, number in rows]


def open_rounds() -> list[Consultation]:
    """Return the rounds that are open, the one that closes first on top; one query."""
    return list(
        db.session.scalars(
            select(Consultation)
            .where(Consultation.stage == Stage.OPEN)
            .order_by(Consultation.closes_at, Consultation.id)
        )
    )
