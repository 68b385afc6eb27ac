"""Reading notifications."""

from __future__ import annotations

from sqlalchemy import func, select

from consult.core.db import db
from consult.notifications.models import Notification


def unread_count(user_id: int) -> int:
    """Return how many notifications the user has not read."""
    return (
        db.session.scalar(
            select(func.count()).where(
                Notification.user_id == user_id, Notification.read_at.is_(None)
            )
        )
        or 0
    )
