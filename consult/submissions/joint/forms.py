"""The forms of joint submissions: opening one, a suggestion, a dissent, a reason."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# (WTForms' fields are typed loosely.)
from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Sequence

from wtforms import HiddenField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import ValidationError

from consult.consultations.models import Consultation
from consult.core.forms import Form, Longest, Required
from consult.core.i18n import _, _l
from consult.core.text import shorten
from consult.drafts.queries import ProvisionLine
from consult.submissions.commands import LONGEST, LONGEST_QUOTE, NewPoint
from consult.submissions.forms import KINDS, STANCES, Limit, StanceOf, WordingOf
from consult.submissions.joint.commands import LONGEST_NOTE, LONGEST_REASON
from consult.submissions.joint.models import JointPoint, QuorumKind
from consult.submissions.models import PointKind, Stance

QUORUMS = [
    (QuorumKind.SHARE.value, _l("A share of the members, in per cent")),
    (QuorumKind.NUMBER.value, _l("A number of members")),
]


class CoverForm(Form):
    """What a joint submission is called and what the club says before its points."""

    title = StringField(_l("Title"), [Required(_l("Please give it a title.")), Longest(200)])
    note = TextAreaField(_l("Cover note"), [Limit(LONGEST_NOTE)])


class OpenForm(CoverForm):
    """Opening a joint submission: for which round, and how many members must sign it."""

    consultation = SelectField(
        _l("Consultation"), [Required(_l("Please choose the consultation."))], coerce=str
    )
    quorum_kind = RadioField(
        _l("How many members must sign"),
        [Required(_l("Please choose how the signatures are counted."))],
        choices=QUORUMS,
        default=QuorumKind.SHARE.value,
    )
    quorum_value = IntegerField(
        _l("Per cent, or number of members"),
        [Required(_l("Please write a whole number."))],
        default=50,
    )

    def offer(self, rounds: Sequence[Consultation]) -> None:
        """Make ready to be shown: the rounds that are open, to choose from."""
        self.consultation.choices = [("", _("— choose —"))] + [
            (str(row.id), shorten(row.title, 120)) for row in rounds
        ]


class SuggestionForm(Form):
    """A point for the club's text: a member's suggestion, or its words as an officer edits them.

    ``base`` are the edits that an officer's words are based on.
    """

    form_key = HiddenField()
    base = HiddenField()
    provision = SelectField(_l("On which provision"), choices=[], validate_choice=False)
    kind = RadioField(_l("Kind of point"), choices=KINDS, default=PointKind.REMARK.value)
    stance = RadioField(_l("Stance"), [StanceOf(_l("Please choose your stance."))], choices=STANCES)
    argument = TextAreaField(
        _l("Argument"),
        [
            Required(_l("Please write your argument: it is what the agency answers.")),
            Limit(LONGEST),
        ],
    )
    proposed_wording = TextAreaField(_l("Proposed wording"), [WordingOf(), Limit(LONGEST)])
    quote = TextAreaField(_l("Quoted passage"), [Limit(LONGEST_QUOTE)])

    def offer(self, lines: Sequence[ProvisionLine]) -> None:
        """Make ready to be shown: the draft's provisions to choose from, a key if it has none."""
        self.provision.choices = [("", _("The whole draft"))] + [
            (line.key, shorten(f"{line.citation} {line.title}".strip(), 90)) for line in lines
        ]
        if not self.form_key.data:
            self.form_key.data = secrets.token_urlsafe(16)

    def show(self, point: JointPoint) -> None:
        """Fill in a point of the text."""
        self.provision.data = point.provision.key if point.provision else ""
        self.kind.data, self.stance.data = point.kind.value, point.stance.value
        self.argument.data, self.quote.data = point.argument, point.quote
        self.proposed_wording.data = point.proposed_wording
        self.base.data = str(point.edits)

    @property
    def edits(self) -> int:
        """The edits that the words are based on, -1 for what is no number."""
        typed = self.base.data or ""
        return int(typed) if typed.isdecimal() and len(typed) < 9 else -1

    def words(self) -> NewPoint:
        """Return the point as typed; only after `validate`.

        The key covers the words: sent again after going back and changing them it is another
        suggestion, sent again unchanged the same one.
        """
        typed = [
            self.provision.data or "",
            self.kind.data,
            self.stance.data,
            self.argument.data or "",
            self.proposed_wording.data or "",
            self.quote.data or "",
        ]
        message = json.dumps([self.form_key.data or "", *typed]).encode()
        return NewPoint(
            provision=self.provision.data or None,
            stance=Stance(self.stance.data),
            argument=self.argument.data or "",
            form_key=hashlib.sha256(message).hexdigest()[:48],
            proposed_wording=self.proposed_wording.data or "",
            quote=self.quote.data or "",
            kind=PointKind(self.kind.data),
        )


class DissentForm(Form):
    """A member's dissent, kept word for word."""

    text_number = HiddenField()
    text = TextAreaField(
        _l("Your dissent"),
        [Required(_l("Please write where you dissent, and why.")), Limit(LONGEST_NOTE)],
    )
    named = RadioField(
        _l("Your name"),
        [Required(_l("Please choose whether your name is shown."))],
        choices=[
            ("yes", _l("Show my name with the dissent")),
            ("no", _l("Do not show my name: it says “a member of the club”")),
        ],
    )


class ReasonForm(Form):
    """Why something is declined, opened again or given up."""

    reason = TextAreaField(
        _l("Reason"), [Required(_l("Please give the reason.")), Longest(LONGEST_REASON)]
    )

    def validate_reason(self, field: TextAreaField) -> None:
        """Refuse a reason that says nothing."""
        if len((field.data or "").strip()) < 3:
            raise ValidationError(_("Please give the reason."))
