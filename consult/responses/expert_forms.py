"""The forms of draft replies: whom to ask until when, and the expert's own draft."""

# pyright: reportUnknownMemberType=false
# (WTForms types its fields' data loosely.)
from __future__ import annotations

from collections.abc import Iterable

from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import ValidationError

from consult.consultations.fields import InstantField
from consult.core import clock
from consult.core.forms import Form, Longest, Required
from consult.core.i18n import _, _l
from consult.people.fields import field_choices, with_title
from consult.people.models import Profile
from consult.responses.expert_models import DraftRequest
from consult.responses.forms import DISPOSITIONS, AnswerForm
from consult.responses.models import Disposition


class ExpertForm(Form):
    """Whom a draft reply is asked of; searching, by a button, keeps everything typed."""

    q = StringField(_l("Name or speciality"), [Longest(100)])
    field = SelectField(_l("Field of science"), validate_choice=False)
    expert = RadioField(_l("Expert"), [Required(_l("Please choose whom to ask."))], choices=[])
    until = InstantField(
        _l("Draft wanted by"), [Required(_l("Please say until when the draft is asked for."))]
    )
    words = TextAreaField(_l("Words to the expert"), [Longest(4_000)])

    def offer(self, people: Iterable[Profile]) -> None:
        """Make the people choosable, and the fields to search by."""
        fields = [choice for group in field_choices().values() for choice in group]
        self.field.choices = [("", _("Any field")), *fields]
        self.expert.choices = [(str(one.user_id), _label(one)) for one in people]

    def refuse_expert(self, sentence: str) -> None:
        """Say beside the people why the chosen one is not asked."""
        self.expert.errors = [*self.expert.errors, sentence]

    def validate_until(self, field: InstantField) -> None:
        """Refuse an instant that has passed."""
        if field.data is not None and field.data <= clock.now():
            raise ValidationError(_("Please name an instant that is still ahead."))


def _label(one: Profile) -> str:
    name = with_title(one.user.full_name, one.academic_title, one.degree)
    return " · ".join(filter(None, (name, one.speciality, one.organisation_name)))


class DraftForm(Form):
    """The expert's draft reply and what becomes of the points in the expert's view."""

    disposition = SelectField(
        _l("What should become of the opinion, in your view"),
        choices=[("", _l("No proposal")), *DISPOSITIONS],
    )
    text = TextAreaField(_l("Draft reply"), [Longest(20_000)])

    def proposed(self) -> Disposition | None:
        """Return the disposition that was chosen, if one was."""
        return Disposition(self.disposition.data) if self.disposition.data else None

    def refuse_text(self, sentence: str) -> None:
        """Say beside the text why it is not sent."""
        self.text.errors = [*self.text.errors, sentence]


def take_over(form: AnswerForm, draft: DraftRequest) -> AnswerForm:
    """Put the expert's words into the answer's form, after those that were typed already."""
    typed = form.reason.data or ""
    if draft.text not in typed:
        form.reason.data = f"{typed}\n\n{draft.text}".strip()
    if not form.disposition.data and draft.disposition is not None:
        form.disposition.data = draft.disposition.value
    return form
