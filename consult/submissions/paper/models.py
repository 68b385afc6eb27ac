"""What staff note of a contribution that came on paper, by e-mail or at a meeting."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.accounts.models import User
from consult.core import files
from consult.core.db import Base
from consult.submissions.commands import PaperFacts, Scan
from consult.submissions.models import Point, Submission


class PaperEntry(Base):
    """How a submission of the channels `models.PAPER` came, and who typed it in.

    ``received_on`` is the office's date of receipt (the portal's own instant is the
    submission's), ``register_number`` the office's number of the letter. ``late_reason`` says
    why it was entered after the round's deadline. The scan is kept without its metadata; a
    sealed contribution has none, for it would show the name. ``checked_by`` is the second person
    who last compared the transcription with the original.
    """

    __tablename__ = "paper_entries"
    __table_args__ = (
        CheckConstraint("(scan_sha256 IS NULL) = (scan_size IS NULL)", name="whole_scan"),
        CheckConstraint("(checked_by IS NULL) = (checked_at IS NULL)", name="whole_check"),
        CheckConstraint("checked_by <> transcriber_id", name="second_person"),
    )

    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"), primary_key=True)
    transcriber_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    received_on: Mapped[date]
    register_number: Mapped[str] = mapped_column(String(60), default="")
    late_reason: Mapped[str] = mapped_column(Text, default="")
    scan_kind: Mapped[str] = mapped_column(String(4), default="")
    scan_sha256: Mapped[str | None] = mapped_column(String(64), index=True)
    scan_size: Mapped[int | None]
    checked_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    checked_at: Mapped[datetime | None]

    submission: Mapped[Submission] = relationship(viewonly=True)
    transcriber: Mapped[User] = relationship(viewonly=True, foreign_keys=transcriber_id)
    checker: Mapped[User | None] = relationship(viewonly=True, foreign_keys=checked_by)

    @classmethod
    def of(cls, submission_id: int, facts: PaperFacts) -> PaperEntry:
        """Return the row that holds ``facts``."""
        return cls(
            submission_id=submission_id,
            transcriber_id=facts.transcriber_id,
            received_on=facts.received_on,
            register_number=facts.register_number,
            late_reason=facts.late_reason,
            scan_kind=facts.scan.kind if facts.scan else "",
            scan_sha256=facts.scan.sha256 if facts.scan else None,
            scan_size=facts.scan.size if facts.scan else None,
        )

    @property
    def scan(self) -> Scan | None:
        """The file, None when there is none."""
        if self.scan_sha256 is None or self.scan_size is None:
            return None
        return Scan(self.scan_kind, self.scan_sha256, self.scan_size)

    def stands_checked(self, points: Iterable[Point]) -> bool:
        """Return whether ``points``, all of it, say what the second person compared."""
        at = self.checked_at
        return at is not None and all(
            point.revised_at is None or point.revised_at <= at for point in points
        )

    @property
    def facts(self) -> PaperFacts:
        """What the row says, as it was entered."""
        return PaperFacts(
            self.transcriber_id,
            self.received_on,
            self.register_number,
            self.late_reason,
            self.scan,
        )


files.named_by(PaperEntry.scan_sha256)
