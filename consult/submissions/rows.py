"""The steps that saving and sending share: locking, recognising repeats, inserting rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import func, insert, literal, or_, select

from consult.accounts.models import User
from consult.consultations.models import Consultation, Question
from consult.core import audit
from consult.core.db import db
from consult.core.i18n import format_datetime
from consult.core.sanitize import markdown_to_html
from consult.drafts.models import DraftVersion, Provision
from consult.jobs.services import enqueue
from consult.ledger import services as ledger
from consult.people.models import Membership
from consult.submissions import receipts
from consult.submissions.commands import (
    LONGEST,
    LONGEST_QUOTE,
    NewPoint,
    NotAMember,
    SendBasket,
    SubmitPoints,
    UnknownProvision,
    UnknownQuestion,
    UnusableText,
)
from consult.submissions.models import (
    Authorship,
    Identity,
    Point,
    PointKind,
    Submission,
    SubmissionState,
    searchable,
)
from consult.submissions.quoting import locate

# The columns that an author's words fill.
WORDS = (
    "question_id",
    "kind",
    "stance",
    "argument",
    "argument_html",
    "proposed_wording",
    "quote",
    "quote_start",
    "quote_end",
    "folded",
)


def lock(author_id: int | None) -> None:
    """Let one author's writes follow one another, so that repeats find what came first.

    On SQLite the whole transaction already excludes other writers.
    """
    if author_id is not None and db.session.get_bind().dialect.name != "sqlite":
        db.session.execute(
            select(User.id).where(User.id == author_id).with_for_update(key_share=True)
        )


@dataclass(frozen=True)
class Known:
    """A point that an earlier post of the same form made."""

    reference: str
    sent: bool
    point_id: int


def known(author_id: int | None, key: str, form_keys: Sequence[str]) -> list[Known]:
    """Return the author's points that have that idempotency key or one of the form keys."""
    found = db.session.execute(
        select(Submission.reference, Submission.state, Point.id)
        .join(Authorship, Authorship.submission_id == Submission.id)
        .join(Point, Point.submission_id == Submission.id)
        .where(
            Authorship.user_id == author_id,
            or_(Authorship.idempotency_key == key, Point.form_key.in_(form_keys)),
        )
    )
    return [Known(ref, state is not SubmissionState.DRAFT, id_) for ref, state, id_ in found]


def check_member(author_id: int, organisation_id: int | None) -> None:
    """Return when the author may write on behalf of the organisation; NotAMember otherwise."""
    if organisation_id is not None and not db.session.scalar(
        select(Membership.id).where(
            Membership.user_id == author_id,
            Membership.organisation_id == organisation_id,
            Membership.state == "accepted",
        )
    ):
        raise NotAMember


def point_rows(
    consultation: Consultation,
    points: Sequence[NewPoint],
    *,
    created_at: datetime,
    received_at: datetime | None = None,
) -> list[dict[str, Any]]:
    """Return the column values of ``points``, checked; without submission and ordinal."""
    provisions = _provisions(consultation, points)
    questions = _question_ids(consultation, {p.question for p in points if p.question})
    rows: list[dict[str, Any]] = []
    for point in points:
        _check_words(point)
        place = provisions[point.provision] if point.provision else None
        quoted = place and _locate(place, point)
        rows.append(
            {
                "consultation_id": consultation.id,
                "provision_id": place and place.id,
                "question_id": questions[point.question] if point.question else None,
                "kind": point.kind,
                "stance": point.stance,
                "quote": point.quote,
                "quote_start": quoted and quoted[0],
                "quote_end": quoted and quoted[1],
                "argument": point.argument,
                "argument_html": markdown_to_html(point.argument),
                "proposed_wording": point.proposed_wording,
                "folded": searchable(point.argument, point.proposed_wording),
                "form_key": point.form_key,
                "created_at": created_at,
                "received_at": received_at,
            }
        )
    return rows


def _check_words(point: NewPoint) -> None:
    if not point.argument.strip() or len(point.argument) > LONGEST:
        raise UnusableText
    if point.kind is PointKind.WORDING and not point.proposed_wording.strip():
        raise UnusableText
    if len(point.proposed_wording) > LONGEST or len(point.quote) > LONGEST_QUOTE:
        raise UnusableText


class _Extent(NamedTuple):
    """A provision's id, where it begins in the version's text, and its part of that text."""

    id: int
    start: int
    text: str


def _provisions(consultation: Consultation, points: Sequence[NewPoint]) -> dict[str, _Extent]:
    """Return what the points are on, by key; the text of it only where one quotes."""
    keys = {point.provision for point in points if point.provision}
    if not keys:
        return {}
    if any(point.quote for point in points):
        length = Provision.end - Provision.start
        statement = select(
            Provision.key,
            Provision.id,
            Provision.start,
            func.substr(DraftVersion.text, Provision.start + 1, length),
        ).join(DraftVersion, DraftVersion.id == Provision.version_id)
    else:
        statement = select(Provision.key, Provision.id, Provision.start, literal(""))
    found = {
        key: _Extent(*extent)
        for key, *extent in db.session.execute(
            statement.where(
                Provision.version_id == consultation.version_id, Provision.key.in_(keys)
            )
        )
    }
    for key in keys - found.keys():
        raise UnknownProvision(key)
    return found


def _locate(place: _Extent, point: NewPoint) -> tuple[int, int] | None:
    """Return where the point's quote stands in the version's text, None when it does not."""
    found = locate(place.text, point.quote, point.before) if point.quote else None
    return found and (place.start + found[0], place.start + found[1])


def _question_ids(consultation: Consultation, numbers: set[int]) -> dict[int, int]:
    if not numbers:
        return {}
    found = dict(
        db.session.execute(
            select(Question.ordinal, Question.id).where(
                Question.consultation_id == consultation.id, Question.ordinal.in_(numbers)
            )
        ).all()
    )
    if numbers - found.keys():
        raise UnknownQuestion
    return found


def draft(consultation_id: int, author_id: int, now: datetime) -> tuple[int, str]:
    """Return (id, reference) of the author's basket in the round, made if there is none."""
    mark = draft_mark(author_id, consultation_id)
    found = db.session.execute(
        select(Submission.id, Submission.reference).where(Submission.draft_of == mark)
    ).one_or_none()
    if found is not None:
        return found
    reference = receipts.new_reference()
    submission_id = insert_submission(
        {
            "reference": reference,
            "consultation_id": consultation_id,
            "state": SubmissionState.DRAFT,
            "draft_of": mark,
            "created_at": now,
        },
        {"user_id": author_id, "identity": Identity.SEALED, "idempotency_key": reference},
    )
    return submission_id, reference


def draft_mark(author_id: int, consultation_id: int) -> str:
    """Return what ``draft_of`` holds for the author's one basket in the round."""
    return f"{author_id}:{consultation_id}"


def insert_submission(values: dict[str, Any], authorship: dict[str, Any]) -> int:
    """Insert a submission and who stands behind it; return its id."""
    session = db.session()
    submission_id = session.execute(
        insert(Submission).values(**values).returning(Submission.id)
    ).scalar_one()
    session.execute(insert(Authorship).values(submission_id=submission_id, **authorship))
    return submission_id


def recorded_points(submission_id: int) -> list[receipts.Recorded]:
    """Return a submission's points in order, as the ledger records them."""
    found = db.session.execute(
        select(
            Provision.key,
            Question.ordinal,
            Point.stance,
            Point.argument,
            Point.proposed_wording,
            Point.quote,
            Point.kind,
            Point.quote_start,
            Point.quote_end,
        )
        .select_from(Point)
        .outerjoin(Point.provision)
        .outerjoin(Point.question)
        .where(Point.submission_id == submission_id)
        .order_by(Point.ordinal)
    )
    return [receipts.Recorded(*row) for row in found]


def shown_actor(author_id: int | None, identity: Identity) -> int | None:
    """Return the author for the audit log, or None for one who is not to be named there."""
    return author_id if identity is Identity.PUBLIC else None


def record_receipt(
    command: SubmitPoints | SendBasket,
    submission_id: int,
    reference: str,
    points: Sequence[receipts.Recorded],
) -> None:
    """Append the ledger's leaf and the audit entry, enqueue indexing and the notice."""
    consultation, at = command.consultation, command.received_at
    _append_leaf(command, submission_id, reference, points)
    audit.record(
        "submission.received",
        actor_id=shown_actor(command.author_id, command.identity),
        subject=("submission", submission_id),
        details={"points": len(points)},
    )
    enqueue("search.index", {"kind": "submission", "id": submission_id})
    if command.author_id is not None:
        enqueue(
            "notifications.tell",
            {
                "user_ids": [command.author_id],
                "kind": "submission.received",
                "params": {
                    "reference": reference,
                    "round": consultation.title,
                    "count": len(points),
                    "at": format_datetime(at, seconds=True),
                },
                "url": f"/receipts/{reference}",
                "dedupe": f"submission:{reference}",
            },
        )


def _append_leaf(
    command: SubmitPoints | SendBasket,
    submission_id: int,
    reference: str,
    points: Sequence[receipts.Recorded],
) -> None:
    content = receipts.submission_content(
        reference=reference,
        round_id=command.consultation.id,
        version_id=command.consultation.version_id,
        channel=command.channel,
        received_at=command.received_at,
        points=points,
    )
    author = receipts.author_content(
        user_id=command.author_id,
        organisation_id=command.organisation_id,
        identity=command.identity,
        name=command.name,
        organisation_name=command.organisation_name,
    )
    ledger.append("submission", submission_id, content, at=command.received_at, withheld=author)
