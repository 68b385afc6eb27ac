"""The steps that answering and sending share: an author's sheets, and what is in a basket."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from consult.core.db import db
from consult.submissions.answers.models import AnswerSheet
from consult.submissions.answers.record import recorded_sheet


def waiting(submission_id: int) -> list[dict[str, Any]]:
    """Return the answers in a basket as the ledger records them; one query when there are none."""
    sheet = db.session.scalars(
        select(AnswerSheet).where(
            AnswerSheet.submission_id == submission_id, AnswerSheet.received_at.is_(None)
        )
    ).one_or_none()
    return recorded_sheet(sheet) if sheet else []


def receive(submission_id: int, at: datetime) -> None:
    """Mark the answers of a basket that is being sent as received at ``at`` (aware)."""
    db.session.execute(
        update(AnswerSheet)
        .where(AnswerSheet.submission_id == submission_id)
        .values(received_at=at)
        .execution_options(synchronize_session=False)
    )
