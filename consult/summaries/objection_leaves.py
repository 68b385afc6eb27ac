"""What the log covers of authors' objections to summaries, and whether the rows still have it.

Kinds of leaves on a row of ``summary_objections``: "summary_objection" covers {"made_at", "point",
"reason", "summary"}, "objection_answer" {"answer", "answered_at", "by", "outcome",
"point"}. Who answered is named by the account's id, the author is not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import or_, select, true

from consult.core.db import db
from consult.ledger.auditing import Finding, logged
from consult.ledger.entries import instant
from consult.ledger.models import Leaf
from consult.summaries.objection_models import Objection

OBJECTION, ANSWER = "summary_objection", "objection_answer"


def objection_content(row: Objection, kind: str) -> dict[str, Any]:
    """Return what the leaf of ``kind``, of an objection or of its answer, covers."""
    if kind == OBJECTION:
        return {
            "summary": row.summary_id,
            "point": row.point_id,
            "reason": row.reason,
            "made_at": instant(row.made_at),
        }
    return {
        "point": row.point_id,
        "outcome": row.outcome.value if row.outcome else None,
        "answer": row.answer,
        "by": row.answered_by,
        "answered_at": instant(row.answered_at) if row.answered_at else None,
    }


class SummaryObjections:
    """The side of the audit that knows authors' objections, and what the Front answered."""

    table = Objection.__tablename__

    def contents(self, leaves: Sequence[Leaf]) -> Mapping[int, dict[str, Any] | None]:
        """Return the content of each leaf whose objection is there."""
        wanted = {leaf.subject_id for leaf in leaves}
        rows = db.session.scalars(select(Objection).where(Objection.id.in_(wanted)))
        known = {row.id: row for row in rows}
        return {
            leaf.index: objection_content(known[leaf.subject_id], leaf.kind)
            for leaf in leaves
            if leaf.subject_id in known
        }

    def others(self) -> Iterable[Finding]:
        """Yield objections, and answers to them, that no leaf covers."""
        answered = or_(Objection.answered_at.is_not(None), Objection.answer != "")
        for kind, done, problem in (
            (OBJECTION, true(), "inserted"),
            (ANSWER, answered, "altered"),
        ):
            recorded = logged(kind)
            for row_id in db.session.scalars(
                select(Objection.id).where(done).order_by(Objection.id)
            ):
                if row_id not in recorded:
                    detail = "its answer" if kind == ANSWER else ""
                    yield Finding(problem, self.table, row_id, detail=detail)
