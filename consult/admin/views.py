"""The administrator's routes."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from consult.accounts import roles
from consult.accounts.models import User
from consult.admin import labels, pages, queries, services
from consult.admin.forms import (
    HolidayForm,
    OrganisationForm,
    RoleForm,
    RuleForm,
    SettingsForm,
    number_or_none,
    organisation_data,
    read_day,
)
from consult.consultations.models import PeriodRule
from consult.core.i18n import _, _n, format_number
from consult.core.paging import page_number, paginate
from consult.core.permissions import actor
from consult.core.portal import portal
from consult.core.web import route
from consult.jobs.models import Job
from consult.notifications.queries import outbox
from consult.people import organisations as writing
from consult.people.models import Organisation

room = Blueprint("admin", __name__)
_BOTH = ("GET", "POST")
_POST = ("POST",)
Declare = Callable[[Callable[..., ResponseReturnValue]], Callable[..., ResponseReturnValue]]


def _post_of_user(rest: str) -> Declare:
    return route(
        room,
        "/admin/users/<int:user_id>" + rest,
        permission="admin.users",
        load=queries.user,
        methods=_POST,
    )


def _back_to(user: User) -> ResponseReturnValue:
    return redirect(url_for(".user", user_id=user.id), 303)


def _last_admin() -> None:
    flash(_("This is the last administrator. Make somebody else an administrator first."), "danger")


# --- users ---------------------------------------------------------------------------------------


@route(room, "/admin/users", permission="admin.users")
def users() -> ResponseReturnValue:
    """All accounts."""
    return pages.users()


@route(room, "/admin/users/<int:user_id>", permission="admin.users", load=queries.user)
def user(person: User) -> ResponseReturnValue:
    """One account: what it is, its roles, its sessions."""
    return pages.user(person)


@_post_of_user("/roles")
def grant(person: User) -> ResponseReturnValue:
    """Give the user a role."""
    form = RoleForm().offer(queries.organisations())
    if form.validate_on_submit():
        organisation_id = number_or_none(form.organisation.data)
        try:
            roles.grant_role(
                person.id, str(form.role.data), organisation_id, actor_id=actor().user_id
            )
        except roles.OrganisationNeeded:
            form.complain(_("Choose the organisation in which the role is held."))
        else:
            flash(_("The role has been given."), "success")
            return _back_to(person)
    return pages.user(person, form)


@_post_of_user("/roles/<int:grant_id>/revoke")
def revoke(person: User, grant_id: int) -> ResponseReturnValue:
    """Take a role away from the user."""
    try:
        services.revoke_role(person, grant_id, actor_id=actor().user_id)
    except roles.LastAdmin:
        _last_admin()
    else:
        flash(_("The role has been taken away."), "success")
    return _back_to(person)


@_post_of_user("/disable")
def disable(person: User) -> ResponseReturnValue:
    """Keep the user from signing in."""
    try:
        roles.disable_user(person.id, actor_id=actor().user_id)
    except roles.LastAdmin:
        _last_admin()
    else:
        flash(_("The account has been disabled."), "success")
    return _back_to(person)


@_post_of_user("/enable")
def enable(person: User) -> ResponseReturnValue:
    """Let the user sign in again."""
    roles.enable_user(person.id, actor_id=actor().user_id)
    flash(_("The account has been enabled."), "success")
    return _back_to(person)


@_post_of_user("/sessions/end")
def end_sessions(person: User) -> ResponseReturnValue:
    """Sign the user out everywhere."""
    ended = services.end_sessions(person.id, actor_id=actor().user_id)
    flash(
        _n(
            "The account has been signed out of %(count)s session.",
            "The account has been signed out of %(count)s sessions.",
            ended,
            count=format_number(ended),
        ),
        "success",
    )
    return _back_to(person)


# --- organisations -------------------------------------------------------------------------------


@route(room, "/admin/organisations", permission="admin.organisations")
def organisations() -> ResponseReturnValue:
    """All organisations."""
    return pages.organisations()


@route(room, "/admin/organisations/new", permission="admin.organisations", methods=_BOTH)
def new_organisation() -> ResponseReturnValue:
    """The form of a new organisation."""
    form = OrganisationForm().offer(queries.organisations(), None)
    if form.validate_on_submit() and _kept(form, None):
        flash(_("The organisation has been added."), "success")
        return redirect(url_for(".organisations"), 303)
    return pages.organisation(form, None)


@route(
    room,
    "/admin/organisations/<int:organisation_id>",
    permission="admin.organisations",
    load=queries.organisation,
    methods=_BOTH,
)
def organisation(row: Organisation) -> ResponseReturnValue:
    """The form of an organisation that is there."""
    form = OrganisationForm(data=organisation_data(row)).offer(queries.organisations(), row.id)
    if form.validate_on_submit() and _kept(form, row):
        flash(_("The organisation has been saved."), "success")
        return redirect(url_for(".organisations"), 303)
    return pages.organisation(form, row)


def _kept(form: OrganisationForm, row: Organisation | None) -> bool:
    """Save the form; False after a refusal, which then stands beside its field."""
    command, by = form.command(), actor().user_id
    try:
        if row is None:
            writing.add_organisation(command, actor_id=by)
        else:
            writing.change_organisation(row.id, command, actor_id=by)
    except writing.DatesReversed:
        form.complain("valid_to", _("The last day lies before the first."))
    except writing.NameTaken:
        form.complain("name", _("There is already an organisation of this kind and name."))
    except writing.StillInForce:
        form.complain("valid_to", _("Give the last day of this name, for it has a successor."))
    except writing.GoesInCircles as error:
        form.complain(error.relation, _("The organisation would stand above or follow itself."))
    return not form.errors


# --- the portal ----------------------------------------------------------------------------------


@route(room, "/admin/settings", permission="admin.settings", methods=_BOTH)
def settings() -> ResponseReturnValue:
    """The portal's own names, symbols and notice."""
    form = SettingsForm(obj=portal())
    if form.validate_on_submit():
        changed = services.save_settings(form.wanted(), actor_id=actor().user_id)
        flash(
            _("The settings have been saved.") if changed else _("Nothing was changed."), "success"
        )
        return redirect(url_for(".settings"), 303)
    page = render_template("admin/settings.html", form=form, labels=labels)
    return page, pages.status(form)


@route(room, "/admin/periods", permission="admin.settings")
def periods() -> ResponseReturnValue:
    """The rules of posting periods and the holidays."""
    return pages.periods()


@route(room, "/admin/periods/rules", permission="admin.settings", methods=_POST)
def add_rule() -> ResponseReturnValue:
    """Add a rule."""
    form = RuleForm()
    if not form.validate_on_submit():
        return pages.periods(rule_form=form)
    services.add_rule(**form.values(), actor_id=actor().user_id)
    flash(_("The rule has been added."), "success")
    return redirect(url_for(".periods"), 303)


@route(
    room,
    "/admin/periods/rules/<int:rule_id>/remove",
    permission="admin.settings",
    load=queries.period_rule,
    methods=_POST,
)
def remove_rule(rule: PeriodRule) -> ResponseReturnValue:
    """Remove a rule that no round follows."""
    try:
        services.remove_rule(rule, actor_id=actor().user_id)
    except services.RuleInUse as error:
        flash(
            _(
                "The rule stays: %(count)s consultations follow it.",
                count=format_number(error.rounds),
            ),
            "danger",
        )
    else:
        flash(_("The rule has been removed."), "success")
    return redirect(url_for(".periods"), 303)


@route(room, "/admin/periods/holidays", permission="admin.settings", methods=_POST)
def add_holiday() -> ResponseReturnValue:
    """Add a holiday."""
    form = HolidayForm()
    if form.validate_on_submit():
        try:
            services.add_holiday(form.day.data, str(form.label.data), actor_id=actor().user_id)
        except services.HolidayKnown:
            form.complain(_("This day is a holiday already."))
        else:
            flash(_("The holiday has been added."), "success")
            return redirect(url_for(".periods"), 303)
    return pages.periods(holiday_form=form)


@route(room, "/admin/periods/holidays/<day>/remove", permission="admin.settings", methods=_POST)
def remove_holiday(day: str) -> ResponseReturnValue:
    """Remove a holiday."""
    try:
        services.remove_holiday(read_day(day), actor_id=actor().user_id)
    except ValueError:
        abort(404)
    flash(_("The holiday has been removed."), "success")
    return redirect(url_for(".periods"), 303)


# --- what happened and what runs -----------------------------------------------------------------


@route(room, "/admin/audit", permission="admin.audit")
def audit() -> ResponseReturnValue:
    """Who did what to what, and when."""
    return pages.audit()


@route(room, "/admin/jobs", permission="admin.jobs")
def jobs() -> ResponseReturnValue:
    """What runs in the background, and what failed."""
    return render_template(
        "admin/jobs.html",
        counts=queries.job_counts(),
        oldest=queries.oldest_due(),
        page=paginate(queries.jobs_in_trouble(), number=page_number()),
        labels=labels,
    )


@route(
    room,
    "/admin/jobs/<int:job_id>/retry",
    permission="admin.jobs",
    load=queries.job,
    methods=_POST,
)
def retry_job(job: Job) -> ResponseReturnValue:
    """Let a parked job be tried again."""
    if services.retry_job(job, actor_id=actor().user_id):
        flash(_("The job will be tried again at once."), "success")
    else:
        flash(_("The job is not parked any more."), "info")
    return redirect(url_for(".jobs"), 303)


@route(room, "/admin/mail", permission="admin.jobs")
def mail() -> ResponseReturnValue:
    """The outbox: to whom roughly, about what, sent when; never what a letter says."""
    state = request.args.get("state", "")
    page = paginate(queries.letters(outbox(), state), number=page_number())
    return render_template("admin/mail.html", page=page, state=state, labels=labels)
