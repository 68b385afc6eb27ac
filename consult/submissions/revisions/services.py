"""Revising a received point until the closing: every wording is kept, the latest counts."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import select, update

from consult.core import audit
from consult.core.db import db
from consult.core.i18n import format_datetime
from consult.jobs.services import enqueue
from consult.ledger import services as ledger
from consult.submissions import receipts
from consult.submissions.commands import NewPoint
from consult.submissions.models import PAPER, Identity, Point
from consult.submissions.point_words import WORDS, point_rows
from consult.submissions.revisions.models import PointRevision
from consult.submissions.rows import lock, shown_actor
from consult.submissions.services import check_open

# What a revision keeps of the words that it replaces.
_KEPT = (
    "question_id",
    "kind",
    "stance",
    "quote",
    "quote_start",
    "quote_end",
    "argument",
    "proposed_wording",
)


class Withdrawn(Exception):
    """The point has been withdrawn, so it can no longer be revised."""


class SignedJointly(Exception):
    """The point is a club's: what its members have signed is not changed afterwards."""


class RevisedMeanwhile(Exception):
    """The point was revised since the form was opened; ``number`` is that of its wording now."""

    def __init__(self, number: int) -> None:
        super().__init__(str(number))
        self.number = number


class RevisePoint(Struct, frozen=True):
    """Give a received point other ``words``; ``base`` is the number of the wording they are on.

    The provision stays. ``words.form_key`` tells a repeated post from a new one. Of what staff
    entered, ``author_id`` is whoever corrects the transcription.
    """

    point: Point
    author_id: int
    words: NewPoint
    base: int
    received_at: datetime


def revise(command: RevisePoint) -> bool:
    """Revise a point as of ``received_at``; return False when nothing is different.

    A repeated command changes nothing and returns True. Raises NotAccepting, Withdrawn,
    SignedJointly, RevisedMeanwhile, UnknownQuestion, UnusableText. Writes the point, the
    revision, a ledger leaf and an audit entry; enqueues search.index and a notice to the author.
    """
    point, words = command.point, command.words
    lock(command.author_id)
    _fresh(point)
    known = list(
        db.session.scalars(
            select(PointRevision.form_key)
            .where(PointRevision.point_id == point.id)
            .order_by(PointRevision.number)
        )
    )
    if words.form_key in known:
        return True
    submission = point.submission
    if submission.channel == "joint":
        raise SignedJointly
    if submission.channel not in PAPER:  # what staff may correct, and until when: `paper_services`
        check_open(submission.consultation, command.received_at)
    if point.withdrawn_at is not None:
        raise Withdrawn
    if command.base != len(known):
        raise RevisedMeanwhile(len(known))
    row = _row(point, words)
    if all(row[name] == getattr(point, name) for name in _KEPT):
        return False
    revision = _record(command, number=len(known) + 1, row=row)
    content = receipts.revision_content(
        reference=submission.reference,
        ordinal=point.ordinal,
        number=revision.number,
        revised_at=command.received_at,
        words=receipts.recorded(point),
    )
    ledger.append("revision", revision.id, content, at=command.received_at)
    _tell(command, revision)
    return True


def _fresh(point: Point) -> None:
    """Read the point as it is now: another tab may have revised or withdrawn it meanwhile."""
    db.session.refresh(point, with_for_update={"of": Point})


def _row(point: Point, words: NewPoint) -> dict[str, Any]:
    [row] = point_rows(point.submission.consultation, [words], created_at=point.created_at)
    if words.quote == point.quote and not words.before:  # the same words, at the place they had
        row |= {"quote_start": point.quote_start, "quote_end": point.quote_end}
    return row


def _record(command: RevisePoint, *, number: int, row: dict[str, Any]) -> PointRevision:
    point = command.point
    revision = PointRevision(
        point_id=point.id,
        number=number,
        form_key=command.words.form_key,
        revised_at=command.received_at,
        **{name: getattr(point, name) for name in _KEPT},
    )
    db.session.add(revision)
    db.session.flush()
    db.session.execute(
        update(Point)
        .where(Point.id == point.id)
        .values({name: row[name] for name in WORDS} | {"revised_at": command.received_at})
        .execution_options(synchronize_session=False)
    )
    db.session.refresh(point)
    return revision


def _tell(command: RevisePoint, revision: PointRevision) -> None:
    point, submission = command.point, command.point.submission
    identity = submission.authorship.identity
    audit.record(
        "point.revised",
        actor_id=command.author_id
        if submission.channel in PAPER
        else shown_actor(command.author_id, identity),
        subject=("point", point.id),
        details={"revision": revision.number},
    )
    enqueue("search.index", {"kind": "submission", "id": submission.id})
    if submission.channel in PAPER:  # nobody's account is behind it
        return
    if identity is Identity.SEALED:
        # Neither the job nor the notice says whose it is, or what of.
        news = {"submission_ids": [submission.id], "kind": "contribution.news"}
        enqueue("notifications.tell_sealed", news | {"fact": f"revised:{revision.id}"})
        return
    enqueue(
        "notifications.tell",
        {
            "user_ids": [command.author_id],
            "kind": "point.revised",
            "params": {
                "code": point.code,
                "round": submission.consultation.title,
                "number": revision.number,
                "at": format_datetime(command.received_at, seconds=True),
            },
            "url": f"/receipts/{submission.reference}",
            "dedupe": f"revision:{revision.id}",
        },
    )
