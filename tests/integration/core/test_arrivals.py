"""When a request arrived, and closings that wait for what is under way."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from config import ConfigError, Settings
from consult.consultations.models import Consultation, Stage
from consult.core import arrivals, clock
from consult.core.arrivals import ARRIVED, UnderWay, Watch, WebWorker, all_done, arrived
from consult.core.db import db, transaction
from consult.jobs.runner import run_due, tick
from tests.support import factories
from tests.support.browsing import post, signed_in
from tests.support.inside import Inside
from tests.support.webserver import point_form

NOW = 1_795_000_000.0


@pytest.fixture(autouse=True)
def present(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    if "app" not in request.fixturenames:
        monkeypatch.setattr(time, "time", lambda: NOW)


@pytest.mark.parametrize(
    ("header", "told"),
    [
        ("t=1794999990.250", 1_794_999_990.25),
        ("1794999990.250", 1_794_999_990.25),
        ("t=1794999990250", 1_794_999_990.25),
        ("t=1794999990250000", 1_794_999_990.25),
        ("t=1795000000.001", NOW - 1),  # later than we saw it: not believed
        ("t=1794990000.000", NOW - 1),  # hours ago: not believed
        ("yesterday", NOW - 1),
        ("", NOW - 1),
    ],
)
def test_a_trusted_proxy_says_when_it_took_the_request_in(header: str, told: float) -> None:
    environ = {ARRIVED: NOW - 1, "HTTP_X_REQUEST_START": header}
    assert arrived(environ, "X-Request-Start") == told
    assert arrived(environ) == NOW - 1
    assert arrived(environ, "X-Other") == NOW - 1


def test_without_the_web_worker_the_present_counts() -> None:
    assert arrived({}) == NOW
    assert arrived({ARRIVED: NOW + 5}) == NOW


def test_an_arrival_header_needs_a_trusted_proxy(tmp_path: Path) -> None:
    env = {"CONSULT_DATA_DIR": str(tmp_path), "CONSULT_ARRIVAL_HEADER": "X-Request-Start"}
    with pytest.raises(ConfigError, match="CONSULT_TRUSTED_PROXIES"):
        Settings.from_environment(env)
    with pytest.raises(ConfigError, match="CONSULT_ARRIVAL_HEADER"):
        Settings.from_environment(env | {"CONSULT_ARRIVAL_HEADER": "a b"})
    settings = Settings.from_environment(env | {"CONSULT_TRUSTED_PROXIES": "1"})
    assert settings.arrival_header == "X-Request-Start"


def test_the_oldest_under_way() -> None:
    under_way = UnderWay()
    assert under_way.oldest() is None
    under_way.begin("a", 2.0)
    under_way.begin("b", 1.0)
    assert under_way.oldest() == 1.0
    under_way.end("b")
    under_way.end("b")
    assert under_way.oldest() == 2.0


def closing(app: Flask) -> tuple[Inside, int]:
    here = Inside(app, factories)
    agency = here.organisation()
    round_id = here.consultation(agency, here.version(agency), closes=timedelta(seconds=-1))
    return here, round_id


def stage(app: Flask, round_id: int) -> Stage:
    with app.app_context(), transaction(write=False) as session:
        return session.get_one(Consultation, round_id).stage


def work(app: Flask) -> None:
    with app.app_context():
        tick()


def test_a_closing_waits_until_the_worker_is_done(app: Flask) -> None:
    _here, round_id = closing(app)
    oldest = time.time() - 30
    watch = Watch(app.app_context, lambda: oldest)
    with app.app_context():
        watch.answer()
    work(app)
    assert stage(app, round_id) is Stage.OPEN
    with app.app_context():
        watch.answer()  # asked, but what is under way arrived before the closing
    clock.shift(timedelta(seconds=2))
    with app.app_context():
        run_due()
    assert stage(app, round_id) is Stage.OPEN
    oldest = time.time()
    with app.app_context():
        watch.answer()
    clock.shift(timedelta(seconds=2))
    with app.app_context():
        run_due()  # by the job that tries again, not by the minute's sweep
    assert stage(app, round_id) is Stage.CLOSED


def test_a_dead_worker_is_not_waited_for(app: Flask) -> None:
    _here, round_id = closing(app)
    watch = Watch(app.app_context, lambda: None)
    with app.app_context():
        watch.answer()
    work(app)
    assert stage(app, round_id) is Stage.OPEN
    clock.shift(arrivals.DEAD_AFTER + timedelta(seconds=1))
    work(app)
    assert stage(app, round_id) is Stage.CLOSED
    with app.app_context():  # and the next worker that starts clears it away
        Watch(app.app_context, lambda: None).answer()
        assert factories.count(WebWorker) == 1


def test_a_stopped_worker_leaves_no_row(app: Flask) -> None:
    watch = Watch(app.app_context, time.time, pause=0.01)
    watch.start()
    with app.app_context():
        assert factories.count(WebWorker) == 1
    watch.stop()
    with app.app_context():
        assert factories.count(WebWorker) == 0


def test_every_worker_is_asked_and_answers_by_itself(app: Flask) -> None:
    watches = [Watch(app.app_context, time.time, pause=0.02) for _ in range(2)]
    for watch in watches:
        watch.start()
    until = datetime.now(UTC)
    try:
        deadline = time.monotonic() + 20
        done = False
        while not done:
            assert time.monotonic() < deadline
            with app.app_context(), transaction():
                done = all_done(until)
            time.sleep(0.02)
        with app.app_context(), transaction(write=False):
            answers = db.session.scalars(db.select(WebWorker.done_until)).all()
        assert all(answer is not None and answer >= until for answer in answers)
        assert len(answers) == 2
    finally:
        for watch in watches:
            watch.stop()


@pytest.mark.parametrize(("before", "accepted"), [(0.001, True), (-0.001, False)])
def test_the_heads_arrival_decides_not_the_present(
    app: Flask, before: float, accepted: bool
) -> None:
    here = Inside(app, factories)
    agency = here.organisation()
    round_id = here.consultation(agency, here.version(agency), closes=timedelta(seconds=1))
    client = signed_in(app, here.user(verified=True))
    with app.app_context(), transaction(write=False) as session:
        closes = session.get_one(Consultation, round_id).closes_at
    assert closes is not None
    clock.move_to(closes + timedelta(minutes=5))  # the threads took so long
    # The worker stamps by the machine's clock; the product's is five minutes ahead of closing.
    machine = (closes - (clock.now() - datetime.now(UTC))).timestamp() - before
    answer = post(
        client,
        f"/rounds/{round_id}/write",
        point_form("Đề nghị giữ nguyên quy định này."),
        follow_redirects=False,
        environ_overrides={ARRIVED: machine},
    )
    where = "/receipts/" if accepted else f"/rounds/{round_id}/basket"
    assert answer.headers["Location"].startswith(where)


@pytest.mark.parametrize(
    ("status", "words"), [(408, "chưa trọn vẹn"), (411, "Thiếu độ dài"), (503, "vài phút")]
)
def test_a_body_that_was_not_taken_in_is_answered_with_a_page(
    app: Flask, status: int, words: str
) -> None:
    answer = app.test_client().post("/sign-in", environ_overrides={arrivals.REFUSED: status})
    assert answer.status_code == status
    assert words in answer.text
