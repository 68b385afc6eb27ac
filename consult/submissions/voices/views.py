"""What readers and authors do with a point: endorse, report, appeal; the public moderation log."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from consult.core.i18n import _, format_datetime
from consult.core.paging import page_number
from consult.core.permissions import can
from consult.core.web import received_at, route, safe_next
from consult.submissions.blueprint import room
from consult.submissions.commands import Cancelled, NotAccepting, TooEarly
from consult.submissions.models import Point
from consult.submissions.moderation import queries as moderation_queries
from consult.submissions.moderation import services as moderating
from consult.submissions.moderation.services import Overtaken
from consult.submissions.pages import author_id, redline_of
from consult.submissions.voices import queries as voice_queries
from consult.submissions.voices import services as endorsing
from consult.submissions.voices.forms import AppealForm, ReportForm
from consult.submissions.voices.models import Voice
from consult.submissions.voices.services import Endorse, NotShown, ReportPoint

_TAKE_BACK = "none"
_LOG_PAGE = 50


@route(
    room,
    "/points/<int:point_id>/endorse",
    permission="point.endorse",
    load=voice_queries.point,
    methods=("POST",),
)
def endorse(point: Point) -> ResponseReturnValue:
    """Agree or disagree with a point, or take that back; a script gets the buttons alone."""
    value = request.form.get("value", "")
    if value != _TAKE_BACK and value not in set(Voice):
        abort(400)
    given = None if value == _TAKE_BACK else Voice(value)
    problem = ""
    try:
        endorsing.endorse(Endorse(point, author_id(), given, received_at()))
    except NotAccepting as refusal:
        problem = _not_now(refusal)
    except NotShown:
        problem = _not_shown()
    if request.headers.get("HX-Request") == "true":
        return _buttons(point, problem)
    if problem:
        flash(problem, "danger")
    back = safe_next(request.form.get("next")) or url_for("reading.point", point_id=point.id)
    return redirect(f"{back.partition('#')[0]}#voices-{point.id}", 303)


def _buttons(point: Point, problem: str) -> str:
    mine = voice_queries.mine(author_id(), point.consultation_id, [point.id])
    tally = voice_queries.tallies([point.id]).get(point.id, voice_queries.Tally())
    return render_template(
        "submissions/_endorsed.html", point=point, tally=tally, mine=mine, problem=problem
    )


def _not_now(refusal: NotAccepting) -> str:
    if isinstance(refusal, Cancelled):
        return _("This consultation has been cancelled, so points can no longer be endorsed.")
    if isinstance(refusal, TooEarly):
        return _(
            "The consultation opens at %(opens)s; points can be endorsed from then on.",
            opens=format_datetime(refusal.opens_at, seconds=True),
        )
    return _(
        "The consultation closed at %(closes)s; your endorsement arrived at %(arrived)s and does "
        "not count.",
        closes=format_datetime(refusal.closes_at, seconds=True),
        arrived=format_datetime(received_at(), seconds=True),
    )


def _not_shown() -> str:
    return _("This point has been withdrawn or hidden meanwhile.")


@route(
    room,
    "/points/<int:point_id>/report",
    permission="point.endorse",
    load=voice_queries.point,
    methods=("GET", "POST"),
)
def report(point: Point) -> ResponseReturnValue:
    """Tell the staff that a point breaks the rules."""
    form = ReportForm()
    form.offer(voice_queries.reasons())
    if point.withdrawn_at is not None or point.hidden_at is not None:
        flash(_not_shown(), "warning")
        return redirect(url_for("reading.point", point_id=point.id), 303)
    if not form.validate_on_submit():
        page = render_template(
            "submissions/report.html",
            point=point,
            consultation=point.submission.consultation,
            form=form,
            reported=voice_queries.has_reported(author_id(), point.id),
        )
        return page, 422 if request.method == "POST" else 200
    new = endorsing.report(
        ReportPoint(point, author_id(), form.chosen, form.note.data or "", received_at())
    )
    if new:
        flash(_("Your report has reached the staff. The author does not learn of it."), "success")
    else:
        flash(_("You have reported this point already."), "info")
    return redirect(url_for("reading.point", point_id=point.id), 303)


@route(
    room,
    "/points/<int:point_id>/appeal",
    permission="submission.own",
    load=voice_queries.point,
    methods=("GET", "POST"),
)
def appeal(point: Point) -> ResponseReturnValue:
    """The author asks another person to look at the hiding again, once."""
    moderation = voice_queries.latest(point.id)
    if moderation is None:
        flash(_("This point has not been hidden: there is nothing to appeal against."), "info")
        return redirect(url_for("reading.point", point_id=point.id), 303)
    form = AppealForm()
    if moderation.may_be_appealed and form.validate_on_submit():
        try:
            moderating.appeal(moderation, form.text.data or "", at=received_at())
            flash(_("Your appeal has been received. You will be told of the decision."), "success")
        except Overtaken:
            flash(_("Meanwhile somebody has decided; see below."), "warning")
        return redirect(url_for("submissions.appeal", point_id=point.id), 303)
    page = render_template(
        "submissions/appeal.html",
        point=point,
        consultation=point.submission.consultation,
        moderation=moderation,
        form=form,
        redline_of=redline_of,
    )
    return page, 422 if form.errors else 200


@route(room, "/moderation", permission="site.read")
def moderation_log() -> ResponseReturnValue:
    """What was hidden, why, and what appeals changed; no words, no names."""
    page = moderation_queries.page_of_log(
        restricted=can("round.list_restricted"), number=page_number(), size=_LOG_PAGE
    )
    return render_template(
        "submissions/moderation_log.html", page=page, reasons=voice_queries.reasons()
    )
