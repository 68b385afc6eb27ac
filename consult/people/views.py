"""The people room's pages."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from consult.accounts import queries as accounts
from consult.core.i18n import _
from consult.core.paging import page_number, paginate
from consult.core.permissions import actor
from consult.core.web import route
from consult.people import club_views, fields, queries, services
from consult.people.blueprint import room
from consult.people.forms import ProfileForm, ReturnForm
from consult.people.models import PROFILE_STATES, Profile

# Their pages are declared on the same blueprint.
__all__ = ["club_views", "room"]


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
