"""Submissions, the points in them, and who stands behind them (kept apart)."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.accounts.models import User
from consult.consultations.models import Consultation, Question, enum_column
from consult.core.db import Base, partial_index
from consult.core.text import fold
from consult.drafts.models import Provision
from consult.people.models import Organisation

if TYPE_CHECKING:
    from consult.submissions.answers.models import AnswerSheet
    from consult.submissions.attachments.models import Attachment
    from consult.submissions.identity.models import UnsealingRequest
    from consult.submissions.paper.models import PaperEntry


# How contributions come that staff enter: `paper_models` says more of each.
PAPER = ("paper", "email", "meeting")


def code_of(point_id: int) -> str:
    """Return the reference under which people cite a point, such as "YK-123"."""
    return f"YK-{point_id}"


def searchable(argument: str, proposed_wording: str) -> str:
    """Return what a filter without diacritics looks through."""
    return fold(f"{argument}\n{proposed_wording}")


def _folded(context: DefaultExecutionContext) -> str:
    typed = context.get_current_parameters()
    return searchable(typed["argument"], typed.get("proposed_wording") or "")


class SubmissionState(enum.StrEnum):
    """A draft is the author's own; received and withdrawn ones are counted."""

    DRAFT = "draft"
    RECEIVED = "received"
    WITHDRAWN = "withdrawn"


class Stance(enum.StrEnum):
    """What the author declares, never inferred."""

    AGREE = "agree"
    AGREE_WITH_CHANGES = "agree_with_changes"
    DISAGREE = "disagree"
    NONE = "none"


class PointKind(enum.StrEnum):
    """What a point is; a wording proposal holds the proposed words, a question needs no stance."""

    REMARK = "remark"
    WORDING = "wording"
    QUESTION = "question"
    OBJECTION = "objection"


class Identity(enum.StrEnum):
    """Who may see the author: everyone, only the organisation's name, only the secretariat."""

    PUBLIC = "public"
    ORGANISATION = "organisation"
    SEALED = "sealed"


class Submission(Base):
    """What one author sends in one round: one or more points.

    ``reference`` is the unguessable public code of the receipt. ``channel`` says how it came:
    "online", "joint" (a club), "import" (staff, from a spreadsheet), and those of `PAPER`.
    """

    __tablename__ = "submissions"
    __table_args__ = (
        # One draft at a time for an author in a round; the service fills draft_of only then.
        UniqueConstraint("draft_of"),
        Index("ix_submissions_consultation_id_state", "consultation_id", "state", "received_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultations.id"))
    state: Mapped[SubmissionState] = mapped_column(enum_column(SubmissionState))
    draft_of: Mapped[str | None] = mapped_column(String(40))
    channel: Mapped[str] = mapped_column(String(10), default="online")
    created_at: Mapped[datetime]
    received_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]

    consultation: Mapped[Consultation] = relationship()
    authorship: Mapped[Authorship] = relationship(back_populates="submission")
    paper: Mapped[PaperEntry | None] = relationship(viewonly=True)
    openings: Mapped[list[UnsealingRequest]] = relationship(
        primaryjoin="and_(Submission.id == UnsealingRequest.submission_id,"
        " UnsealingRequest.state == 'approved')",
        order_by="UnsealingRequest.id",
        viewonly=True,
    )
    sheets: Mapped[list[AnswerSheet]] = relationship(order_by="AnswerSheet.number", viewonly=True)
    points: Mapped[list[Point]] = relationship(
        back_populates="submission", order_by="Point.ordinal", cascade="all, delete-orphan"
    )


class Authorship(Base):
    """Who stands behind a submission; opinions themselves hold no names.

    ``user_id`` is None for imports; then ``name``/``organisation_name`` are as the sheet gave
    them. Of a sealed one (and of every basket) all of these are in the vault, and ``tag`` stands
    for the person: the same in one round only, made with the vault's key. UNIQUE with the
    idempotency key, either makes a repeated send the same submission.
    """

    __tablename__ = "authorships"
    __table_args__ = (
        UniqueConstraint("user_id", "idempotency_key"),
        UniqueConstraint("tag", "idempotency_key"),
        CheckConstraint(
            "identity <> 'sealed' OR (user_id IS NULL AND organisation_id IS NULL"
            " AND name = '' AND organisation_name = '')",
            name="sealed_is_empty",
        ),
    )

    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"), primary_key=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    name: Mapped[str] = mapped_column(String(120), default="")
    organisation_name: Mapped[str] = mapped_column(String(200), default="")
    identity: Mapped[Identity] = mapped_column(enum_column(Identity), default=Identity.PUBLIC)
    idempotency_key: Mapped[str] = mapped_column(String(60))
    tag: Mapped[str | None] = mapped_column(String(32))

    submission: Mapped[Submission] = relationship(back_populates="authorship")
    user: Mapped[User | None] = relationship()
    organisation: Mapped[Organisation | None] = relationship()
    sealed: Mapped[SealedIdentity | None] = relationship(viewonly=True)


class SealedIdentity(Base):
    """The vault: who stands behind a sealed submission, readable with the vault's key only.

    The columns are those of `core.sealing.Sealed`. ``moved`` marks one that an older release
    kept openly: the log covers the name itself, and what hides it there lies in the vault too.
    """

    __tablename__ = "sealed_identities"

    submission_id: Mapped[int] = mapped_column(
        ForeignKey("authorships.submission_id"), primary_key=True
    )
    key_id: Mapped[str] = mapped_column(String(16), index=True)
    wrapped: Mapped[str] = mapped_column(String(100))
    nonce: Mapped[str] = mapped_column(String(16))
    ciphertext: Mapped[str] = mapped_column(Text)
    moved: Mapped[bool] = mapped_column(default=False)


class Point(Base):
    """One remark on one provision, or on the whole draft when ``provision_id`` is None.

    ``argument`` is Markdown as typed (NFC); ``argument_html`` is its sanitised form, made at
    writing; ``folded`` is what is searched without diacritics, made by itself.
    ``quote`` are words of the provision as they were given; ``quote_start``/``quote_end`` are where
    they stand in the version's text, None where they are not found word for word.
    ``received_at`` is None while the submission is a draft; ``withdrawn_at`` is None while the
    point stands. ``revised_at`` is when its author last revised it (`revisions.models`).
    ``hidden_at`` is that of the moderation that hides it from the public now, ``hidden_reason``
    that of the newest one, empty for a point that was never hidden. ``form_key`` makes a
    replayed form the same point.
    """

    __tablename__ = "points"
    __table_args__ = (
        UniqueConstraint("submission_id", "form_key"),
        # Holds all that the counts of a round need, so that they read no row.
        partial_index(
            "ix_points_standing",
            "consultation_id",
            "provision_id",
            "stance",
            "received_at",
            "withdrawn_at",
            where="received_at IS NOT NULL AND withdrawn_at IS NULL",
        ),
        partial_index(
            "ix_points_received",
            "consultation_id",
            "received_at",
            "id",
            where="received_at IS NOT NULL",
        ),
        partial_index(
            "ix_points_hidden",
            "consultation_id",
            "hidden_at",
            where="hidden_at IS NOT NULL",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"), index=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultations.id"))
    provision_id: Mapped[int | None] = mapped_column(ForeignKey("provisions.id"), index=True)
    question_id: Mapped[int | None] = mapped_column(ForeignKey("questions.id"))
    ordinal: Mapped[int]
    kind: Mapped[PointKind] = mapped_column(
        enum_column(PointKind), default=PointKind.REMARK, server_default=PointKind.REMARK.value
    )
    stance: Mapped[Stance] = mapped_column(enum_column(Stance))
    quote: Mapped[str] = mapped_column(Text, default="")
    quote_start: Mapped[int | None]
    quote_end: Mapped[int | None]
    argument: Mapped[str] = mapped_column(Text)
    argument_html: Mapped[str] = mapped_column(Text)
    proposed_wording: Mapped[str] = mapped_column(Text, default="")
    folded: Mapped[str] = mapped_column(Text, default=_folded, deferred=True)
    form_key: Mapped[str] = mapped_column(String(60))
    created_at: Mapped[datetime]
    received_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    revised_at: Mapped[datetime | None]
    hidden_at: Mapped[datetime | None]
    hidden_reason: Mapped[str] = mapped_column(String(200), default="", server_default="")

    submission: Mapped[Submission] = relationship(back_populates="points")
    provision: Mapped[Provision | None] = relationship()
    question: Mapped[Question | None] = relationship()
    attachments: Mapped[list[Attachment]] = relationship(
        order_by="[Attachment.ordinal, Attachment.id]", back_populates="point", viewonly=True
    )

    @property
    def code(self) -> str:
        """The reference that people cite."""
        return code_of(self.id)


class KeptWords(Base):
    """A form's words while they are being written; ``form_key`` is that of the form.

    ``owner`` stands for the person, in one round only, so that the words name nobody. ``place``
    is the provision's key, "" for the whole draft, "point:5" for a change of point 5, "sheet:" for
    the answers by choosing.
    ``revision`` counts what was kept; ``writer`` (one page in one browser) and ``sequence`` tell
    the newer of two. A ``closed`` one was saved, sent or thrown away and holds no words.
    """

    __tablename__ = "kept_words"
    __table_args__ = (
        UniqueConstraint("owner", "form_key"),
        Index("ix_kept_words_owner_place", "owner", "place"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultations.id"))
    owner: Mapped[str] = mapped_column(String(32))
    place: Mapped[str] = mapped_column(String(120))
    form_key: Mapped[str] = mapped_column(String(32))
    fields: Mapped[dict[str, Any]]
    revision: Mapped[int]
    writer: Mapped[str] = mapped_column(String(32))
    sequence: Mapped[int]
    saved_at: Mapped[datetime] = mapped_column(index=True)
    closed: Mapped[bool]
