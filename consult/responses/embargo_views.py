"""The pages on which an official has drafted answers published at an instant, all together."""

from __future__ import annotations

from datetime import datetime

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from consult.consultations.models import Consultation
from consult.consultations.queries import consultation as load_round
from consult.core.i18n import _, format_datetime
from consult.core.permissions import actor
from consult.core.web import received_at, route, row_ids, safe_next
from consult.responses import embargo_queries, embargo_services
from consult.responses.blueprint import room
from consult.responses.embargo_forms import EmbargoForm
from consult.submissions.models import code_of


@route(
    room,
    "/office/rounds/<int:round_id>/embargo",
    permission="answer.write",
    load=load_round,
    methods=("GET", "POST"),
)
def embargo(consultation: Consultation) -> ResponseReturnValue:
    """Have the answers of the chosen points (?point=…), or all drafted ones, published later."""
    chosen = frozenset(row_ids(request.values.getlist("point"))) or None
    form = EmbargoForm()
    if form.validate_on_submit():
        command = embargo_services.Hold(
            consultation.id, chosen, form.publish_at.data, actor().user_id, received_at()
        )
        try:
            embargo_services.hold(command)
        except embargo_services.NothingToHold:
            return _nothing(consultation)
        return _waits_until(consultation, command.publish_at)
    outlook = embargo_queries.outlook(embargo_queries.publishable(consultation.id, chosen))
    if not outlook.answers:
        return _nothing(consultation)
    page = render_template(
        "responses/embargo.html",
        consultation=consultation,
        form=form,
        outlook=outlook,
        chosen=sorted(chosen or ()),
        back=_back(consultation),
    )
    return page, 422 if form.errors else 200


def _nothing(consultation: Consultation) -> ResponseReturnValue:
    flash(_("There is no drafted answer to be published later."), "warning")
    return redirect(_back(consultation), 303)


def _waits_until(consultation: Consultation, publish_at: datetime) -> ResponseReturnValue:
    at = format_datetime(publish_at)
    flash(_("The answers are published at %(at)s; until then they stay drafts.", at=at), "success")
    return redirect(_back(consultation), 303)


@route(
    room,
    "/office/rounds/<int:round_id>/embargo/<int:embargo_id>",
    permission="answer.write",
    load=load_round,
    methods=("GET", "POST"),
)
def embargoed(consultation: Consultation, embargo_id: int) -> ResponseReturnValue:
    """See what waits for an instant; change that, or let it wait no more (action=lift)."""
    row = embargo_queries.waiting(consultation.id, embargo_id)
    if row is None:
        return _over(consultation)
    form, actor_id = EmbargoForm(obj=row), actor().user_id
    try:
        if request.method == "POST" and request.form.get("action") == "lift":
            embargo_services.lift(consultation.id, embargo_id, actor_id=actor_id)
            flash(_("The answers wait no more: they are drafts like others."), "success")
            return redirect(_back(consultation), 303)
        if form.validate_on_submit():
            publish_at, at = form.publish_at.data, received_at()
            embargo_services.change(
                consultation.id, embargo_id, publish_at, actor_id=actor_id, at=at
            )
            return _waits_until(consultation, publish_at)
    except embargo_services.Over:
        return _over(consultation)
    page = render_template(
        "responses/embargo.html",
        consultation=consultation,
        form=form,
        embargo=row,
        outlook=embargo_queries.outlook(embargo_queries.going_out(row)),
        left_out=embargo_queries.left_out(row),
        code_of=code_of,
        back=_back(consultation),
    )
    return page, 422 if form.errors else 200


def _over(consultation: Consultation) -> ResponseReturnValue:
    flash(_("These answers were published, or wait no more, meanwhile."), "warning")
    return redirect(_back(consultation), 303)


def _back(consultation: Consultation) -> str:
    return safe_next(request.values.get("next")) or url_for(
        "responses.table", round_id=consultation.id
    )
