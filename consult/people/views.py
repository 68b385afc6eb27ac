"""One's own profile; the room's other pages are declared beside it."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from consult.accounts import queries as accounts
from consult.core.i18n import _
from consult.core.permissions import actor
from consult.core.web import route
from consult.people import (
    club_views,
    evidence_views,
    fields,
    queries,
    services,
    verification_views,
)
from consult.people.blueprint import room
from consult.people.forms import ProfileForm
from consult.people.models import Profile

# Their pages are declared on the same blueprint.
__all__ = ["club_views", "evidence_views", "room", "verification_views"]


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
