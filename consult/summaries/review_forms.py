"""The forms of review: approving, sending back with a reason, releasing to audiences."""

from __future__ import annotations

from wtforms import BooleanField, HiddenField, RadioField, TextAreaField

from consult.core.forms import Form, Longest, Required
from consult.core.i18n import _l
from consult.summaries.objection_models import Outcome

LONGEST = 2000


class StepForm(Form):
    """A decision on what was shown after a step of the summary."""

    step = HiddenField()

    @property
    def step_id(self) -> int:
        """The id of that step; 0 for anything else, which is no step's."""
        typed = self.step.data or ""
        return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 10 else 0


class ApproveForm(StepForm):
    """Approving; where points have changed, knowingly."""

    points_seen = BooleanField(_l("I know of these changes and approve the summary all the same"))


class ReturnForm(StepForm):
    """Sending back to the writers."""

    reason = TextAreaField(
        _l("What is to be changed"),
        [Required(_l("Say what is to be changed: the writers read it.")), Longest(LONGEST)],
    )


class ReleaseForm(StepForm):
    """Releasing for good: who reads it beside the Front."""

    council = BooleanField(_l("The People's Council"), default=True)
    agency = BooleanField(_l("The drafting agency"), default=True)
    public = BooleanField(_l("The public: every reader of the round"), default=True)
    early = TextAreaField(
        _l("Why it is released before authors' time to object ends"), [Longest(LONGEST)]
    )


class ObjectionForm(Form):
    """An author's one objection to how a point is recorded."""

    reason = TextAreaField(
        _l("Why you object"),
        [Required(_l("Say what is recorded wrongly: the Front reads it.")), Longest(LONGEST)],
    )


class ObjectionAnswerForm(Form):
    """What the Front did about an objection, and why."""

    outcome = RadioField(
        _l("Outcome"),
        [Required(_l("Please choose an outcome."))],
        choices=[
            (Outcome.CHANGED.value, _l("The summary has been changed")),
            (Outcome.KEPT.value, _l("The record is kept")),
        ],
    )
    words = TextAreaField(
        _l("Reason"),
        [Required(_l("Say what was changed or why not: the author reads it.")), Longest(LONGEST)],
    )
