"""Writing accounts: sessions, passwords, registration, one-time links."""

from __future__ import annotations

import secrets
from datetime import timedelta

from consult.accounts.models import SignInSession, User
from consult.accounts.queries import token_hash
from consult.core import clock
from consult.core.db import db

SESSION_DAYS = 14


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
