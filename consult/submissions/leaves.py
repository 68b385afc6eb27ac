"""Whether submissions, their points and authors are still as the ledger has them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from consult.core.db import db
from consult.core.sanitize import markdown_to_html
from consult.core.sealing import KeyMissing, Unopenable
from consult.ledger.auditing import Finding, logged
from consult.ledger.models import Leaf
from consult.submissions import vault
from consult.submissions.answers.models import AnswerSheet
from consult.submissions.attachments.leaves import wrong_files
from consult.submissions.models import (
    PAPER,
    Authorship,
    Identity,
    Point,
    SealedIdentity,
    Submission,
    SubmissionState,
)
from consult.submissions.paper.models import PaperEntry
from consult.submissions.receipts import stored_content

_AT_ONCE = 500


class Opinions:
    """The submissions' side of the audit."""

    table = Submission.__tablename__

    def contents(self, leaves: Sequence[Leaf]) -> Mapping[int, dict[str, Any] | None]:
        """Return the content of each leaf of a submission that is there."""
        rows = db.session.scalars(
            select(Submission)
            .options(
                joinedload(Submission.authorship).joinedload(Authorship.sealed),
                joinedload(Submission.consultation),
                selectinload(Submission.sheets),
                selectinload(Submission.paper),
                selectinload(Submission.points).options(
                    joinedload(Point.provision),
                    joinedload(Point.question),
                    selectinload(Point.attachments),
                ),
            )
            .where(Submission.id.in_({leaf.subject_id for leaf in leaves}))
        )
        known = {row.id: row for row in rows if row.authorship}
        return {
            leaf.index: _content(leaf, known[leaf.subject_id])
            for leaf in leaves
            if leaf.subject_id in known
        }

    def others(self) -> Iterable[Finding]:
        """Yield what no leaf of its own covers: rows put in, states, and what is shown.

        What readers see of a point (``argument_html``) is made from its words; one that is not
        made from them was altered, or made by an older release.
        """
        recorded = logged("submission")
        for submission_id, state in db.session.execute(
            select(Submission.id, Submission.state).order_by(Submission.id)
        ):
            received = state is not SubmissionState.DRAFT
            if received and submission_id not in recorded:
                yield Finding("inserted", self.table, submission_id)
            elif not received and submission_id in recorded:
                yield Finding("altered", self.table, submission_id, detail="its state")
        yield from _wrong_points()
        yield from _wrong_words()
        yield from _wrong_identities()
        # One taken away is found by the submission's own leaf.
        for submission_id in db.session.scalars(
            select(PaperEntry.submission_id)
            .join(PaperEntry.submission)
            .where(Submission.channel.not_in(PAPER))
            .order_by(PaperEntry.submission_id)
        ):
            yield Finding("inserted", PaperEntry.__tablename__, submission_id)
        yield from wrong_files()


def _content(leaf: Leaf, submission: Submission) -> dict[str, Any] | None:
    """Return the leaf's content; None when only the vault's key, which is not here, could tell."""
    try:
        return stored_content(leaf, submission, submission.points)
    except KeyMissing:
        return None
    except Unopenable:
        return {}


def _wrong_identities() -> Iterable[Finding]:
    """Yield what the vault lacks, has too much, or cannot open with its key."""
    table, held = SealedIdentity.__tablename__, SealedIdentity.submission_id
    wrong = or_(
        and_(Authorship.identity == Identity.SEALED, held.is_(None)),
        and_(Authorship.identity != Identity.SEALED, held.is_not(None)),
    )
    for submission_id, row in db.session.execute(
        select(Authorship.submission_id, held)
        .outerjoin(SealedIdentity, held == Authorship.submission_id)
        .where(wrong)
        .order_by(Authorship.submission_id)
    ):
        yield Finding("inserted" if row else "deleted", table, submission_id)
    rows = select(SealedIdentity).order_by(held).execution_options(yield_per=_AT_ONCE)
    for row in db.session.scalars(rows):
        try:
            vault.opened(row)
        except KeyMissing:
            return
        except Unopenable:
            yield Finding("altered", table, row.submission_id, detail="it cannot be opened")


def _wrong_points() -> Iterable[Finding]:
    """Yield points that are not their submission's, or are withdrawn without a record."""
    withdrawal = (
        select(Leaf.index)
        .where(
            Leaf.kind == "withdrawal",
            Leaf.subject_id == Point.submission_id,
            Leaf.at == Point.withdrawn_at,
        )
        .exists()
    )
    received = Submission.state != SubmissionState.DRAFT
    wrong = db.session.execute(
        select(Point.id, Point.withdrawn_at)
        .join(Point.submission)
        .where(
            received,
            or_(
                Point.consultation_id != Submission.consultation_id,
                Point.received_at.is_(None),
                Point.received_at != Submission.received_at,
                and_(Point.withdrawn_at.is_not(None), ~withdrawal),
            ),
        )
        .order_by(Point.id)
    )
    for point_id, withdrawn_at in wrong:
        detail = "withdrawn without a record" if withdrawn_at else "its round or instant"
        yield Finding("altered", Point.__tablename__, point_id, detail=detail)
    standing = func.count(Point.id).filter(Point.withdrawn_at.is_(None))
    sheets = select(AnswerSheet.id).where(AnswerSheet.submission_id == Submission.id).exists()
    whole = db.session.execute(
        select(Submission.id, Submission.state, standing)
        .outerjoin(Submission.points)
        .where(received, ~sheets)  # those with answers are `answer_leaves`' affair
        .group_by(Submission.id, Submission.state)
        .order_by(Submission.id)
    )
    for submission_id, state, left in whole:
        if (state is SubmissionState.WITHDRAWN) is not (left == 0):
            yield Finding("altered", Submission.__tablename__, submission_id, detail="its state")


def _wrong_words() -> Iterable[Finding]:
    start = 0
    while rows := db.session.execute(
        select(Point.id, Point.argument, Point.argument_html)
        .where(Point.id > start, Point.received_at.is_not(None))
        .order_by(Point.id)
        .limit(_AT_ONCE)
    ).all():
        for point_id, argument, html in rows:
            if markdown_to_html(argument) != html:
                yield Finding(
                    "altered", Point.__tablename__, point_id, detail="the words that are shown"
                )
        start = rows[-1][0]
