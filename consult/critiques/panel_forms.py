"""The forms of a panel: inviting, replying, declaring conflicts of interest, deciding."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# (WTForms types its fields' data loosely.)
from __future__ import annotations

from typing import Any

from wtforms import HiddenField, RadioField, SelectField, TextAreaField
from wtforms.validators import ValidationError

from consult.core.forms import Form, Longest, Required
from consult.core.i18n import _, _l
from consult.critiques.models import PanelRole, SeatState

ROLES = [
    (PanelRole.CHAIR.value, _l("Chair of the panel")),
    (PanelRole.SECRETARY.value, _l("Secretary of the panel")),
    (PanelRole.REVIEWER_1.value, _l("Reviewer 1")),
    (PanelRole.REVIEWER_2.value, _l("Reviewer 2")),
    (PanelRole.MEMBER.value, _l("Panel member")),
]


class InviteForm(Form):
    """Whom to invite, and in which role."""

    user_id = HiddenField()
    delegate_of = HiddenField()
    role = SelectField(_l("Role on the panel"), choices=ROLES, default=PanelRole.MEMBER.value)


class RoleForm(Form):
    """Another role for a member."""

    role = SelectField(_l("Role on the panel"), choices=ROLES)


class ReplyForm(Form):
    """The answer to an invitation."""

    state = RadioField(
        _l("Your answer"),
        [Required(_l("Please choose your answer."))],
        choices=[
            (SeatState.ACCEPTED.value, _l("I accept the invitation")),
            (SeatState.DECLINED.value, _l("I decline")),
            (SeatState.DELEGATED.value, _l("I propose somebody else")),
        ],
    )
    words = TextAreaField(_l("Reason, or whom you propose"), [Longest(2_000)])

    def validate_words(self, field: Any) -> None:
        if not field.data and self.state.data == SeatState.DECLINED.value:
            raise ValidationError(_("Please say why you decline."))
        if not field.data and self.state.data == SeatState.DELEGATED.value:
            raise ValidationError(_("Please name the person, with workplace and speciality."))


class DeclareForm(Form):
    """A conflict of interest, or that there is none."""

    conflict = RadioField(
        _l("Conflict of interest"),
        [Required(_l("Please say whether you have a conflict of interest."))],
        choices=[
            ("none", _l("I declare that I have no conflict of interest in this matter.")),
            ("declared", _l("I declare the following, which the secretariat decides on.")),
        ],
    )
    words = TextAreaField(_l("What the conflict consists in"), [Longest(5_000)])

    def validate_words(self, field: Any) -> None:
        if not field.data and self.conflict.data == "declared":
            raise ValidationError(_("Please describe the conflict of interest."))


class DecideForm(Form):
    """The secretariat's decision on a declared conflict."""

    decision = RadioField(
        _l("Decision"),
        [Required(_l("Please choose the decision."))],
        choices=[
            ("clear", _l("It does not stand in the way: the member takes part")),
            ("bar", _l("It stands in the way: the member does not take part")),
        ],
    )
    note = TextAreaField(_l("Reason"), [Required(), Longest(2_000)])
