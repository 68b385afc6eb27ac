"""The people room's pages."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from consult.accounts import queries as accounts
from consult.core.i18n import _
from consult.core.paging import page_number, paginate
from consult.core.permissions import actor
from consult.core.web import route
from consult.people import fields, queries, services
from consult.people.forms import ProfileForm, ReturnForm
from consult.people.models import PROFILE_STATES, Organisation, Profile

room = Blueprint("people", __name__)


def _me() -> int:
    return actor().user_id or 0


# --- one's own profile -------------------------------------------------------------------------


@route(room, "/profile", permission="profile.own", methods=("GET", "POST"))
def profile() -> ResponseReturnValue:
    row = queries.profile(_me())
    form = ProfileForm(obj=row)
    if not form.validate_on_submit():
        return _profile_page(form, row, 422 if request.method == "POST" else 200)
    waits_again = services.save_profile(_me(), form.command())
    if "ask" not in request.form:
        flash(_("Your profile is saved."), "success")
        if waits_again:
            flash(_("The secretariat looks at the change of degree or title."), "info")
        return redirect(url_for(".profile"), 303)
    try:
        services.request_verification(_me())
    except services.NotConfirmed:
        flash(_("Your profile is saved. Confirm your e-mail address first, then ask."), "warning")
        return redirect(url_for("accounts.account"), 303)
    except services.Incomplete as missing:
        for name in missing.fields:
            form[name].errors = [_("Verification needs this.")]
        return _profile_page(form, queries.profile(_me()), 422)
    flash(_("The secretariat has been asked to verify your profile."), "success")
    return redirect(url_for(".profile"), 303)


def _profile_page(form: ProfileForm, row: Profile | None, status: int) -> ResponseReturnValue:
    user = accounts.user(_me())
    return render_template(
        "people/profile.html", form=form, profile=row, user=user, fields=fields
    ), status


# --- the secretariat's verification ------------------------------------------------------------


@route(room, "/secretariat/profiles", permission="people.verify")
def verifications() -> ResponseReturnValue:
    state = request.args.get("state", "pending")
    name = request.args.get("name", "").strip()[:120]
    if state not in (*PROFILE_STATES, "all"):
        state = "pending"
    statement = queries.profiles_statement("" if state == "all" else state, name)
    return render_template(
        "people/verifications.html",
        page=paginate(statement, number=page_number()),
        counts=queries.counts_by_state(),
        state=state,
        name=name,
        fields=fields,
    )


@route(
    room,
    "/secretariat/profiles/<int:user_id>",
    permission="people.verify",
    load=queries.profile,
)
def verification(row: Profile) -> ResponseReturnValue:
    return _verification_page(row, ReturnForm(formdata=None), 200)


@route(
    room,
    "/secretariat/profiles/<int:user_id>/verify",
    permission="people.verify",
    load=queries.profile,
    methods=("POST",),
)
def verify(row: Profile) -> ResponseReturnValue:
    try:
        services.verify(row.user_id, seen=request.form.get("seen", ""), actor_id=_me())
    except services.NotPending:
        return _already_decided()
    except services.ChangedMeanwhile:
        problem = _("The profile has been changed since you opened it. Please look again.")
        return _verification_page(row, ReturnForm(formdata=None), 409, problem)
    flash(_("%(name)s is verified and has been told.", name=row.user.full_name), "success")
    return redirect(url_for(".verifications"), 303)


@route(
    room,
    "/secretariat/profiles/<int:user_id>/return",
    permission="people.verify",
    load=queries.profile,
    methods=("POST",),
)
def return_(row: Profile) -> ResponseReturnValue:
    form = ReturnForm()
    if not form.validate_on_submit():
        return _verification_page(row, form, 422)
    try:
        services.return_profile(row.user_id, form.note.data or "", actor_id=_me())
    except services.NotPending:
        return _already_decided()
    flash(
        _("The profile went back to %(name)s with your note.", name=row.user.full_name), "success"
    )
    return redirect(url_for(".verifications"), 303)


def _already_decided() -> ResponseReturnValue:
    flash(_("This profile does not wait for a decision any more."), "warning")
    return redirect(url_for(".verifications"), 303)


def _verification_page(
    row: Profile, form: ReturnForm, status: int, problem: str = ""
) -> ResponseReturnValue:
    return render_template(
        "people/verification.html",
        profile=row,
        form=form,
        seen=services.fingerprint(row),
        fields=fields,
        problem=problem,
    ), status


# --- clubs and associations --------------------------------------------------------------------


@route(room, "/clubs", permission="club.read")
def clubs() -> ResponseReturnValue:
    return render_template("people/clubs.html", clubs=queries.clubs(_me()))


@route(room, "/clubs/<int:organisation_id>", permission="club.read", load=queries.club_by_id)
def club(row: Organisation) -> ResponseReturnValue:
    everyone = queries.members(row.id)
    return render_template(
        "people/club.html",
        club=row,
        mine=queries.membership(row.id, _me()),
        members=[member for member in everyone if member.state == "accepted"],
        requests=[member for member in everyone if member.state == "requested"],
        profiles=queries.profiles_by_user([member.user_id for member in everyone]),
        fields=fields,
    )


@route(
    room,
    "/clubs/<int:organisation_id>/join",
    permission="club.join",
    load=queries.club_by_id,
    methods=("POST",),
)
def join(row: Organisation) -> ResponseReturnValue:
    services.ask_to_join(row, _me())
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
    services.leave(row, _me())
    flash(_("You are no longer a member; what you have sent stays."), "success")
    return _to_club(row)


@route(
    room,
    "/clubs/<int:organisation_id>/requests/<int:user_id>",
    permission="club.decide",
    load=queries.club_by_id,
    methods=("POST",),
)
def decide(row: Organisation, user_id: int) -> ResponseReturnValue:
    decision = request.form.get("decision")
    if decision not in ("accept", "decline"):
        abort(400)
    try:
        services.decide_request(row, user_id, accept=decision == "accept", actor_id=_me())
    except services.NoSuchRequest:
        flash(_("This request does not wait for a decision any more."), "warning")
    else:
        flash(_("The decision is recorded, and the person has been told."), "success")
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
        services.set_club_role(row, user_id, request.form.get("role", ""), actor_id=_me())
    except ValueError:
        abort(400)
    except services.NoSuchRequest:
        flash(_("This person is no member any more."), "warning")
    else:
        flash(_("The role is changed."), "success")
    return _to_club(row)


def _to_club(row: Organisation) -> ResponseReturnValue:
    return redirect(url_for(".club", organisation_id=row.id), 303)
