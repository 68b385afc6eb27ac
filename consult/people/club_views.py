"""The pages of clubs and associations: their members, joining, inviting, functions."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from consult.core.i18n import _, format_datetime
from consult.core.permissions import actor, can
from consult.core.web import route
from consult.people import club_queries, club_services, fields, queries
from consult.people.blueprint import room
from consult.people.club_forms import InviteForm, RemoveForm
from consult.people.models import Membership, Organisation


def _me() -> int:
    return actor().user_id or 0


@route(room, "/clubs", permission="club.read")
def clubs() -> ResponseReturnValue:
    return render_template("people/clubs.html", clubs=queries.clubs(_me()))


@route(room, "/clubs/<int:organisation_id>", permission="club.read", load=queries.club_by_id)
def club(row: Organisation) -> ResponseReturnValue:
    return _club_page(row, InviteForm(formdata=None))


def _club_page(row: Organisation, form: InviteForm) -> str:
    everyone = queries.members(row.id)
    by_state: dict[str, list[Membership]] = {"accepted": [], "requested": [], "invited": []}
    for member in everyone:
        by_state[member.state].append(member)
    return render_template(
        "people/club.html",
        club=row,
        mine=queries.membership(row.id, _me()),
        members=by_state["accepted"],
        requests=by_state["requested"],
        invited=by_state["invited"],
        history=club_queries.history(row.id) if can("club.decide", row) else [],
        profiles=queries.profiles_by_user([member.user_id for member in everyone]),
        fields=fields,
        form=form,
    )


@route(
    room,
    "/clubs/<int:organisation_id>/join",
    permission="club.join",
    load=queries.club_by_id,
    methods=("POST",),
)
def join(row: Organisation) -> ResponseReturnValue:
    club_services.ask_to_join(row, _me())
    flash(_("Your request has been sent; you are told when the club has decided."), "success")
    return _to_club(row)


@route(
    room,
    "/clubs/<int:organisation_id>/leave",
    permission="club.read",
    load=queries.club_by_id,
    methods=("POST",),
)
def leave(row: Organisation) -> ResponseReturnValue:
    try:
        club_services.leave(row, _me())
    except club_services.HandOverFirst:
        flash(_hand_over_first(), "warning")
    else:
        flash(_("You are no longer a member; what you have sent stays."), "success")
    return _to_club(row)


@route(
    room,
    "/clubs/<int:organisation_id>/invite",
    permission="club.decide",
    load=queries.club_by_id,
    methods=("POST",),
)
def invite(row: Organisation) -> ResponseReturnValue:
    form = InviteForm()
    if form.validate():
        try:
            club_services.invite(row, form.email.data or "", actor_id=_me())
        except club_services.NobodyVerified:
            problem = _("Nobody whose profile is verified has this address on the portal.")
        except club_services.AlreadyMember:
            problem = _("This person is a member already.")
        except club_services.TooManyInvitations:
            problem = _("You have tried very many addresses today. Please go on tomorrow.")
        else:
            flash(_("The person has been invited and decides whether to join."), "success")
            return _to_club(row)
        form.email.errors = [problem]
    return _club_page(row, form), 422


@route(
    room,
    "/clubs/<int:organisation_id>/invitation",
    permission="club.join",
    load=queries.club_by_id,
    methods=("POST",),
)
def answer_invitation(row: Organisation) -> ResponseReturnValue:
    try:
        accept = _chosen("accept", "decline") == "accept"
        club_services.answer_invitation(row, _me(), accept=accept)
    except club_services.NoSuchRequest:
        flash(_("This invitation does not wait for an answer any more."), "warning")
    except club_services.Lapsed as error:
        flash(
            _(
                "This invitation was open until %(at)s. Ask to join, or ask the club to invite "
                "you again.",
                at=format_datetime(error.until),
            ),
            "warning",
        )
    else:
        flash(_("Your answer is recorded, and the club has been told."), "success")
    return _to_club(row)


@route(
    room,
    "/clubs/<int:organisation_id>/requests/<int:user_id>",
    permission="club.decide",
    load=queries.club_by_id,
    methods=("POST",),
)
def decide(row: Organisation, user_id: int) -> ResponseReturnValue:
    decision = _chosen("accept", "decline", "take_back")
    try:
        if decision == "take_back":
            club_services.take_back(row, user_id, actor_id=_me())
        else:
            club_services.decide_request(row, user_id, accept=decision == "accept", actor_id=_me())
    except club_services.NoSuchRequest:
        flash(
            _("This invitation does not wait for an answer any more.")
            if decision == "take_back"
            else _("This request does not wait for a decision any more."),
            "warning",
        )
    else:
        flash(
            _("The invitation is taken back.")
            if decision == "take_back"
            else _("The decision is recorded, and the person has been told."),
            "success",
        )
    return _to_club(row)


@route(
    room,
    "/clubs/<int:organisation_id>/members/<int:user_id>/role",
    permission="club.decide",
    load=queries.club_by_id,
    methods=("POST",),
)
def set_role(row: Organisation, user_id: int) -> ResponseReturnValue:
    try:
        club_services.set_club_role(row, user_id, request.form.get("role", ""), actor_id=_me())
    except ValueError:
        abort(400)
    except club_services.NoSuchRequest:
        flash(_no_member(), "warning")
    except club_services.HandOverFirst:
        flash(_hand_over_first(), "warning")
    else:
        flash(_("The role is changed."), "success")
    return _to_club(row)


@route(
    room,
    "/clubs/<int:organisation_id>/members/<int:user_id>/hand-over",
    permission="club.hand_over",
    load=queries.club_by_id,
    methods=("POST",),
)
def hand_over(row: Organisation, user_id: int) -> ResponseReturnValue:
    try:
        club_services.hand_over(row, user_id, actor_id=_me())
    except club_services.NoSuchRequest:
        flash(_no_member(), "warning")
    else:
        flash(_("The chair has been handed over; the new chair has been told."), "success")
    return _to_club(row)


@route(
    room,
    "/clubs/<int:organisation_id>/members/<int:user_id>/remove",
    permission="club.decide",
    load=queries.club_by_id,
    methods=("GET", "POST"),
)
def remove(row: Organisation, user_id: int) -> ResponseReturnValue:
    member = queries.membership(row.id, user_id)
    if member is None or member.state != "accepted":
        flash(_no_member(), "warning")
        return _to_club(row)
    form = RemoveForm()
    if not form.validate_on_submit():
        page = render_template("people/club_remove.html", club=row, member=member, form=form)
        return page, 422 if request.method == "POST" else 200
    reason = form.reason.data or ""
    try:
        club_services.remove(row, user_id, actor_id=_me(), reason=reason)
    except club_services.HandOverFirst:
        form.reason.errors = [_hand_over_first()]
        page = render_template("people/club_remove.html", club=row, member=member, form=form)
        return page, 422
    flash(_("The membership has ended, and the person has been told."), "success")
    return _to_club(row)


def _chosen(*known: str) -> str:
    decision = request.form.get("decision", "")
    if decision not in known:
        abort(400)
    return decision


def _no_member() -> str:
    return _("This person is no member any more.")


def _hand_over_first() -> str:
    return _(
        "A club with members has exactly one chair and is never without an officer: hand the "
        "chair over to another member first, or name another secretary."
    )


def _to_club(row: Organisation) -> ResponseReturnValue:
    return redirect(url_for(".club", organisation_id=row.id), 303)
