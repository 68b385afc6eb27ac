"""The pages on which agency and author speak about one point: the author's, and the agency's."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from consult.core.i18n import _
from consult.core.web import received_at, route, row_ids, safe_next
from consult.responses import reply_queries, reply_services
from consult.responses.blueprint import room
from consult.responses.reply_forms import AskForm, ObjectionForm, ReplyForm
from consult.submissions.models import Point
from consult.submissions.pages import author_id, redline_of
from consult.submissions.queries import contributor
from consult.submissions.voices.queries import point as any_point

# Pages of points, which lie above this room, show what passed on them.
room.add_app_template_global(reply_queries.dialogue, "dialogue_on")


def _received(point_id: int) -> Point | None:
    """Return the point, unless it has not been sent: then nobody may know of it."""
    found = any_point(point_id)
    return found if found and found.received_at else None


# --- the author ----------------------------------------------------------------------------------


@route(
    room,
    "/points/<int:point_id>/dialogue",
    permission="submission.own",
    load=_received,
    methods=("GET", "POST"),
)
def dialogue(point: Point) -> ResponseReturnValue:
    """The author reads what the agency asks and answers, replies, and may object once."""
    if request.method == "POST" and request.form.get("action") == "object":
        return _object(point)
    if request.method == "POST":
        return _reply(point)
    return _page(point, ReplyForm(), ObjectionForm())


def _reply(point: Point) -> ResponseReturnValue:
    form = ReplyForm()
    if not form.validate():
        return _page(point, form, ObjectionForm(formdata=None)), 422
    inquiry_ids = row_ids([request.form.get("inquiry", "")])
    try:
        if not inquiry_ids:
            raise reply_services.AlreadyReplied
        reply_services.reply(point, inquiry_ids[0], form.reply.data or "", at=received_at())
    except reply_services.AlreadyReplied:
        flash(_("This question has been replied to already; see below."), "warning")
        return _page(point, form, ObjectionForm(formdata=None)), 409
    flash(_("Your reply has been received. The agency is told."), "success")
    return _back(point)


def _object(point: Point) -> ResponseReturnValue:
    form = ObjectionForm()
    if not form.validate():
        return _page(point, ReplyForm(formdata=None), form), 422
    read = row_ids([request.form.get("response", "")])
    try:
        if not read:
            raise reply_services.NoAnswer
        reply_services.object_to(point, read[0], form.text.data or "", at=received_at())
    except reply_services.NoAnswer:
        flash(_("The agency has changed its answer meanwhile: please read it again."), "warning")
        return _page(point, ReplyForm(formdata=None), form), 409
    except reply_services.AlreadyObjected:
        flash(_("You have said so once already; see below."), "warning")
        return _page(point, ReplyForm(formdata=None), form), 409
    flash(_("It has been received. The agency is told and may answer again."), "success")
    return _back(point)


def _back(point: Point) -> ResponseReturnValue:
    return redirect(url_for("responses.dialogue", point_id=point.id), 303)


def _page(point: Point, reply_form: ReplyForm, objection_form: ObjectionForm) -> str:
    return render_template(
        "responses/dialogue.html",
        point=point,
        consultation=point.submission.consultation,
        talk=reply_queries.dialogue(point.id),
        reply_form=reply_form,
        objection_form=objection_form,
        redline_of=redline_of,
    )


# --- the agency ----------------------------------------------------------------------------------


@route(
    room,
    "/office/points/<int:point_id>/dialogue",
    permission="answer.write",
    load=_received,
    methods=("GET", "POST"),
)
def ask(point: Point) -> ResponseReturnValue:
    """The official reads what passed on a point, and asks its author something."""
    form, status = AskForm(), 200
    if request.method == "POST":
        status = 422
        if form.validate():
            try:
                reply_services.ask(
                    point, form.question.data or "", actor_id=author_id(), at=received_at()
                )
            except (reply_services.NotAskable, reply_services.Unreachable):
                flash(_("The author cannot be asked any more; see below."), "warning")
                status = 409
            else:
                flash(_("The question is on its way; the author is told."), "success")
                return redirect(request.full_path.rstrip("?"), 303)
    talk = reply_queries.dialogue(point.id)
    page = render_template(
        "responses/ask.html",
        point=point,
        consultation=point.submission.consultation,
        talk=talk,
        reachable=reply_queries.reachable(point),
        askable=reply_queries.askable(point, talk),
        form=form,
        contributor=contributor,
        redline_of=redline_of,
        back=safe_next(request.args.get("next"))
        or url_for("responses.table", round_id=point.consultation_id),
    )
    return page, status
