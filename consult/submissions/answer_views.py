"""The pages of a round's questions: answering them, and what the answers were."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from consult.consultations import queries as consultations
from consult.consultations.models import Consultation
from consult.core.i18n import _
from consult.core.web import received_at, route
from consult.submissions import answering, own
from consult.submissions.answer_forms import SheetForm
from consult.submissions.answer_pages import sheet_form
from consult.submissions.answer_queries import own_sheet, results
from consult.submissions.answering import Answer, UnusableAnswers
from consult.submissions.blueprint import room
from consult.submissions.commands import NotAccepting
from consult.submissions.pages import author_id, opening, refusal_sentence


@route(
    room,
    "/rounds/<int:round_id>/questions",
    permission="point.write",
    load=consultations.consultation,
    methods=("GET", "POST"),
)
def questions(consultation: Consultation) -> ResponseReturnValue:
    """Answer the round's questions: into the basket, or anew when they were sent already."""
    form = sheet_form(own.questions(consultation.id))
    if request.method == "GET":
        form.show(own_sheet(author_id(), consultation.id))
        return _page(consultation, form)
    if not form.take(request.form.getlist):
        return _page(consultation, form), 422
    try:
        outcome = answering.answer(
            Answer(consultation, author_id(), form.chosen, form.form_key, received_at())
        )
    except NotAccepting as refusal:
        return _page(consultation, form, refused=refusal_sentence(refusal)), 409
    except UnusableAnswers:
        flash(_("The questions are not those of this page; please look through them."), "warning")
        return _page(consultation, form), 422
    if not outcome.received:
        if any(form.chosen.values()):
            flash(
                _("Your answers are kept in your contribution. They are not sent yet."), "success"
            )
        else:
            flash(_("Your contribution holds no answers."), "info")
        return redirect(url_for("submissions.basket", round_id=consultation.id), 303)
    if outcome.changed:
        flash(_("Your answers were received. They count from now on."), "success")
    else:
        flash(_("Nothing is different, so nothing was sent."), "info")
    return redirect(url_for("submissions.receipt", reference=outcome.reference), 303)


@route(
    room,
    "/rounds/<int:round_id>/questions/results",
    permission="points.list",
    load=consultations.consultation,
)
def answer_results(consultation: Consultation) -> ResponseReturnValue:
    """How many answered what."""
    return render_template(
        "submissions/results.html",
        consultation=consultation,
        results=results(consultation.id),
    )


def _page(consultation: Consultation, form: SheetForm, *, refused: str = "") -> str:
    return render_template(
        "submissions/questions.html",
        consultation=consultation,
        sheet=form,
        refused=refused,
        opening=opening(consultation),
    )
