"""The forms of what passes between agency and author: questions, replies, one objection."""

from __future__ import annotations

from wtforms import TextAreaField

from consult.core.forms import Form, Required
from consult.core.i18n import _l
from consult.responses.reply_services import LONGEST
from consult.submissions.forms import Limit


class AskForm(Form):
    """What the official wants to know of a point's author."""

    question = TextAreaField(
        _l("Question to the author"),
        [Required(_l("Please write the question.")), Limit(LONGEST)],
    )


class ReplyForm(Form):
    """The author's reply to the question that waits."""

    reply = TextAreaField(
        _l("Your reply"), [Required(_l("Please write your reply.")), Limit(LONGEST)]
    )


class ObjectionForm(Form):
    """Why the author thinks that the answer misses the point."""

    text = TextAreaField(
        _l("What the answer misses"),
        [Required(_l("Please say what the answer misses.")), Limit(LONGEST)],
    )
