"""Writing accounts: registration, sign-in, sessions, passwords, one-time links."""

from __future__ import annotations

import secrets
from datetime import timedelta

from msgspec import Struct
from sqlalchemy import delete

from consult.accounts import passwords
from consult.accounts.limits import FAILED_SIGN_IN, LETTER
from consult.accounts.models import SignInSession, User
from consult.accounts.queries import token_hash, token_user, user_by_email
from consult.accounts.tokens import DeadLink, issue_token, use_token
from consult.core import audit, clock
from consult.core.db import db, insert_ignore, release
from consult.jobs.services import enqueue

SESSION_DAYS = 14
# Of the text about personal data that people agree to; raised when its meaning changes.
CONSENT_VERSION = "2026-11"


class WrongCredentials(Exception):
    """No account has this address and password."""


class AccountDisabled(Exception):
    """The password is right, but an administrator has disabled the account."""


class WrongPassword(Exception):
    """The present password was not the one that was typed."""


class NameVerified(Exception):
    """The secretariat has verified the name, so its bearer alone cannot change it."""


class Register(Struct, frozen=True):
    """A new account as asked for; ``place`` tells apart where requests come from."""

    email: str
    full_name: str
    password: str
    locale: str
    place: str


class SignIn(Struct, frozen=True):
    """An attempt to sign in; ``place`` tells apart where requests come from."""

    email: str
    password: str
    place: str


def register(command: Register) -> None:
    """Make an unconfirmed account, or tell the owner of the existing one, by e-mail alone.

    Whoever asks learns nothing of whether the address is known: the work is the same, and so
    is what is returned. A second registration of an address that nobody has confirmed yet
    takes the password away, for either of the two may be a stranger's; the owner sets a new
    one after confirming. Consent is kept in the audit log with the version of its text.
    Raises TooManyAttempts. Writes the user; enqueues ``notifications.link``.
    """
    email = command.email.lower()
    LETTER.check(email, command.place)
    release()
    password_hash = passwords.hash_password(command.password)
    LETTER.count(email, command.place)
    new = User(full_name=command.full_name)  # for its folded name
    values = {
        "email": email,
        "full_name": new.full_name,
        "name_folded": new.name_folded,
        "password_hash": password_hash,
        "locale": command.locale,
        "created_at": clock.now(),
    }
    created = insert_ignore(User, values, "email")
    user = user_by_email(email)
    if user is None or user.disabled_at is not None:
        return
    purpose = "confirm" if user.email_confirmed_at is None else "exists"
    if created:
        details = {"consent": CONSENT_VERSION}
        audit.record(
            "account.registered", actor_id=user.id, subject=("user", user.id), details=details
        )
    elif purpose == "confirm":
        user.password_hash = ""
        end_other_sessions(user.id, keep=None)
    enqueue("notifications.link", {"user_id": user.id, "purpose": purpose})


def authenticate(command: SignIn) -> User:
    """Return the user whose address and password these are.

    An unknown address takes as long as a known one. Failures are counted by address and by
    place. Raises TooManyAttempts, WrongCredentials, AccountDisabled; the caller must let what
    was counted be committed. May rewrite the hash with today's parameters.
    """
    email = command.email.lower()
    FAILED_SIGN_IN.check(email, command.place)
    user = user_by_email(email)
    user_id, known = (user.id, user.password_hash) if user else (None, "")
    release()
    right = passwords.verify(known, command.password)
    fresh = (
        passwords.hash_password(command.password)
        if right and passwords.needs_rehash(known)
        else None
    )
    user = db.session.get(User, user_id, populate_existing=True) if user_id and right else None
    if user is None or user.password_hash != known:
        FAILED_SIGN_IN.count(email, command.place)
        raise WrongCredentials
    if user.disabled_at is not None:
        raise AccountDisabled
    if fresh:
        user.password_hash = fresh
    return user


def start_session(user: User, *, user_agent: str, days: int = SESSION_DAYS) -> str:
    """Begin a session of ``user`` for ``days`` and return its token, kept only as a hash.

    Deletes the user's sessions that have run out.
    """
    token = secrets.token_urlsafe(32)
    now = clock.now()
    db.session.execute(
        delete(SignInSession).where(
            SignInSession.user_id == user.id, SignInSession.expires_at <= now
        )
    )
    db.session.add(
        SignInSession(
            token_hash=token_hash(token),
            user_id=user.id,
            created_at=now,
            expires_at=now + timedelta(days=days),
            user_agent=user_agent[:200],
        )
    )
    db.session.flush()
    return token


def end_session(token: str) -> None:
    """Delete the session of ``token``; nothing happens when there is none."""
    db.session.execute(delete(SignInSession).where(SignInSession.token_hash == token_hash(token)))


def end_other_sessions(user_id: int, *, keep: str | None) -> int:
    """Delete the user's sessions except the one of the token ``keep``; return how many."""
    statement = delete(SignInSession).where(SignInSession.user_id == user_id)
    if keep is not None:
        statement = statement.where(SignInSession.token_hash != token_hash(keep))
    return db.session.connection().execute(statement).rowcount


def ask_for_reset(email: str, place: str) -> None:
    """Send a link for a new password when there is such an account; the answer never tells.

    Raises TooManyAttempts. Enqueues ``notifications.link``.
    """
    email = email.lower()
    LETTER.check(email, place)
    LETTER.count(email, place)
    user = user_by_email(email)
    if user is not None and user.disabled_at is None:
        enqueue("notifications.link", {"user_id": user.id, "purpose": "reset"})


def ask_for_confirmation(user_id: int, place: str) -> None:
    """Send the link that confirms the address once more, unless it is confirmed already.

    Raises TooManyAttempts. Enqueues ``notifications.link``.
    """
    user = db.session.get_one(User, user_id)
    LETTER.check(user.email, place)
    if user.email_confirmed_at is None:
        LETTER.count(user.email, place)
        enqueue("notifications.link", {"user_id": user.id, "purpose": "confirm"})


def confirm_email(token: str) -> str | None:
    """Confirm the address to which the link was sent.

    Returns a token for setting a password when the account has none in force (see
    `register`), else None. Raises DeadLink.
    """
    user = use_token(token, "confirm")
    if user.email_confirmed_at is None:
        user.email_confirmed_at = clock.now()
        audit.record("account.confirmed", actor_id=user.id, subject=("user", user.id))
    return None if user.password_hash else issue_token(user, "reset")


def set_password_by_link(token: str, password: str) -> None:
    """Set the password of the link's user; the link proves the address, so that is confirmed.

    Ends all of the user's sessions. Raises DeadLink.
    """
    if token_user(token, "reset") is None:
        raise DeadLink
    release()
    password_hash = passwords.hash_password(password)
    user = use_token(token, "reset")
    user.password_hash = password_hash
    user.email_confirmed_at = user.email_confirmed_at or clock.now()
    end_other_sessions(user.id, keep=None)
    audit.record("account.password_reset", actor_id=user.id, subject=("user", user.id))


def change_password(user_id: int, *, current: str, new: str, keep: str, place: str) -> None:
    """Change the password of somebody who knows the present one.

    Ends the user's sessions except the one of the token ``keep``. Raises WrongPassword and
    TooManyAttempts; wrong guesses count as failed sign-ins.
    """
    user = db.session.get_one(User, user_id)
    email, known = user.email, user.password_hash
    FAILED_SIGN_IN.check(email, place)
    release()
    right = passwords.verify(known, current)
    password_hash = passwords.hash_password(new) if right else ""
    if not right:
        FAILED_SIGN_IN.count(email, place)
        raise WrongPassword
    user = db.session.get_one(User, user_id)
    user.password_hash = password_hash
    end_other_sessions(user_id, keep=keep)
    audit.record("account.password_changed", actor_id=user_id, subject=("user", user_id))


def rename(user_id: int, full_name: str, *, actor_id: int) -> None:
    """Change the user's name. Raises NameVerified when its verified bearer asks alone."""
    user = db.session.get_one(User, user_id)
    if full_name == user.full_name:
        return
    if actor_id == user_id and user.verified_at is not None:
        raise NameVerified
    user.full_name = full_name
    audit.record("account.renamed", actor_id=actor_id, subject=("user", user_id))


def set_locale(user_id: int, locale: str) -> None:
    """Remember the language in which the user reads the portal and its letters."""
    db.session.get_one(User, user_id).locale = locale


def mark_verified(user_id: int) -> None:
    """Let the user count as verified from now on; `people` decides whether and tells."""
    user = db.session.get_one(User, user_id)
    user.verified_at = user.verified_at or clock.now()
