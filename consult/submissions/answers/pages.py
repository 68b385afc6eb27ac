"""What other pages show of a round's questions: the form with the reader's own answers."""

from __future__ import annotations

from collections.abc import Sequence

from consult.consultations.models import Consultation, Question
from consult.core.sealing import KeyMissing
from consult.core.web import received_at
from consult.submissions import keeping
from consult.submissions.answers.forms import SheetForm
from consult.submissions.answers.queries import own_sheet
from consult.submissions.keeping import SHEET
from consult.submissions.pages import keep_key


def sheet_form(consultation: Consultation, questions: Sequence[Question]) -> SheetForm:
    """Return the empty form of those questions that are answered by choosing."""
    asked = [question for question in questions if question.on_sheet]
    return SheetForm(asked, keep=keep_key(consultation, SHEET))


def show_own(form: SheetForm, consultation: Consultation, author_id: int) -> None:
    """Choose in the form what the author last saved or sent, or chose since; two queries.

    Raises KeyMissing.
    """
    form.show(own_sheet(author_id, consultation.id))
    form.take_up(keeping.kept(author_id, consultation.id, SHEET))


def open_sheet(
    consultation: Consultation, questions: Sequence[Question], author_id: int
) -> SheetForm | None:
    """Return the form as the author last left it; None when there is nothing to answer now.

    Two queries, none in a round without such questions.
    """
    form = sheet_form(consultation, questions)
    if not form.questions or not consultation.accepts_at(received_at()):
        return None
    try:
        show_own(form, consultation, author_id)
    except KeyMissing:  # for looking only: without the vault's key nothing is chosen
        return form
    return form
