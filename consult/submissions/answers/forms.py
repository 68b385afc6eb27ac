"""The form of answers to a round's questions: what was chosen, and what is wrong with it."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from consult.consultations.models import Question, QuestionKind
from consult.core.i18n import _
from consult.submissions.answers.models import AnswerSheet
from consult.submissions.keeping import SHEET
from consult.submissions.models import KeptWords


@dataclass
class SheetForm:
    """The questions of a round that are answered by choosing, with the choices by their numbers.

    ``received`` says that answers have been received already; ``saved`` that some are kept at all.
    ``kept`` is the revision of unsaved choices that were taken up ("" for none), ``kept_at`` when
    they were made. ``keep`` names the form in the browser, ``place`` on the server.
    """

    questions: Sequence[Question]
    keep: str = ""
    place: str = SHEET
    chosen: dict[int, list[int]] = field(default_factory=dict[int, list[int]])
    errors: dict[int, str] = field(default_factory=dict[int, str])
    form_key: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    saved: bool = False
    received: bool = False
    kept: str = ""
    kept_at: datetime | None = None

    def show(self, sheet: AnswerSheet | None) -> None:
        """Choose what the sheet says."""
        if sheet is not None:
            self.chosen = {one.question.ordinal: one.numbers for one in sheet.answers}
            self.saved, self.received = True, sheet.received_at is not None

    def fields(self) -> dict[str, str]:
        """Return what is chosen as `keeping` takes it."""
        return {f"q{number}": ",".join(map(str, said)) for number, said in self.chosen.items()}

    def take_up(self, kept: KeptWords | None) -> None:
        """Choose what was chosen and not saved, as `keeping` has it, and go on under its key."""
        if kept is None:
            return
        chosen: dict[int, list[int]] = {}
        for question in self.questions:
            said = kept.fields.get(f"q{question.ordinal}", "").split(",")
            numbers = [number for number, _label in question.choices if str(number) in said]
            if numbers:
                chosen[question.ordinal] = numbers
        if chosen != self.chosen:
            self.chosen, self.form_key = chosen, kept.form_key
            self.kept, self.kept_at = str(kept.revision), kept.saved_at

    def take(self, posted: Callable[[str], Sequence[str]]) -> bool:
        """Choose what was posted (``posted`` gives a field's values); return whether it is right.

        What is chosen stays chosen, whatever is wrong beside it.
        """
        self.form_key = next(iter(posted("form_key")), "")[:32] or self.form_key
        self.kept = next(iter(posted("kept")), "")[:9]
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
