"""The forms of review: approving, sending back with a reason, releasing to audiences."""

from __future__ import annotations

from wtforms import BooleanField, HiddenField, TextAreaField

from consult.core.forms import Form, Longest, Required
from consult.core.i18n import _l

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
