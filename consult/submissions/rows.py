"""The steps that saving and sending share: locking, recognising repeats, inserting rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict
from sqlalchemy import and_, delete, insert, or_, select, update

from consult.accounts.models import User
from consult.consultations.models import Question
from consult.core import audit
from consult.core.db import db, insert_rows
from consult.core.i18n import format_datetime
from consult.drafts.models import Provision
from consult.jobs.services import enqueue
from consult.ledger import services as ledger
from consult.people.models import Membership
from consult.submissions import receipts, vault
from consult.submissions.commands import (
    NotAMember,
    SendBasket,
    SubmitPoints,
)
from consult.submissions.models import (
    Authorship,
    Identity,
    Point,
    SealedIdentity,
    Submission,
    SubmissionState,
)


def lock(author_id: int | None) -> None:
    """Let one author's writes follow one another, so that repeats find what came first.

    On SQLite the whole transaction already excludes other writers.
    """
    if author_id is not None and db.session.get_bind().dialect.name != "sqlite":
        db.session.execute(
            select(User.id).where(User.id == author_id).with_for_update(key_share=True)
        )


class Known(Struct, frozen=True):
    """A point that an earlier post of the same form made."""

    reference: str
    sent: bool
    point_id: int


def known(author_id: int | None, round_id: int, key: str, form_keys: Sequence[str]) -> list[Known]:
    """Return the author's points that have that idempotency key or one of the form keys.

    Without an author: those that staff entered.
    """
    if author_id is None:
        own = and_(Authorship.user_id.is_(None), Submission.channel != "online")
    else:
        own = vault.written_by(author_id, [round_id])
    found = db.session.execute(
        select(Submission.reference, Submission.state, Point.id)
        .join(Authorship, Authorship.submission_id == Submission.id)
        .join(Point, Point.submission_id == Submission.id)
        .where(
            own,
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


def draft(consultation_id: int, author_id: int, now: datetime) -> tuple[int, str]:
    """Return (id, reference) of the author's basket in the round, made if there is none."""
    mark = vault.basket_mark(author_id, consultation_id)
    found = db.session.execute(
        select(Submission.id, Submission.reference).where(Submission.draft_of == mark)
    ).one_or_none()
    if found is not None:
        return found
    reference = receipts.new_reference()
    values = {
        "reference": reference,
        "consultation_id": consultation_id,
        "state": SubmissionState.DRAFT,
        "draft_of": mark,
        "created_at": now,
    }
    # Sealed until its author says otherwise: what is not sent is nobody else's affair.
    submission_id, _ = insert_submission(
        values, vault.Author(author_id), Identity.SEALED, idempotency_key=reference
    )
    return submission_id, reference


def insert_submission(
    values: dict[str, Any], author: vault.Author, identity: Identity, *, idempotency_key: str
) -> tuple[int, dict[str, Any]]:
    """Insert a submission and who stands behind it; return its id and what a leaf withholds."""
    submission_id = db.session.execute(
        insert(Submission).values(**values).returning(Submission.id)
    ).scalar_one()
    shown = _shown(author, identity, values["consultation_id"])
    insert_rows(
        Authorship, [{"submission_id": submission_id, "idempotency_key": idempotency_key, **shown}]
    )
    digest = ""
    if identity is Identity.SEALED:
        row = vault.sealed_row(submission_id, author)
        insert_rows(SealedIdentity, [row])
        digest = vault.digest(row)
    return submission_id, receipts.author_content(**shown, vault=digest)


def name_author(
    submission_id: int, author: vault.Author, identity: Identity, round_id: int
) -> dict[str, Any]:
    """Say who sends a basket, openly or under seal; return what a leaf withholds."""
    shown = _shown(author, identity, round_id)
    session, digest = db.session(), ""
    session.execute(
        update(Authorship)
        .where(Authorship.submission_id == submission_id)
        .values(**shown)
        .execution_options(synchronize_session=False)
    )
    held = SealedIdentity.submission_id == submission_id
    if identity is Identity.SEALED:
        row = vault.sealed_row(submission_id, author)
        session.execute(
            update(SealedIdentity)
            .where(held)
            .values(**row)
            .execution_options(synchronize_session=False)
        )
        digest = vault.digest(row)
    else:
        session.execute(
            delete(SealedIdentity).where(held).execution_options(synchronize_session=False)
        )
    return receipts.author_content(**shown, vault=digest)


def _shown(author: vault.Author, identity: Identity, round_id: int) -> dict[str, Any]:
    """Return the columns of `Authorship` that say who it is: under seal, nothing but a tag."""
    if identity is Identity.SEALED:
        return {
            **asdict(vault.Author(None)),
            "identity": identity,
            "tag": vault.tag(author, round_id),
        }
    return {**asdict(author), "identity": identity, "tag": None}


def recorded_points(
    submission_id: int, files: Mapping[int, tuple[dict[str, Any], ...]]
) -> list[receipts.Recorded]:
    """Return a submission's points in order, as the ledger records them.

    ``files`` are those attached to them, by their ordinals.
    """
    found = db.session.execute(
        select(
            Point.ordinal,
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
    recorded: list[receipts.Recorded] = []
    for row in found:
        ordinal, words = row[0], list[Any](row[1:])
        recorded.append(receipts.Recorded(*words, attachments=files.get(ordinal, ())))
    return recorded


def shown_actor(author_id: int | None, identity: Identity) -> int | None:
    """Return the author for the audit log, or None for one who is not to be named there."""
    return author_id if identity is Identity.PUBLIC else None


def record_receipt(
    command: SubmitPoints | SendBasket,
    submission_id: int,
    reference: str,
    points: Sequence[receipts.Recorded],
    author: dict[str, Any],
    answers: Sequence[dict[str, Any]] = (),
) -> None:
    """Append the ledger's leaf and the audit entry, enqueue indexing and the notice.

    ``author`` is what the leaf withholds.
    """
    consultation, at = command.consultation, command.received_at
    _append_leaf(command, submission_id, reference, points, author, answers)
    audit.record(
        "submission.received",
        actor_id=shown_actor(command.author_id, command.identity),
        subject=("submission", submission_id),
        details={"points": len(points)},
    )
    enqueue("search.index", {"kind": "submission", "id": submission_id})
    if command.identity is Identity.SEALED:
        # Neither the job nor the notice says whose it is, or what of.
        enqueue(
            "notifications.tell_sealed",
            {
                "submission_ids": [submission_id],
                "kind": "submission.kept",
                "fact": f"received:{submission_id}",
            },
        )
    elif command.author_id is not None:
        enqueue(
            "notifications.tell",
            {
                "user_ids": [command.author_id],
                "kind": "submission.answered" if answers else "submission.received",
                "params": {
                    "reference": reference,
                    "round": consultation.title,
                    "count": len(points),
                    "answers": len(answers),
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
    author: dict[str, Any],
    answers: Sequence[dict[str, Any]],
) -> None:
    content = receipts.submission_content(
        reference=reference,
        round_id=command.consultation.id,
        version_id=command.consultation.version_id,
        channel=command.channel,
        received_at=command.received_at,
        points=points,
        answers=answers,
        paper=command.paper,
    )
    ledger.append("submission", submission_id, content, at=command.received_at, withheld=author)
