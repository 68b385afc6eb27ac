"""Joint submissions of clubs: what members suggest, what the club makes of it, who signs."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.accounts.models import User
from consult.consultations.models import Consultation, enum_column
from consult.core.db import Base, partial_index
from consult.drafts.models import Provision
from consult.people.models import Organisation
from consult.submissions.models import PointKind, Stance, Submission


class JointState(enum.StrEnum):
    """Where a joint submission is. Only `joint_stages` changes it."""

    DRAFTING = "drafting"
    SIGNING = "signing"  # the text stands, members sign it
    APPROVED = "approved"  # signed off by the chair
    SENT = "sent"
    DROPPED = "dropped"


class QuorumKind(enum.StrEnum):
    """What the number of signatures that a club demands of itself is counted in."""

    NUMBER = "number"
    SHARE = "share"  # per cent of the members at opening


class SuggestionState(enum.StrEnum):
    """What became of a member's suggestion."""

    WAITING = "waiting"
    TAKEN = "taken"
    DECLINED = "declined"
    TAKEN_BACK = "taken_back"  # by the member, before anybody decided


class SignatureKind(enum.StrEnum):
    """A member stands behind the text, or attaches a dissent to it."""

    SIGNED = "signed"
    DISSENT = "dissent"


class Voided(enum.StrEnum):
    """Why a signature or dissent no longer counts."""

    TEXT = "text"  # the text was changed
    TAKEN_BACK = "taken_back"
    LEFT = "left"  # the person is no longer a member


class JointSubmission(Base):
    """One contribution of a club to one round, from its opening until it is sent or dropped.

    ``under_way`` names club and round until then, so that there is one at a time. The quorum's
    rule is set on opening: ``quorum_value`` is a number of members or per cent of
    ``members_at_opening``. ``text_number`` grows whenever the text is opened for changes.
    ``submission_id`` is what was sent. ``reminded`` names the last reminder that went out.
    """

    __tablename__ = "joint_submissions"

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultations.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    state: Mapped[JointState] = mapped_column(
        enum_column(JointState), default=JointState.DRAFTING, index=True
    )
    under_way: Mapped[str | None] = mapped_column(String(40), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    note: Mapped[str] = mapped_column(Text, default="")
    text_number: Mapped[int] = mapped_column(default=1)
    quorum_kind: Mapped[QuorumKind] = mapped_column(enum_column(QuorumKind))
    quorum_value: Mapped[int]
    members_at_opening: Mapped[int]
    opened_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    opened_at: Mapped[datetime]
    approved_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    approved_at: Mapped[datetime | None]
    submission_id: Mapped[int | None] = mapped_column(ForeignKey("submissions.id"), unique=True)
    sent_at: Mapped[datetime | None]
    reminded: Mapped[str] = mapped_column(String(60), default="")

    consultation: Mapped[Consultation] = relationship()
    organisation: Mapped[Organisation] = relationship()
    submission: Mapped[Submission | None] = relationship()

    @property
    def needed(self) -> int:
        """How many signatures the quorum's rule demands, at least one."""
        if self.quorum_kind is QuorumKind.NUMBER:
            return max(1, self.quorum_value)
        return max(1, -(-self.members_at_opening * self.quorum_value // 100))


class JointChange(Base):
    """One change of a joint submission's state, with who, when and why."""

    __tablename__ = "joint_changes"

    id: Mapped[int] = mapped_column(primary_key=True)
    joint_id: Mapped[int] = mapped_column(ForeignKey("joint_submissions.id"), index=True)
    transition: Mapped[str] = mapped_column(String(20))
    from_state: Mapped[str] = mapped_column(String(10))
    to_state: Mapped[str] = mapped_column(String(10))
    at: Mapped[datetime]
    actor_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    reason: Mapped[str] = mapped_column(Text, default="")


class _Words:
    """What a suggestion and a point of the club's text both say."""

    provision_id: Mapped[int | None] = mapped_column(ForeignKey("provisions.id"), index=True)
    kind: Mapped[PointKind] = mapped_column(enum_column(PointKind), default=PointKind.REMARK)
    stance: Mapped[Stance] = mapped_column(enum_column(Stance))
    quote: Mapped[str] = mapped_column(Text, default="")
    argument: Mapped[str] = mapped_column(Text)
    proposed_wording: Mapped[str] = mapped_column(Text, default="")


class JointSuggestion(_Words, Base):
    """What one member suggests, word for word; it stays whatever the club makes of it."""

    __tablename__ = "joint_suggestions"
    __table_args__ = (UniqueConstraint("joint_id", "user_id", "form_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    joint_id: Mapped[int] = mapped_column(ForeignKey("joint_submissions.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    form_key: Mapped[str] = mapped_column(String(60))
    suggested_at: Mapped[datetime]
    state: Mapped[SuggestionState] = mapped_column(
        enum_column(SuggestionState), default=SuggestionState.WAITING
    )
    reason: Mapped[str] = mapped_column(Text, default="")
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    joint: Mapped[JointSubmission] = relationship()
    user: Mapped[User] = relationship(foreign_keys=[user_id])
    provision: Mapped[Provision | None] = relationship()


class JointPoint(_Words, Base):
    """A point of the club's text, made from a member's suggestion.

    ``edits`` counts how often its words were changed since; ``ordinal`` is its place.
    """

    __tablename__ = "joint_points"

    id: Mapped[int] = mapped_column(primary_key=True)
    joint_id: Mapped[int] = mapped_column(ForeignKey("joint_submissions.id"), index=True)
    suggestion_id: Mapped[int] = mapped_column(ForeignKey("joint_suggestions.id"), unique=True)
    ordinal: Mapped[int]
    edits: Mapped[int] = mapped_column(default=0)

    joint: Mapped[JointSubmission] = relationship()
    suggestion: Mapped[JointSuggestion] = relationship()
    provision: Mapped[Provision | None] = relationship()


class JointSignature(Base):
    """That a member signed the text with that number, or attached a dissent to it.

    ``shown_as`` is the name with title and degree as verified then. A dissent's ``text`` is kept
    word for word, and its author is shown only when ``named``. One counts for a person.
    """

    __tablename__ = "joint_signatures"
    __table_args__ = (
        partial_index(
            "uq_joint_signatures_live",
            "joint_id",
            "user_id",
            unique=True,
            where="voided_at IS NULL",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    joint_id: Mapped[int] = mapped_column(ForeignKey("joint_submissions.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    kind: Mapped[SignatureKind] = mapped_column(enum_column(SignatureKind))
    text_number: Mapped[int]
    shown_as: Mapped[str] = mapped_column(String(160))
    named: Mapped[bool] = mapped_column(default=True)
    text: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime]
    voided_at: Mapped[datetime | None]
    voided_why: Mapped[Voided | None] = mapped_column(enum_column(Voided))

    joint: Mapped[JointSubmission] = relationship()
    user: Mapped[User] = relationship()
