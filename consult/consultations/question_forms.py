"""The forms of a round's questions: what each asks, and their order."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false
# (WTForms types its fields' data loosely.)
from __future__ import annotations

import re
from typing import Any

from wtforms import BooleanField, SelectField, StringField, TextAreaField
from wtforms.validators import ValidationError

from consult.consultations.commands import Asked
from consult.consultations.models import Question, QuestionKind
from consult.core.forms import Form, Longest
from consult.core.i18n import _, _l

MOST_QUESTIONS = 10
MOST_OPTIONS = 12
_LONGEST_OPTION = 200
STEPS = (3, 4, 5, 6, 7, 10)
_ARRANGE = re.compile(r"question-(add|up|down|remove)(?:-([0-9]{1,3}))?")


class QuestionForm(Form):
    """One question. The options stand on a line each; only some fields matter to a kind."""

    class Meta(Form.Meta):
        # Part of a form that has the token.
        csrf = False  # pyright: ignore[reportAssignmentType, reportIncompatibleMethodOverride]

    text = TextAreaField(_l("Question"), [Longest(1_000)])
    kind = SelectField(
        _l("Way of answering"),
        coerce=QuestionKind,
        default=QuestionKind.FREE_TEXT,
        choices=[
            (QuestionKind.FREE_TEXT, _l("In the contributor's own words")),
            (QuestionKind.SINGLE, _l("One of several options")),
            (QuestionKind.MULTIPLE, _l("Any number of several options")),
            (QuestionKind.SCALE, _l("A step of a scale")),
        ],
    )
    lines = TextAreaField(_l("Options"))
    low = StringField(_l("Meaning of the lowest step"), [Longest(100)])
    high = StringField(_l("Meaning of the highest step"), [Longest(100)])
    steps = SelectField(
        _l("Number of steps"), coerce=int, default=5, choices=[(n, str(n)) for n in STEPS]
    )
    help = TextAreaField(_l("Explanation of the question"), [Longest(2_000)])
    is_required = BooleanField(_l("Whoever answers the questions must answer this one"))

    @property
    def options(self) -> list[str]:
        """The options typed, without empty lines."""
        return [line.strip() for line in (self.lines.data or "").splitlines() if line.strip()]

    @property
    def empty(self) -> bool:
        """Whether nothing was typed: such a question is left out."""
        return not any((self.text.data, self.lines.data, self.low.data, self.high.data))

    def validate_text(self, field: Any) -> None:
        if not (field.data or "").strip() and not self.empty:
            raise ValidationError(_("Write what you ask, or remove this question."))

    def validate_lines(self, field: Any) -> None:
        if self.kind.data not in (QuestionKind.SINGLE, QuestionKind.MULTIPLE) or self.empty:
            return
        options = self.options
        if not 2 <= len(options) <= MOST_OPTIONS:
            raise ValidationError(
                _(
                    "Write 2 to %(limit)s options, one on each line; there are %(count)s now.",
                    limit=MOST_OPTIONS,
                    count=len(options),
                )
            )
        if any(len(option) > _LONGEST_OPTION for option in options):
            raise ValidationError(
                _("An option may have at most %(limit)s characters.", limit=_LONGEST_OPTION)
            )
        if len({option.casefold() for option in options}) < len(options):
            raise ValidationError(_("Two options are the same."))

    def validate_low(self, field: Any) -> None:
        self._end(field)

    def validate_high(self, field: Any) -> None:
        self._end(field)

    def _end(self, field: Any) -> None:
        scale = self.kind.data == QuestionKind.SCALE and not self.empty
        if scale and not (field.data or "").strip():
            raise ValidationError(_("Say what this end of the scale means."))


def asked(fields: Any) -> tuple[Asked, ...]:
    """Return the questions typed into the list of `QuestionForm`s, empty ones left out."""
    return tuple(
        Asked(
            text=form.text.data,
            kind=QuestionKind(form.kind.data),
            help=form.help.data or "",
            options=tuple(form.options),
            low=form.low.data or "",
            high=form.high.data or "",
            steps=form.steps.data,
            is_required=form.is_required.data,
        )
        for form in (entry.form for entry in fields)
        if not form.empty
    )


def shown(question: Question) -> dict[str, Any]:
    """Return a stored question as the data of a `QuestionForm`."""
    return {
        "text": question.text,
        "kind": question.kind,
        "lines": "\n".join(question.options),
        "low": question.low,
        "high": question.high,
        "steps": question.steps or 5,
        "help": question.help,
        "is_required": question.is_required,
    }


def set_questions(fields: Any, data: list[dict[str, Any]]) -> None:
    """Make the list of `QuestionForm`s hold exactly ``data``."""
    fields.process(None, data)


def arranged(fields: Any, action: str) -> bool:
    """Do what a button such as "question-up-2" asks of the list; False for any other."""
    match = _ARRANGE.fullmatch(action)
    if match is None:
        return False
    what, place = match[1], int(match[2] or 0)
    data = [_typed(entry.form) for entry in fields]
    if what == "add":
        if len(data) < MOST_QUESTIONS:
            data.append({})
    elif place < len(data):
        moved = data.pop(place)
        if what != "remove":
            data.insert(max(0, place - 1) if what == "up" else place + 1, moved)
    set_questions(fields, data)
    return True


def _typed(form: QuestionForm) -> dict[str, Any]:
    data = {name: field.data for name, field in form._fields.items()}
    return {name: value for name, value in data.items() if value is not None}
