"""The accounts room's pages."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from consult.core import web
from consult.core.web import route

room = Blueprint("accounts", __name__)


@route(room, "/sign-in", permission="account.sign_in", methods=("GET", "POST"))
def sign_in() -> ResponseReturnValue:
    return render_template("accounts/sign_in.html")


@route(room, "/sign-out", permission="account.own", methods=("POST",))
def sign_out() -> ResponseReturnValue:
    return redirect(url_for("reading.home"), 303)


@route(room, "/register", permission="account.register", methods=("GET", "POST"))
def register() -> ResponseReturnValue:
    return render_template("accounts/register.html")


@route(room, "/confirm/<token>", permission="account.register", methods=("GET", "POST"))
def confirm(token: str) -> ResponseReturnValue:
    return render_template("accounts/confirm.html", token=token)


@route(room, "/password/forgot", permission="account.sign_in", methods=("GET", "POST"))
def forgot() -> ResponseReturnValue:
    return render_template("accounts/forgot.html")


@route(room, "/password/reset/<token>", permission="account.sign_in", methods=("GET", "POST"))
def reset(token: str) -> ResponseReturnValue:
    return render_template("accounts/reset.html", token=token)


@route(room, "/account", permission="account.own", methods=("GET", "POST"))
def account() -> ResponseReturnValue:
    return render_template("accounts/account.html")


@route(room, "/language", permission="site.read", methods=("POST",))
def language() -> ResponseReturnValue:
    return redirect(web.safe_next(request.form.get("next")) or url_for("reading.home"), 303)
