"""Jobs: one claim each, leases, failures that back off and park, recurring slots, slow handlers."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text, update

from consult.core import audit, clock
from consult.core.audit import AuditEntry
from consult.core.db import db, transaction
from consult.jobs import runner, scheduler
from consult.jobs.models import Job
from consult.jobs.registry import HANDLERS, RECURRING, Payloads, Record, handles, stopping
from consult.jobs.services import enqueue, enqueue_recurring, retry

runs: Counter[int] = Counter()
broken: set[int] = set()


def note(number: int) -> None:
    audit.record("test.effect", actor_id=None, subject=("test", number))


def effects() -> Counter[int | None]:
    with transaction(write=False) as session:
        return Counter(
            session.scalars(select(AuditEntry.subject_id).where(AuditEntry.action == "test.effect"))
        )


def jobs() -> dict[str, int]:
    with transaction(write=False) as session:
        return dict(Counter(session.scalars(select(Job.state))))


def add(name: str, *numbers: int) -> None:
    with transaction():
        for number in numbers:
            enqueue(name, {"n": number})


@pytest.fixture(autouse=True)
def context(app: Flask) -> Iterator[None]:
    known, recurring = dict(HANDLERS), dict(RECURRING)
    runs.clear()
    broken.clear()

    @handles("test.one")
    def one(payloads: Payloads) -> None:
        for payload in payloads:
            runs[payload["n"]] += 1
            note(payload["n"])
            if payload["n"] in broken:
                raise RuntimeError(f"number {payload['n']} is broken")

    @handles("test.batch", batch=10)
    def batch(payloads: Payloads) -> None:
        one(payloads)

    @handles("test.slow", slow=True)
    def slow(payloads: Payloads) -> Record:
        with transaction(write=False):  # a slow handler stands outside of any transaction
            runs[payloads[0]["n"]] += 1
        if payloads[0]["n"] in broken:
            raise OSError("the other side does not answer")
        return lambda: note(payloads[0]["n"])

    with app.app_context():
        yield
    HANDLERS.clear()
    HANDLERS.update(known)
    RECURRING.clear()
    RECURRING.update(recurring)
    stopping.clear()


def test_a_job_runs_once_and_is_marked_done() -> None:
    add("test.one", 1, 2)
    assert runner.run_due() == 2
    assert runner.run_due() == 0
    assert effects() == {1: 1, 2: 1}
    assert jobs() == {"done": 2}


def test_a_job_of_a_rolled_back_fact_does_not_exist() -> None:
    def fact() -> None:
        enqueue("test.one", {"n": 1})
        enqueue("test.one", {"n": 2}, key="keyed")
        raise RuntimeError

    with pytest.raises(RuntimeError), transaction():
        fact()
    assert runner.run_due() == 0


def test_a_job_waits_for_its_instant() -> None:
    with transaction():
        enqueue("test.one", {"n": 1}, run_at=clock.now() + timedelta(minutes=1))
    assert runner.run_due() == 0
    clock.shift(timedelta(minutes=1))
    assert runner.run_due() == 1


def test_a_key_is_taken_for_good() -> None:
    for _ in range(2):
        with transaction():
            enqueue("test.one", {"n": 1}, key="the fact")
        runner.run_due()
    assert effects() == {1: 1}


def test_a_batch_is_one_call() -> None:
    add("test.batch", *range(25))
    assert runner.run_due() == 3
    assert effects() == dict.fromkeys(range(25), 1)


def test_many_runners_share_the_work(app: Flask) -> None:
    add("test.one", *range(30))
    errors: list[BaseException] = []

    def work() -> None:
        with app.app_context():
            try:
                while runner.run_due():
                    pass
            except BaseException as error:
                errors.append(error)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    runner.run_due()
    assert errors == []
    assert effects() == dict.fromkeys(range(30), 1)
    assert jobs() == {"done": 30}


def test_an_expired_lease_is_taken_over_and_a_held_one_is_not() -> None:
    add("test.one", 1)
    with transaction() as session:  # another process claimed it, then died
        session.execute(
            update(Job).values(
                state="running",
                claimed_by="dead",
                lease_until=clock.now() + runner.LEASE,
                attempts=1,
            )
        )
    assert runner.run_due() == 0
    clock.shift(runner.LEASE + timedelta(seconds=1))
    assert runner.run_due() == 1
    assert effects() == {1: 1}


def test_who_lost_the_claim_leaves_no_effect() -> None:
    """A runner stalled past its lease finds the job taken: its effects are undone."""

    @handles("test.stalled")
    def stalled(_payloads: Payloads) -> None:
        runs[7] += 1
        note(7)
        if runs[7] == 1:  # meanwhile somebody else claims the job
            db.session.execute(update(Job).values(claimed_by="somebody else"))
            db.session.flush()

    add("test.stalled", 7)
    runner.run_due()
    # The takeover was rolled back with everything else, so the job is free again later.
    assert effects() == {}
    clock.shift(runner.LEASE + timedelta(seconds=1))
    runner.run_due()
    assert effects() == {7: 1}


def test_a_failure_leaves_nothing_and_backs_off() -> None:
    broken.add(1)
    add("test.one", 1)
    waits = []
    for _ in range(3):
        before = clock.now()
        assert runner.run_due() == 1
        assert runner.run_due() == 0
        with transaction(write=False) as session:
            job = session.scalars(select(Job)).one()
            waits.append(round((job.run_at - before).total_seconds()))
            assert job.last_error == "RuntimeError: number 1 is broken"
        clock.move_to(before + timedelta(seconds=waits[-1] + 1))
    assert waits == [2, 4, 8]
    assert effects() == {}
    broken.clear()
    assert runner.run_due() == 1
    assert effects() == {1: 1}


def fail_until_parked() -> None:
    for _ in range(runner.MOST_ATTEMPTS):
        runner.run_due()
        clock.shift(timedelta(minutes=10))


def test_a_poison_row_parks_and_can_be_retried() -> None:
    broken.add(1)
    add("test.one", 1, 2)
    fail_until_parked()
    assert jobs() == {"parked": 1, "done": 1}
    assert runner.run_due() == 0
    broken.clear()
    with transaction() as session:
        retry(session.scalars(select(Job.id).where(Job.state == "parked")).one())
    runner.run_due()
    assert effects() == {1: 1, 2: 1}
    assert jobs() == {"done": 2}


def test_a_poison_row_does_not_drag_its_batch_along() -> None:
    broken.add(3)
    add("test.batch", *range(6))
    fail_until_parked()
    assert jobs() == {"parked": 1, "done": 5}
    assert effects() == dict.fromkeys((0, 1, 2, 4, 5), 1)


def test_a_row_that_kills_its_runner_parks() -> None:
    """No error is ever reported for it: only its expired leases tell."""
    add("test.one", 1)
    with transaction() as session:
        session.execute(
            update(Job).values(
                state="running",
                claimed_by="dead",
                lease_until=clock.now() - timedelta(seconds=1),
                attempts=runner.MOST_ATTEMPTS,
            )
        )
    RECURRING.clear()
    runner.tick()
    assert jobs() == {"parked": 1}
    assert effects() == {}


def test_a_job_that_nobody_knows_is_parked_and_named() -> None:
    add("test.unknown", 1)
    fail_until_parked()
    with transaction(write=False) as session:
        job = session.scalars(select(Job)).one()
        assert (job.state, job.last_error) == ("parked", "KeyError: 'test.unknown'")


def test_a_broken_transaction_is_not_the_end(app: Flask) -> None:
    @handles("test.sql")
    def sql(_payloads: Payloads) -> None:
        db.session.execute(text("SELECT * FROM no_such_table"))

    add("test.sql", 1)
    add("test.one", 2)
    runner.run_due()
    assert effects() == {2: 1}
    assert jobs() == {"ready": 1, "done": 1}


def test_slow_work_holds_no_lock(app: Flask) -> None:
    """While a slow handler runs, other processes write; its outcome is recorded afterwards."""

    @handles("test.waiting", slow=True)
    def waiting(_payloads: Payloads) -> Record:
        def elsewhere() -> None:
            with app.app_context(), transaction():
                note(100)

        thread = threading.Thread(target=elsewhere)
        thread.start()
        thread.join(5)
        runs[100] += not thread.is_alive()
        return lambda: note(101)

    add("test.waiting", 1)
    runner.run_due()
    assert runs[100] == 1
    assert effects() == {100: 1, 101: 1}
    assert jobs() == {"done": 1}


def test_slow_and_quick_work_are_done_apart() -> None:
    add("test.slow", 1, 2)
    add("test.one", 3)
    assert runner.run_due(lane="quick") == 1
    assert effects() == {3: 1}
    assert runner.run_due(lane="slow") == 2
    assert effects() == {1: 1, 2: 1, 3: 1}


def test_slow_work_that_fails_records_nothing() -> None:
    broken.add(1)
    add("test.slow", 1)
    runner.run_due()
    assert effects() == {}
    broken.clear()
    clock.shift(timedelta(seconds=3))
    runner.run_due()
    assert effects() == {1: 1}
    assert runs[1] == 2


def test_each_recurring_slot_runs_once_with_many_schedulers(app: Flask) -> None:
    RECURRING.clear()

    @handles("test.hourly", every=timedelta(hours=1))
    def hourly(_payloads: Payloads) -> None:
        note(int(clock.now().timestamp() // 3600))

    clock.move_to(clock.now().replace(minute=10, second=0, microsecond=0))
    for _ in range(3):
        barrier = threading.Barrier(4)

        def beat(barrier: threading.Barrier = barrier) -> None:
            with app.app_context():
                barrier.wait()
                runner.tick()

        threads = [threading.Thread(target=beat) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        with app.app_context():
            runner.run_due()
        clock.shift(timedelta(hours=1))
    assert sorted(effects().values()) == [1, 1, 1]


def test_slots_that_passed_while_nobody_ran_are_not_made_up_for() -> None:
    RECURRING.clear()

    @handles("test.hourly", every=timedelta(hours=1))
    def hourly(_payloads: Payloads) -> None:
        note(1)

    for hours in (0, 5, 0):
        clock.shift(timedelta(hours=hours))
        with transaction():
            enqueue_recurring()
        runner.run_due()
    assert effects() == {1: 2}


def test_two_handlers_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match="two handlers"):
        handles("test.one")(lambda _payloads: None)


def test_done_jobs_are_forgotten_after_two_weeks_and_others_are_not() -> None:
    broken.add(2)
    add("test.one", 1, 2)
    fail_until_parked()
    clock.shift(timedelta(days=15))
    add("test.one", 3)
    runner.run_due()
    with transaction():
        enqueue("jobs.forget")
    runner.run_due()
    with transaction(write=False) as session:
        left = session.execute(select(Job.name, Job.state).order_by(Job.id)).all()
    assert [tuple(row) for row in left] == [
        ("test.one", "parked"),
        ("test.one", "done"),
        ("jobs.forget", "done"),
    ]


def test_the_scheduler_ends_with_its_parent(app: Flask) -> None:
    """Started for a parent that is none, it stops by itself at its first beat."""
    import signal

    kept = [(number, signal.getsignal(number)) for number in (signal.SIGTERM, signal.SIGINT)]
    try:
        scheduler.run_forever(app, parent=1_000_000_000)
    finally:
        for number, handler in kept:
            signal.signal(number, handler)
