"""Rate limits: counted in the database, by any number of processes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from flask import Flask

from consult.core import clock, ratelimit
from consult.core.db import transaction
from consult.core.ratelimit import RateCounter
from tests.support import factories

QUARTER = timedelta(minutes=15)


def test_the_limit_holds_for_a_window_and_no_longer(app: Flask) -> None:
    clock.move_to(datetime(2026, 11, 23, 8, 0, 1, tzinfo=UTC))
    with app.app_context():
        for wanted in (True, True, True, False, False):
            with transaction():
                assert ratelimit.within("a", limit=3, period=QUARTER) is wanted
                assert ratelimit.hit("a", limit=3, period=QUARTER) is wanted
        with transaction():
            assert ratelimit.hit("b", limit=3, period=QUARTER)
        clock.shift(QUARTER)
        with transaction():
            assert ratelimit.within("a", limit=3, period=QUARTER)
            assert ratelimit.hit("a", limit=1, period=QUARTER)
            assert not ratelimit.within("a", limit=1, period=QUARTER)


def test_looking_counts_nothing(app: Flask) -> None:
    with app.app_context():
        with transaction():
            assert ratelimit.within("a", limit=1, period=QUARTER)
        assert factories.count(RateCounter) == 0


def test_no_hit_is_lost_between_processes(app: Flask) -> None:
    clock.move_to(datetime(2026, 11, 23, 8, 0, 1, tzinfo=UTC))

    def hit(_number: int) -> bool:
        with app.app_context(), transaction():
            return ratelimit.hit("a", limit=10, period=QUARTER)

    with ThreadPoolExecutor(8) as pool:
        allowed = sum(pool.map(hit, range(40)))
    assert allowed == 10
    with app.app_context():
        assert factories.count(RateCounter) == 1
        with transaction(write=False) as session:
            assert session.query(RateCounter).one().hits == 40


def test_old_windows_are_forgotten(app: Flask) -> None:
    with app.app_context():
        with transaction():
            ratelimit.hit("a", limit=1, period=QUARTER)
        clock.shift(timedelta(days=2))
        with transaction():
            ratelimit.hit("a", limit=1, period=QUARTER)
            ratelimit.forget_before(clock.now() - timedelta(days=1))
        assert factories.count(RateCounter) == 1
