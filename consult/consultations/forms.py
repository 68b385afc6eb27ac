"""The forms of a round: what it says, publishing, extending, cancelling."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# (WTForms types its fields' data loosely.)
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wtforms import (
    BooleanField,
    FieldList,
    FormField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import ValidationError

from consult.consultations import queries
from consult.consultations.commands import RoundFields
from consult.consultations.fields import CountField, InstantField
from consult.consultations.models import (
    Audience,
    Consultation,
    Kind,
    PeriodRule,
    PointsVisibility,
)
from consult.consultations.question_forms import (
    MOST_QUESTIONS,
    QuestionForm,
    arranged,
    asked,
    set_questions,
    shown,
)
from consult.core import clock
from consult.core.forms import Form, Longest, Required
from consult.core.i18n import _, _l, format_datetime

_LONG = 20_000


def _rule_id(value: Any) -> int | None:
    return int(value) if value else None


class RoundForm(Form):
    """Everything the agency says of a round. ``rules`` are the periods to choose from."""

    title = StringField(_l("Title of the round"), [Required(), Longest(500)])
    kind = SelectField(
        _l("Kind"),
        coerce=Kind,
        default=Kind.CRITIQUE,
        choices=[
            (Kind.ADVICE, _l("Advice")),
            (Kind.CRITIQUE, _l("Social critique")),
            (Kind.ASSESSMENT, _l("Social assessment")),
        ],
    )
    summary = TextAreaField(_l("Plain summary"), [Longest(_LONG)])
    can_change = TextAreaField(_l("What can still change"), [Longest(_LONG)])
    cannot_change = TextAreaField(_l("What cannot change"), [Longest(_LONG)])
    legal_basis = TextAreaField(_l("Legal basis"), [Longest(_LONG)])
    questions = FieldList(FormField(QuestionForm), _l("Questions to the contributors"))
    period_rule_id = SelectField(_l("Rule on the period"), coerce=_rule_id)
    opens_at = InstantField(_l("Opens at"))
    closes_at = InstantField(_l("Closes at"))
    answer_by = InstantField(_l("Answers due by"))
    shortened_reason = TextAreaField(_l("Reason for a shortened period"), [Longest(2_000)])
    audience = SelectField(
        _l("Who may read"),
        coerce=Audience,
        default=Audience.EVERYONE,
        choices=[
            (Audience.EVERYONE, _l("Everybody; verified intellectuals write")),
            (Audience.VERIFIED, _l("Verified intellectuals and staff only")),
        ],
    )
    points_visibility = SelectField(
        _l("When others see the opinions"),
        coerce=PointsVisibility,
        default=PointsVisibility.AT_ONCE,
        choices=[
            (PointsVisibility.AT_ONCE, _l("As soon as they are received")),
            (PointsVisibility.AFTER_CLOSING, _l("After the round has closed")),
            (PointsVisibility.STAFF_ONLY, _l("Never; staff only")),
        ],
    )
    responsible_name = StringField(_l("Person responsible"), [Longest(120)])
    responsible_contact = StringField(_l("How to reach this person"), [Longest(200)])
    asked_count = CountField(_l("Number of bodies and persons asked"))

    def offer(self, rules: Sequence[PeriodRule]) -> None:
        """Set the rules that can be chosen."""
        self._rules = {rule.id: rule for rule in rules}
        none = ("", _("No rule: the dates are chosen freely"))
        named = [(str(rule.id), rule.name) for rule in rules]
        self.period_rule_id.choices = [none, *named]

    def fill(self, consultation: Consultation) -> None:
        """Show what the round says now, unless something was typed."""
        if not self.is_submitted():
            self.process(obj=consultation)
            set_questions(self.questions, [shown(q) for q in consultation.questions])

    def arrange(self, action: str) -> bool:
        """Add, remove or move a question as a button of the form asks; False for another one.

        Nothing is checked then, and everything typed stays.
        """
        return arranged(self.questions, action)

    def refuse_questions(self, sentence: str) -> None:
        """Say beside the questions why they were not taken."""
        self.questions.errors = [*self.questions.errors, sentence]

    def validate_questions(self, field: Any) -> None:
        if len(asked(field)) > MOST_QUESTIONS:
            raise ValidationError(_("At most %(limit)s questions.", limit=MOST_QUESTIONS))

    def said(self) -> RoundFields:
        """Return what was typed, after validation."""
        values: dict[str, Any] = {
            name: field.data
            for name, field in self._fields.items()
            if name in RoundFields.__struct_fields__
        }
        values["questions"] = asked(self.questions)
        return RoundFields(**values)

    def validate_closes_at(self, field: Any) -> None:
        if field.data is None:
            return
        now = clock.now()
        if field.data <= now:
            raise ValidationError(_("This instant has already passed. Choose a later one."))
        if self.opens_at.data and field.data <= self.opens_at.data:
            raise ValidationError(_("The round must close after it has opened."))
        rule = self._rules.get(self.period_rule_id.data) if self.period_rule_id.data else None
        if rule is None or (self.shortened_reason.data or "").strip():
            return
        earliest = queries.minimum_close(max(self.opens_at.data or now, now), rule)
        if field.data < earliest:
            raise ValidationError(
                _(
                    "Under this rule the round may close at %(at)s at the earliest. Choose a "
                    "later closing, or give the reason for a shortened period.",
                    at=format_datetime(earliest),
                )
            )

    def validate_answer_by(self, field: Any) -> None:
        if field.data and self.closes_at.data and field.data <= self.closes_at.data:
            raise ValidationError(_("Answers are due after the round has closed."))

    _rules: dict[int, PeriodRule] = {}


class PublishForm(Form):
    """The official's statement that comes with publishing."""

    no_state_secret = BooleanField(
        _l("I confirm that the draft and everything published with it hold no state secret.")
    )

    def validate_no_state_secret(self, field: Any) -> None:
        if not field.data:
            raise ValidationError(_("Nothing can be published without this confirmation."))


class ExtendForm(Form):
    """A later closing and why."""

    closes_at = InstantField(_l("New closing"), [Required(_l("Please give the new closing."))])
    reason = TextAreaField(_l("Reason for the extension"), [Required(), Longest(2_000)])

    def refuse_closing(self, sentence: str) -> None:
        """Say beside the new closing why it was not taken."""
        self.closes_at.errors = [*self.closes_at.errors, sentence]


class CancelForm(Form):
    """Why a round is cancelled."""

    reason = TextAreaField(_l("Reason for the cancellation"), [Required(), Longest(2_000)])
