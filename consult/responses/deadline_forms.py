"""The form of another instant by which a round is answered."""

# pyright: reportUnknownMemberType=false
# (WTForms types its fields' data loosely.)
from __future__ import annotations

from wtforms import TextAreaField
from wtforms.validators import ValidationError

from consult.consultations.fields import InstantField
from consult.core import clock
from consult.core.forms import Form, Longest, Required
from consult.core.i18n import _, _l


class DueForm(Form):
    """By when the answers are due now, and why."""

    answer_by = InstantField(
        _l("Answers due by"), [Required(_l("Please say by when the answers are due."))]
    )
    reason = TextAreaField(
        _l("Reason for the change"), [Required(_l("Please give the reason.")), Longest(2_000)]
    )

    def validate_answer_by(self, field: InstantField) -> None:
        """Refuse an instant that has passed."""
        if field.data is not None and field.data <= clock.now():
            raise ValidationError(_("Please name an instant that is still ahead."))

    def refuse_instant(self, sentence: str) -> None:
        """Say beside the instant why it was not taken."""
        self.answer_by.errors = [*self.answer_by.errors, sentence]
