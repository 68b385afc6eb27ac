"""What contributors chose in answer to a round's questions, a sheet for each time they sent it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.consultations.models import Question
from consult.core.db import Base
from consult.submissions.models import Submission


class AnswerSheet(Base):
    """The answers that a submission brings, all at once.

    ``number`` 0 came with the submission, later ones replace it until the closing; all are kept
    and the one whose ``replaced_at`` is None counts. ``received_at`` is None in a basket.
    ``form_key`` makes a replayed form the same sheet.
    """

    __tablename__ = "answer_sheets"
    __table_args__ = (
        UniqueConstraint("submission_id", "number"),
        UniqueConstraint("submission_id", "form_key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"))
    number: Mapped[int]
    form_key: Mapped[str] = mapped_column(String(32))
    received_at: Mapped[datetime | None]
    replaced_at: Mapped[datetime | None]

    submission: Mapped[Submission] = relationship()
    answers: Mapped[list[QuestionAnswer]] = relationship(
        cascade="all, delete-orphan", lazy="selectin"
    )


class QuestionAnswer(Base):
    """What one sheet chooses in one question: numbers from 1, in order, as in "1,3".

    Of a scale it is the step.
    """

    __tablename__ = "question_answers"

    sheet_id: Mapped[int] = mapped_column(ForeignKey("answer_sheets.id"), primary_key=True)
    question_id: Mapped[int] = mapped_column(
        ForeignKey("questions.id"), primary_key=True, index=True
    )
    chosen: Mapped[str] = mapped_column(String(40))

    question: Mapped[Question] = relationship(lazy="joined")

    @property
    def numbers(self) -> list[int]:
        """The numbers chosen."""
        return [int(number) for number in self.chosen.split(",")]
