"""The forms of clubs: inviting somebody, ending a membership."""

from __future__ import annotations

from wtforms import EmailField, TextAreaField

from consult.core.forms import Form, Longest, Required
from consult.core.i18n import _l


class InviteForm(Form):
    """Whom the club invites."""

    email = EmailField(
        _l("E-mail address of the person"),
        [Required(_l("Please write the person's e-mail address.")), Longest(200)],
    )


class RemoveForm(Form):
    """Why a membership is ended."""

    reason = TextAreaField(
        _l("Reason, which the person reads"),
        [Required(_l("Please write why the membership ends.")), Longest(1000)],
    )
