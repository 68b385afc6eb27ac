"""The forms of answers, of reasons for changes, and of a version's publication."""

from __future__ import annotations

from wtforms import BooleanField, RadioField, SelectField, TextAreaField
from wtforms.validators import ValidationError

from consult.core.forms import Form, Longest, Required
from consult.core.i18n import _, _l
from consult.core.text import shorten
from consult.responses.link_queries import Choice
from consult.responses.models import Disposition
from consult.responses.queries import DraftAnswer

DISPOSITIONS = (
    (Disposition.ACCEPTED.value, _l("Accepted")),
    (Disposition.PARTLY_ACCEPTED.value, _l("Partly accepted")),
    (Disposition.NOT_ACCEPTED.value, _l("Not accepted")),
    (Disposition.NOTED.value, _l("Noted or referred")),
)

PUBLISH_AS = [
    ("revised", _l("The revised draft: further rounds and versions may follow")),
    ("final", _l("The final draft: no further version follows")),
]


class AnswerForm(Form):
    """What becomes of the points, and why; nothing is chosen beforehand."""

    disposition = RadioField(
        _l("What becomes of the opinion"),
        [Required(_l("Please choose what becomes of the opinion."))],
        choices=DISPOSITIONS,
    )
    reason = TextAreaField(_l("Explanation"), [Longest(20_000)])
    for_discussion = BooleanField(_l("Draft for discussion: not to be published yet"))

    def validate_reason(self, field: TextAreaField) -> None:
        """Refuse an empty reason for everything but full acceptance."""
        if self.disposition.data not in (None, Disposition.ACCEPTED.value) and not field.data:
            raise ValidationError(
                _("Please give the reason: only a fully accepted opinion needs none.")
            )


class NoteForm(Form):
    """What colleagues are to know; its field stands outside the answer's form, and belongs to it.

    So the words of an answer that is being written survive a note, and the other way round.
    """

    note = TextAreaField(
        _l("New note"),
        [Required(_l("Please write the note.")), Longest(5_000)],
        render_kw={"form": "answer-form"},
    )


class LinkForm(Form):
    """Which change of a later version the answer led to; its field belongs to the answer's form."""

    change = SelectField(
        _l("Provision of a later version"), choices=[], render_kw={"form": "answer-form"}
    )

    def offer(self, changes: list[Choice]) -> None:
        """Make the changes choosable, and none of them."""
        self.change.choices = [
            ("", _("No link")),
            *((change.value, _change_label(change)) for change in changes),
        ]


def _change_label(change: Choice) -> str:
    if change.left_out:
        return _(
            "Version %(number)s: leaves out %(place)s", number=change.number, place=change.citation
        )
    return _("Version %(number)s: %(place)s", number=change.number, place=change.citation)


class MoveForm(Form):
    """Which drafted answer is to answer the points too."""

    response = SelectField(_l("Drafted answer"), choices=[], coerce=int)

    def offer(self, drafts: list[DraftAnswer]) -> None:
        """Make the drafted answers choosable."""
        labels = dict(DISPOSITIONS)
        self.response.choices = [
            (
                draft.response.id,
                f"{labels[draft.response.disposition.value]} · "
                f"{shorten(draft.response.reason, 80) or '–'} ({draft.points})",
            )
            for draft in drafts
        ]


class ReasonForm(Form):
    """Why the agency changed a provision."""

    reason = TextAreaField(_l("Reason for the change"), [Longest(10_000)])

    def refuse(self, sentence: str) -> None:
        """Say beside the field why the words were not kept."""
        self.reason.errors = [*self.reason.errors, sentence]


class PublishVersionForm(Form):
    """As what a version is published, and the official's statement that comes with it."""

    as_what = RadioField(
        _l("Publish this text as"),
        [Required(_l("Please choose as what the text is published."))],
        choices=PUBLISH_AS,
    )
    no_state_secret = BooleanField(
        _l("I confirm that the draft and everything published with it hold no state secret.")
    )

    def only_final(self) -> None:
        """Leave out what has been done already: publishing as the revised draft."""
        self.as_what.choices = PUBLISH_AS[1:]

    def validate_no_state_secret(self, field: BooleanField) -> None:
        """Refuse to publish without the statement."""
        if not field.data:
            raise ValidationError(_("Nothing can be published without this confirmation."))
