"""The search room's jobs: keeping the index in step with the database."""

from __future__ import annotations

import logging
from datetime import timedelta

from consult.core.db import transaction
from consult.jobs.registry import Payloads, handles
from consult.search import documents
from consult.search.current import engine
from consult.search.engine import Changes, IndexUnavailable

log = logging.getLogger(__name__)


@handles("search.index", batch=500, slow=True)
def index(payloads: Payloads) -> None:
    """Bring the index up to date with each payload's submission or round (kind, id).

    A missing or damaged index is built anew. Writes index files, nothing in the database.
    """
    submissions = {payload["id"] for payload in payloads if payload["kind"] == "submission"}
    rounds = {payload["id"] for payload in payloads if payload["kind"] == "round"}

    def load() -> Changes:
        indexed = {round_id: engine().count(round_id, "point") for round_id in rounds}
        return documents.changes(submissions, rounds, indexed)

    with transaction(write=False):
        try:
            engine().update(load)
        except IndexUnavailable:
            _rebuild()


@handles("search.check", every=timedelta(minutes=1), slow=True)
def check(_payloads: Payloads) -> None:
    """Build the index when it is missing, damaged or of an older form."""
    if not engine().available():
        with transaction(write=False):
            _rebuild()


def rebuild() -> None:
    """Build the index anew from the database; needs no open transaction. Raises IndexBusy."""
    with transaction(write=False):
        _rebuild()


def _rebuild() -> None:
    log.info("building the search index")
    engine().rebuild(documents.everything)
