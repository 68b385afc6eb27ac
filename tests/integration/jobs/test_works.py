"""Long work: asked for once, with progress, cancelled, failing with a sentence, taken up again."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.exc import OperationalError

from consult.core import clock
from consult.core.db import db, transaction
from consult.jobs import registry, runner, work_runs, works
from consult.jobs.models import Job
from consult.jobs.work_models import Work
from consult.jobs.works import KINDS, Failed, Progress
from tests.support import factories as make

runs: Counter[str] = Counter()
behaviour: dict[str, Any] = {}


@pytest.fixture(autouse=True)
def known_work(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    known = dict(KINDS)
    runs.clear()
    behaviour.clear()
    monkeypatch.setattr(work_runs, "WRITE_SECONDS", 0.02)

    @works.does("test.count", label="Counting")
    def count(arguments: dict[str, Any], progress: Progress) -> dict[str, Any]:
        runs[arguments["name"]] += 1
        act = behaviour.get(arguments["name"])
        if act is not None:
            act(progress)
        progress.step(10, 10)
        return {"counted": 10}

    with app.app_context():
        yield
    KINDS.clear()
    KINDS.update(known)
    registry.stopping.clear()


def ask(name: str = "a", asked_by: int | None = None) -> int:
    with transaction():
        return works.start("test.count", {"name": name}, asked_by=asked_by, title=name).id


def found(work_id: int) -> Work:
    with transaction(write=False) as session:
        work = session.get_one(Work, work_id)
        session.expunge(work)
        return work


def cancel(work_id: int) -> bool:
    with transaction() as session:
        return works.cancel(session.get_one(Work, work_id))


def wait_for_cancel(progress: Progress) -> None:
    for _ in range(500):
        progress.step(3, 10)
        threading.Event().wait(0.01)
    raise AssertionError("the work did not learn that it was cancelled")


def test_a_work_is_done_and_its_result_kept() -> None:
    work_id = ask()
    assert (found(work_id).state, found(work_id).percent) == ("waiting", None)
    runner.run_due()
    work = found(work_id)
    assert (work.state, work.result, work.open_key) == ("done", {"counted": 10}, None)
    assert work.started_at is not None
    assert work.finished_at is not None
    assert runs == {"a": 1}


def test_the_same_is_not_done_twice_at_once_but_anew_afterwards() -> None:
    first = ask()
    assert ask() == first
    assert ask("b") != first
    runner.run_due()
    assert ask() != first


def test_two_people_have_works_of_their_own() -> None:
    one, other = make.user("Nguyễn Văn An"), make.user("Trần Thị Bình")
    first, second = ask(asked_by=one), ask(asked_by=other)
    assert first != second
    with transaction(write=False) as session:
        assert [w.id for w in session.scalars(works.works_of(one))] == [first]
        assert [w.id for w in session.scalars(works.works_of(other))] == [second]


def test_many_ask_at_once_and_one_work_is_done(app: Flask) -> None:
    ids: list[int] = []

    def one() -> None:
        with app.app_context():
            ids.append(ask())

    threads = [threading.Thread(target=one) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(ids) == 6
    assert len(set(ids)) == 1
    runner.run_due()
    assert runs == {"a": 1}


def test_a_rolled_back_request_asks_for_nothing() -> None:
    def request() -> None:
        works.start("test.count", {"name": "a"}, asked_by=None)
        raise RuntimeError

    with pytest.raises(RuntimeError), transaction():
        request()
    assert runner.run_due() == 0
    with transaction(write=False) as session:
        assert session.scalar(select(func.count(Work.id))) == 0


def test_unknown_work_is_refused() -> None:
    with pytest.raises(KeyError), transaction():
        works.start("test.nobody", {}, asked_by=None)


def test_progress_is_seen_while_a_reading_transaction_is_open() -> None:
    seen: list[tuple[str, int | None]] = []

    def act(progress: Progress) -> None:
        with transaction(write=False) as session:
            session.scalar(select(func.count(Work.id)))
            progress.step(4, 10)
            threading.Event().wait(0.3)
        work = found(progress.work_id)
        seen.append((work.state, work.percent))

    behaviour["a"] = act
    ask()
    runner.run_due()
    assert seen == [("running", 40)]


def test_a_waiting_work_is_cancelled() -> None:
    work_id = ask()
    assert cancel(work_id)
    assert not cancel(work_id)
    runner.run_due()
    assert runs == {}
    assert found(work_id).state == "cancelled"


def test_a_running_work_is_cancelled_at_its_next_step(app: Flask) -> None:
    work_id = ask()

    def act(progress: Progress) -> None:
        def person() -> None:
            with app.app_context():
                assert cancel(work_id)

        thread = threading.Thread(target=person)
        thread.start()
        thread.join()
        wait_for_cancel(progress)

    behaviour["a"] = act
    runner.run_due()
    assert found(work_id).state == "cancelled"
    assert found(work_id).result == {}
    with transaction(write=False) as session:
        assert session.scalars(select(Job.state)).all() == ["done"]
    behaviour.clear()
    assert ask() != work_id  # and may be asked for again


def test_a_failure_is_a_sentence_and_the_same_may_be_asked_again() -> None:
    def act(_progress: Progress) -> None:
        raise Failed("There are more than %(most)s points.", most=5)

    behaviour["a"] = act
    work_id = ask()
    runner.run_due()
    work = found(work_id)
    assert (work.state, work.message, work.params) == (
        "failed",
        "There are more than %(most)s points.",
        {"most": 5},
    )
    behaviour.clear()
    anew = ask()
    assert anew != work_id
    runner.run_due()
    assert found(anew).state == "done"


def test_a_fault_is_told_in_general_words() -> None:
    def act(_progress: Progress) -> None:
        raise ZeroDivisionError

    behaviour["a"] = act
    work_id = ask()
    runner.run_due()
    assert (found(work_id).state, found(work_id).message) == ("failed", work_runs.BROKEN)


def test_a_database_that_does_not_answer_is_tried_again() -> None:
    def act(_progress: Progress) -> None:
        if runs["a"] == 1:
            raise OperationalError("SELECT", {}, Exception("gone"))

    behaviour["a"] = act
    work_id = ask()
    runner.run_due()
    assert found(work_id).state == "running"
    clock.shift(timedelta(seconds=3))
    runner.run_due()
    assert found(work_id).state == "done"


def test_a_work_that_kills_its_runners_fails() -> None:
    work_id = ask()
    with transaction() as session:
        session.execute(update(Work).values(state="running", attempts=work_runs.MOST_ATTEMPTS))
    runner.run_due()
    work = found(work_id)
    assert (work.state, work.message) == ("failed", work_runs.ENDED)
    assert runs == {}


def test_a_process_that_ends_gives_the_work_back() -> None:
    def act(progress: Progress) -> None:
        registry.stopping.set()
        progress.step(1, 10)

    behaviour["a"] = act
    work_id = ask()
    runner.run_due()
    assert (found(work_id).state, found(work_id).attempts) == ("waiting", 0)
    with transaction(write=False) as session:
        job = session.scalars(select(Job)).one()
        assert (job.state, job.attempts, job.claimed_by) == ("ready", 0, None)
    registry.stopping.clear()
    behaviour.clear()
    runner.run_due()
    assert found(work_id).state == "done"


def test_work_longer_than_its_lease_is_not_begun_twice(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "RENEWED_LEASE", timedelta(seconds=0.9))

    def act(_progress: Progress) -> None:
        threading.Event().wait(2)

    behaviour["a"] = act
    work_id = ask()

    def other() -> None:
        with app.app_context():
            for _ in range(8):
                threading.Event().wait(0.2)
                runner.run_due()

    thread = threading.Thread(target=other)
    thread.start()
    runner.run_due()
    thread.join()
    assert runs == {"a": 1}
    assert found(work_id).state == "done"


def test_quick_and_slow_jobs_do_not_wait_for_long_work() -> None:
    ask()
    assert runner.run_due(lane="quick") == 0
    assert runner.run_due(lane="slow") == 0
    assert runner.run_due(lane="long") == 1


def test_an_ended_work_is_forgotten_after_the_days_of_the_setting() -> None:
    old, running = ask("a"), ask("b")
    runner.run_due()
    with transaction() as session:
        session.execute(
            update(Work).where(Work.id == running).values(state="running", finished_at=None)
        )
    for days, left in ((6, 2), (2, 1)):
        clock.shift(timedelta(days=days))
        with transaction():
            from consult.jobs.tasks import forget_works

            forget_works([])
        with transaction(write=False):
            assert db.session.scalar(select(func.count(Work.id))) == left
    with transaction(write=False) as session:
        assert session.get(Work, old) is None
