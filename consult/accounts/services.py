"""Writing accounts: sessions, passwords, registration, one-time links."""

from __future__ import annotations

import secrets
from datetime import timedelta

from sqlalchemy import delete, or_

from consult.accounts.models import OneTimeToken, SignInSession, User
from consult.accounts.queries import token_hash
from consult.core import clock
from consult.core.db import db

SESSION_DAYS = 14
LIFETIMES = {"confirm": timedelta(hours=24), "reset": timedelta(hours=1)}


def start_session(user: User, *, user_agent: str, days: int = SESSION_DAYS) -> str:
    """Begin a session of ``user`` for ``days`` and return its token, kept only as a hash."""
    token = secrets.token_urlsafe(32)
    now = clock.now()
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
