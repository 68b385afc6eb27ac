"""Whether the sheets of answers are still as the ledger has them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from consult.core.db import db
from consult.ledger.auditing import Finding, logged
from consult.ledger.models import Leaf
from consult.submissions.answers.models import AnswerSheet
from consult.submissions.answers.record import sheet_content
from consult.submissions.models import Point, Submission, SubmissionState


class Sheets:
    """The later sheets' side of the audit; the first is covered with its submission."""

    table = AnswerSheet.__tablename__

    def contents(self, leaves: Sequence[Leaf]) -> Mapping[int, dict[str, Any] | None]:
        """Return the content of each leaf of a sheet that is there."""
        rows = db.session.scalars(
            select(AnswerSheet)
            .options(joinedload(AnswerSheet.submission))
            .where(AnswerSheet.id.in_({leaf.subject_id for leaf in leaves}))
        )
        known = {row.id: row for row in rows}
        return {
            leaf.index: sheet_content(known[leaf.subject_id])
            for leaf in leaves
            if leaf.subject_id in known
        }

    def others(self) -> Iterable[Finding]:
        """Yield sheets put in, those that say otherwise which one counts, and false states."""
        recorded = logged("answers")
        for sheet_id in db.session.scalars(
            select(AnswerSheet.id).where(AnswerSheet.number > 0).order_by(AnswerSheet.id)
        ):
            if sheet_id not in recorded:
                yield Finding("inserted", self.table, sheet_id)
        for sheet_id in self._wrong_instants():
            yield Finding("altered", self.table, sheet_id, detail="its instants")
        for submission_id in _wrong_states():
            yield Finding("altered", Submission.__tablename__, submission_id, detail="its state")

    def _wrong_instants(self) -> Iterator[int]:
        """Yield sheets whose receipt is not their submission's, or that the next does not end."""
        following = aliased(AnswerSheet)
        with_submission = and_(
            AnswerSheet.number == 0,
            or_(
                AnswerSheet.received_at != Submission.received_at,
                AnswerSheet.received_at.is_(None) != Submission.received_at.is_(None),
            ),
        )
        ended = or_(
            AnswerSheet.replaced_at != following.received_at,
            AnswerSheet.replaced_at.is_(None) != following.received_at.is_(None),
        )
        yield from db.session.scalars(
            select(AnswerSheet.id)
            .join(AnswerSheet.submission)
            .outerjoin(
                following,
                and_(
                    following.submission_id == AnswerSheet.submission_id,
                    following.number == AnswerSheet.number + 1,
                ),
            )
            .where(or_(with_submission, ended))
            .order_by(AnswerSheet.id)
        )


def _wrong_states() -> Iterator[int]:
    """Yield submissions with answers that are withdrawn without a record, or only in part.

    One that was taken back as a whole has a withdrawal at that instant, whose leaf says that it
    took back the answers; one that stands has no such instant.
    """
    withdrawal = (
        select(Leaf.index)
        .where(
            Leaf.kind == "withdrawal",
            Leaf.subject_id == Submission.id,
            Leaf.at == Submission.withdrawn_at,
        )
        .exists()
    )
    withdrawn = Submission.state == SubmissionState.WITHDRAWN
    standing = (
        select(func.count(Point.id))
        .where(Point.submission_id == Submission.id, Point.withdrawn_at.is_(None))
        .scalar_subquery()
    )
    yield from db.session.scalars(
        select(Submission.id)
        .where(
            select(AnswerSheet.id).where(AnswerSheet.submission_id == Submission.id).exists(),
            Submission.state != SubmissionState.DRAFT,
            or_(
                and_(withdrawn, or_(~withdrawal, standing > 0)),
                and_(~withdrawn, Submission.withdrawn_at.is_not(None)),
            ),
        )
        .order_by(Submission.id)
    )
