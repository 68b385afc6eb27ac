"""The accounts room's pages."""

from __future__ import annotations

import hashlib
import hmac
from typing import cast

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms.widgets import PasswordInput

from consult.accounts import identity, passwords, queries, services
from consult.accounts.devices import device
from consult.accounts.forms import (
    ChangePasswordForm,
    EmailForm,
    NameForm,
    NewPasswordForm,
    RegisterForm,
    SignInForm,
)
from consult.accounts.limits import TooManyAttempts
from consult.accounts.models import User
from consult.accounts.tokens import DeadLink
from consult.core import web
from consult.core.i18n import LOCALE_COOKIE, LOCALES, _, locale_code
from consult.core.permissions import NOBODY, actor
from consult.core.settings import settings
from consult.core.web import route

room = Blueprint("accounts", __name__)
# The language may be switched from any page, even a cached one without a form's token; a
# stranger's page could at most switch it, and `same_site` keeps it from that.
room.record_once(
    lambda state: state.app.extensions["csrf"].exempt("consult.accounts.views.language")
)


def _place() -> str:
    """Return what stands for the client's network address in the counters: not the address."""
    key, address = settings().secret_key.encode(), (request.remote_addr or "").encode()
    return hmac.new(key, address, hashlib.sha256).hexdigest()[:32]


def _me() -> User:
    return cast("User", queries.user(actor().user_id or 0))


# --- signing in and out ------------------------------------------------------------------------


@route(room, "/sign-in", permission="account.sign_in", methods=("GET", "POST"))
def sign_in() -> ResponseReturnValue:
    target = web.safe_next(request.values.get("next"))
    if request.method == "GET" and actor() is not NOBODY:
        return redirect(target or url_for("desk.home"))
    form = SignInForm()
    if request.form.get("demo"):
        return _sign_in_page(form, 200, demo=request.form["demo"])
    if not form.validate_on_submit():
        return _sign_in_page(form, 422 if request.method == "POST" else 200)
    try:
        command = services.SignIn(form.email.data or "", form.password.data or "", _place())
        user = services.authenticate(command)
    except TooManyAttempts:
        return _sign_in_page(form, 429, problem=_("Too many failed attempts. Wait 15 minutes."))
    except services.WrongCredentials:
        return _sign_in_page(form, 422, problem=_("The e-mail or the password is not right."))
    except services.AccountDisabled:
        return _sign_in_page(
            form, 422, problem=_("This account has been disabled. Ask the administrator.")
        )
    _begin(user)
    kept_url = web.safe_next(request.form.get("kept_url"))
    if kept_url:
        return web.render_kept(kept_url, _kept(), 200)
    return redirect(target or url_for("desk.home"), 303)


def _begin(user: User) -> None:
    if old := identity.end():
        services.end_session(old)
    agent, days = request.user_agent.string, settings().session_days
    identity.begin(user, services.start_session(user, user_agent=agent, days=days))


def _kept() -> list[tuple[str, str]]:
    """Return what was typed on the page from which the person was sent here to sign in."""
    return [
        (name.removeprefix("kept."), value)
        for name, value in request.form.items(multi=True)
        if name.startswith("kept.")
    ]


def _sign_in_page(
    form: SignInForm, status: int, *, problem: str = "", demo: str = ""
) -> ResponseReturnValue:
    accounts = queries.demo_accounts()
    if demo in (account.email for account in accounts):
        form.email.data, form.password.data = demo, passwords.DEMO_PASSWORD
        form.password.widget = PasswordInput(hide_value=False)
    return render_template(
        "accounts/sign_in.html",
        form=form,
        problem=problem,
        next=web.safe_next(request.values.get("next")),
        kept_url=web.safe_next(request.form.get("kept_url")),
        kept=_kept(),
        demo_accounts=accounts,
        demo_password=passwords.DEMO_PASSWORD,
    ), status


@route(room, "/sign-out", permission="account.own", methods=("POST",))
def sign_out() -> ResponseReturnValue:
    if token := identity.end():
        services.end_session(token)
    flash(_("You have signed out."), "success")
    return redirect(url_for("reading.home"), 303)


# --- registration and letters ------------------------------------------------------------------


@route(room, "/register", permission="account.register", methods=("GET", "POST"))
def register() -> ResponseReturnValue:
    form = RegisterForm()
    status = 422 if request.method == "POST" else 200
    if form.validate_on_submit():
        command = services.Register(
            email=form.email.data or "",
            full_name=form.full_name.data or "",
            password=form.password.data or "",
            locale=locale_code(),
            place=_place(),
        )
        try:
            services.register(command)
        except TooManyAttempts:
            status = 429
        else:
            return redirect(url_for(".letter_sent", about="confirm"), 303)
    return render_template("accounts/register.html", form=form, refused=status == 429), status


@route(room, "/letter-sent/<any(confirm,reset):about>", permission="account.register")
def letter_sent(about: str) -> ResponseReturnValue:
    return render_template("accounts/letter_sent.html", about=about)


@route(room, "/confirm/<token>", permission="account.register", methods=("GET", "POST"))
def confirm(token: str) -> ResponseReturnValue:
    if request.method == "GET":
        user = queries.token_user(token, "confirm")
        return _dead_link() if user is None else render_template("accounts/confirm.html", user=user)
    try:
        reset_token = services.confirm_email(token)
    except DeadLink:
        return _dead_link()
    flash(_("Your e-mail address is confirmed."), "success")
    if reset_token:
        return redirect(url_for(".reset", token=reset_token), 303)
    signed_in = actor() is not NOBODY
    return redirect(url_for("people.profile" if signed_in else ".sign_in"), 303)


@route(room, "/password/forgot", permission="account.sign_in", methods=("GET", "POST"))
def forgot() -> ResponseReturnValue:
    form = EmailForm()
    status = 422 if request.method == "POST" else 200
    if form.validate_on_submit():
        try:
            services.ask_for_reset(form.email.data or "", _place())
        except TooManyAttempts:
            status = 429
        else:
            return redirect(url_for(".letter_sent", about="reset"), 303)
    return render_template("accounts/forgot.html", form=form, refused=status == 429), status


@route(room, "/password/reset/<token>", permission="account.sign_in", methods=("GET", "POST"))
def reset(token: str) -> ResponseReturnValue:
    user = queries.token_user(token, "reset")
    if user is None:
        return _dead_link()
    form = NewPasswordForm()
    form.person = user.email, user.full_name
    if form.validate_on_submit():
        try:
            services.set_password_by_link(token, form.new_password.data or "")
        except DeadLink:
            return _dead_link()
        flash(_("The new password is set. Please sign in with it."), "success")
        return redirect(url_for(".sign_in"), 303)
    status = 422 if request.method == "POST" else 200
    return render_template("accounts/reset.html", form=form, user=user), status


def _dead_link() -> ResponseReturnValue:
    return render_template("accounts/dead_link.html"), 410


# --- one's own account -------------------------------------------------------------------------


@route(room, "/account", permission="account.own")
def account() -> ResponseReturnValue:
    return _account_page(200)


@route(room, "/account/name", permission="account.own", methods=("POST",))
def change_name() -> ResponseReturnValue:
    form = NameForm()
    if not form.validate_on_submit():
        return _account_page(422, name_form=form)
    me = actor().user_id or 0
    try:
        services.rename(me, form.full_name.data or "", actor_id=me)
    except services.NameVerified:
        return _account_page(422)
    flash(_("Your name is changed."), "success")
    return redirect(url_for(".account"), 303)


@route(room, "/account/password", permission="account.own", methods=("POST",))
def change_password() -> ResponseReturnValue:
    form = ChangePasswordForm()
    form.person = actor().email, actor().name
    if not form.validate_on_submit():
        return _account_page(422, password_form=form)
    try:
        services.change_password(
            actor().user_id or 0,
            current=form.current_password.data or "",
            new=form.new_password.data or "",
            keep=identity.current_token() or "",
            place=_place(),
        )
    except services.WrongPassword:
        form.current_password.errors = [_("This is not your present password.")]
        return _account_page(422, password_form=form)
    except TooManyAttempts:
        form.current_password.errors = [_("Too many failed attempts. Wait 15 minutes.")]
        return _account_page(429, password_form=form)
    flash(_("The new password is set; other devices have been signed out."), "success")
    return redirect(url_for(".account"), 303)


@route(room, "/account/sessions/end", permission="account.own", methods=("POST",))
def sign_out_elsewhere() -> ResponseReturnValue:
    services.end_other_sessions(actor().user_id or 0, keep=identity.current_token())
    flash(_("You are signed in on this device only."), "success")
    return redirect(url_for(".account"), 303)


@route(room, "/account/confirm", permission="account.own", methods=("POST",))
def resend_confirmation() -> ResponseReturnValue:
    try:
        services.ask_for_confirmation(actor().user_id or 0, _place())
    except TooManyAttempts:
        flash(_("Too many letters were asked for. Wait an hour, then try again."), "warning")
        return redirect(url_for(".account"), 303)
    return redirect(url_for(".letter_sent", about="confirm"), 303)


def _account_page(
    status: int,
    name_form: NameForm | None = None,
    password_form: ChangePasswordForm | None = None,
) -> ResponseReturnValue:
    user = _me()
    return render_template(
        "accounts/account.html",
        user=user,
        name_form=name_form or NameForm(formdata=None, full_name=user.full_name),
        password_form=password_form or ChangePasswordForm(formdata=None),
        sessions=queries.sessions_of(user.id),
        here=queries.token_hash(identity.current_token() or ""),
        device=device,
    ), status


@route(room, "/language", permission="site.read", methods=("POST",))
def language() -> ResponseReturnValue:
    code = request.form.get("locale", "")
    if code not in LOCALES or not web.same_site():
        abort(400)
    if actor().user_id is not None:
        services.set_locale(actor().user_id or 0, code)
    response = redirect(web.safe_next(request.form.get("next")) or url_for("reading.home"), 303)
    response.set_cookie(
        LOCALE_COOKIE,
        code,
        max_age=365 * 86_400,
        secure=settings().secure_cookies,
        httponly=True,
        samesite="Lax",
    )
    return response
