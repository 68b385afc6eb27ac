"""The people room's pages."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from consult.core.web import route

room = Blueprint("people", __name__)


@route(room, "/profile", permission="profile.own", methods=("GET", "POST"))
def profile() -> ResponseReturnValue:
    return render_template("people/profile.html")


@route(room, "/clubs", permission="club.read")
def clubs() -> ResponseReturnValue:
    return render_template("people/clubs.html")


@route(room, "/clubs/<int:organisation_id>", permission="club.read")
def club(organisation_id: int) -> ResponseReturnValue:
    return render_template("people/club.html", organisation_id=organisation_id)


@route(room, "/secretariat/profiles", permission="people.verify")
def verifications() -> ResponseReturnValue:
    return render_template("people/verifications.html")


@route(room, "/secretariat/profiles/<int:user_id>", permission="people.verify")
def verification(user_id: int) -> ResponseReturnValue:
    return render_template("people/verification.html", user_id=user_id)
