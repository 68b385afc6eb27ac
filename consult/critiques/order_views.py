"""Pages of orders: listing, ordering, one commission, taking it on, criteria, templates."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from consult.consultations.models import Consultation, Stage
from consult.consultations.queries import rounds_of_draft
from consult.core import clock
from consult.core.i18n import _
from consult.core.permissions import actor, can
from consult.core.web import route
from consult.critiques import queries, services, stages
from consult.critiques.blueprint import room
from consult.critiques.defaults import TEMPLATES, TemplateLine
from consult.critiques.models import Commission, CommissionStage
from consult.critiques.order_forms import (
    IntakeForm,
    LinesForm,
    OrderForm,
    ReasonForm,
)
from consult.critiques.ordering import bodies
from consult.critiques.pages import back, me, stays
from consult.drafts import queries as drafts
from consult.drafts.models import DraftVersion
from consult.people.fields import field_name


@route(room, "/critiques", permission="commission.list")
def home() -> ResponseReturnValue:
    """The commissions that concern the person, newest first."""
    whom = _concerned()
    return render_template(
        "critiques/home.html",
        commissions=queries.commissions(whom),
        rounds=queries.orderable(whom),
    )


def _concerned() -> queries.Concerned:
    """Return whose commissions the person acting sees in lists."""
    person = actor()
    return queries.Concerned(
        me(),
        person.organisations("official"),
        front=can("summary.work"),
        everything=can("commission.list_all"),
    )


@route(
    room,
    "/critiques/order/<int:version_id>",
    permission="commission.order",
    load=drafts.version,
    methods=("GET", "POST"),
)
def order(version: DraftVersion) -> ResponseReturnValue:
    """The form of an order on a version, or with ?round= on a consultation of it."""
    own, rounds = bodies(actor(), version), _rounds(version)
    form = OrderForm()
    form.offer(own, rounds, queries.template("intake"))
    if form.validate_on_submit():
        command = form.command(version, own, me())
        commission = services.order(command)
        flash(_("The order is placed. The union decides whether it takes it on."), "success")
        return back("commission", commission)
    if not form.is_submitted():
        form.title.data = _("Critique of: %(title)s", title=version.draft.title)
        form.consultation.data = request.args.get("round", "")
    page = render_template("critiques/order.html", form=form, version=version, bodies=own)
    return page, 422 if form.errors else 200


def _rounds(version: DraftVersion) -> list[Consultation]:
    hidden = (Stage.PREPARING, Stage.CANCELLED)
    found = rounds_of_draft(version.draft_id)
    return [one for one in found if one.version_id == version.id and one.stage not in hidden]


@route(
    room,
    "/critiques/<int:commission_id>",
    permission="commission.read",
    load=queries.commission,
)
def commission(commission: Commission) -> ResponseReturnValue:
    """One commission: what was ordered, how it stands, what the person does next."""
    return _page(commission)


def _page(
    commission: Commission,
    *,
    intake: IntakeForm | None = None,
    decline: ReasonForm | None = None,
    cancel: ReasonForm | None = None,
) -> ResponseReturnValue:
    if intake is None:
        intake = IntakeForm(formdata=None)
        intake.fill(commission)
    forms = [form for form in (intake, decline, cancel) if form is not None]
    reviewing = commission.stage is CommissionStage.REVIEWING
    page = render_template(
        "critiques/commission.html",
        commission=commission,
        seat=commission.seat_of(me()),
        field_name=field_name(commission.field_code) if commission.field_code else "",
        history=queries.history(commission.id),
        sent=len(queries.seats_sent(commission.id)) if reviewing else 0,
        expected=len([seat for seat in commission.seats if seat.accepted]),
        now=clock.now(),
        possible=stages.possible,
        intake=intake,
        decline=decline or ReasonForm(formdata=None, prefix="decline"),
        cancel=cancel or ReasonForm(formdata=None, prefix="cancel"),
        problem_forms=[form for form in forms if form.errors],
    )
    return page, 422 if any(form.errors for form in forms) else 200


@route(
    room,
    "/critiques/<int:commission_id>/accept",
    permission="commission.manage",
    load=queries.commission,
    methods=("POST",),
)
def accept(commission: Commission) -> ResponseReturnValue:
    """Take the order on, the intake being confirmed."""
    form = IntakeForm()
    if not form.validate_on_submit():
        return _page(commission, intake=form)
    try:
        services.accept(commission.id, form.checked(), actor_id=me())
    except services.Incomplete as missing:
        form.refuse(missing.codes)
        return _page(commission, intake=form)
    except stages.NotAllowed:
        return stays(commission)
    flash(_("The order is taken on. Now form the panel."), "success")
    return back("panel", commission)


@route(
    room,
    "/critiques/<int:commission_id>/decline",
    permission="commission.manage",
    load=queries.commission,
    methods=("POST",),
)
def decline(commission: Commission) -> ResponseReturnValue:
    """Decline the order, with a reason."""
    form = ReasonForm(prefix="decline")
    if not form.validate_on_submit():
        return _page(commission, decline=form)
    try:
        services.decline(commission.id, reason=form.reason.data or "", actor_id=me())
    except stages.NotAllowed:
        return stays(commission)
    flash(_("The order is declined. Whoever placed it is told why."), "success")
    return back("commission", commission)


@route(
    room,
    "/critiques/<int:commission_id>/cancel",
    permission="commission.cancel",
    load=queries.commission,
    methods=("POST",),
)
def cancel(commission: Commission) -> ResponseReturnValue:
    """Cancel the commission before its report, with a reason."""
    form = ReasonForm(prefix="cancel")
    if not form.validate_on_submit():
        return _page(commission, cancel=form)
    try:
        services.cancel(commission.id, reason=form.reason.data or "", actor_id=me())
    except stages.NotAllowed:
        return stays(commission)
    flash(_("The commission is cancelled."), "success")
    return back("commission", commission)


@route(
    room,
    "/critiques/<int:commission_id>/criteria",
    permission="commission.manage",
    load=queries.commission,
    methods=("GET", "POST"),
)
def criteria(commission: Commission) -> ResponseReturnValue:
    """The criteria of one commission, until reviewing starts."""
    form = LinesForm()
    if form.validate_on_submit():
        try:
            services.set_criteria(commission.id, form.said(), actor_id=me())
        except services.Incomplete:
            form.refuse(_("Please keep at least one criterion."))
        except stages.NotAllowed:
            form.refuse(_("Reviewing has started: the criteria stay as they are."))
        else:
            flash(_("The criteria are saved."), "success")
            return back("panel", commission)
    if form.is_submitted():
        form.pad()
    else:
        form.fill(TemplateLine(row.text, row.guidance) for row in commission.criteria)
    page = render_template("critiques/criteria.html", form=form, commission=commission)
    return page, 422 if form.errors else 200


@route(room, "/critiques/templates", permission="critique_template.edit")
def templates() -> ResponseReturnValue:
    """The templates of intake and criteria, to be edited."""
    found = {kind: queries.template(kind) for kind in TEMPLATES}
    return render_template("critiques/templates.html", templates=found)


@route(
    room,
    "/critiques/templates/<kind>",
    permission="critique_template.edit",
    methods=("GET", "POST"),
)
def edit_template(kind: str) -> ResponseReturnValue:
    """The lines of one template, used by later orders."""
    if kind not in TEMPLATES:
        abort(404)
    form = LinesForm()
    if form.validate_on_submit():
        services.set_template(kind, form.said(), actor_id=me())
        flash(_("The template is saved; later orders use it."), "success")
        return redirect(url_for(".templates"), 303)
    if form.is_submitted():
        form.pad()
    else:
        form.fill(queries.template(kind))
    page = render_template("critiques/criteria.html", form=form, kind=kind)
    return page, 422 if form.errors else 200
