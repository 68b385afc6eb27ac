"""The answer's form."""

from __future__ import annotations

from wtforms import RadioField, SelectField, TextAreaField
from wtforms.validators import ValidationError

from consult.core.forms import Form, Longest, Required
from consult.core.i18n import _, _l
from consult.core.text import shorten
from consult.responses.models import Disposition
from consult.responses.queries import DraftAnswer

DISPOSITIONS = (
    (Disposition.ACCEPTED.value, _l("Accepted")),
    (Disposition.PARTLY_ACCEPTED.value, _l("Partly accepted")),
    (Disposition.NOT_ACCEPTED.value, _l("Not accepted")),
    (Disposition.NOTED.value, _l("Noted or referred")),
)


class AnswerForm(Form):
    """What becomes of the points, and why; nothing is chosen beforehand."""

    disposition = RadioField(
        _l("What becomes of the opinion"),
        [Required(_l("Please choose what becomes of the opinion."))],
        choices=DISPOSITIONS,
    )
    reason = TextAreaField(_l("Explanation"), [Longest(20_000)])

    def validate_reason(self, field: TextAreaField) -> None:
        """Refuse an empty reason for everything but full acceptance."""
        if self.disposition.data not in (None, Disposition.ACCEPTED.value) and not field.data:
            raise ValidationError(
                _("Please give the reason: only a fully accepted opinion needs none.")
            )


class MoveForm(Form):
    """Which drafted answer is to answer the points too."""

    response = SelectField(_l("Drafted answer"), choices=[], coerce=int)

    def offer(self, drafts: list[DraftAnswer]) -> None:
        """Make the drafted answers choosable."""
        labels = dict(DISPOSITIONS)
        self.response.choices = [
            (
                draft.response.id,
                f"{labels[draft.response.disposition.value]} · "
                f"{shorten(draft.response.reason, 80) or '–'} ({draft.points})",
            )
            for draft in drafts
        ]
