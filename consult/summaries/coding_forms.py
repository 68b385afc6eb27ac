"""The forms of samples: how many points, and what a difference is settled as."""

from __future__ import annotations

from typing import Any

from wtforms import IntegerField, SelectField
from wtforms.validators import ValidationError

from consult.core.forms import Form, Required
from consult.core.i18n import _, _l, format_number
from consult.summaries.coding_models import Code
from consult.summaries.coding_services import LEAST, MOST

CODES: dict[Code, Any] = {
    Code.AGREE: _l("Agree"),
    Code.AGREE_WITH_CHANGES: _l("Agree with changes"),
    Code.DISAGREE: _l("Disagree"),
    Code.NONE: _l("No stance"),
    Code.UNCLEAR: _l("Unclear"),
}


class DrawForm(Form):
    """How many points are read."""

    size = IntegerField(_l("Number of points"), [Required(_l("Please type a number."))])

    def validate_size(self, field: Any) -> None:
        """It is within bounds."""
        if not LEAST <= field.data <= MOST:
            raise ValidationError(
                _(
                    "A sample has %(least)s to %(most)s points.",
                    least=format_number(LEAST),
                    most=format_number(MOST),
                )
            )


class SettleForm(Form):
    """What a point is taken for that two have read differently; nothing is chosen beforehand."""

    code = SelectField(
        _l("Taken for"),
        [Required(_l("Please choose one."))],
        choices=[
            ("", _l("Please choose")),
            *((code.value, name) for code, name in CODES.items()),
        ],
        validate_choice=False,
    )

    def validate_code(self, field: Any) -> None:
        """It is one of the list."""
        if field.data not in list(Code):
            raise ValidationError(_("Please choose one."))
