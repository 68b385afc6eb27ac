"""Jobs of the answering period."""

from __future__ import annotations

from datetime import timedelta

from consult.core import clock
from consult.jobs.registry import Payloads, handles
from consult.responses import deadlines


@handles("responses.remind", every=timedelta(hours=1))
def remind(_payloads: Payloads) -> None:
    """Remind agencies of answers that are due in three days, or overdue."""
    deadlines.remind(clock.now())
