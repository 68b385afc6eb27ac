"""What the log covers of what authors say back, and whether the rows are still as it has them.

Kinds of leaves: "answer_objection" on a point covers {"at", "point", "response", "text"}; on a row
of ``point_inquiries`` "inquiry" covers {"asked_at", "by", "point", "question"} and "inquiry_reply"
{"point", "replied_at", "reply"}. The official is named by the account's id, the author is not.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import or_

from consult.ledger.acts import Act, Acts
from consult.ledger.entries import instant
from consult.responses.reply_models import Inquiry, Objection

OBJECTION, INQUIRY, REPLY = "answer_objection", "inquiry", "inquiry_reply"


def _objection(row: Objection) -> dict[str, Any]:
    return {
        "point": row.point_id,
        "response": row.response_id,
        "text": row.text,
        "at": instant(row.at),
    }


def _inquiry(row: Inquiry) -> dict[str, Any]:
    return {
        "point": row.point_id,
        "question": row.question,
        "asked_at": instant(row.asked_at),
        "by": row.asked_by,
    }


def _reply(row: Inquiry) -> dict[str, Any]:
    at = instant(row.replied_at) if row.replied_at else None
    return {"point": row.point_id, "reply": row.reply, "replied_at": at}


_REPLIED = or_(Inquiry.replied_at.is_not(None), Inquiry.reply != "")
OBJECTIONS = Acts(Objection.point_id, {OBJECTION: Act(_objection)})
INQUIRIES = Acts(Inquiry.id, {INQUIRY: Act(_inquiry), REPLY: Act(_reply, _REPLIED, "its reply")})
