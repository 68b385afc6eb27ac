"""The form that decides on points beside quoting them, and what its choices are called."""

from __future__ import annotations

import re
from typing import Any

from wtforms import RadioField, StringField, TextAreaField
from wtforms.validators import ValidationError

from consult.core.forms import Form, Longest, Required
from consult.core.i18n import _, _l
from consult.summaries.decision_models import Reason

DUPLICATE = "duplicate"
# The published list of reasons; summaries print these words.
REASONS: dict[str, Any] = {
    Reason.OFF_TOPIC.value: _l("Not about the draft"),
    Reason.EMPTY.value: _l("Without content"),
    Reason.INSULT.value: _l("Insult"),
    Reason.OTHER.value: _l("Another reason"),
}
LONGEST = 1000
_CODE = re.compile(r"\s*(?:YK\s*-?\s*)?(\d{1,9})\s*", re.IGNORECASE)


class DecideForm(Form):
    """A duplicate of which point, or set aside for what reason; nothing is chosen beforehand."""

    decision = RadioField(
        _l("Decision"),
        [Required(_l("Please choose a decision."))],
        choices=[
            (DUPLICATE, _l("It repeats another point")),
            *((value, _l("Set aside: %(reason)s", reason=name)) for value, name in REASONS.items()),
        ],
    )
    leader = StringField(_l("Code of the point that is repeated"))
    words = TextAreaField(_l("Words of explanation"), [Longest(LONGEST)])

    def validate_leader(self, field: Any) -> None:
        """A duplicate needs the code of a point."""
        if self.decision.data == DUPLICATE and self.leader_id is None:
            raise ValidationError(_("Type the code of a point, such as YK-12."))

    def validate_words(self, field: Any) -> None:
        """Another reason than those of the list has to be told."""
        if self.decision.data == Reason.OTHER.value and not field.data:
            raise ValidationError(_("Say why the points are set aside: readers see it."))

    @property
    def leader_id(self) -> int | None:
        """The id of the point whose code is typed, None for anything else."""
        found = _CODE.fullmatch(self.leader.data or "")
        return int(found.group(1)) if found else None

    @property
    def reason(self) -> Reason | None:
        """Why the points are set aside, None for duplicates."""
        return None if self.decision.data == DUPLICATE else Reason(self.decision.data)
