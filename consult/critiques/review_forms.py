"""The form of a review: a rating with grounds for each criterion, remarks on provisions."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# (WTForms types its fields' data loosely.)
from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from wtforms import FieldList, FormField, HiddenField, RadioField, SelectField, TextAreaField
from wtforms.validators import Optional

from consult.core.forms import Longest
from consult.core.i18n import _, _l
from consult.core.text import shorten
from consult.core.web import row_ids
from consult.critiques.base_forms import Listed, Row
from consult.critiques.commands import LONGEST, RatingWords, RemarkWords, ReviewWords
from consult.critiques.models import Criterion
from consult.critiques.review_models import Conclusion, Rating, Review
from consult.drafts.queries import ProvisionLine

NOT_APPLICABLE = "na"
MOST_REMARKS = 100
_BLANK = 2
CONCLUSIONS = [
    (Conclusion.APPROVE.value, _l("Approve the draft")),
    (Conclusion.APPROVE_IF_AMENDED.value, _l("Approve on condition that it is amended")),
    (Conclusion.DISAPPROVE.value, _l("Do not approve")),
]
RATINGS = [(str(value), str(value)) for value in range(1, 6)] + [
    (NOT_APPLICABLE, _l("Not applicable"))
]


class _RatingRow(Row):
    criterion = HiddenField()
    rating = RadioField(_l("Rating"), [Optional()], choices=RATINGS)
    argument = TextAreaField(_l("Argument"), [Longest(LONGEST)])
    evidence = TextAreaField(_l("Evidence"), [Longest(LONGEST)])
    wording = TextAreaField(_l("Proposed wording"), [Longest(LONGEST)])


class _RemarkRow(Row):
    provision = SelectField(_l("Provision"), choices=[], validate_choice=False)
    argument = TextAreaField(_l("Argument"), [Longest(LONGEST)])
    wording = TextAreaField(_l("Proposed wording"), [Longest(LONGEST)])


def provision_choices(lines: Sequence[ProvisionLine]) -> list[tuple[str, str]]:
    """Return (key, citation and title) of every provision, the whole draft first."""
    return [("", _("On the whole draft"))] + [
        (line.key, shorten(f"{line.citation} {line.title}".strip(), 90)) for line in lines
    ]


class ReviewForm(Listed):
    """A whole review; nothing is obligatory until it is sent."""

    ratings = FieldList(FormField(_RatingRow), label=_l("Criteria"), max_entries=60)
    remarks = FieldList(
        FormField(_RemarkRow), label=_l("Remarks on provisions"), max_entries=MOST_REMARKS
    )
    general = TextAreaField(_l("General assessment"), [Longest(LONGEST)])
    conclusion = RadioField(_l("Overall conclusion"), [Optional()], choices=CONCLUSIONS)

    def fill(self, criteria: Sequence[Criterion], review: Review | None) -> None:
        """Show what is written so far: a row for each criterion, the remarks."""
        known = {row.criterion_id: row for row in review.ratings} if review else {}
        for criterion in criteria:
            self.ratings.append_entry(_rating_data(criterion, known.get(criterion.id)))
        for remark in review.remarks if review else []:
            self.remarks.append_entry(
                {
                    "provision": remark.provision_key,
                    "argument": remark.argument,
                    "wording": remark.proposed_wording,
                }
            )
        if review is not None:
            self.general.data = review.general
            self.conclusion.data = review.conclusion.value if review.conclusion else None

    def offer(self, lines: Sequence[ProvisionLine]) -> None:
        """Set the provisions that can be chosen, and add empty remarks to write in."""
        for _n in range(min(_BLANK, MOST_REMARKS - len(self.remarks))):
            self.remarks.append_entry({})
        choices = provision_choices(lines)
        for entry in self.remarks:
            entry.form.provision.choices = choices

    def words(self, citations: Mapping[str, str]) -> ReviewWords:
        """Return the review as typed; ``citations`` by the provision's key.

        A key that the draft does not have means the whole draft. Empty remarks are left out.
        """
        conclusion = self.conclusion.data
        return ReviewWords(
            ratings={
                number: _rating_words(row)
                for row in (entry.form for entry in self.ratings)
                for number in row_ids([row.criterion.data or ""])
            },
            remarks=tuple(
                RemarkWords(
                    key,
                    citations.get(key, ""),
                    row.argument.data or "",
                    row.wording.data or "",
                )
                for row in (entry.form for entry in self.remarks)
                if row.argument.data or row.wording.data
                for key in [row.provision.data if row.provision.data in citations else ""]
            ),
            conclusion=Conclusion(conclusion) if conclusion else None,
            general=self.general.data or "",
        )

    def refuse(self, codes: Sequence[int | str], criteria: Sequence[Criterion]) -> None:
        """Say what is missing to send the review."""
        self.ratings.errors = [
            _("Please rate “%(criterion)s”, or choose “Not applicable”.", criterion=one.text)
            for one in criteria
            if one.id in codes
        ]
        if "conclusion" in codes:
            self.conclusion.errors = [_("Please choose the overall conclusion.")]
        if "general" in codes:
            self.general.errors = [
                _("Please give the grounds of a conclusion that is not a plain approval.")
            ]


def _rating_data(criterion: Criterion, rating: Rating | None) -> dict[str, Any]:
    if rating is None:
        return {"criterion": str(criterion.id)}
    value = None if rating.value is None else str(rating.value)
    return {
        "criterion": str(criterion.id),
        "rating": NOT_APPLICABLE if rating.not_applicable else value,
        "argument": rating.argument,
        "evidence": rating.evidence,
        "wording": rating.proposed_wording,
    }


def _rating_words(row: Any) -> RatingWords:
    chosen = row.rating.data
    return RatingWords(
        int(chosen) if chosen and chosen != NOT_APPLICABLE else None,
        chosen == NOT_APPLICABLE,
        row.argument.data or "",
        row.evidence.data or "",
        row.wording.data or "",
    )
