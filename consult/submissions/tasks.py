"""Jobs that reach the authors of submissions."""

from __future__ import annotations

from sqlalchemy import select

from consult.core.db import db
from consult.jobs.registry import Payloads, handles
from consult.jobs.services import enqueue
from consult.submissions.models import Authorship, Submission, SubmissionState


@handles("submissions.tell_authors")
def tell_authors(payloads: Payloads) -> None:
    """Tell those who have written in the payload's round (consultation_id), sent or not yet.

    The payload is otherwise one of ``notifications.tell``; its user_ids are told as well.
    """
    for payload in payloads:
        authors = db.session.scalars(
            select(Authorship.user_id)
            .join(Submission, Submission.id == Authorship.submission_id)
            .where(
                Submission.consultation_id == payload["consultation_id"],
                Submission.state != SubmissionState.WITHDRAWN,
                Authorship.user_id.is_not(None),
            )
            .distinct()
        )
        message = {key: value for key, value in payload.items() if key != "consultation_id"}
        message["user_ids"] = sorted({*payload["user_ids"], *(a for a in authors if a)})
        enqueue("notifications.tell", message)
