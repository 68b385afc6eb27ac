"""Jobs of the answering period."""

from __future__ import annotations

from datetime import timedelta

from consult.core import clock
from consult.jobs.registry import Payloads, handles
from consult.responses import deadlines, embargo_queries, embargo_services


@handles("responses.remind", every=timedelta(hours=1))
def remind(_payloads: Payloads) -> None:
    """Remind agencies of answers that are due in three days, or overdue."""
    deadlines.remind(clock.now())


@handles("responses.release")
def release(payloads: Payloads) -> None:
    """Publish the answers of the payload's embargo (id) if it is time; bears any repetition."""
    for payload in payloads:
        embargo_services.release(payload["id"])


@handles("responses.release_overdue", every=timedelta(minutes=1))
def release_overdue(_payloads: Payloads) -> None:
    """Publish whatever is overdue, should an embargo's own job be missing or parked."""
    for embargo_id in embargo_queries.due(clock.now()):
        embargo_services.release(embargo_id)
