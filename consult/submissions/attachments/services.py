"""Attaching files to points that are not sent yet, and what becomes of them at sending.

A form's files wait for it as its words do; with its point they come into the basket.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from itertools import groupby
from typing import Any, Final

from msgspec import Struct
from sqlalchemy import ColumnElement, and_, delete, func, or_, select, update

from consult.core import clock, files
from consult.core.db import db
from consult.core.settings import settings
from consult.submissions import vault
from consult.submissions.attachments.models import Attachment
from consult.submissions.attachments.screening import Refused, Screened
from consult.submissions.commands import AlreadySent
from consult.submissions.models import Identity, Point, Submission
from consult.submissions.receipts import attached
from consult.submissions.rows import lock

_FORGOTTEN_AFTER: Final = timedelta(days=90)


class Holder(Struct, frozen=True):
    """What files are attached to: a point of the basket, or the form with ``form_key``.

    ``place`` is the form's (`KeptWords`).
    """

    round_id: int
    user_id: int
    form_key: str = ""
    place: str = ""
    point_id: int | None = None

    @property
    def owner(self) -> str:
        """What stands for the person, in this round only. Raises KeyMissing."""
        return vault.keyring().tag("attached", self.round_id, self.user_id)

    @property
    def held(self) -> tuple[ColumnElement[bool], ...]:
        """The condition of the files attached to this. Raises KeyMissing."""
        if self.point_id is not None:
            return (Attachment.point_id == self.point_id,)
        return Attachment.owner == self.owner, Attachment.form_key == self.form_key


def attach(holder: Holder, file: Screened) -> Attachment:
    """Keep a screened file; the caller has screened it before this transaction's first write.

    Raises Refused ``twice``, ``too_many`` or ``too_much`` for what the point or the whole
    contribution holds already, AlreadySent, KeyMissing, OSError on a full disk. Writes the file
    and one row.
    """
    lock(holder.user_id)
    _check_unsent(holder)
    known = list(db.session.scalars(select(Attachment).where(*holder.held)))
    if len(known) >= settings().max_attachments:
        raise Refused("too_many", limit=settings().max_attachments)
    if _attached_bytes(holder) + len(file.data) > settings().max_attached_bytes:
        raise Refused("too_much", limit=settings().max_attached_bytes >> 20)
    digest = files.keep(file.data)
    for other in known:
        if other.sha256 == digest:
            raise Refused("twice", other=other.name)
    waits = holder.point_id is None
    row = Attachment(
        point_id=holder.point_id,
        owner=holder.owner if waits else None,
        form_key=holder.form_key if waits else "",
        place=holder.place if waits else "",
        ordinal=max((other.ordinal for other in known), default=0) + 1,
        name=file.name,
        kind=file.kind,
        size=len(file.data),
        sha256=digest,
        created_at=clock.now(),
    )
    db.session.add(row)
    db.session.flush()
    return row


def _check_unsent(holder: Holder) -> None:
    if holder.point_id is not None and not db.session.scalar(
        select(Point.id).where(Point.id == holder.point_id, Point.received_at.is_(None))
    ):
        raise AlreadySent


def _attached_bytes(holder: Holder) -> int:
    """Return the size of all files of the person's contribution that is not sent yet."""
    mark = vault.basket_mark(holder.user_id, holder.round_id)
    basket = select(Point.id).join(Submission).where(Submission.draft_of == mark).scalar_subquery()
    mine = or_(Attachment.owner == holder.owner, Attachment.point_id.in_(basket))
    return db.session.scalar(select(func.sum(Attachment.size)).where(mine)) or 0


def detach(holder: Holder, attachment_id: int) -> bool:
    """Take a file off; return whether it was there. AlreadySent when it has been received."""
    lock(holder.user_id)
    _check_unsent(holder)
    gone = db.session.execute(
        delete(Attachment)
        .where(*holder.held, Attachment.id == attachment_id)
        .returning(Attachment.id)
    )
    return gone.first() is not None


def discard(holder: Holder) -> None:
    """Take off all files of a form that is thrown away."""
    db.session.execute(delete(Attachment).where(*holder.held))


def claim(user_id: int, round_id: int, form_key: str, point_id: int) -> None:
    """Give the files that wait for a form to its point; those that it has already go."""
    form = Holder(round_id, user_id, form_key)
    there = select(Attachment.sha256).where(Attachment.point_id == point_id).scalar_subquery()
    db.session.execute(delete(Attachment).where(*form.held, Attachment.sha256.in_(there)))
    db.session.execute(
        update(Attachment)
        .where(*form.held)
        .values(point_id=point_id, owner=None, form_key="", place="")
        .execution_options(synchronize_session=False)
    )


class Arrival(Struct, frozen=True):
    """Points that are being received; ``forms`` are the keys of forms with files by ordinal.

    ``earlier`` are points of the basket that the submission replaces: their files are the
    first point's.
    """

    submission_id: int
    round_id: int
    user_id: int | None
    identity: Identity
    forms: Mapping[int, str]
    earlier: Collection[int] = ()


def settle(arrival: Arrival) -> dict[int, tuple[dict[str, Any], ...]]:
    """Bring files to the points that they arrive with; return them as `receive` does."""
    if not arrival.earlier and not arrival.forms:
        return {}
    ids = dict(
        db.session.execute(
            select(Point.ordinal, Point.id).where(Point.submission_id == arrival.submission_id)
        ).all()
    )
    if arrival.earlier:
        db.session.execute(
            update(Attachment)
            .where(Attachment.point_id.in_(arrival.earlier))
            .values(point_id=ids[min(ids)])
            .execution_options(synchronize_session=False)
        )
    for ordinal, form_key in arrival.forms.items():
        if arrival.user_id is not None:
            claim(arrival.user_id, arrival.round_id, form_key, ids[ordinal])
    return receive(arrival.submission_id, arrival.identity)


def receive(submission_id: int, identity: Identity) -> dict[int, tuple[dict[str, Any], ...]]:
    """Return a submission's files by their points' ordinals, as the ledger records them.

    Where nobody is to learn the author's name they lose theirs, which may tell it. From now on
    the files stay whatever becomes of their rows.
    """
    rows = db.session.execute(
        select(Point.ordinal, Attachment)
        .join(Attachment.point)
        .where(Point.submission_id == submission_id)
        .order_by(Point.ordinal, Attachment.ordinal, Attachment.id)
    ).all()
    found: dict[int, tuple[dict[str, Any], ...]] = {}
    for ordinal, group in groupby(rows, key=_ordinal):
        mine = [attachment for _, attachment in group]
        if identity is not Identity.PUBLIC:
            for number, attachment in enumerate(mine, 1):
                attachment.name = f"tai-lieu-{number}.{attachment.kind}"
        found[ordinal] = attached(mine)
    files.hold([attachment.sha256 for _, attachment in rows])
    return found


def _ordinal(row: Sequence[Any]) -> int:
    return row[0]


def forget() -> int:
    """Delete what has waited three months for a form; return how many rows."""
    old = and_(
        Attachment.point_id.is_(None), Attachment.created_at < clock.now() - _FORGOTTEN_AFTER
    )
    return len(db.session.execute(delete(Attachment).where(old).returning(Attachment.id)).all())
