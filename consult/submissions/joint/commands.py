"""What the services of joint submissions take and raise."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from consult.consultations.models import Consultation
from consult.people.models import Organisation
from consult.submissions.commands import NewPoint
from consult.submissions.joint.models import (
    JointPoint,
    JointState,
    JointSubmission,
    QuorumKind,
    SignatureKind,
)

LONGEST_NOTE = 10_000  # characters of a cover note, and of a dissent
LONGEST_REASON = 2_000


class UnderWay(Exception):
    """The club is at work on another joint submission in this round."""

    def __init__(self, joint_id: int) -> None:
        super().__init__(str(joint_id))
        self.joint_id = joint_id


class BadQuorum(Exception):
    """The rule cannot be met: more signatures than the club has ``members``, or none."""

    def __init__(self, members: int) -> None:
        super().__init__(str(members))
        self.members = members


class NotAllowed(Exception):
    """The act does not start at the present state."""

    def __init__(self, act: str, state: JointState) -> None:
        super().__init__(f"{act} from {state}")
        self.act = act
        self.state = state


class Decided(Exception):
    """Somebody has decided on the suggestion, or its author has taken it back."""


class EditedMeanwhile(Exception):
    """Another officer has changed the point since the form was opened."""


class TextChanged(Exception):
    """The text is not the one that the person has read."""


class OtherwiseSaid(Exception):
    """The person has signed, or attached a dissent, already: that must be taken back first."""


class QuorumMissing(Exception):
    """Fewer members than the club's rule demands stand behind the text."""

    def __init__(self, needed: int, signed: int) -> None:
        super().__init__(f"{signed} of {needed}")
        self.needed = needed
        self.signed = signed


class OpenJoint(Struct, frozen=True):
    """Open a joint submission of the club in the round; ``at`` is when the request arrived."""

    consultation: Consultation
    organisation: Organisation
    actor_id: int
    title: str
    note: str
    quorum_kind: QuorumKind
    quorum_value: int
    at: datetime


class Suggest(Struct, frozen=True):
    """A member's suggestion; ``point.form_key`` tells a repeated post from a new one."""

    joint: JointSubmission
    user_id: int
    point: NewPoint
    at: datetime


class EditJointPoint(Struct, frozen=True):
    """Give a point of the club's text other words; ``base`` are the edits they are based on."""

    point: JointPoint
    words: NewPoint
    base: int
    actor_id: int


class Sign(Struct, frozen=True):
    """Sign the text with that number, or attach a dissent: ``text``, shown with its author's
    name when ``named``."""

    joint: JointSubmission
    user_id: int
    kind: SignatureKind
    text_number: int
    at: datetime
    text: str = ""
    named: bool = True
