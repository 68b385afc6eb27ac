"""kill -9 of the web server while people send: what was acknowledged is there, nothing twice."""

from __future__ import annotations

import http.client
import threading
import time
from collections import Counter
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import func, select

from consult.core.db import transaction
from consult.jobs.models import Job
from consult.ledger.models import Head, Leaf
from consult.submissions.models import Point, Submission, SubmissionState
from tests.support import factories
from tests.support.webserver import Author, WebServer, point_form

SENT, KILLS, WRITERS = 60, 4, 3


@pytest.fixture
def server(app: Flask) -> Iterator[WebServer]:
    web = WebServer(app.extensions["consult_settings"])
    yield web
    web.stop()


class Senders:
    """Threads that send forms and send those again that were not acknowledged."""

    def __init__(self, author: Author, path: str) -> None:
        self.author, self.path = author, path
        self.forms = [point_form(f"Ý kiến số {number}, có lý do.") for number in range(SENT)]
        self.waiting = list(self.forms)
        self.acknowledged: dict[str, str] = {}  # argument → receipt
        self.failures = 0
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
                receipt = answer.headers.get("location", "") if answer.status == 303 else ""
            except (OSError, http.client.HTTPException):
                receipt = ""
            with self._lock:
                if receipt.startswith("/receipts/"):
                    self.acknowledged[form["argument"]] = receipt
                else:
                    self.failures += 1
                    self.waiting.append(form)  # the very same form, as a browser's reload
            if not receipt:
                time.sleep(0.2)

    @property
    def done(self) -> bool:
        return not any(thread.is_alive() for thread in self._threads)

    def finish(self) -> None:
        for thread in self._threads:
            thread.join(120)
        assert self.done


@pytest.mark.slow
@pytest.mark.timeout(300)  # seconds on a quiet machine, minutes on a busy one
def test_acknowledged_submissions_survive_kills(app: Flask, server: WebServer) -> None:
    with app.app_context():
        agency = factories.organisation()
        round_id = factories.consultation(agency, factories.version(agency))
        person = factories.user(verified=True)
    server.start()
    author = Author.of(app, person, server.port)
    senders = Senders(author, f"/rounds/{round_id}/write")
    for _ in range(KILLS):
        known, deadline = len(senders.acknowledged), time.monotonic() + 30
        while len(senders.acknowledged) < known + 3 and time.monotonic() < deadline:
            time.sleep(0.005)
        server.kill()
        server.start()
    senders.finish()
    assert senders.failures > 0, "no kill came in the middle of a request"
    assert len(senders.acknowledged) == SENT
    with app.app_context():
        _everything_is_there_once(senders.acknowledged)
    # The receipts that were shown can be opened again, and a late reload changes nothing.
    some = next(iter(senders.acknowledged.values()))
    assert author.get(some).status == 200
    for form in senders.forms[::6]:
        again = author.post(senders.path, form).headers["location"]
        assert again == senders.acknowledged[form["argument"]]
    with app.app_context():
        _everything_is_there_once(senders.acknowledged)


def _everything_is_there_once(acknowledged: dict[str, str]) -> None:
    with transaction(write=False) as session:
        rows = session.execute(
            select(Point.argument, Submission.reference)
            .join(Point.submission)
            .where(Submission.state == SubmissionState.RECEIVED)
        ).all()
        assert Counter(row.argument for row in rows) == dict.fromkeys(acknowledged, 1)
        assert {row.argument: f"/receipts/{row.reference}" for row in rows} == acknowledged
        assert session.scalar(select(func.count()).select_from(Submission)) == SENT
        # Each has its leaf, without gaps, and its jobs.
        leaves = session.execute(select(Leaf.index, Leaf.subject_id).order_by(Leaf.index)).all()
        assert [leaf.index for leaf in leaves] == list(range(SENT))
        assert len({leaf.subject_id for leaf in leaves}) == SENT
        assert session.get_one(Head, 1).size == SENT
        names = Counter(session.scalars(select(Job.name)))
        assert names["search.index"] == names["notifications.tell"] == SENT
