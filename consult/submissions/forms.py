"""The forms of the submissions room: a point, and the name under which one sends."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# (WTForms' fields are typed loosely.)
from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Sequence
from typing import Any

from flask import current_app
from flask_wtf.file import MultipleFileField
from wtforms import HiddenField, RadioField, SelectField, TextAreaField
from wtforms.validators import StopValidation, ValidationError

from consult.consultations.models import Consultation, Question
from consult.core.forms import Form, Longest, Required
from consult.core.i18n import _, _l
from consult.core.text import shorten
from consult.people.models import Organisation
from consult.submissions.commands import LONGEST, LONGEST_QUOTE, NewPoint
from consult.submissions.models import Identity, KeptWords, Point, PointKind, Stance
from consult.submissions.quoting import LONGEST_BEFORE

KINDS = [
    (PointKind.REMARK.value, _l("Remark")),
    (PointKind.WORDING.value, _l("Wording proposal")),
    (PointKind.QUESTION.value, _l("Question")),
    (PointKind.OBJECTION.value, _l("Objection")),
]
STANCES = [
    (Stance.AGREE.value, _l("Agree")),
    (Stance.AGREE_WITH_CHANGES.value, _l("Agree with changes")),
    (Stance.DISAGREE.value, _l("Disagree")),
    (Stance.NONE.value, _l("No stance")),
]
IDENTITIES = [
    (Identity.PUBLIC.value, _l("Show my name: everybody who reads the opinion sees it")),
    (
        Identity.ORGANISATION.value,
        _l("Show only my organisation: readers see the club's name, not mine"),
    ),
    (
        Identity.SEALED.value,
        _l("Seal my identity: neither the public nor the drafting agency sees who wrote it"),
    ),
]


def _number(text: str | None) -> int | None:
    # The services check choices, so that a post need not load them.
    return int(text) if text and text.isdecimal() and len(text) < 10 else None


class Limit(Longest):
    """As `Longest`, but the browser does not cut: it would drop pasted words silently."""

    def __init__(self, limit: int) -> None:
        super().__init__(limit)
        self.field_flags = {}


class StanceOf(Required):
    """A stance must be chosen, except for a question: asking takes no side."""

    def __call__(self, form: Any, field: Any) -> None:
        if form.kind.data == PointKind.QUESTION.value and not field.data:
            field.errors[:] = []
            field.data = Stance.NONE.value
            raise StopValidation
        super().__call__(form, field)


class WordingOf:
    """A wording proposal holds the proposed wording."""

    def __call__(self, form: Any, field: Any) -> None:
        if form.kind.data == PointKind.WORDING.value and not field.data:
            raise StopValidation(
                _("Please write the wording that you propose, or choose another kind of point.")
            )


class PointForm(Form):
    """One point. ``provision`` is the key of what it is on; empty means the whole draft.

    ``again`` tells the words that the author was asked about for being said before already.
    ``before`` is what stands before the quote; ``kept`` is the revision under which the form's
    words were kept while they were written, empty when they were not. ``attached`` is empty when
    no file waits for the form to be saved.
    """

    provision = HiddenField()
    form_key = HiddenField()
    again = HiddenField()
    before = HiddenField()
    kept = HiddenField()
    attached = HiddenField()
    kind = RadioField(_l("Kind of point"), choices=KINDS, default=PointKind.REMARK.value)
    quote = TextAreaField(_l("Quoted passage"), [Limit(LONGEST_QUOTE)])
    stance = RadioField(
        _l("Your stance"), [StanceOf(_l("Please choose your stance."))], choices=STANCES
    )
    argument = TextAreaField(
        _l("Your argument"),
        [
            Required(_l("Please write your argument: it is what the agency answers.")),
            Limit(LONGEST),
        ],
    )
    proposed_wording = TextAreaField(_l("Proposed wording"), [WordingOf(), Limit(LONGEST)])
    question = SelectField(_l("Answers the agency's question"), choices=[], validate_choice=False)
    files = MultipleFileField(_l("Attached files"))

    def offer(self, questions: Sequence[Question]) -> None:
        """Make ready to be shown: the round's questions to choose from, a key if it has none."""
        self.question.choices = [("", _("None in particular"))] + [
            (str(question.ordinal), f"{question.ordinal}. {shorten(question.text, 90)}")
            for question in questions
        ]
        if not self.form_key.data:
            self.form_key.data = secrets.token_urlsafe(16)

    def show(self, point: Point) -> None:
        """Fill in the words of a point in the basket."""
        self.kind.data = point.kind.value
        self.quote.data = point.quote
        self.stance.data = point.stance.value
        self.argument.data = point.argument
        self.proposed_wording.data = point.proposed_wording
        self.question.data = str(point.question.ordinal) if point.question else ""

    def take_up(self, kept: KeptWords) -> None:
        """Fill in words that were kept while they were written, to go on under their key."""
        for name, words in kept.fields.items():
            self[name].data = words
        self.form_key.data, self.kept.data = kept.form_key, str(kept.revision)

    def begin_from(self, text: str) -> None:
        """Begin the proposed wording from the passage quoted, else from ``text``."""
        if not self.proposed_wording.data:
            self.proposed_wording.data = self.quote.data or text

    def words(self, consultation: Consultation) -> NewPoint:
        """Return the point as typed; only after `validate`.

        The key of a form covers its words, so that a form sent again after going back and
        changing them is a new point, and sent again unchanged the same one. It does not tell
        the form itself, under whose key words are kept while they are written.
        """
        provision = self.provision.data or None
        question = _number(self.question.data)
        stance = Stance(self.stance.data)
        argument = self.argument.data or ""
        wording, quote = self.proposed_wording.data or "", self.quote.data or ""
        kind, before = PointKind(self.kind.data), (self.before.data or "")[-LONGEST_BEFORE:]
        typed = [consultation.id, provision, question, kind, stance, argument, wording, quote]
        secret = str(current_app.secret_key).encode()
        message = json.dumps([self.form_key.data or "", before, *typed])
        return NewPoint(
            provision=provision,
            stance=stance,
            argument=argument,
            form_key=hmac.new(secret, message.encode(), hashlib.sha256).hexdigest()[:48],
            proposed_wording=wording,
            quote=quote,
            question=question,
            kind=kind,
            before=before,
            attached=(self.form_key.data or "")[:32] if self.attached.data else "",
        )


class SendForm(Form):
    """Under which name one sends, and on whose behalf; nothing is chosen beforehand."""

    identity = RadioField(
        _l("Who may see your name"),
        [Required(_l("Please choose who may see your name."))],
        choices=IDENTITIES,
    )
    organisation = SelectField(_l("On behalf of"), choices=[], validate_choice=False)

    def offer(self, clubs: Sequence[Organisation]) -> None:
        """Make ready to be shown: the clubs that have accepted the author, to choose from."""
        self.organisation.choices = [("", _("In my own name"))] + [
            (str(club.id), club.name) for club in clubs
        ]

    def validate_identity(self, field: RadioField) -> None:
        """Refuse "only my organisation" without an organisation."""
        if field.data == Identity.ORGANISATION.value and not self.organisation.data:
            raise ValidationError(
                _("Choose the club on whose behalf you write, or another way to be shown.")
            )

    @property
    def organisation_id(self) -> int | None:
        """The club's id, or None for "in my own name"; only after `validate`."""
        return _number(self.organisation.data)

    @property
    def chosen(self) -> Identity:
        """The chosen identity; only after `validate`."""
        return Identity(self.identity.data)
