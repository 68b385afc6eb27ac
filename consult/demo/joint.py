"""The demonstration's joint submission of a club, from its opening to its sending."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from consult.consultations.models import Consultation
from consult.core import clock
from consult.core.db import transaction
from consult.demo.content import read
from consult.demo.paths import find
from consult.demo.people import Keys
from consult.drafts import queries as drafts
from consult.people.models import Organisation
from consult.submissions.commands import NewPoint
from consult.submissions.joint import services as joint_services
from consult.submissions.joint import signing as joint_signing
from consult.submissions.joint.commands import EditJointPoint, OpenJoint, Sign, Suggest
from consult.submissions.joint.models import JointSubmission, QuorumKind, SignatureKind
from consult.submissions.models import Stance


def joints(key: str, now: datetime, round_id: int, organisations: Keys, people: Keys) -> None:
    """Let clubs write and send joint submissions to the round ``key`` in the day before ``now``.

    Turns the clock and opens transactions of its own.
    """
    for record in read("joints"):
        if record["round"] == key:
            _send_jointly(record, now, round_id, organisations, people)


def _send_jointly(
    record: dict[str, Any], now: datetime, round_id: int, organisations: Keys, people: Keys
) -> None:
    clock.move_to(now - timedelta(hours=20))
    officer = people[record["secretary"]]
    with transaction() as session:
        joint_id = joint_services.open_joint(
            OpenJoint(
                consultation=session.get_one(Consultation, round_id),
                organisation=session.get_one(Organisation, organisations[record["club"]]),
                actor_id=officer,
                title=record["title"],
                note=record["note"],
                quorum_kind=QuorumKind.SHARE,
                quorum_value=record["per_cent"],
                at=clock.now(),
            )
        ).id
    clock.move_to(now - timedelta(hours=16))
    with transaction() as session:
        joint = session.get_one(JointSubmission, joint_id)
        for said in record["suggestions"]:
            _suggest(joint, said, people[said["person"]], officer)
        joint_services.start_signing(joint, actor_id=officer)
    clock.move_to(now - timedelta(hours=9))
    with transaction() as session:
        _sign(session.get_one(JointSubmission, joint_id), record, people)
    clock.move_to(now - timedelta(hours=6))
    chair = people[record["chair"]]
    with transaction() as session:
        joint = session.get_one(JointSubmission, joint_id)
        joint_signing.approve(joint, actor_id=chair, text_number=joint.text_number, at=clock.now())
        joint_signing.send(joint, actor_id=chair, received_at=clock.now())


def _suggest(joint: JointSubmission, said: dict[str, Any], user_id: int, officer: int) -> None:
    provisions = drafts.provisions(joint.consultation.version_id)
    key = f"demo-{said['person']}"
    words = NewPoint(
        provision=find(provisions, said["provision"]).key,
        stance=Stance(said["stance"]),
        argument=said["argument"],
        form_key=key,
    )
    suggestion = joint_services.suggest(Suggest(joint, user_id, words, clock.now()))
    if "declined" in said:
        joint_services.decline(suggestion, actor_id=officer, reason=said["declined"])
        return
    point = joint_services.take(suggestion, actor_id=officer)
    if "edited" in said:
        words = NewPoint(words.provision, words.stance, said["edited"], key)
        joint_services.edit_point(EditJointPoint(point, words, 0, officer))


def _sign(joint: JointSubmission, record: dict[str, Any], people: Keys) -> None:
    for minutes, key in enumerate(record["signers"]):
        at = clock.now() + timedelta(minutes=10 * minutes)
        signed = SignatureKind.SIGNED
        joint_signing.sign(Sign(joint, people[key], signed, joint.text_number, at))
    dissent = record["dissent"]
    joint_signing.sign(
        Sign(
            joint,
            people[dissent["person"]],
            SignatureKind.DISSENT,
            joint.text_number,
            clock.now() + timedelta(hours=1),
            dissent["text"],
            dissent["named"],
        )
    )
