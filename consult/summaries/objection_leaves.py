"""What the log covers of authors' objections to summaries, and whether the rows still have it.

Kinds of leaves on a row of ``summary_objections``: "summary_objection" covers {"made_at", "point",
"reason", "summary"}, "objection_answer" {"answer", "answered_at", "by", "outcome",
"point"}. Who answered is named by the account's id, the author is not.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import or_

from consult.ledger.acts import Act, Acts
from consult.ledger.entries import instant
from consult.summaries.objection_models import Objection

OBJECTION, ANSWER = "summary_objection", "objection_answer"


def _objection(row: Objection) -> dict[str, Any]:
    return {
        "summary": row.summary_id,
        "point": row.point_id,
        "reason": row.reason,
        "made_at": instant(row.made_at),
    }


def _answer(row: Objection) -> dict[str, Any]:
    return {
        "point": row.point_id,
        "outcome": row.outcome.value if row.outcome else None,
        "answer": row.answer,
        "by": row.answered_by,
        "answered_at": instant(row.answered_at) if row.answered_at else None,
    }


_ANSWERED = or_(Objection.answered_at.is_not(None), Objection.answer != "")
OBJECTIONS = Acts(
    Objection.id,
    {OBJECTION: Act(_objection), ANSWER: Act(_answer, _ANSWERED, "its answer")},
)
