"""What staff note of a contribution that came on paper, by e-mail or at a meeting."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.accounts.models import User
from consult.core import files
from consult.core.db import Base
from consult.submissions.commands import PaperFacts, Scan
from consult.submissions.models import Submission


class PaperEntry(Base):
    """How a submission of the channels `models.PAPER` came, and who typed it in.

    ``received_on`` is the office's date of receipt (the portal's own instant is the
    submission's), ``register_number`` the office's number of the letter. ``late_reason`` says
    why it was entered after the round's deadline. The scan is kept without its metadata; a
    sealed contribution has none, for it would show the name.
    """

    __tablename__ = "paper_entries"
    __table_args__ = (
        CheckConstraint("(scan_sha256 IS NULL) = (scan_size IS NULL)", name="whole_scan"),
    )

    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"), primary_key=True)
    transcriber_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    received_on: Mapped[date]
    register_number: Mapped[str] = mapped_column(String(60), default="")
    late_reason: Mapped[str] = mapped_column(Text, default="")
    scan_kind: Mapped[str] = mapped_column(String(4), default="")
    scan_sha256: Mapped[str | None] = mapped_column(String(64), index=True)
    scan_size: Mapped[int | None]

    submission: Mapped[Submission] = relationship(viewonly=True)
    transcriber: Mapped[User] = relationship(viewonly=True)

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
