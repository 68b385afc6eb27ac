"""Telling people: notification rows and e-mails in the transaction of the fact."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select, update

from config import Settings
from consult.accounts.models import User
from consult.core import clock
from consult.core.db import db, insert_ignore
from consult.core.i18n import _, force_locale
from consult.core.portal import portal
from consult.core.text import squeeze
from consult.jobs.services import enqueue
from consult.ledger import checkpoints
from consult.notifications.messages import message
from consult.notifications.models import Notification, OutgoingEmail

# Letters on what the log has a leaf of: kept by many, they hold the portal to its log.
ATTESTED = frozenset({"submission.received", "answers.published", "summary.released"})


def tell(
    user_ids: Iterable[int],
    kind: str,
    *,
    params: dict[str, Any],
    url: str,
    dedupe: str,
    settings: Settings,
) -> None:
    """Notify each user once of the fact ``dedupe``, in the app and by e-mail.

    ``url`` is a path of this site. Repeating the call for the same fact does nothing.
    Letters of a kind in `ATTESTED` carry the log's signed checkpoint.
    Writes notifications and e-mails; enqueues ``notifications.send`` for each e-mail.
    """
    users = db.session.scalars(
        select(User).where(User.id.in_(set(user_ids)), User.disabled_at.is_(None)).order_by(User.id)
    )
    attested = checkpoints.note() if kind in ATTESTED else ""
    for user in users:
        new = insert_ignore(
            Notification,
            {
                "user_id": user.id,
                "kind": kind,
                "params": params,
                "url": url,
                "dedupe_key": dedupe,
                "created_at": clock.now(),
            },
            "user_id",
            "dedupe_key",
        )
        if not new:
            continue
        with force_locale(user.locale or settings.default_locale):
            text = message(kind, params)
            body = _compose(user.full_name, text.body, settings.base_url + url, attested)
        post(user.email, text.title, body, dedupe=f"{dedupe}:{user.id}")


def post(to_address: str, subject: str, body: str, *, dedupe: str) -> None:
    """Put an e-mail into the outbox, once for each ``dedupe``; enqueues its sending."""
    new = insert_ignore(
        OutgoingEmail,
        {
            "dedupe_key": dedupe,
            "to_address": to_address,
            "subject": squeeze(subject)[:300],
            "body": body,
            "created_at": clock.now(),
        },
        "dedupe_key",
    )
    if new:
        email_id = db.session.scalar(
            select(OutgoingEmail.id).where(OutgoingEmail.dedupe_key == dedupe)
        )
        enqueue("notifications.send", {"email_id": email_id})


def post_link(user: User, purpose: str, token: str, settings: Settings) -> None:
    """Put the e-mail with a one-time link into the outbox.

    ``purpose``: confirm, reset, or exists (somebody registered an address that has an account).
    """
    path = "/confirm/" if purpose == "confirm" else "/password/reset/"
    with force_locale(user.locale or settings.default_locale):
        if purpose == "confirm":
            subject = _("Confirm your e-mail address")
            sentence = _("Open this link within 24 hours to confirm your e-mail address.")
        elif purpose == "exists":
            subject = _("You already have an account")
            sentence = _(
                "Somebody, perhaps you, tried to register with this address, which has an account "
                "already. Sign in with your password; if you have forgotten it, this link lets you "
                "choose a new one within an hour. If it was not you, you need not do anything."
            )
        else:
            subject = _("Choose a new password")
            sentence = _(
                "Open this link within an hour to choose a new password. "
                "If you did not ask for it, you need not do anything."
            )
        # Whose address is not confirmed may be a stranger's victim: he gets none of his words.
        name = user.full_name if user.email_confirmed_at else user.email
        body = _compose(name, sentence, settings.base_url + path + token)
    post(user.email, subject, body, dedupe=f"{purpose}:{user.id}:{clock.now().isoformat()}")


def _compose(name: str, sentence: str, link: str, attested: str = "") -> str:
    greeting = _("Dear %(name)s,", name=name)
    reason = _("You receive this letter because you have an account on this portal.")
    if attested:
        keep = _(
            "Checkpoint of the portal's log when this letter was written. Keep it: with it anybody "
            "can later prove whether something that the log held then was altered or taken out."
        )
        link = f"{link}\n\n{keep}\n\n{attested.strip()}"
    return f"{greeting}\n\n{sentence}\n\n{link}\n\n--\n{portal().name}\n{reason}\n"


def mark_read(user_id: int, notice_id: int | None = None) -> None:
    """Mark one of the user's notifications as read, or all of them when no id is given."""
    statement = update(Notification).where(
        Notification.user_id == user_id, Notification.read_at.is_(None)
    )
    if notice_id is not None:
        statement = statement.where(Notification.id == notice_id)
    db.session.execute(statement.values(read_at=clock.now()))
