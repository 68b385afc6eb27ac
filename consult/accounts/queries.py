"""Reading accounts."""

from __future__ import annotations

import hashlib

from sqlalchemy import select

from consult.accounts.models import OneTimeToken, RoleGrant, SignInSession, User
from consult.core import clock
from consult.core.db import db


def token_hash(token: str) -> str:
    """Return the hexadecimal SHA-256 under which a token is kept."""
    return hashlib.sha256(token.encode()).hexdigest()


def user_of_session(token: str) -> User | None:
    """Return the enabled user whose unexpired session has ``token``, or None; two queries."""
    session = db.session.get(SignInSession, token_hash(token))
    if session is None or session.expires_at <= clock.now() or session.user.disabled_at:
        return None
    return session.user


def user_by_email(email: str) -> User | None:
    """Return the user with that address (case does not matter), or None."""
    return db.session.scalars(select(User).where(User.email == email.strip().lower())).first()


def users_with_role(role: str, organisation_id: int | None = None) -> list[User]:
    """Return the enabled users who hold ``role`` (in that organisation when given)."""
    statement = (
        select(User).join(RoleGrant).where(RoleGrant.role == role, User.disabled_at.is_(None))
    )
    if organisation_id is not None:
        statement = statement.where(RoleGrant.organisation_id == organisation_id)
    return list(db.session.scalars(statement.order_by(User.id)).unique())


def token_user(token: str, purpose: str) -> User | None:
    """Return whose unused, unexpired one-time token this is, or None; changes nothing."""
    return db.session.scalars(
        select(User)
        .join(OneTimeToken, OneTimeToken.user_id == User.id)
        .where(
            OneTimeToken.token_hash == token_hash(token),
            OneTimeToken.purpose == purpose,
            OneTimeToken.used_at.is_(None),
            OneTimeToken.expires_at > clock.now(),
            User.disabled_at.is_(None),
        )
    ).first()


def sessions_of(user_id: int) -> list[SignInSession]:
    """Return the user's unexpired sessions, the newest first."""
    statement = select(SignInSession).where(
        SignInSession.user_id == user_id, SignInSession.expires_at > clock.now()
    )
    return list(db.session.scalars(statement.order_by(SignInSession.created_at.desc())))


def demo_accounts() -> list[User]:
    """Return the demonstration's accounts that can sign in, in the order of their making."""
    statement = select(User).where(User.is_demo, User.disabled_at.is_(None)).order_by(User.id)
    return list(db.session.scalars(statement))


def user(user_id: int) -> User | None:
    """Return the user, or None."""
    return db.session.get(User, user_id)
