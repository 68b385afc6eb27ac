"""The request's course: one transaction, the route helper that asks the policy, lost posts."""

from __future__ import annotations

import errno
import inspect
import re
from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from typing import Any, NoReturn
from urllib.parse import urlsplit

from flask import Blueprint, Flask, Response, abort, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError, CSRFProtect
from sqlalchemy.exc import InterfaceError, OperationalError, TimeoutError
from werkzeug.exceptions import HTTPException, InternalServerError
from werkzeug.routing import Rule

from consult.core import arrivals, clock
from consult.core.db import db, transaction
from consult.core.permissions import NOBODY, actor, can, policy
from consult.core.sealing import KeyMissing
from consult.core.settings import settings

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
# What browsers drop from an address, or read as a slash, before they look where it leads.
_TRICKY = re.compile(r"[\x00-\x20\x7f\\]")
# No row has a greater id; SQLite cannot even be asked for one.
_GREATEST_ID = 2**31 - 1
# Never carried through a page: secrets and what belongs to the old page.
_NOT_KEPT = frozenset({"csrf_token", "password", "new_password", "current_password"})

_PAGES = frozenset({400, 403, 404, 408, 409, 410, 411, 413, 429, 500, 503})


class SignInRequired(HTTPException):
    """Somebody not signed in asked for what only signed-in people may do."""

    code = 401


class LateRule(Rule):
    """A URL rule whose builders are compiled when its first URL is built.

    Werkzeug compiles two functions for each rule at once, a tenth of the portal's start.
    """

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        def first(rule: LateRule, /, **values: Any) -> tuple[str, str]:
            made = super(LateRule, rule)._compile_builder(append_unknown).__get__(rule, None)
            setattr(rule, "_build_unknown" if append_unknown else "_build", made)
            return made(**values)

        return first


class Consult(Flask):
    """Flask with the product's transaction around every request."""

    url_rule_class = LateRule

    def full_dispatch_request(self) -> Response:
        """Note when the request's head arrived, then run the whole of it in one transaction.

        The answer is complete before the commit, so a failed commit is a failed request and
        nothing is acknowledged that is not kept.
        """
        g.received_at = clock.at(arrivals.arrived(request.environ, settings().arrival_header))
        with transaction(write=request.method not in SAFE_METHODS):
            return super().full_dispatch_request()

    def handle_user_exception(self, e: Exception) -> Any:
        """Undo what the request wrote before its error page is made."""
        db.session.rollback()
        return super().handle_user_exception(e)


def received_at() -> Any:
    """Return the instant at which the present request arrived (aware, UTC)."""
    return g.received_at


def route(
    room: Blueprint,
    rule: str,
    *,
    permission: str,
    load: Callable[..., Any] | None = None,
    methods: Sequence[str] = ("GET",),
    endpoint: str | None = None,
) -> Callable[[Callable[..., ResponseReturnValue]], Callable[..., ResponseReturnValue]]:
    """Declare a route: load the subject, ask the policy, then call the view.

    ``load`` takes the URL's parameters that its signature names and returns the subject or
    None (404). The view gets the subject first (when there is a loader), then the parameters
    that the loader did not take. A refusal is 404 where the policy hides, 401 with a way to
    sign in for somebody not signed in, otherwise 403.
    """
    taken = frozenset(inspect.signature(load).parameters) if load else frozenset[str]()

    def declare(view: Callable[..., ResponseReturnValue]) -> Callable[..., ResponseReturnValue]:
        @wraps(view)
        def guarded(**parameters: Any) -> ResponseReturnValue:
            if any(isinstance(p, int) and p > _GREATEST_ID for p in parameters.values()):
                abort(404)
            if load is None:
                check(permission, None)
                return view(**parameters)
            subject = load(**{k: v for k, v in parameters.items() if k in taken})
            if subject is None:
                abort(404)
            check(permission, subject)
            return view(subject, **{k: v for k, v in parameters.items() if k not in taken})

        guarded.consult_permission = permission  # type: ignore[attr-defined]
        room.add_url_rule(rule, endpoint or view.__name__, guarded, methods=list(methods))
        return guarded

    return declare


def check(permission: str, subject: Any) -> None:
    """Return when the actor may; otherwise raise the refusal that the policy wants."""
    if not can(permission, subject):
        refuse(permission)


def refuse(permission: str) -> NoReturn:
    """Raise the refusal for ``permission``: hidden, sign-in required or forbidden."""
    if policy().rules[permission].hidden and actor() is not NOBODY:
        abort(404)
    if actor() is NOBODY:
        raise SignInRequired
    abort(403)


def row_ids(texts: Iterable[str]) -> list[int]:
    """Return those of ``texts`` that could be the id of a row, as numbers."""
    numbers = (int(t) for t in texts if t.isascii() and t.isdecimal() and len(t) <= 10)
    return [number for number in numbers if number <= _GREATEST_ID]


def safe_next(target: str | None) -> str | None:
    """Return ``target`` when it is a path of this site, else None (no open redirect)."""
    if not target or not target.startswith("/") or target.startswith("//"):
        return None
    return None if _TRICKY.search(target) else target


def kept_fields() -> list[tuple[str, str]]:
    """Return what the person typed in the present post, without secrets, in order."""
    return [
        (name, value) for name, value in request.form.items(multi=True) if name not in _NOT_KEPT
    ]


def typed_words() -> list[str]:
    """Return what the person wrote in the present post: fields of more than one word."""
    if request.method in SAFE_METHODS or not same_site():
        return []
    return [value for _name, value in kept_fields() if len(value.split()) > 1]


def same_site() -> bool:
    """Return whether the post came from a page of this site (Fetch Metadata, else Origin)."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc == request.host


def render_kept(url: str, fields: Sequence[tuple[str, str]], status: int) -> ResponseReturnValue:
    """Return the page that shows what was typed and sends it again with a fresh token."""
    return render_template("errors/kept.html", url=url, fields=fields), status


def receive() -> None:
    """Take in the whole body before anybody asks the database.

    The first question begins the transaction, and a person who posts over a slow line must not
    hold it, on SQLite the one lock for writing, until the last byte has come. A NUL in the
    address is refused: PostgreSQL cannot be asked for one. So is a body that the web worker did
    not take in: too large, too slow, of unknown length.
    """
    if refused := request.environ.get(arrivals.REFUSED):
        abort(refused)
    if "\x00" in request.path or b"%00" in request.query_string:
        abort(400)
    if request.method not in SAFE_METHODS:
        _ = request.form


def _csrf_failed(error: CSRFError) -> ResponseReturnValue:
    fields = kept_fields()
    if fields and same_site():
        if actor() is NOBODY and request.blueprint != "accounts":  # signed out while writing
            return _sign_in_required(SignInRequired())
        return render_kept(request.full_path.rstrip("?"), fields, 400)
    return render_template("errors/400.html", reason=error.description), 400


def _sign_in_required(_error: SignInRequired) -> ResponseReturnValue:
    if request.method in SAFE_METHODS:
        return redirect(url_for("accounts.sign_in", next=request.full_path.rstrip("?")))
    return render_template(
        "errors/sign_in_again.html",
        url=request.full_path.rstrip("?"),
        fields=kept_fields() if same_site() else [],
    ), 401


def _http_error(error: HTTPException) -> ResponseReturnValue:
    code = error.code or 500
    known = code if code in _PAGES else 400
    url = request.full_path.rstrip("?")
    # A right can end, and a thing can go, while somebody writes.
    typed = typed_words() if code in (403, 404) else []
    page = render_template(f"errors/{known}.html", reason=error.description, url=url, typed=typed)
    return page, code


def _failure(error: InternalServerError) -> ResponseReturnValue:
    """Say what a person can do; the words are kept when disk or database refused them."""
    cause = error.original_exception
    full = isinstance(cause, OSError) and cause.errno in (errno.ENOSPC, errno.EDQUOT)
    passing = (OperationalError, InterfaceError, TimeoutError, KeyMissing)
    if not full and not isinstance(cause, passing):
        return _http_error(error)
    posted = request.method not in SAFE_METHODS and same_site()
    page = render_template(
        "errors/503.html",
        url=request.full_path.rstrip("?"),
        fields=kept_fields() if posted else [],
    )
    return page, 503, {"Retry-After": "30"}


def setup(app: Flask) -> None:
    """Attach CSRF protection, the error pages and the security headers to ``app``."""
    CSRFProtect(app)
    app.register_error_handler(CSRFError, _csrf_failed)
    app.register_error_handler(SignInRequired, _sign_in_required)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(InternalServerError, _failure)
    app.after_request(_headers)


def _headers(response: Response) -> Response:
    response.headers.setdefault(
        "Content-Security-Policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'; manifest-src 'self'",
    )
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
    response.headers.setdefault("X-Frame-Options", "DENY")
    response.headers.setdefault(
        "Cache-Control", "no-store" if actor() is not NOBODY else "private, no-cache"
    )
    return response
