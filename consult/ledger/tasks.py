"""The log's recurring work: keeping a signed checkpoint once it has grown."""

from __future__ import annotations

from datetime import timedelta

from consult.jobs.registry import Payloads, handles
from consult.ledger import checkpoints


@handles("ledger.checkpoint", every=timedelta(minutes=1))
def checkpoint(_payloads: Payloads) -> None:
    """Sign and keep a checkpoint, one for all that was appended since the last."""
    checkpoints.store()
