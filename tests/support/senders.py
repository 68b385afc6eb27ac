"""People who send while something breaks, and the check that nothing was lost or doubled."""

from __future__ import annotations

import http.client
import threading
import time
from collections import Counter

from sqlalchemy import func, select

from consult.cli.ledger import sources
from consult.core.db import transaction
from consult.jobs.models import Job
from consult.ledger.auditing import audit
from consult.ledger.keys import signer
from consult.ledger.models import Head, Leaf
from consult.submissions.models import Point, Submission, SubmissionState
from tests.support.webserver import Answer, Author, point_form

WRITERS = 3


class Senders:
    """Threads that send forms and send those again that were not acknowledged."""

    def __init__(self, author: Author, round_id: int, number: int) -> None:
        self.author, self.path = author, f"/rounds/{round_id}/write"
        self.forms = [point_form(f"Ý kiến số {n}, có lý do.") for n in range(number)]
        self.waiting = list(self.forms)
        self.acknowledged: dict[str, str] = {}  # argument → receipt
        self.failures = 0
        self.refused: list[Answer] = []  # whole pages that said no
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=self._work) for _ in range(WRITERS)]
        for thread in self._threads:
            thread.start()

    def _work(self) -> None:
        while True:
            with self._lock:
                if not self.waiting:
                    return
                form = self.waiting.pop(0)
            try:
                answer = self.author.post(self.path, form)
            except (OSError, http.client.HTTPException):
                answer = None
            receipt = answer.headers.get("location", "") if answer else ""
            with self._lock:
                if receipt.startswith("/receipts/"):
                    self.acknowledged[form["argument"]] = receipt
                    continue
                self.failures += 1
                self.waiting.append(form)  # the very same form, as a browser's reload
                if answer:
                    self.refused.append(answer)
            time.sleep(0.2)

    def wait_for(self, more: int, *, seconds: float = 60) -> None:
        """Return when so many more were acknowledged."""
        known, deadline = len(self.acknowledged), time.monotonic() + seconds
        while len(self.acknowledged) < known + more:
            assert time.monotonic() < deadline, "nothing is acknowledged any more"
            time.sleep(0.005)

    def finish(self) -> None:
        """Wait until everything is acknowledged."""
        for thread in self._threads:
            thread.join(120)
        assert set(self.acknowledged) == {form["argument"] for form in self.forms}


def everything_is_there_once(acknowledged: dict[str, str]) -> None:
    """Compare the database with the receipts (argument → address of the receipt)."""
    sent = len(acknowledged)
    with transaction(write=False) as session:
        rows = session.execute(
            select(Point.argument, Submission.reference)
            .join(Point.submission)
            .where(Submission.state == SubmissionState.RECEIVED)
        ).all()
        assert Counter(row.argument for row in rows) == dict.fromkeys(acknowledged, 1)
        assert {row.argument: f"/receipts/{row.reference}" for row in rows} == acknowledged
        assert session.scalar(select(func.count()).select_from(Submission)) == sent
        # Each has its leaf, without gaps, and its jobs.
        leaves = session.execute(select(Leaf.index, Leaf.subject_id).order_by(Leaf.index)).all()
        assert [leaf.index for leaf in leaves] == list(range(sent))
        assert len({leaf.subject_id for leaf in leaves}) == sent
        assert session.get_one(Head, 1).size == sent
        names = Counter(session.scalars(select(Job.name)))
        assert names["search.index"] == names["notifications.tell"] == sent
        assert audit(sources(), [signer().verifier]).findings == []
