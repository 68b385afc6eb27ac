"""The forms of a commitment: what is promised, and what became of it."""

# pyright: reportUnknownMemberType=false
# (WTForms types its fields' data loosely.)
from __future__ import annotations

from urllib.parse import urlsplit

from wtforms import MultipleFileField, RadioField, StringField, TextAreaField
from wtforms.validators import ValidationError

from consult.consultations.fields import InstantField
from consult.core.forms import Form, Longest, Required
from consult.core.i18n import _, _l
from consult.responses.commitment_models import CommitmentState


class CommitmentForm(Form):
    """What is to be done, by whom, until when."""

    what = TextAreaField(
        _l("What is to be done"), [Required(_l("Please say what is to be done.")), Longest(2_000)]
    )
    who = StringField(
        _l("Who does it"), [Required(_l("Please say who is to do it.")), Longest(200)]
    )
    due_at = InstantField(_l("Until when"), [Required(_l("Please say until when."))])


class SettleForm(Form):
    """What became of a commitment."""

    state = RadioField(
        _l("State of the commitment"),
        [Required(_l("Please choose the state."))],
        choices=[
            (CommitmentState.OPEN.value, _l("Still to be done")),
            (CommitmentState.DONE.value, _l("Done")),
            (CommitmentState.DROPPED.value, _l("Dropped")),
        ],
    )
    outcome = TextAreaField(_l("What was done, or why it is dropped"), [Longest(4_000)])
    evidence = StringField(_l("Evidence: address of the document"), [Longest(500)])
    uploads = MultipleFileField(_l("Evidence: files"))

    def refuse_files(self, sentences: list[str]) -> None:
        """Say beside the files why they were not taken."""
        self.uploads.errors = [*self.uploads.errors, *sentences]

    def validate_outcome(self, field: TextAreaField) -> None:
        """Refuse to settle without words."""
        if self.state.data != CommitmentState.OPEN.value and not field.data:
            raise ValidationError(_("Please say what was done, or why it is dropped."))

    def validate_evidence(self, field: StringField) -> None:
        """Refuse what is no address of the web."""
        try:
            parts = urlsplit(field.data or "")
        except ValueError:
            parts = urlsplit("none:")
        if field.data and not (parts.scheme in ("http", "https") and parts.netloc):
            raise ValidationError(_("Write the whole address, beginning with https://."))
