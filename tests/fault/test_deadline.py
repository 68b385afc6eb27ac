"""The closing of a round against real lines: slow ones, many at once, cut ones."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from consult.consultations.models import Consultation, Stage
from consult.core.db import transaction
from consult.jobs.runner import tick
from consult.submissions.models import Point
from tests.support import factories
from tests.support.lines import Line, closes_at, said, wait_until
from tests.support.senders import everything_is_there_once
from tests.support.webserver import Answer, Author, WebServer, point_form


@pytest.fixture
def server(app: Flask) -> Iterator[WebServer]:
    web = WebServer(app.extensions["consult_settings"], workers=2)
    web.start()
    yield web
    web.stop()


def opened(app: Flask, *, seconds: float) -> tuple[int, int]:
    """Return the ids of a round that closes in so many seconds and of somebody who may write."""
    with app.app_context():
        agency = factories.organisation()
        closes = timedelta(seconds=seconds)
        round_id = factories.consultation(agency, factories.version(agency), closes=closes)
        return round_id, factories.user(verified=True)


def stage(app: Flask, round_id: int) -> Stage:
    with app.app_context(), transaction(write=False) as session:
        return session.get_one(Consultation, round_id).stage


def scheduler_beats(app: Flask) -> None:
    with app.app_context():
        tick()


@pytest.mark.slow
def test_a_slow_line_begun_in_time_is_in_time_and_the_closing_waits(
    app: Flask, server: WebServer
) -> None:
    round_id, person = opened(app, seconds=8)
    author = Author.of(app, person, server.port)
    path, closes = f"/rounds/{round_id}/write", closes_at(app, round_id)
    # More slow lines than the server has threads hold up nobody.
    slow = [Line(author, path, point_form(f"Ý kiến chậm số {n}, có lý do.")) for n in range(12)]
    for line in slow:
        line.begin()
    began = time.monotonic()
    quick = point_form("Ý kiến nhanh, có lý do.")
    receipt = author.post(path, quick).headers["location"]
    assert receipt.startswith("/receipts/")
    assert author.get(f"/rounds/{round_id}").status == 200
    assert time.monotonic() - began < 4

    wait_until(closes)
    late = author.post(path, point_form("Ý kiến muộn, có lý do."))
    assert late.headers["location"] == f"/rounds/{round_id}/basket"
    words = said(author.get(f"/rounds/{round_id}/basket").text)
    local = closes + timedelta(hours=7)  # the portal's zone
    assert local.strftime("%H:%M:%S") in words
    assert "Ý kiến muộn" in words

    for _ in range(3):
        scheduler_beats(app)
        time.sleep(1)
    assert stage(app, round_id) is Stage.OPEN  # twelve points in time are still under way
    acknowledged = {quick["argument"]: receipt}
    for number, line in enumerate(slow):
        answer = line.end()
        acknowledged[f"Ý kiến chậm số {number}, có lý do."] = answer.headers["location"]
    deadline = time.monotonic() + 20
    while stage(app, round_id) is not Stage.CLOSED:
        assert time.monotonic() < deadline, "the closing waits for nobody"
        scheduler_beats(app)
        time.sleep(0.3)
    with app.app_context(), transaction(write=False) as session:
        received = dict(session.execute(select(Point.argument, Point.received_at)).all())
    assert received.pop("Ý kiến muộn, có lý do.") is None
    assert set(received) == set(acknowledged)
    assert all(at is not None and at < closes for at in received.values())


@pytest.mark.slow
def test_fifty_identical_posts_at_once_are_one_submission(app: Flask, server: WebServer) -> None:
    round_id, person = opened(app, seconds=600)
    author = Author.of(app, person, server.port)
    path, form = f"/rounds/{round_id}/write", point_form("Đề nghị giữ nguyên quy định này.")
    together = threading.Barrier(50)

    def send(_number: int) -> Answer:
        line = Line(author, path, form)
        together.wait()
        line.send()
        return line.answer()

    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(send, range(50)))
    receipts = {answer.headers.get("location") for answer in answers}
    assert [answer.status for answer in answers] == [303] * 50
    assert len(receipts) == 1
    with app.app_context():
        everything_is_there_once({form["argument"]: receipts.pop() or ""})


@pytest.mark.slow
def test_whoever_was_cut_off_and_sends_again_has_sent_once(app: Flask, server: WebServer) -> None:
    """The line breaks at every stage: in the head, in the body, before the answer."""
    round_id, person = opened(app, seconds=600)
    author = Author.of(app, person, server.port)
    path, acknowledged = f"/rounds/{round_id}/write", dict[str, str]()
    for number in range(12):
        form = point_form(f"Ý kiến số {number}, có lý do.")
        line = Line(author, path, form)
        if number % 3 == 0:
            line.socket.sendall(line.head[:40])
        elif number % 3 == 1:
            line.begin()
        else:
            line.send()
            time.sleep(0.01 * (number % 4))  # somewhere between arrival and answer
        line.cut()
        acknowledged[form["argument"]] = author.post(path, form).headers["location"]
    with app.app_context():
        everything_is_there_once(acknowledged)
