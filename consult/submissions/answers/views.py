"""The pages of a round's questions: answering them, and what the answers were."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from consult.consultations import queries as consultations
from consult.consultations.models import Consultation
from consult.core.i18n import _
from consult.core.web import received_at, route
from consult.submissions import keeping, own
from consult.submissions.answers import services as answering
from consult.submissions.answers.forms import SheetForm
from consult.submissions.answers.pages import sheet_form, show_own
from consult.submissions.answers.queries import results
from consult.submissions.answers.services import Answer, UnusableAnswers
from consult.submissions.blueprint import room
from consult.submissions.commands import NotAccepting
from consult.submissions.pages import author_id, keep_refused, opening, refusal_sentence


@route(
    room,
    "/rounds/<int:round_id>/questions",
    permission="point.write",
    load=consultations.consultation,
    methods=("GET", "POST"),
)
def questions(consultation: Consultation) -> ResponseReturnValue:
    """Answer the round's questions: into the basket, or anew when they were sent already."""
    form = sheet_form(consultation, own.questions(consultation.id))
    if request.method == "GET":
        show_own(form, consultation, author_id())
        return _page(consultation, form)
    if request.form.get("action") == "discard":
        return _discard(consultation)
    if not form.take(request.form.getlist):
        return _page(consultation, form), 422
    try:
        outcome = answering.answer(
            Answer(consultation, author_id(), form.chosen, form.form_key, received_at())
        )
    except NotAccepting as refusal:
        keep_refused(consultation.id, form.place, form.form_key, form.kept, form.fields())
        return _page(consultation, form, refused=refusal_sentence(refusal)), 409
    except UnusableAnswers:
        flash(_("The questions are not those of this page; please look through them."), "warning")
        return _page(consultation, form), 422
    keeping.close_sheet(author_id(), consultation.id, form.form_key)
    if not outcome.received:
        if any(form.chosen.values()):
            flash(
                _("Your answers are kept in your contribution. They are not sent yet."), "success"
            )
        else:
            flash(_("Your contribution holds no answers."), "info")
        return redirect(
            url_for("submissions.basket", round_id=consultation.id, saved=form.keep), 303
        )
    if outcome.changed:
        flash(_("Your answers were received. They count from now on."), "success")
    else:
        flash(_("Nothing is different, so nothing was sent."), "info")
    return redirect(url_for("submissions.receipt", reference=outcome.reference), 303)


def _discard(consultation: Consultation) -> ResponseReturnValue:
    """Forget what was chosen and not saved; what was saved or sent before stands."""
    keeping.close_sheet(author_id(), consultation.id, request.form.get("form_key", ""))
    flash(_("What you had chosen and not saved is discarded."), "success")
    return redirect(url_for("submissions.questions", round_id=consultation.id), 303)


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
