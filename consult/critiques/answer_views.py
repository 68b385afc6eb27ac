"""The page of the orderer's answers to the recommendations."""

from __future__ import annotations

from flask import flash, render_template, request
from flask.typing import ResponseReturnValue

from consult.core.i18n import _
from consult.core.web import route
from consult.critiques import queries, report_services, stages
from consult.critiques.blueprint import room
from consult.critiques.models import Commission
from consult.critiques.pages import back, me
from consult.critiques.report_forms import AnswersForm
from consult.critiques.services import Incomplete


@route(
    room,
    "/critiques/<int:commission_id>/answers",
    permission="recommendation.answer",
    load=queries.commission,
    methods=("GET", "POST"),
)
def answers(commission: Commission) -> ResponseReturnValue:
    """The orderer's answers to the recommendations: saving them, then giving them all."""
    found, form = queries.report(commission.id), AnswersForm()
    rows = list(found.recommendations) if found else []
    if request.method == "GET":
        form.fill(rows)
    elif form.validate_on_submit():
        try:
            if request.form.get("action") != "publish":
                report_services.save_answers(commission.id, form.said())
                flash(_("The answers are saved. Nobody else sees them yet."), "success")
                return back("answers", commission)
            report_services.publish_answers(commission.id, form.said(), actor_id=me())
            flash(_("The answers are given. The panel and the union are told."), "success")
            return back("report", commission)
        except Incomplete as missing:
            form.refuse(missing.codes)
            flash(_("Your words are saved, but the answers are not given yet."), "warning")
        except stages.NotAllowed:
            flash(_("The answers were given already; they stay as they are."), "danger")
    page = render_template(
        "critiques/answers.html",
        commission=commission,
        form=form,
        recommendations={str(row.id): row for row in rows},
    )
    return page, 422 if request.method == "POST" else 200
