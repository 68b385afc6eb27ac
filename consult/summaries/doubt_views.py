"""Pages on which the Front looks at doubtful stances, and dismisses doubts."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from consult.consultations.models import Consultation
from consult.consultations.queries import consultation as load_round
from consult.core.i18n import _
from consult.core.paging import page_number, paginate
from consult.core.permissions import actor
from consult.core.web import route, row_ids, safe_next
from consult.submissions.models import code_of
from consult.summaries import doubt_queries, theme_queries
from consult.summaries import doubt_services as services
from consult.summaries.blueprint import room


@route(room, "/front/rounds/<int:round_id>/doubts", permission="summary.work", load=load_round)
def doubts(consultation: Consultation) -> ResponseReturnValue:
    """List the points whose words read otherwise than their stance, or (?dismissed=1) did."""
    dismissed = request.args.get("dismissed") == "1"
    statement = doubt_queries.doubts(consultation.id, dismissed=dismissed)
    return render_template(
        "summaries/doubts.html",
        consultation=consultation,
        dismissed=dismissed,
        page=paginate(statement, number=page_number()),
        numbers=doubt_queries.numbers(consultation.id),
        build=theme_queries.newest_build(consultation.id),
    )


@route(
    room,
    "/front/rounds/<int:round_id>/doubts/dismiss",
    permission="summary.work",
    load=load_round,
    methods=("POST",),
)
def dismiss_doubt(consultation: Consultation) -> ResponseReturnValue:
    """Dismiss the doubt about the point that ``point`` names, or take that back (``undo``)."""
    ids = row_ids(request.form.getlist("point"))
    undo = request.form.get("undo") == "1"
    changed = bool(ids) and services.dismiss(
        consultation.id, ids[0], actor_id=actor().user_id, undo=undo
    )
    if not changed:
        flash(_("Nothing was changed: a colleague was quicker, or the point has changed."), "info")
    elif undo:
        flash(_("%(code)s is doubtful again.", code=code_of(ids[0])), "success")
    else:
        flash(_("Kept: the stance of %(code)s is right.", code=code_of(ids[0])), "success")
    here = url_for("summaries.doubts", round_id=consultation.id)
    return redirect(safe_next(request.form.get("next")) or here, 303)
