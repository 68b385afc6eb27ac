"""The forms of an order: what is ordered, the intake, criteria and templates, starting."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# (WTForms types its fields' data loosely.)
from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from wtforms import (
    BooleanField,
    FieldList,
    FormField,
    HiddenField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from consult.consultations.fields import InstantField
from consult.consultations.models import Consultation
from consult.core import clock
from consult.core.forms import Form, Longest, Required
from consult.core.i18n import _, _l
from consult.core.web import row_ids
from consult.critiques.base_forms import Listed, Row
from consult.critiques.commands import LONGEST, Checked, OrderCritique
from consult.critiques.defaults import TemplateLine
from consult.critiques.models import Commission
from consult.critiques.ordering import Body
from consult.drafts.models import DraftVersion
from consult.people.fields import field_choices

MOST_LINES = 40
_BLANK = 3


class OrderForm(Form):
    """What the union is asked to examine, for whom and until when."""

    orderer = SelectField(_l("Ordered by"))
    consultation = SelectField(_l("Consultation"), coerce=str)
    title = StringField(_l("Title of the order"), [Required(), Longest(500)])
    scope = TextAreaField(_l("Scope"), [Required(), Longest(LONGEST)])
    questions = TextAreaField(_l("Questions to the panel"), [Longest(LONGEST)])
    field_code = SelectField(_l("Main field of science"))
    deadline = InstantField(
        _l("Deadline of the report"), [Required(_l("Please give the deadline of the report."))]
    )
    declared = SelectMultipleField(
        _l("What the order comes with"),
        coerce=int,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )

    def offer(
        self, bodies: Sequence[Body], rounds: Iterable[Consultation], intake: list[TemplateLine]
    ) -> None:
        """Set what can be chosen."""
        self.orderer.choices = [(body.key, body.organisation.name) for body in bodies]
        self.consultation.choices = [("", _("The text by itself, without a consultation"))] + [
            (str(one.id), one.title) for one in rounds
        ]
        self.field_code.choices = {"": [("", _("— choose —"))], **field_choices()}
        self.declared.choices = [(n, line.text) for n, line in enumerate(intake, 1)]

    def validate_deadline(self, field: Any) -> None:
        if field.data is not None and field.data <= clock.now():
            raise ValidationError(_("This instant has already passed. Choose a later one."))

    def command(
        self, version: DraftVersion, bodies: Sequence[Body], ordered_by: int | None
    ) -> OrderCritique:
        """Return the order as typed; only after validation."""
        body = next(body for body in bodies if body.key == self.orderer.data)
        return OrderCritique(
            version_id=version.id,
            consultation_id=int(self.consultation.data) if self.consultation.data else None,
            orderer_id=body.organisation.id,
            ordered_as=body.role,
            ordered_by=ordered_by,
            title=self.title.data or "",
            scope=self.scope.data or "",
            questions=self.questions.data or "",
            field_code=self.field_code.data or "",
            deadline=self.deadline.data,
            declared=frozenset(self.declared.data or ()),
        )


class _ItemRow(Row):
    item = HiddenField()
    confirmed = BooleanField(_l("Confirmed"))
    note = StringField(_l("Note"), [Longest(1_000)])


class IntakeForm(Listed):
    """The union's word on each item of the intake."""

    items = FieldList(FormField(_ItemRow), label=_l("Intake checklist"), max_entries=MOST_LINES)

    def fill(self, commission: Commission) -> None:
        """Show the items as they are."""
        for item in commission.intake:
            self.items.append_entry(
                {"item": str(item.id), "confirmed": item.confirmed, "note": item.note}
            )

    def checked(self) -> dict[int, Checked]:
        """Return what was said, by the item's id."""
        return {
            number: Checked(bool(row.confirmed.data), row.note.data or "")
            for row in (entry.form for entry in self.items)
            for number in row_ids([row.item.data or ""])
        }

    def refuse(self, texts: Sequence[str]) -> None:
        """Say which required items are not confirmed."""
        self.items.errors = [
            _("“%(item)s” must be confirmed before the order is taken on.", item=text)
            for text in texts
        ]


class ReasonForm(Form):
    """Why an order is declined or cancelled, or a seat taken back."""

    reason = TextAreaField(_l("Reason"), [Required(), Longest(2_000)])


class StartForm(Form):
    """Until when the reviews are to be sent."""

    reviews_due_at = InstantField(
        _l("Reviews are due at"), [Required(_l("Please say when the reviews are due."))]
    )

    def refuse(self, sentence: str) -> None:
        """Say beside the field why the instant was not taken."""
        self.reviews_due_at.errors = [*self.reviews_due_at.errors, sentence]


class _LineRow(Row):
    text = StringField(_l("Wording of the line"), [Longest(300)])
    guidance = StringField(_l("Guidance"), [Longest(1_000)])
    required = BooleanField(_l("Required"))


class LinesForm(Listed):
    """The lines of a checklist or of the criteria; an emptied line goes."""

    lines = FieldList(FormField(_LineRow), label=_l("Lines"), max_entries=MOST_LINES)

    def fill(self, lines: Iterable[TemplateLine]) -> None:
        """Show the lines as they are, with some empty ones below."""
        for line in lines:
            self.lines.append_entry(
                {"text": line.text, "guidance": line.guidance, "required": line.is_required}
            )
        self.pad()

    def pad(self) -> None:
        """Add empty lines to write in."""
        for _n in range(min(_BLANK, MOST_LINES - len(self.lines))):
            self.lines.append_entry({})

    def said(self) -> list[TemplateLine]:
        """Return the lines that have a text, in order."""
        return [
            TemplateLine(row.text.data, row.guidance.data or "", bool(row.required.data))
            for row in (entry.form for entry in self.lines)
            if row.text.data
        ]

    def refuse(self, sentence: str) -> None:
        """Say above the lines why they were not kept."""
        self.lines.errors = [sentence]
