"""A club's joint submission for tests, written through the services; no transaction is open."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from consult.consultations.models import Consultation
from consult.core import clock
from consult.core.db import transaction
from consult.people.models import Organisation
from consult.submissions.commands import NewPoint
from consult.submissions.joint import services as joint_services
from consult.submissions.joint import signing as joint_signing
from consult.submissions.joint.commands import OpenJoint, Sign, Suggest
from consult.submissions.joint.models import (
    JointSubmission,
    JointSuggestion,
    QuorumKind,
    SignatureKind,
)
from consult.submissions.models import Stance


def opened(
    round_id: int, club_id: int, *, officer: int, title: str = "Ý kiến của câu lạc bộ"
) -> int:
    """Open a joint submission that one member must sign."""
    with transaction() as session:
        joint = joint_services.open_joint(
            OpenJoint(
                session.get_one(Consultation, round_id),
                session.get_one(Organisation, club_id),
                officer,
                title,
                "Kính gửi cơ quan soạn thảo.",
                QuorumKind.NUMBER,
                1,
                clock.now(),
            )
        )
        return joint.id


def suggested(joint_id: int, user_id: int, argument: str, provision: str | None = "d1.k1") -> int:
    """Let a member suggest a point."""
    with transaction() as session:
        joint = session.get_one(JointSubmission, joint_id)
        point = NewPoint(provision, Stance.DISAGREE, argument, f"{user_id}:{argument}"[:60])
        return joint_services.suggest(Suggest(joint, user_id, point, clock.now())).id


def taken(suggestion_id: int, officer: int) -> int:
    """Take a suggestion over into the text."""
    with transaction() as session:
        row = session.get_one(JointSuggestion, suggestion_id)
        return joint_services.take(row, actor_id=officer).id


def to_signing(joint_id: int, officer: int) -> None:
    """Lay the text before the members."""
    with transaction() as session:
        row = session.get_one(JointSubmission, joint_id)
        joint_services.start_signing(row, actor_id=officer)


def signed(joint_id: int, user_id: int, dissent: str = "", *, named: bool = True) -> int:
    """Sign the text, or attach ``dissent`` to it."""
    kind = SignatureKind.DISSENT if dissent else SignatureKind.SIGNED
    with transaction() as session:
        joint = session.get_one(JointSubmission, joint_id)
        command = Sign(joint, user_id, kind, joint.text_number, clock.now(), dissent, named)
        return joint_signing.sign(command).id


def sent(joint_id: int, chair: int) -> str:
    """Sign off and send; return the reference."""
    with transaction() as session:
        joint = session.get_one(JointSubmission, joint_id)
        joint_signing.approve(joint, actor_id=chair, text_number=joint.text_number, at=clock.now())
    with transaction() as session:
        joint = session.get_one(JointSubmission, joint_id)
        return joint_signing.send(joint, actor_id=chair, received_at=clock.now()).reference


def whole(
    round_id: int, club_id: int, *, chair: int, signers: Sequence[int], dissents: dict[int, str]
) -> int:
    """Open, suggest by the chair, sign, attach unnamed dissents, send; return its id."""
    joint_id = opened(round_id, club_id, officer=chair)
    taken(suggested(joint_id, chair, "Mức hỗ trợ cần gắn với kết quả."), chair)
    to_signing(joint_id, chair)
    for user_id in signers:
        signed(joint_id, user_id)
    for user_id, text in dissents.items():
        signed(joint_id, user_id, text, named=False)
    sent(joint_id, chair)
    with transaction(write=False) as session:
        return session.scalars(
            select(JointSubmission.id).where(JointSubmission.id == joint_id)
        ).one()
