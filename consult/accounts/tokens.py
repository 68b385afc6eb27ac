"""One-time tokens: what the links in our letters carry."""

from __future__ import annotations

import secrets
from datetime import timedelta

from sqlalchemy import delete, or_, update

from consult.accounts.models import OneTimeToken, User
from consult.accounts.queries import token_hash
from consult.core import clock
from consult.core.db import db

LIFETIMES = {"confirm": timedelta(hours=24), "reset": timedelta(hours=1)}


class DeadLink(Exception):
    """The one-time link was used, has expired or never existed."""


def issue_token(user: User, purpose: str) -> str:
    """Return a new one-time token for ``user``, kept only as a hash.

    ``purpose`` is "confirm" (24 hours) or "reset" (one hour). Used and expired tokens of the
    user are deleted; older ones that still hold stay good until one of them is used.
    """
    now = clock.now()
    db.session.execute(
        delete(OneTimeToken).where(
            OneTimeToken.user_id == user.id,
            or_(OneTimeToken.used_at.is_not(None), OneTimeToken.expires_at <= now),
        )
    )
    token = secrets.token_urlsafe(32)
    db.session.add(
        OneTimeToken(
            token_hash=token_hash(token),
            user_id=user.id,
            purpose=purpose,
            expires_at=now + LIFETIMES[purpose],
        )
    )
    db.session.flush()
    return token


def use_token(token: str, purpose: str) -> User:
    """Use the token up, with the user's others of its purpose, and return its user.

    Of several presses at once only one succeeds. Raises DeadLink.
    """
    now = clock.now()
    used = db.session.connection().execute(
        update(OneTimeToken)
        .where(
            OneTimeToken.token_hash == token_hash(token),
            OneTimeToken.purpose == purpose,
            OneTimeToken.used_at.is_(None),
            OneTimeToken.expires_at > now,
        )
        .values(used_at=now)
        .returning(OneTimeToken.user_id)
    )
    user_id = used.scalar_one_or_none()
    user = db.session.get(User, user_id) if user_id is not None else None
    if user is None or user.disabled_at is not None:
        raise DeadLink
    db.session.connection().execute(
        update(OneTimeToken)
        .where(
            OneTimeToken.user_id == user.id,
            OneTimeToken.purpose == purpose,
            OneTimeToken.used_at.is_(None),
        )
        .values(used_at=now)
    )
    return user
