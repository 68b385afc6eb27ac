"""The staff's pages of moderation: the queue, one point with all that was done to it."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from consult.core.i18n import _
from consult.core.paging import page_number
from consult.core.web import received_at, route, row_ids
from consult.submissions.blueprint import room
from consult.submissions.models import Point
from consult.submissions.moderation import queries as moderation_queries
from consult.submissions.moderation import services as moderating
from consult.submissions.moderation.services import Decide, Hide, NotStanding, Overtaken
from consult.submissions.pages import author_id, redline_of
from consult.submissions.queries import contributor
from consult.submissions.voices import queries as voice_queries
from consult.submissions.voices.forms import DecisionForm, HideForm
from consult.submissions.voices.models import Moderation, Outcome

_QUEUE_PAGE = 25


@route(room, "/moderation/queue", permission="points.moderate")
def moderation_queue() -> ResponseReturnValue:
    """Points by round: all, reported, hidden, appealed against."""
    rounds = moderation_queries.rounds_with_points()
    asked = row_ids([request.args.get("round", "")])
    round_id = asked[0] if asked and asked[0] in dict(rounds) else None
    show = request.args.get("show", "")
    show = show if show in moderation_queries.SHOWS else "all"
    page = moderation_queries.page_of_queue(round_id, show, number=page_number(), size=_QUEUE_PAGE)
    return render_template(
        "submissions/moderation_queue.html",
        page=page,
        rounds=rounds,
        titles=dict(rounds),
        round_id=round_id,
        show=show,
        counts=moderation_queries.queue_counts(round_id),
        contributor=contributor,
    )


@route(
    room,
    "/points/<int:point_id>/moderation",
    permission="point.moderate",
    load=voice_queries.point,
)
def moderate_point(point: Point) -> ResponseReturnValue:
    """A point, what readers report about it, what was done, and what can be done."""
    return _page(point, _hide_form(), DecisionForm())


def _hide_form() -> HideForm:
    form = HideForm()
    form.offer(voice_queries.reasons())
    return form


def _page(point: Point, hide_form: HideForm, decision_form: DecisionForm) -> str:
    acts = voice_queries.history(point.id)
    current = acts[0].moderation if acts and acts[0].moderation.in_force else None
    return render_template(
        "submissions/moderation_point.html",
        point=point,
        consultation=point.submission.consultation,
        acts=acts,
        current=current,
        reports=voice_queries.reports_on(point.id),
        tally=voice_queries.tallies([point.id]).get(point.id, voice_queries.Tally()),
        hide_form=hide_form,
        decision_form=decision_form,
        contributor=contributor,
        redline_of=redline_of,
    )


@route(
    room,
    "/points/<int:point_id>/hide",
    permission="point.moderate",
    load=voice_queries.point,
    methods=("POST",),
)
def hide_point(point: Point) -> ResponseReturnValue:
    """Hide a point from the public."""
    form = _hide_form()
    if not form.validate():
        return _page(point, form, DecisionForm(formdata=None)), 422
    try:
        command = Hide(point, form.chosen, form.note.data or "", author_id(), received_at())
        moderating.hide(command)
        flash(
            _("%(code)s is hidden from the public. The author is told.", code=point.code), "success"
        )
    except NotStanding:
        flash(_("This point has been withdrawn or hidden meanwhile."), "warning")
    return _back(point.id)


@route(
    room,
    "/points/<int:point_id>/take-back",
    permission="moderation.take_back",
    load=voice_queries.latest,
    methods=("POST",),
)
def take_back(moderation: Moderation) -> ResponseReturnValue:
    """Show again what one has hidden, before anybody appeals."""
    try:
        moderating.take_back(moderation, actor_id=author_id(), at=received_at())
        flash(_("The point is shown again. The author is told."), "success")
    except Overtaken:
        flash(_overtaken(), "warning")
    return _back(moderation.point_id)


@route(
    room,
    "/points/<int:point_id>/decide",
    permission="moderation.decide",
    load=voice_queries.latest,
    methods=("POST",),
)
def decide(moderation: Moderation) -> ResponseReturnValue:
    """Decide the author's appeal."""
    form = DecisionForm()
    if not form.validate():
        return _page(moderation.point, HideForm(formdata=None), form), 422
    shown = form.outcome.data == Outcome.SHOWN.value
    try:
        command = Decide(moderation, shown, form.decision.data or "", author_id(), received_at())
        moderating.decide(command)
        flash(_("The decision is recorded. The author is told."), "success")
    except Overtaken:
        flash(_overtaken(), "warning")
    return _back(moderation.point_id)


@route(
    room,
    "/points/<int:point_id>/reports/settle",
    permission="point.moderate",
    load=voice_queries.point,
    methods=("POST",),
)
def settle_reports(point: Point) -> ResponseReturnValue:
    """Leave a reported point as it is."""
    moderating.settle_reports(point, actor_id=author_id(), at=received_at())
    flash(_("The reports are closed; the point stays as it is."), "success")
    return _back(point.id)


def _overtaken() -> str:
    return _("Meanwhile somebody has appealed or decided; see below.")


def _back(point_id: int) -> Any:
    return redirect(url_for("submissions.moderate_point", point_id=point_id), 303)
