"""What the log covers of what authors say back, and whether the rows are still as it has them.

Kinds of leaves: "answer_objection" on a point covers {"at", "point", "response", "text"}; on a row
of ``point_inquiries`` "inquiry" covers {"asked_at", "by", "point", "question"} and "inquiry_reply"
{"point", "replied_at", "reply"}. The official is named by the account's id, the author is not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import or_, select, true

from consult.core.db import db
from consult.ledger.auditing import Finding, logged
from consult.ledger.entries import instant
from consult.ledger.models import Leaf
from consult.responses.reply_models import Inquiry, Objection

OBJECTION, INQUIRY, REPLY = "answer_objection", "inquiry", "inquiry_reply"


def objection_content(row: Objection) -> dict[str, Any]:
    """Return what the leaf of an objection covers."""
    return {
        "point": row.point_id,
        "response": row.response_id,
        "text": row.text,
        "at": instant(row.at),
    }


def inquiry_content(row: Inquiry, kind: str) -> dict[str, Any]:
    """Return what the leaf of ``kind``, of a question or of its reply, covers."""
    if kind == INQUIRY:
        return {
            "point": row.point_id,
            "question": row.question,
            "asked_at": instant(row.asked_at),
            "by": row.asked_by,
        }
    at = instant(row.replied_at) if row.replied_at else None
    return {"point": row.point_id, "reply": row.reply, "replied_at": at}


class Objections:
    """The objections' side of the audit."""

    table = Objection.__tablename__

    def contents(self, leaves: Sequence[Leaf]) -> Mapping[int, dict[str, Any] | None]:
        """Return the content of each leaf whose objection is there."""
        wanted = {leaf.subject_id for leaf in leaves}
        rows = db.session.scalars(select(Objection).where(Objection.point_id.in_(wanted)))
        known = {row.point_id: objection_content(row) for row in rows}
        return {leaf.index: known[leaf.subject_id] for leaf in leaves if leaf.subject_id in known}

    def others(self) -> Iterable[Finding]:
        """Yield objections that no leaf covers."""
        recorded = logged(OBJECTION)
        for point_id in db.session.scalars(select(Objection.point_id).order_by(Objection.point_id)):
            if point_id not in recorded:
                yield Finding("inserted", self.table, point_id)


class Inquiries:
    """The side of the audit that knows questions asked back, and the replies."""

    table = Inquiry.__tablename__

    def contents(self, leaves: Sequence[Leaf]) -> Mapping[int, dict[str, Any] | None]:
        """Return the content of each leaf whose question is there."""
        wanted = {leaf.subject_id for leaf in leaves}
        rows = db.session.scalars(select(Inquiry).where(Inquiry.id.in_(wanted)))
        known = {row.id: row for row in rows}
        return {
            leaf.index: inquiry_content(known[leaf.subject_id], leaf.kind)
            for leaf in leaves
            if leaf.subject_id in known
        }

    def others(self) -> Iterable[Finding]:
        """Yield questions, and replies, that no leaf covers."""
        replied = or_(Inquiry.replied_at.is_not(None), Inquiry.reply != "")
        for kind, done, problem in ((INQUIRY, true(), "inserted"), (REPLY, replied, "altered")):
            recorded = logged(kind)
            for row_id in db.session.scalars(select(Inquiry.id).where(done).order_by(Inquiry.id)):
                if row_id not in recorded:
                    detail = "its reply" if kind == REPLY else ""
                    yield Finding(problem, self.table, row_id, detail=detail)
