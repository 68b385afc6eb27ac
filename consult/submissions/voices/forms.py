"""The forms of endorsing's neighbours: reporting, hiding, appealing, deciding an appeal."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# (WTForms' fields are typed loosely.)
from __future__ import annotations

from collections.abc import Sequence

from wtforms import RadioField, SelectField, TextAreaField

from consult.core.forms import Form, Required
from consult.core.i18n import _, _l
from consult.submissions.forms import Limit
from consult.submissions.moderation.services import LONGEST_TEXT
from consult.submissions.voices.models import Outcome
from consult.submissions.voices.services import LONGEST_NOTE


class _ReasonForm(Form):
    """A reason of the published list, which may have changed since the page was opened."""

    reason = SelectField(
        _l("Reason"), [Required(_l("Please choose a reason of the list."))], choices=[]
    )

    def offer(self, reasons: Sequence[str]) -> None:
        """Fill in the published reasons; call before `validate`."""
        self.reason.choices = [("", _("Choose a reason")), *((r, r) for r in reasons)]

    @property
    def chosen(self) -> str:
        """The chosen reason; only after `validate`."""
        return str(self.reason.data)


class HideForm(_ReasonForm):
    """Why staff hide a point."""

    note = TextAreaField(_l("Explanation to the author"), [Limit(LONGEST_TEXT)])


class ReportForm(_ReasonForm):
    """Why a reader thinks that a point breaks the rules."""

    note = TextAreaField(_l("What the staff should look at"), [Limit(LONGEST_NOTE)])


class AppealForm(Form):
    """Why the author thinks that the point should be shown."""

    text = TextAreaField(
        _l("Why your point should be shown again"),
        [Required(_l("Please say why: it is what is decided on.")), Limit(LONGEST_TEXT)],
    )


class DecisionForm(Form):
    """The decision on an appeal; nothing is chosen beforehand."""

    outcome = RadioField(
        _l("Decision"),
        [Required(_l("Please choose a decision."))],
        choices=[
            (Outcome.SHOWN.value, _l("Show the point again")),
            (Outcome.UPHELD.value, _l("Keep the point hidden")),
        ],
    )
    decision = TextAreaField(
        _l("Reason for the decision"),
        [Required(_l("Please give the reason: the author reads it.")), Limit(LONGEST_TEXT)],
    )
