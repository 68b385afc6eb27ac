"""Jobs of the drafts room: comparing a version with the earlier ones."""

from __future__ import annotations

from consult.core.db import transaction
from consult.drafts import comparing
from consult.drafts.version_queries import COMPARE
from consult.jobs.registry import Payloads, Record, handles


@handles(COMPARE, slow=True)
def compare(payloads: Payloads) -> Record:
    """Compare the payload's version (version_id) with those that were shown before it."""
    found: dict[int, list[comparing.Compared]] = {}
    for payload in payloads:
        with transaction(write=False):
            found[payload["version_id"]] = comparing.compare_with_earlier(payload["version_id"])

    def record() -> None:
        for version_id, compared in found.items():
            comparing.keep_comparisons(version_id, compared)

    return record
