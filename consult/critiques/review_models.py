"""Reviews with ratings and points, the meeting, the report with its dissents and answers."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.consultations.models import enum_column
from consult.core.db import Base
from consult.critiques.models import Criterion, Seat


class Conclusion(enum.StrEnum):
    """tán thành, tán thành với điều kiện chỉnh sửa, không tán thành."""

    APPROVE = "approve"
    APPROVE_IF_AMENDED = "approve_if_amended"
    DISAPPROVE = "disapprove"


class Outcome(enum.StrEnum):
    """The orderer's answer to a recommendation; as the dispositions of points."""

    ACCEPTED = "accepted"
    PARTLY_ACCEPTED = "partly_accepted"
    NOT_ACCEPTED = "not_accepted"
    NOTED = "noted"


class Review(Base):
    """One member's review (phiếu nhận xét); a draft of its author's until ``sent_at``.

    ``number`` is 1 for the first, which is written blind, 2 for a revision after the opening;
    a member's sent review of the greatest number is the one that counts.
    """

    __tablename__ = "reviews"
    __table_args__ = (UniqueConstraint("seat_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    commission_id: Mapped[int] = mapped_column(ForeignKey("commissions.id"), index=True)
    seat_id: Mapped[int] = mapped_column(ForeignKey("seats.id"))
    number: Mapped[int]
    conclusion: Mapped[Conclusion | None] = mapped_column(enum_column(Conclusion))
    general: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime]
    saved_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]

    seat: Mapped[Seat] = relationship()
    ratings: Mapped[list[Rating]] = relationship(
        cascade="all, delete-orphan", order_by="Rating.criterion_id"
    )
    remarks: Mapped[list[ReviewRemark]] = relationship(
        cascade="all, delete-orphan", order_by="ReviewRemark.ordinal"
    )


class Rating(Base):
    """What a review says on one criterion: ``value`` 1–5, or None with ``not_applicable``.

    A draft may have neither. Texts are plain text as typed (NFC).
    """

    __tablename__ = "ratings"

    review_id: Mapped[int] = mapped_column(ForeignKey("reviews.id"), primary_key=True)
    criterion_id: Mapped[int] = mapped_column(
        ForeignKey("criteria.id"), primary_key=True, index=True
    )
    value: Mapped[int | None]
    not_applicable: Mapped[bool] = mapped_column(default=False)
    argument: Mapped[str] = mapped_column(Text, default="")
    evidence: Mapped[str] = mapped_column(Text, default="")
    proposed_wording: Mapped[str] = mapped_column(Text, default="")

    criterion: Mapped[Criterion] = relationship()


class ReviewRemark(Base):
    """What a review says on one provision; an empty key is the whole draft.

    ``citation`` is kept as it was, for a version that is corrected later.
    """

    __tablename__ = "review_remarks"

    review_id: Mapped[int] = mapped_column(ForeignKey("reviews.id"), primary_key=True)
    ordinal: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    provision_key: Mapped[str] = mapped_column(String(120), default="")
    citation: Mapped[str] = mapped_column(String(300), default="")
    argument: Mapped[str] = mapped_column(Text)
    proposed_wording: Mapped[str] = mapped_column(Text, default="")


class Meeting(Base):
    """The panel's meeting and its minutes (biên bản).

    ``revision`` counts the changes of the minutes, which take both confirmations back.
    """

    __tablename__ = "critique_meetings"

    commission_id: Mapped[int] = mapped_column(
        ForeignKey("commissions.id"), primary_key=True, autoincrement=False
    )
    held_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    place: Mapped[str] = mapped_column(String(300))
    guests: Mapped[str] = mapped_column(Text, default="")
    course: Mapped[str] = mapped_column(Text, default="")
    conclusions: Mapped[str] = mapped_column(Text, default="")
    revision: Mapped[int] = mapped_column(default=0)
    chair_confirmed_at: Mapped[datetime | None]
    secretary_confirmed_at: Mapped[datetime | None]

    attendance: Mapped[list[Attendance]] = relationship(order_by="Attendance.seat_id")

    @property
    def confirmed(self) -> bool:
        """Whether chair and secretary have both confirmed the minutes."""
        return self.chair_confirmed_at is not None and self.secretary_confirmed_at is not None


class Attendance(Base):
    """Whether a member came to the meeting; ``note`` may say why not."""

    __tablename__ = "critique_attendance"

    commission_id: Mapped[int] = mapped_column(
        ForeignKey("critique_meetings.commission_id"), primary_key=True
    )
    seat_id: Mapped[int] = mapped_column(ForeignKey("seats.id"), primary_key=True, index=True)
    present: Mapped[bool]
    note: Mapped[str] = mapped_column(String(300), default="")

    seat: Mapped[Seat] = relationship()


class CritiqueReport(Base):
    """The consolidated report, written by secretary and chair, signed off, then delivered.

    ``summary`` tells what the draft is about, ``assessment`` the panel's view as a whole,
    ``findings`` what it agrees on. ``revision`` counts the changes.
    """

    __tablename__ = "critique_reports"

    commission_id: Mapped[int] = mapped_column(
        ForeignKey("commissions.id"), primary_key=True, autoincrement=False
    )
    summary: Mapped[str] = mapped_column(Text, default="")
    assessment: Mapped[str] = mapped_column(Text, default="")
    findings: Mapped[str] = mapped_column(Text, default="")
    conclusion: Mapped[Conclusion | None] = mapped_column(enum_column(Conclusion))
    revision: Mapped[int] = mapped_column(default=0)
    signed_at: Mapped[datetime | None]
    signed_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    delivered_at: Mapped[datetime | None]
    delivered_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    recommendations: Mapped[list[Recommendation]] = relationship(
        order_by="Recommendation.ordinal", cascade="all, delete-orphan"
    )


class Dissent(Base):
    """A member's differing opinion (ý kiến bảo lưu), which the report carries verbatim."""

    __tablename__ = "critique_dissents"

    id: Mapped[int] = mapped_column(primary_key=True)
    commission_id: Mapped[int] = mapped_column(ForeignKey("commissions.id"), index=True)
    seat_id: Mapped[int] = mapped_column(ForeignKey("seats.id"), unique=True)
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]

    seat: Mapped[Seat] = relationship()


class Recommendation(Base):
    """What the report asks of the orderer, and the answer; shown once ``answered_at`` is set."""

    __tablename__ = "recommendations"
    __table_args__ = (UniqueConstraint("commission_id", "ordinal"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    commission_id: Mapped[int] = mapped_column(ForeignKey("critique_reports.commission_id"))
    ordinal: Mapped[int]
    provision_key: Mapped[str] = mapped_column(String(120), default="")
    citation: Mapped[str] = mapped_column(String(300), default="")
    text: Mapped[str] = mapped_column(Text)
    outcome: Mapped[Outcome | None] = mapped_column(enum_column(Outcome))
    reason: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
