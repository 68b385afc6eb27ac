"""The admin room's pages."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from consult.core.web import route

room = Blueprint("admin", __name__)


@route(room, "/admin/users", permission="admin.users")
def users() -> ResponseReturnValue:
    return render_template("admin/users.html")


@route(room, "/admin/users/<int:user_id>", permission="admin.users")
def user(user_id: int) -> ResponseReturnValue:
    return render_template("admin/user.html", user_id=user_id)


@route(room, "/admin/organisations", permission="admin.organisations")
def organisations() -> ResponseReturnValue:
    return render_template("admin/organisations.html")


@route(
    room,
    "/admin/organisations/<int:organisation_id>",
    permission="admin.organisations",
    methods=("GET", "POST"),
)
def organisation(organisation_id: int) -> ResponseReturnValue:
    return render_template("admin/organisation.html", organisation_id=organisation_id)


@route(room, "/admin/settings", permission="admin.settings", methods=("GET", "POST"))
def settings() -> ResponseReturnValue:
    return render_template("admin/settings.html")


@route(room, "/admin/audit", permission="admin.audit")
def audit() -> ResponseReturnValue:
    return render_template("admin/audit.html")


@route(room, "/admin/jobs", permission="admin.jobs")
def jobs() -> ResponseReturnValue:
    return render_template("admin/jobs.html")


@route(room, "/admin/mail", permission="admin.jobs")
def mail() -> ResponseReturnValue:
    return render_template("admin/mail.html")
