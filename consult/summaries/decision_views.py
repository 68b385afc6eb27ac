"""Pages on which staff mark duplicates, set points aside and tell which files they have read."""

from __future__ import annotations

from collections.abc import Collection

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from consult.consultations.models import Consultation
from consult.consultations.queries import consultation as load_round
from consult.core.i18n import _, format_number
from consult.core.paging import page_number, paginate
from consult.core.permissions import actor
from consult.core.web import route, row_ids, safe_next
from consult.submissions.models import code_of
from consult.submissions.queries import contributor, points_by_id
from consult.summaries import decision_queries
from consult.summaries import decision_services as services
from consult.summaries.blueprint import room
from consult.summaries.decision_forms import REASONS, DecideForm
from consult.summaries.sections import codes


@route(room, "/front/rounds/<int:round_id>/decisions", permission="summary.work", load=load_round)
def decisions(consultation: Consultation) -> ResponseReturnValue:
    """List the round's duplicates and set-aside points, each of which can be taken back."""
    return render_template(
        "summaries/decisions.html",
        consultation=consultation,
        page=paginate(decision_queries.decisions_of_round(consultation.id), number=page_number()),
        reasons=REASONS,
        code_of=code_of,
        contributor=contributor,
    )


@route(
    room,
    "/front/rounds/<int:round_id>/decide",
    permission="summary.work",
    load=load_round,
    methods=("GET", "POST"),
)
def decide(consultation: Consultation) -> ResponseReturnValue:
    """Decide on the points that ``point`` names: duplicates of which one, or why set aside."""
    form = DecideForm()
    chosen = frozenset(row_ids(request.values.getlist("point")))
    points = points_by_id(consultation.id, chosen)
    if form.is_submitted() and points and form.validate():
        try:
            services.decide(
                services.Decide(
                    consultation.id,
                    frozenset(points),
                    actor().user_id,
                    None if form.reason else form.leader_id,
                    form.reason,
                    form.words.data or "",
                )
            )
        except services.Refused as refusal:
            form.leader.errors = [_refusal(refusal)]
        else:
            flash(_("Kept. The points are counted so in the next summary."), "success")
            return redirect(_back(consultation), 303)
    page = render_template(
        "summaries/decide.html",
        consultation=consultation,
        form=form,
        points=[points[point_id] for point_id in sorted(points)],
        known=decision_queries.decisions(points),
        offered=decision_queries.repeatable(points.values()),
        reasons=REASONS,
        code_of=code_of,
        contributor=contributor,
        back=_back(consultation),
    )
    return page, 422 if form.is_submitted() else 200


def _back(consultation: Consultation) -> str:
    here = url_for("summaries.decisions", round_id=consultation.id)
    return safe_next(request.values.get("next")) or here


def _refusal(refusal: services.Refused) -> str:
    named = codes(refusal.point_ids)
    match refusal:
        case services.NotStanding():
            return _("Withdrawn meanwhile, or not of this round: %(codes)s.", codes=named)
        case services.LeaderElsewhere():
            return _(
                "A duplicate stands on the same provision with the same stance as the point that "
                "it repeats; these do not: %(codes)s.",
                codes=named,
            )
        case services.ItsOwnDuplicate():
            return _("A point cannot repeat itself: %(codes)s.", codes=named)
        case services.RepeatedByOthers():
            return _(
                "Other points are counted as duplicates of %(codes)s. Take those back first.",
                codes=named,
            )
        case _:
            return _(
                "%(codes)s cannot be repeated: it is not in this round, was withdrawn or is set "
                "aside.",
                codes=named,
            )


@route(
    room,
    "/front/rounds/<int:round_id>/decisions/take-back",
    permission="summary.work",
    load=load_round,
    methods=("POST",),
)
def take_back(consultation: Consultation) -> ResponseReturnValue:
    """Undo the decisions on the points that ``point`` names."""
    chosen = frozenset(row_ids(request.form.getlist("point")))
    services.take_back(services.TakeBack(consultation.id, chosen, actor().user_id))
    flash(_("Taken back: %(codes)s.", codes=codes(chosen)), "success")
    return redirect(_back(consultation), 303)


@route(
    room,
    "/front/rounds/<int:round_id>/files",
    permission="summary.work",
    load=load_round,
    methods=("GET", "POST"),
)
def files(consultation: Consultation) -> ResponseReturnValue:
    """List the files of the standing points, and mark them as read or as unread again."""
    if request.method == "POST":
        chosen: Collection[int] = row_ids(request.form.getlist("file"))
        changed = services.mark_files(
            consultation.id,
            chosen,
            read=request.form.get("action") == "read",
            actor_id=actor().user_id,
        )
        flash(_("Files marked: %(count)s.", count=format_number(len(changed))), "success")
        return redirect(url_for("summaries.files", round_id=consultation.id), 303)
    page = paginate(decision_queries.files_of_round(consultation.id), number=page_number())
    return render_template(
        "summaries/files.html",
        consultation=consultation,
        page=page,
        read=decision_queries.read_files([file.id for file in page.rows]),
        code_of=code_of,
    )
