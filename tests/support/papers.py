"""What staff enter from paper, through the service."""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import select

from consult.consultations.models import Consultation
from consult.core import clock
from consult.core.db import transaction
from consult.core.i18n import local
from consult.submissions.commands import NewPoint, PaperFacts, SubmitPoints
from consult.submissions.models import Identity, Stance, Submission
from consult.submissions.paper import services as paper_services


def entered(
    round_id: int,
    transcriber_id: int,
    name: str,
    identity: Identity,
    words: str,
    *,
    organisation: str = "",
    **facts: Any,
) -> int:
    """Enter a letter with one point on the whole draft; return the submission's id.

    ``facts`` are of `PaperFacts`; without one the office received it today.
    """
    with transaction() as session:
        now = clock.now()
        paper = PaperFacts(transcriber_id, local(now).date())
        outcome = paper_services.enter(
            SubmitPoints(
                consultation=session.get_one(Consultation, round_id),
                author_id=None,
                points=[NewPoint(None, Stance.DISAGREE, words, f"paper:{words}")],
                identity=identity,
                idempotency_key=f"paper:{words}",
                received_at=now,
                channel="paper",
                name=name,
                organisation_name=organisation,
                paper=msgspec.structs.replace(paper, **facts),
            )
        )
        found = select(Submission.id).where(Submission.reference == outcome.reference)
        return session.scalars(found).one()
