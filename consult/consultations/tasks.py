"""Jobs that open and close rounds at their instants."""

from __future__ import annotations

from datetime import timedelta

from consult.consultations import queries, services
from consult.core import clock
from consult.jobs.registry import Payloads, handles


@handles("consultations.advance")
def advance(payloads: Payloads) -> None:
    """Open or close the payload's round (id) if it is time; bears any repetition."""
    for payload in payloads:
        services.advance(payload["id"])


@handles("consultations.advance_overdue", every=timedelta(minutes=1))
def advance_overdue(_payloads: Payloads) -> None:
    """Open and close whatever is overdue, should a round's own job be missing or parked."""
    for consultation_id in queries.due(clock.now()):
        services.advance(consultation_id)
