"""Many who send within seconds of a closing: nobody is wronged, nothing is missing."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from flask import Flask

from bench.client import Person
from bench.rush import drive, judge, posts
from consult.consultations.models import Consultation
from consult.core.db import transaction
from tests.support import factories
from tests.support.webserver import Author, WebServer

ARRIVALS, AUTHORS, SPREAD = 1_500, 10, 2.0


@pytest.fixture
def server(sqlite_app: Flask) -> Iterator[WebServer]:
    web = WebServer(sqlite_app.extensions["consult_settings"])
    web.start()
    yield web
    web.stop()


@pytest.mark.slow
def test_the_instant_of_arrival_decides_whatever_the_queue(
    sqlite_app: Flask, server: WebServer
) -> None:
    with sqlite_app.app_context():
        agency = factories.organisation()
        round_id = factories.consultation(agency, factories.version(agency))
        people = [factories.user(verified=True) for _ in range(AUTHORS)]
    authors = [Author.of(sqlite_app, person, server.port) for person in people]
    closes = time.time() + 6
    with sqlite_app.app_context(), transaction() as session:
        session.get_one(Consultation, round_id).closes_at = datetime.fromtimestamp(closes, UTC)
    times = [closes - SPREAD + n * 2 * SPREAD / ARRIVALS for n in range(ARRIVALS)]
    who = [Person(author.cookie, author.token) for author in authors]
    sent = posts(f"/rounds/{round_id}/write", who, times)
    drive(server.port, sent)
    with sqlite_app.app_context():
        verdict = judge(sent, round_id, closes)
    assert verdict.faults == []
    assert verdict.accepted >= ARRIVALS // 2 - verdict.between - 1
    assert verdict.refused >= ARRIVALS // 2 - verdict.between - 1
    assert verdict.off < 0.05  # the stamp is that of the arrival, not of the queue's end
