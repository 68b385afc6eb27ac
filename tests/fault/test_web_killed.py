"""kill -9 of the web server while people send: what was acknowledged is there, nothing twice."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.support import factories
from tests.support.senders import Senders, everything_is_there_once
from tests.support.webserver import Author, WebServer

SENT, KILLS = 60, 4


@pytest.fixture
def server(app: Flask) -> Iterator[WebServer]:
    web = WebServer(app.extensions["consult_settings"])
    yield web
    web.stop()


@pytest.mark.slow
def test_acknowledged_submissions_survive_kills(app: Flask, server: WebServer) -> None:
    with app.app_context():
        agency = factories.organisation()
        round_id = factories.consultation(agency, factories.version(agency))
        person = factories.user(verified=True)
    server.start()
    author = Author.of(app, person, server.port)
    senders = Senders(author, round_id, SENT)
    for _ in range(KILLS):
        senders.wait_for(3)
        server.kill()
        server.start()
    senders.finish()
    assert senders.failures > 0, "no kill came in the middle of a request"
    with app.app_context():
        everything_is_there_once(senders.acknowledged)
    # The receipts that were shown can be opened again, and a late reload changes nothing.
    some = next(iter(senders.acknowledged.values()))
    assert author.get(some).status == 200
    for form in senders.forms[::6]:
        again = author.post(senders.path, form).headers["location"]
        assert again == senders.acknowledged[form["argument"]]
    with app.app_context():
        everything_is_there_once(senders.acknowledged)
