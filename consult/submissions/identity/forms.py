"""The form that asks for a sealed identity to be opened."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# (WTForms' fields are typed loosely.)
from __future__ import annotations

from wtforms import RadioField, TextAreaField

from consult.core.forms import Form, Longest, Required
from consult.core.i18n import _l
from consult.submissions.identity.models import Ground

GROUNDS = [
    (Ground.COURT.value, _l("Order of a court or an investigating body")),
    (Ground.AUTHOR.value, _l("The author asks for it")),
    (Ground.FALSE_NAME.value, _l("Sign that somebody wrote under another's name")),
    (Ground.UNLAWFUL.value, _l("The words themselves appear to break the law")),
]
LONGEST_REASON = 2_000


def ground_name(ground: Ground) -> str:
    """Return the ground as it is shown."""
    return dict(GROUNDS)[ground.value]


class OpenForm(Form):
    """Why an identity should be opened."""

    ground = RadioField(_l("Ground"), [Required(_l("Please choose the ground."))], choices=GROUNDS)
    reason = TextAreaField(
        _l("Reason"),
        [
            Required(_l("Please give the reason: the author reads it word for word.")),
            Longest(LONGEST_REASON),
        ],
    )

    @property
    def chosen(self) -> Ground:
        """The chosen ground; only after `validate`."""
        return Ground(self.ground.data)
