"""Long work through kill -9: taken up again by another runner, recorded once."""

from __future__ import annotations

import time

import pytest
from flask import Flask
from sqlalchemy import func, select

from consult.core.audit import AuditEntry
from consult.core.db import transaction
from consult.jobs import works
from consult.jobs.models import Job
from consult.jobs.work_models import Work
from tests.fault.test_schedulers import Schedulers, schedulers
from tests.support import workers

__all__ = ["schedulers"]


def state(work_id: int) -> tuple[str, int, int]:
    with transaction(write=False) as session:
        work = session.get_one(Work, work_id)
        return work.state, work.done, work.attempts


def wait_for(work_id: int, wanted: str, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while state(work_id)[0] != wanted and time.monotonic() < deadline:
        time.sleep(0.05)
    assert state(work_id)[0] == wanted


@pytest.mark.slow
def test_a_killed_runners_work_is_finished_once_by_another(
    app: Flask, schedulers: Schedulers
) -> None:
    with app.app_context():
        with transaction():
            work_id = works.start(workers.COUNTING, {"steps": 60}, asked_by=None).id
        schedulers.start()
        deadline = time.monotonic() + 60
        while state(work_id)[1] < 10 and time.monotonic() < deadline:
            time.sleep(0.02)
        assert state(work_id)[0] == "running"
        schedulers.kill_one()
        assert state(work_id)[0] == "running"  # nobody is left who could tell
        schedulers.start()
        schedulers.start()
        wait_for(work_id, "done")
        assert state(work_id)[2] == 2
        with transaction(write=False) as session:
            assert session.get_one(Work, work_id).result == {"counted": 60}
            jobs = session.scalars(select(Job.state).where(Job.name == "works.run")).all()
            assert jobs == ["done"]
            finished = session.scalar(
                select(func.count()).where(AuditEntry.action == "fault.counted")
            )
            assert finished == 1  # the first never came to its end, and only one took it up


@pytest.mark.slow
def test_a_runner_that_is_asked_to_end_gives_its_work_back(
    app: Flask, schedulers: Schedulers
) -> None:
    with app.app_context():
        with transaction():
            work_id = works.start(workers.COUNTING, {"steps": 200}, asked_by=None).id
        schedulers.start()
        wait_for(work_id, "running")
        time.sleep(0.3)
        asked = time.monotonic()
        assert schedulers.stop() == [0]
        assert time.monotonic() - asked < 8
        assert state(work_id)[0] == "waiting"
        schedulers.start()
        wait_for(work_id, "done")
