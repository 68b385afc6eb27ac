"""Reading accounts."""

from __future__ import annotations

import hashlib
from collections.abc import Collection

from sqlalchemy import bindparam, select

from consult.accounts.models import OneTimeToken, RoleGrant, SignInSession, User
from consult.core import clock
from consult.core.db import db
from consult.core.permissions import Actor


def token_hash(token: str) -> str:
    """Return the hexadecimal SHA-256 under which a token is kept."""
    return hashlib.sha256(token.encode()).hexdigest()


# Asked on every request of whoever is signed in, so made once and read as plain rows: a tenth
# of what loading the objects costs.
_SESSION = (
    select(
        SignInSession.expires_at,
        User.id,
        User.full_name,
        User.email,
        User.locale,
        User.verified_at,
        User.email_confirmed_at,
        RoleGrant.role,
        RoleGrant.organisation_id,
    )
    .join(User, User.id == SignInSession.user_id)
    .outerjoin(RoleGrant, RoleGrant.user_id == User.id)
    .where(SignInSession.token_hash == bindparam("token_hash"), User.disabled_at.is_(None))
)


def actor_of_session(token: str) -> Actor | None:
    """Return the enabled user whose unexpired session has ``token``, or None; one query."""
    connection = db.session().connection()
    rows = connection.execute(_SESSION, {"token_hash": token_hash(token)}).all()
    if not rows or rows[0].expires_at <= clock.now():
        return None
    first = rows[0]
    return Actor(
        user_id=first.id,
        name=first.full_name,
        email=first.email,
        locale=first.locale,
        verified=first.verified_at is not None,
        confirmed=first.email_confirmed_at is not None,
        roles=frozenset((row.role, row.organisation_id) for row in rows if row.role is not None),
    )


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


def names_of(user_ids: Collection[int]) -> dict[int, str]:
    """Return the full names of these users by id; one query, none for nobody."""
    if not user_ids:
        return {}
    rows = db.session.execute(select(User.id, User.full_name).where(User.id.in_(user_ids)))
    return dict(rows.all())
