"""The forms about certificates."""

from __future__ import annotations

from wtforms import BooleanField, TextAreaField

from consult.core.forms import Form, Longest, Required
from consult.core.i18n import _l


class RequestForm(Form):
    """What the certificate shall name."""

    with_organisations = BooleanField(_l("Also what I sent in the name of an organisation"))


class ReasonForm(Form):
    """Why a certificate is declined or revoked."""

    note = TextAreaField(_l("Reason"), [Required(_l("Please write the reason.")), Longest(1000)])
