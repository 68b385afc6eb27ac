"""The forms of the meeting, its minutes, the report, dissents and the orderer's answers."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# (WTForms types its fields' data loosely.)
from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from wtforms import (
    BooleanField,
    FieldList,
    FormField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Optional, ValidationError

from consult.consultations.fields import InstantField
from consult.core.forms import Form, Longest, Required
from consult.core.i18n import _, _l
from consult.core.web import row_ids
from consult.critiques.base_forms import Listed, Row
from consult.critiques.commands import (
    LONGEST,
    AnswerWords,
    Minutes,
    RecommendationWords,
    ReportWords,
)
from consult.critiques.models import Seat
from consult.critiques.review_forms import CONCLUSIONS, provision_choices
from consult.critiques.review_models import (
    Conclusion,
    CritiqueReport,
    Meeting,
    Outcome,
    Recommendation,
)
from consult.drafts.queries import ProvisionLine

MOST_RECOMMENDATIONS = 100
_BLANK = 2
OUTCOMES = [
    (Outcome.ACCEPTED.value, _l("Accepted")),
    (Outcome.PARTLY_ACCEPTED.value, _l("Partly accepted")),
    (Outcome.NOT_ACCEPTED.value, _l("Not accepted")),
    (Outcome.NOTED.value, _l("Noted or referred")),
]


class MeetingForm(Form):
    """When and where the panel meets."""

    held_at = InstantField(_l("Begins at"), [Required(_l("Please give the time of the meeting."))])
    place = StringField(_l("Place"), [Required(), Longest(300)])


class _AttendanceRow(Row):
    seat = HiddenField()
    present = BooleanField(_l("Present"))
    note = StringField(_l("Note"), [Longest(300)])


class MinutesForm(Listed):
    """The minutes of the meeting; ``revision`` is the one that the person has read."""

    revision = HiddenField()
    held_at = InstantField(_l("Begins at"), [Required(_l("Please give the time of the meeting."))])
    ended_at = InstantField(_l("Ends at"))
    place = StringField(_l("Place"), [Required(), Longest(300)])
    attendance = FieldList(FormField(_AttendanceRow), label=_l("Attendance"), max_entries=60)
    guests = TextAreaField(_l("Others present"), [Longest(5_000)])
    course = TextAreaField(_l("Course of the meeting"), [Longest(LONGEST)])
    conclusions = TextAreaField(_l("Conclusions of the meeting"), [Longest(LONGEST)])

    def validate_ended_at(self, field: Any) -> None:
        if field.data and self.held_at.data and field.data <= self.held_at.data:
            raise ValidationError(_("The meeting must end after it has begun."))

    def fill(self, meeting: Meeting, seats: Iterable[Seat]) -> None:
        """Show the minutes as they are."""
        self.process(obj=meeting)
        while len(self.attendance):
            self.attendance.pop_entry()
        known = {row.seat_id: row for row in meeting.attendance}
        for seat in seats:
            row = known.get(seat.id)
            self.attendance.append_entry(
                {
                    "seat": str(seat.id),
                    "present": row.present if row else False,
                    "note": row.note if row else "",
                }
            )

    def said(self) -> Minutes:
        """Return the minutes as typed; only after validation."""
        return Minutes(
            held_at=self.held_at.data,
            ended_at=self.ended_at.data,
            place=self.place.data or "",
            guests=self.guests.data or "",
            course=self.course.data or "",
            conclusions=self.conclusions.data or "",
            attendance={
                number: (bool(row.present.data), row.note.data or "")
                for row in (entry.form for entry in self.attendance)
                for number in row_ids([row.seat.data or ""])
            },
        )


class RevisionForm(Form):
    """Which text somebody confirms or signs."""

    revision = HiddenField()


class _RecommendationRow(Row):
    provision = SelectField(_l("Provision"), choices=[], validate_choice=False)
    text = TextAreaField(_l("Recommendation"), [Longest(LONGEST)])


class ReportForm(Listed):
    """The consolidated report; ``revision`` is the one that the person has read."""

    revision = HiddenField()
    summary = TextAreaField(_l("What the draft is about"), [Longest(LONGEST)])
    assessment = TextAreaField(_l("Assessment as a whole"), [Longest(LONGEST)])
    findings = TextAreaField(_l("Agreed findings"), [Longest(LONGEST)])
    conclusion = RadioField(_l("Conclusion of the panel"), [Optional()], choices=CONCLUSIONS)
    recommendations = FieldList(
        FormField(_RecommendationRow),
        label=_l("Recommendations"),
        max_entries=MOST_RECOMMENDATIONS,
    )

    def fill(self, report: CritiqueReport | None) -> None:
        """Show the report as it is."""
        self.revision.data = str(report.revision if report else 0)
        if report is None:
            return
        self.summary.data, self.assessment.data = report.summary, report.assessment
        self.findings.data = report.findings
        self.conclusion.data = report.conclusion.value if report.conclusion else None
        for row in report.recommendations:
            self.recommendations.append_entry({"provision": row.provision_key, "text": row.text})

    def offer(self, lines: Sequence[ProvisionLine]) -> None:
        """Set the provisions that can be chosen, and add empty rows to write in."""
        for _n in range(min(_BLANK, MOST_RECOMMENDATIONS - len(self.recommendations))):
            self.recommendations.append_entry({})
        choices = provision_choices(lines)
        for entry in self.recommendations:
            entry.form.provision.choices = choices

    def said(self, citations: Mapping[str, str]) -> ReportWords:
        """Return the report as typed; ``citations`` by the provision's key."""
        conclusion = self.conclusion.data
        return ReportWords(
            summary=self.summary.data or "",
            assessment=self.assessment.data or "",
            findings=self.findings.data or "",
            conclusion=Conclusion(conclusion) if conclusion else None,
            recommendations=tuple(
                RecommendationWords(key, citations.get(key, ""), row.text.data)
                for row in (entry.form for entry in self.recommendations)
                if row.text.data
                for key in [row.provision.data if row.provision.data in citations else ""]
            ),
        )


class DissentForm(Form):
    """A member's differing opinion; empty takes it out."""

    text = TextAreaField(_l("My differing opinion"), [Longest(LONGEST)])


class _AnswerRow(Row):
    recommendation = HiddenField()
    outcome = RadioField(_l("Answer"), [Optional()], choices=OUTCOMES)
    reason = TextAreaField(_l("Explanation"), [Longest(LONGEST)])


class AnswersForm(Listed):
    """The orderer's answer to each recommendation."""

    answers = FieldList(
        FormField(_AnswerRow),
        label=_l("Answers to the recommendations"),
        max_entries=MOST_RECOMMENDATIONS,
    )

    def fill(self, recommendations: Iterable[Recommendation]) -> None:
        """Show the answers as they are written so far."""
        for row in recommendations:
            self.answers.append_entry(
                {
                    "recommendation": str(row.id),
                    "outcome": row.outcome.value if row.outcome else None,
                    "reason": row.reason,
                }
            )

    def said(self) -> dict[int, AnswerWords]:
        """Return the answers as typed, by the recommendation's id."""
        return {
            number: AnswerWords(
                Outcome(row.outcome.data) if row.outcome.data else None, row.reason.data or ""
            )
            for row in (entry.form for entry in self.answers)
            for number in row_ids([row.recommendation.data or ""])
        }

    def refuse(self, ids: Sequence[str]) -> None:
        """Say which answers lack an outcome or a reason."""
        for entry in self.answers:
            row = entry.form
            if row.recommendation.data not in ids:
                continue
            if not row.outcome.data:
                row.outcome.errors = [_("Please choose an answer.")]
            else:
                row.reason.errors = [_("Please give the reason: only full acceptance needs none.")]
