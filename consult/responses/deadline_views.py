"""The page on which an official changes by when a closed round is answered."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from consult.consultations import stages
from consult.consultations.models import Consultation
from consult.consultations.queries import consultation as load_round
from consult.core.i18n import _, format_datetime
from consult.core.web import received_at, route
from consult.responses import deadlines
from consult.responses.blueprint import room
from consult.responses.deadline_forms import DueForm
from consult.submissions.pages import author_id


@route(
    room,
    "/office/rounds/<int:round_id>/answers/due",
    permission="answer.write",
    load=load_round,
    methods=("GET", "POST"),
)
def due(consultation: Consultation) -> ResponseReturnValue:
    """Change by when the answers of a closed round are due; the authors are told why."""
    table = url_for("responses.table", round_id=consultation.id)
    if not stages.possible(consultation, "reschedule"):
        flash(_("Only of a closed round that is not answered yet can this be changed."), "warning")
        return redirect(table, 303)
    form = DueForm(obj=consultation)
    if form.validate_on_submit():
        try:
            deadlines.reschedule(
                consultation,
                form.answer_by.data,
                reason=form.reason.data or "",
                actor_id=author_id(),
                at=received_at(),
            )
        except deadlines.Unchanged:
            form.refuse_instant(_("The answers are due at this very instant already."))
        else:
            at = format_datetime(consultation.answer_by)
            flash(_("The answers are due by %(at)s now; the authors are told.", at=at), "success")
            return redirect(table, 303)
    page = render_template("responses/due.html", consultation=consultation, form=form, table=table)
    return page, 422 if form.errors else 200
