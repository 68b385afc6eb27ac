"""Jobs of the people room."""

from __future__ import annotations

from datetime import timedelta

from consult.jobs.registry import Payloads, handles
from consult.people import evidence


@handles("people.forget_evidence", every=timedelta(days=1))
def forget_evidence(_payloads: Payloads) -> None:
    """Delete the evidence of titles that was decided on so many months ago as is set."""
    evidence.forget()
