"""Pages on which authors see how their points are recorded and object, and the Front answers."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from consult.core.i18n import _
from consult.core.permissions import actor
from consult.core.web import received_at, route
from consult.submissions.models import code_of
from consult.summaries import objection_queries, queries
from consult.summaries import objection_services as services
from consult.summaries.blueprint import room
from consult.summaries.decision_forms import REASONS
from consult.summaries.models import Summary
from consult.summaries.objection_models import Objection, Outcome
from consult.summaries.objection_queries import OwnPoint
from consult.summaries.review_forms import ObjectionAnswerForm, ObjectionForm


@route(room, "/summaries/<int:summary_id>/own", permission="summary.own", load=queries.summary)
def own(summary: Summary) -> ResponseReturnValue:
    """Show the author how the summary records each of their points."""
    return _own_page(summary)


def _own_page(summary: Summary, *, wrong: int = 0, form: ObjectionForm | None = None) -> str:
    return render_template(
        "summaries/own.html",
        summary=summary,
        consultation=summary.consultation,
        recorded=objection_queries.own_points(summary, actor().user_id or 0),
        until=objection_queries.open_until(summary),
        now=received_at(),
        wrong=wrong,
        form=form,
        reasons=REASONS,
        code_of=code_of,
    )


@route(
    room,
    "/summaries/<int:summary_id>/points/<int:point_id>/object",
    permission="summary.object",
    load=objection_queries.own_point,
    methods=("POST",),
)
def object_to(subject: OwnPoint) -> ResponseReturnValue:
    """Keep the author's objection to how the point is recorded."""
    form = ObjectionForm()
    if not form.validate():
        return _own_page(subject.summary, wrong=subject.point.id, form=form), 422
    command = services.Object(subject.summary, subject.point, form.reason.data or "", received_at())
    try:
        services.object_to(command)
    except services.TooLate:
        flash(_("Not kept: the time to object is over, or the summary is being changed."), "danger")
        return _own_page(subject.summary, wrong=subject.point.id, form=form), 409
    except services.AlreadyObjected:
        flash(_("You have objected to the record of this point already."), "warning")
    else:
        flash(_("Your objection is kept. The Front answers it before the release."), "success")
    return redirect(url_for("summaries.own", summary_id=subject.summary.id), 303)


@route(
    room,
    "/front/rounds/<int:round_id>/summary/objections/<int:objection_id>",
    permission="summary.work",
    load=objection_queries.objection,
    methods=("GET", "POST"),
)
def answer_objection(objection: Objection) -> ResponseReturnValue:
    """Answer an objection: the summary was changed, or is kept with a reason."""
    form = ObjectionAnswerForm()
    if request.method == "POST" and form.validate():
        try:
            services.answer(
                services.AnswerObjection(
                    objection, Outcome(form.outcome.data), form.words.data or "", actor().user_id
                )
            )
        except services.NothingChanged:
            form.outcome.errors = [
                _("Nothing has been changed in the summary since the objection was made.")
            ]
        except services.AlreadyAnswered:
            flash(_("A colleague has answered this objection already."), "warning")
            return _to_review(objection)
        else:
            flash(_("The objection is answered. Its author is told."), "success")
            return _to_review(objection)
    page = render_template(
        "summaries/objection.html",
        objection=objection,
        consultation=objection.consultation,
        form=form,
    )
    return page, 422 if request.method == "POST" else 200


def _to_review(objection: Objection) -> ResponseReturnValue:
    round_id = objection.summary.consultation_id
    return redirect(url_for("summaries.review", round_id=round_id), 303)
