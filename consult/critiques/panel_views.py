"""Pages of a panel: forming it, inviting, the invitation and the declaration."""

from __future__ import annotations

from flask import flash, render_template, request
from flask.typing import ResponseReturnValue

from consult.core.i18n import _, format_datetime
from consult.core.web import route, row_ids, typed_words
from consult.critiques import labels, panel_services, queries, services, stages
from consult.critiques.blueprint import room
from consult.critiques.candidate_queries import candidates
from consult.critiques.checks import before_reviewing
from consult.critiques.models import Clearance, Commission, CommissionStage, PanelRole, SeatState
from consult.critiques.order_forms import ReasonForm, StartForm
from consult.critiques.pages import back, me, stays
from consult.critiques.panel_forms import (
    ROLES,
    DecideForm,
    DeclareForm,
    InviteForm,
    ReplyForm,
    RoleForm,
)
from consult.people.fields import field_choices, with_title


@route(
    room,
    "/critiques/<int:commission_id>/panel",
    permission="commission.manage",
    load=queries.commission,
)
def panel(commission: Commission) -> ResponseReturnValue:
    """Who sits or is invited, what is missing, whom to invite (?field=, ?q=)."""
    return _panel_page(commission)


def _panel_page(
    commission: Commission, *, start: StartForm | None = None, status: int = 200
) -> ResponseReturnValue:
    forming = commission.stage is CommissionStage.FORMING
    inviting = forming or commission.stage is CommissionStage.REVIEWING
    field, q = request.args.get("field", commission.field_code), request.args.get("q", "").strip()
    page = render_template(
        "critiques/panel.html",
        commission=commission,
        forming=forming,
        inviting=inviting,
        people=candidates(commission, field_code=field, q=q[:100]) if inviting else [],
        criteria=commission.criteria,
        checks=before_reviewing(commission, len(commission.criteria)) if forming else [],
        check_names=labels.CHECKS,
        reason=labels.reason,
        with_title=with_title,
        roles=ROLES,
        fields=field_choices(),
        field=field,
        q=q,
        delegate_of=(row_ids([request.args.get("delegate_of", "")]) or [None])[0],
        start=start or StartForm(formdata=None, prefix="start"),
        waiting=Clearance.WAITING,
    )
    return page, status


@route(
    room,
    "/critiques/<int:commission_id>/start",
    permission="commission.manage",
    load=queries.commission,
    methods=("POST",),
)
def start(commission: Commission) -> ResponseReturnValue:
    """Begin reviewing, the panel being complete."""
    form = StartForm(prefix="start")
    if not form.validate_on_submit():
        return _panel_page(commission, start=form, status=422)
    try:
        services.start(commission.id, form.reviews_due_at.data, actor_id=me())
    except services.Incomplete:
        flash(_("Something is still missing: see the list."), "danger")
        return _panel_page(commission, start=form, status=422)
    except services.BadInstant as error:
        at = format_datetime(error.latest)
        form.refuse(_("Choose an instant from now on, no later than the report: %(at)s.", at=at))
        return _panel_page(commission, start=form, status=422)
    except stages.NotAllowed:
        return stays(commission)
    flash(_("Reviewing has started. Every member is told."), "success")
    return back("commission", commission)


@route(
    room,
    "/critiques/<int:commission_id>/invite",
    permission="commission.manage",
    load=queries.commission,
    methods=("POST",),
)
def invite(commission: Commission) -> ResponseReturnValue:
    """Invite somebody in a role."""
    form = InviteForm()
    ids = row_ids([form.user_id.data or ""])
    if not form.validate_on_submit() or not ids:
        flash(_("Please choose a person and a role."), "warning")
        return back("panel", commission)
    proposed = row_ids([form.delegate_of.data or ""])
    seats = {seat.id for seat in commission.seats}
    try:
        seat = panel_services.invite(
            commission.id,
            ids[0],
            PanelRole(form.role.data),
            actor_id=me(),
            delegate_of=next((number for number in proposed if number in seats), None),
        )
    except panel_services.NotInvitable:
        flash(_("Only a verified intellectual with an account in use can be invited."), "danger")
    except panel_services.AlreadySeated:
        flash(_("This person has been invited already."), "warning")
    except panel_services.RoleTaken:
        flash(_("This role is given already: choose another, or release its holder."), "danger")
    except stages.NotAllowed:
        return stays(commission)
    else:
        flash(_("%(name)s is invited.", name=seat.user.full_name), "success")
    return back("panel", commission)


@route(
    room,
    "/critiques/<int:commission_id>/seats/<int:seat_id>",
    permission="commission.manage",
    load=queries.commission,
    methods=("GET", "POST"),
)
def seat(commission: Commission, seat_id: int) -> ResponseReturnValue:
    """One seat: another role, the decision on a conflict of interest, taking it back."""
    found = next((one for one in commission.seats if one.id == seat_id), None)
    if found is None:
        return back("panel", commission)
    action = request.form.get("action", "")
    role = RoleForm(formdata=request.form if action == "role" else None, obj=found)
    decide = DecideForm(formdata=request.form if action == "decide" else None)
    release = ReasonForm(formdata=request.form if action == "release" else None, prefix="release")
    form = {"role": role, "decide": decide, "release": release}.get(action)
    if form is not None and form.validate_on_submit():
        try:
            if form is role:
                chosen = PanelRole(role.role.data)
                panel_services.set_role(commission.id, seat_id, chosen, actor_id=me())
            elif form is decide:
                cleared, note = decide.decision.data == "clear", decide.note.data or ""
                panel_services.decide(
                    commission.id, seat_id, cleared=cleared, note=note, actor_id=me()
                )
            else:
                words = release.reason.data or ""
                panel_services.release(commission.id, seat_id, reason=words, actor_id=me())
        except panel_services.RoleTaken:
            flash(_("This role is given already: choose another, or release its holder."), "danger")
        except panel_services.AlreadySent:
            flash(_("This member has sent a review, which stays."), "danger")
        except panel_services.NotNow:
            flash(_("This was answered or decided meanwhile. Here is how it stands."), "warning")
        except stages.NotAllowed:
            return stays(commission)
        else:
            flash(_("The change is saved."), "success")
        return back("panel", commission)
    page = render_template(
        "critiques/seat.html",
        commission=commission,
        seat=found,
        role=role,
        decide=decide,
        release=release,
        forming=commission.stage is CommissionStage.FORMING,
        waiting=found.clearance is Clearance.WAITING,
        active=found.state in (SeatState.INVITED, SeatState.ACCEPTED),
    )
    return page, 422 if form is not None else 200


@route(
    room,
    "/critiques/<int:commission_id>/invitation",
    permission="seat.own",
    load=queries.commission,
    methods=("GET", "POST"),
)
def invitation(commission: Commission) -> ResponseReturnValue:
    """One's own invitation: answering it, then declaring conflicts of interest."""
    own = commission.seat_of(me())
    action = request.form.get("action", "")
    reply = ReplyForm(formdata=request.form if action == "reply" else None)
    declare = DeclareForm(formdata=request.form if action == "declare" else None, prefix="declare")
    refused = ""
    try:
        if action == "reply" and reply.validate_on_submit():
            state, words = SeatState(reply.state.data), reply.words.data or ""
            panel_services.reply(commission.id, me(), state=state, words=words)
            flash(_("Your answer is sent."), "success")
            return back("invitation", commission)
        if action == "declare" and declare.validate_on_submit():
            declared = declare.conflict.data == "declared"
            words = (declare.words.data or "") if declared else ""
            panel_services.declare(commission.id, me(), conflict=words)
            flash(_("Your declaration is recorded."), "success")
            return back("invitation", commission)
    except panel_services.NotNow:
        refused = _("This was answered or decided meanwhile. Here is how it stands.")
    except stages.NotAllowed:
        refused = _("The commission's stage no longer allows this. Here is how it stands.")
    page = render_template(
        "critiques/invitation.html",
        commission=commission,
        seat=own,
        reply=reply,
        declare=declare,
        problem_forms=[form for form in (reply, declare) if form.errors],
        refused=refused,
        typed=typed_words() if refused else [],
    )
    return page, 409 if refused else 422 if action else 200
