"""Reading notifications and the outbox."""

from __future__ import annotations

from sqlalchemy import Select, func, select

from consult.core.db import db
from consult.notifications.models import Notification, OutgoingEmail


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


def notices_of(user_id: int) -> Select[Notification]:
    """Return the statement of the user's notifications, newest first."""
    return (
        select(Notification)
        .where(Notification.user_id == user_id)
        .order_by(Notification.created_at.desc(), Notification.id.desc())
    )


def notice(notice_id: int) -> Notification | None:
    """Return a notification, or None."""
    return db.session.get(Notification, notice_id)


def outbox() -> Select[OutgoingEmail]:
    """Return the statement of all e-mails, newest first."""
    return select(OutgoingEmail).order_by(OutgoingEmail.id.desc())
