"""The job that reminds members of reviews that are due."""

from __future__ import annotations

from datetime import timedelta

from consult.core import clock
from consult.critiques import review_services
from consult.jobs.registry import Payloads, handles


@handles("critiques.remind", every=timedelta(minutes=30))
def remind(_payloads: Payloads) -> None:
    """Remind of reviews due in three days, in one, or overdue; bears any repetition."""
    review_services.remind(clock.now())
