"""The forms of the reading list: a note on a point, and what levels of importance are called."""

from __future__ import annotations

from typing import Any

from wtforms import TextAreaField

from consult.core.forms import Form, Longest, Required
from consult.core.i18n import _l

LONGEST = 2000
IMPORTANCE: dict[int, Any] = {1: _l("Low"), 2: _l("Medium"), 3: _l("High")}


class NoteForm(Form):
    """A note for the colleagues of the Front; readers of summaries never see it."""

    text = TextAreaField(
        _l("Note for colleagues"), [Required(_l("Please write a note first.")), Longest(LONGEST)]
    )
