"""The form of answers to a round's questions: what was chosen, and what is wrong with it."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from consult.consultations.models import Question, QuestionKind
from consult.core.i18n import _
from consult.submissions.answer_models import AnswerSheet


@dataclass
class SheetForm:
    """The questions of a round that are answered by choosing, with the choices by their numbers.

    ``received`` says that answers have been received already; ``saved`` that some are kept at all.
    """

    questions: Sequence[Question]
    chosen: dict[int, list[int]] = field(default_factory=dict[int, list[int]])
    errors: dict[int, str] = field(default_factory=dict[int, str])
    form_key: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    saved: bool = False
    received: bool = False

    def show(self, sheet: AnswerSheet | None) -> None:
        """Choose what the sheet says."""
        if sheet is not None:
            self.chosen = {one.question.ordinal: one.numbers for one in sheet.answers}
            self.saved, self.received = True, sheet.received_at is not None

    def take(self, posted: Callable[[str], Sequence[str]]) -> bool:
        """Choose what was posted (``posted`` gives a field's values); return whether it is right.

        What is chosen stays chosen, whatever is wrong beside it.
        """
        self.form_key = next(iter(posted("form_key")), "")[:32] or self.form_key
        self.chosen, self.errors = {}, {}
        for question in self.questions:
            number = question.ordinal
            typed = [value for value in posted(f"q{number}") if value]
            known = {str(choice): choice for choice, _label in question.choices}
            self.chosen[number] = sorted({known[value] for value in typed if value in known})
            several = question.kind is QuestionKind.MULTIPLE
            if any(value not in known for value in typed):
                self.errors[number] = _("This answer is not among the choices.")
            elif len(self.chosen[number]) > 1 and not several:
                self.errors[number] = _("Choose one answer only.")
            elif question.is_required and not typed:
                self.errors[number] = _("Please answer this question.")
        return not self.errors

    def problems(self) -> list[tuple[str, str, str]]:
        """Return (field id, label, message) of each error, in the questions' order."""
        return [
            (f"q{question.ordinal}", question.text, self.errors[question.ordinal])
            for question in self.questions
            if question.ordinal in self.errors
        ]
