"""Telling people after the commit: notifications, letters with links, sending the outbox."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from consult.accounts.models import User
from consult.accounts.tokens import issue_token
from consult.consultations.models import Consultation
from consult.core import clock
from consult.core.db import db, transaction
from consult.core.settings import settings
from consult.jobs.registry import Payloads, Record, handles
from consult.notifications import services, sinks
from consult.notifications.models import OutgoingEmail
from consult.responses.models import AnsweredPoint, Response
from consult.submissions import vault
from consult.submissions.models import Authorship, Point


@handles("notifications.tell")
def tell(payloads: Payloads) -> None:
    """Tell the users of each payload (user_ids, kind, params, url, dedupe)."""
    for payload in payloads:
        services.tell(
            payload["user_ids"],
            payload["kind"],
            params=payload["params"],
            url=payload["url"],
            dedupe=payload["dedupe"],
            settings=settings(),
        )


@handles("notifications.answers_published")
def answers_published(payloads: Payloads) -> None:
    """Tell the authors of the points that the payload's published responses answer."""
    for payload in payloads:
        rows = db.session.execute(
            select(Authorship.user_id, Response.consultation_id, Point.id, Authorship.submission_id)
            .join(Point, Point.submission_id == Authorship.submission_id)
            .join(AnsweredPoint, AnsweredPoint.point_id == Point.id)
            .join(Response, Response.id == AnsweredPoint.response_id)
            .where(
                Response.id.in_(payload["response_ids"]),
                Response.published_at.is_not(None),
            )
        ).all()
        told: dict[tuple[int, int], set[int]] = defaultdict(set)
        sealed: set[int] = set()
        for user_id, consultation_id, point_id, submission_id in rows:
            if user_id is not None:
                told[user_id, consultation_id].add(point_id)
            else:
                sealed.add(submission_id)
        fact = f"answers.published:{min(payload['response_ids'])}:{max(payload['response_ids'])}"
        for (user_id, consultation_id), points in sorted(told.items()):
            title = db.session.get_one(
                Consultation, consultation_id, options=[joinedload(Consultation.version)]
            ).title
            services.tell(
                [user_id],
                "answers.published",
                params={"round": title, "count": len(points)},
                url="/my/contributions",
                dedupe=f"{fact}:{consultation_id}",
                settings=settings(),
            )
        _tell_sealed(sealed, "contribution.news", fact)


@handles("notifications.tell_sealed")
def tell_sealed(payloads: Payloads) -> None:
    """Tell those behind the payload's sealed submissions (submission_ids, kind, fact).

    Who they are is in no payload and not in the log. A notice says neither what it is on nor
    when that was, and its mark can be made with the vault's key only.
    """
    for payload in payloads:
        _tell_sealed(payload["submission_ids"], payload["kind"], payload["fact"])


def _tell_sealed(submission_ids: Collection[int], kind: str, fact: str) -> None:
    for user_id in sorted(set(vault.accounts_behind(submission_ids).values())):
        services.tell(
            [user_id],
            kind,
            params={},
            url="/my/contributions",
            dedupe=vault.fact_mark(fact, user_id),
            settings=settings(),
        )


@handles("notifications.link")
def link(payloads: Payloads) -> None:
    """Issue the one-time token of each payload (user_id, purpose) and post its letter."""
    for payload in payloads:
        user = db.session.get_one(User, payload["user_id"])
        token = issue_token(user, "confirm" if payload["purpose"] == "confirm" else "reset")
        services.post_link(user, payload["purpose"], token, settings())


@handles("notifications.send", slow=True)
def send(payloads: Payloads) -> Record:
    """Hand the payload's e-mail over; the outbox row then says when."""
    ids = [payload["email_id"] for payload in payloads]
    with transaction(write=False) as session:
        waiting = session.scalars(
            select(OutgoingEmail).where(OutgoingEmail.id.in_(ids), OutgoingEmail.sent_at.is_(None))
        ).all()
        session.expunge_all()
    for email in waiting:
        sinks.deliver(email, settings())

    def record() -> None:
        # A letter with a one-time link is of no use after it was sent, except to a thief.
        db.session.execute(
            update(OutgoingEmail)
            .where(OutgoingEmail.id.in_(ids))
            .values(sent_at=clock.now())
            .execution_options(synchronize_session=False)
        )
        db.session.execute(
            update(OutgoingEmail)
            .where(
                OutgoingEmail.id.in_(ids),
                OutgoingEmail.dedupe_key.startswith("confirm:")
                | OutgoingEmail.dedupe_key.startswith("reset:")
                | OutgoingEmail.dedupe_key.startswith("exists:"),
            )
            .values(body="")
            .execution_options(synchronize_session=False)
        )

    return record
