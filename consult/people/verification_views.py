"""The secretariat's pages: who waits for verification, and the decision on a profile."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from consult.accounts import queries as accounts
from consult.core.i18n import _
from consult.core.paging import page_number, paginate
from consult.core.permissions import actor
from consult.core.web import route
from consult.people import evidence, fields, queries, verifying
from consult.people.blueprint import room
from consult.people.forms import ReturnForm, findings
from consult.people.models import PROFILE_STATES, WAITING, Profile
from consult.people.services import fingerprint


def _me() -> int:
    return actor().user_id or 0


@route(room, "/secretariat/profiles", permission="people.verify")
def verifications() -> ResponseReturnValue:
    """Everybody's profiles, those who wait longest first: for the first person or the second."""
    state = request.args.get("state", "waiting")
    name = request.args.get("name", "").strip()[:120]
    if state not in (*PROFILE_STATES, "all"):
        state = "waiting"
    states = {"all": (), "waiting": WAITING}.get(state, (state,))
    counts = queries.counts_by_state()
    counts["waiting"] = sum(counts.get(one, 0) for one in WAITING)
    return render_template(
        "people/verifications.html",
        page=paginate(queries.profiles_statement(states, name), number=page_number()),
        counts=counts,
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
    """One profile with its evidence, and what is to be decided on it."""
    return _page(row, ReturnForm(formdata=None), 200)


@route(
    room,
    "/secretariat/profiles/<int:user_id>/verify",
    permission="people.verify",
    load=queries.profile,
    methods=("POST",),
)
def verify(row: Profile) -> ResponseReturnValue:
    """Record what was found of each fact."""
    try:
        verifying.check(
            row.user_id, findings(request.form), seen=request.form.get("seen", ""), actor_id=_me()
        )
    except verifying.NotPending:
        return _already_decided()
    except verifying.ChangedMeanwhile:
        return _changed(row)
    except verifying.Unfinished as unfinished:
        return _page(row, ReturnForm(formdata=None), 422, unfinished=unfinished.facts)
    name = row.user.full_name
    if row.state == "checked":
        flash(_("Recorded. A second person of the secretariat confirms the title."), "success")
    elif row.decision_note:
        flash(_("The profile went back to %(name)s with your note.", name=name), "success")
    else:
        flash(_("%(name)s is verified and has been told.", name=name), "success")
    return redirect(url_for(".verifications"), 303)


@route(
    room,
    "/secretariat/profiles/<int:user_id>/confirm",
    permission="people.confirm",
    load=queries.profile,
    methods=("POST",),
)
def confirm_title(row: Profile) -> ResponseReturnValue:
    """Confirm as the second person what another has checked."""
    try:
        verifying.confirm(row.user_id, seen=request.form.get("seen", ""), actor_id=_me())
    except (verifying.NotPending, verifying.SamePerson):
        return _already_decided()
    except verifying.ChangedMeanwhile:
        return _changed(row)
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
    """Give the profile back with a note."""
    form = ReturnForm()
    if not form.validate_on_submit():
        return _page(row, form, 422)
    try:
        verifying.return_profile(row.user_id, form.note.data or "", actor_id=_me())
    except verifying.NotPending:
        return _already_decided()
    flash(
        _("The profile went back to %(name)s with your note.", name=row.user.full_name), "success"
    )
    return redirect(url_for(".verifications"), 303)


def _already_decided() -> ResponseReturnValue:
    flash(_("This profile does not wait for a decision any more."), "warning")
    return redirect(url_for(".verifications"), 303)


def _changed(row: Profile) -> ResponseReturnValue:
    problem = _("The profile has been changed since you opened it. Please look again.")
    return _page(row, ReturnForm(formdata=None), 409, problem)


def _page(
    row: Profile,
    form: ReturnForm,
    status: int,
    problem: str = "",
    *,
    unfinished: list[str] | None = None,
) -> ResponseReturnValue:
    return render_template(
        "people/verification.html",
        profile=row,
        form=form,
        seen=fingerprint(row),
        fields=fields,
        problem=problem,
        evidence=evidence.of_person(row.user_id),
        to_check=verifying.to_check(row),
        needs_two=verifying.needs_two(row),
        found=findings(request.form),
        unfinished=unfinished or [],
        checker=accounts.names_of([row.checked_by]) if row.checked_by else {},
    ), status
