"""Who sends the present request: Flask-Login over sessions kept in the database."""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# (Flask-Login ships no types; this module is its only door.)
from __future__ import annotations

from typing import Any

from flask import Flask, g, session
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user

from consult.accounts import queries
from consult.accounts.models import User
from consult.core.permissions import NOBODY, Actor


class SignedIn(UserMixin):
    """Flask-Login's user: who acts, and the session token that the cookie carries."""

    def __init__(self, acting: Actor, token: str) -> None:
        self.actor = acting
        self.token = token

    def get_id(self) -> str:
        return self.token


def actor_of(user: User) -> Actor:
    """Return what decisions need to know of ``user``."""
    return Actor(
        user_id=user.id,
        name=user.full_name,
        email=user.email,
        locale=user.locale,
        verified=user.verified_at is not None,
        confirmed=user.email_confirmed_at is not None,
        roles=frozenset((grant.role, grant.organisation_id) for grant in user.roles),
    )


def begin(user: User, token: str) -> None:
    """Put the session ``token`` of ``user`` into a fresh cookie and act as that user.

    What the cookie held before is dropped, the token of the forms included: it may have been
    seen, or planted, by whoever used the browser before.
    """
    _empty_cookie()
    session.permanent = True
    g.actor = actor_of(user)
    login_user(SignedIn(g.actor, token))


def end() -> str | None:
    """Take the session out of the cookie; return its token for deletion, if there was one."""
    token = current_token()
    logout_user()
    _empty_cookie()
    g.actor = NOBODY
    return token


def current_token() -> str | None:
    """Return the token of the session that the present request belongs to, if it has one."""
    person: Any = current_user
    return person.token if isinstance(person._get_current_object(), SignedIn) else None


def names_session() -> bool:
    """Return whether the (signed) cookie names a session, good or not; asks no database."""
    return "_user_id" in session


def _empty_cookie() -> None:
    session.clear()
    g.pop("csrf_token", None)  # Flask-WTF's copy of the token that has just been dropped


def _load(token: str) -> SignedIn | None:
    acting = queries.actor_of_session(token)
    return None if acting is None else SignedIn(acting, token)


def _remember_actor() -> None:
    person: Any = current_user
    g.actor = person.actor if person.is_authenticated else NOBODY


def setup(app: Flask) -> None:
    """Attach Flask-Login to ``app``; must come before CSRF's check asks who is acting."""
    manager = LoginManager()
    # Templates ask `actor()`; looking the user up once more would break the page that says
    # that the database does not answer.
    manager.init_app(app, add_context_processor=False)
    # The token is checked against the database instead.
    manager.session_protection = None  # pyright: ignore[reportAttributeAccessIssue]
    manager.user_loader(_load)
    app.before_request(_remember_actor)
