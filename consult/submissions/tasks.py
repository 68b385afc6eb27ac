"""Jobs that reach the authors of submissions."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from consult.core import clock, files
from consult.core.db import db
from consult.jobs.registry import Payloads, handles
from consult.jobs.services import enqueue
from consult.submissions import keeping
from consult.submissions.attachments import services as attaching
from consult.submissions.joint import reminding as joint_reminding
from consult.submissions.models import Authorship, Submission, SubmissionState


@handles("submissions.tell_authors")
def tell_authors(payloads: Payloads) -> None:
    """Tell those who have written in the payload's round (consultation_id), sent or not yet.

    The payload is otherwise one of ``notifications.tell``; its user_ids are told as well. Those
    who are sealed, or have not sent yet, are told that there is news: a list of them must lie in
    no job.
    """
    for payload in payloads:
        written = db.session.execute(
            select(Authorship.submission_id, Authorship.user_id)
            .join(Submission, Submission.id == Authorship.submission_id)
            .where(
                Submission.consultation_id == payload["consultation_id"],
                Submission.state != SubmissionState.WITHDRAWN,
            )
            .order_by(Authorship.submission_id)
        ).all()
        message = {key: value for key, value in payload.items() if key != "consultation_id"}
        authors = {user_id for _, user_id in written if user_id is not None}
        message["user_ids"] = sorted({*payload["user_ids"], *authors})
        enqueue("notifications.tell", message)
        hidden = [submission_id for submission_id, user_id in written if user_id is None]
        if hidden:
            enqueue(
                "notifications.tell_sealed",
                {
                    "submission_ids": hidden,
                    "kind": "contribution.news",
                    "fact": payload["dedupe"],
                },
            )


@handles("submissions.forget_kept", every=timedelta(days=1))
def forget_kept(_payloads: Payloads) -> None:
    """Delete words and files of forms that nobody has gone on with for three months."""
    keeping.forget()
    attaching.forget()


@handles("submissions.sweep_files", every=timedelta(days=1))
def sweep_files(_payloads: Payloads) -> None:
    """Delete the files that no row has named for a day."""
    files.sweep()


@handles("submissions.remind_joint", every=timedelta(hours=1))
def remind_joint(_payloads: Payloads) -> None:
    """Remind clubs' members of joint submissions whose round closes in 3 days, or in one."""
    joint_reminding.remind(clock.now())
