"""Several schedulers, killed again and again: every effect happens exactly once."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import func, select

from config import ROOT, Settings
from consult.core.audit import AuditEntry
from consult.core.db import transaction
from consult.jobs.models import Job
from consult.jobs.services import enqueue

JOBS, KILLS = 200, 6
NAMES = ("fault.quick", "fault.batch", "fault.slow")


class Schedulers:
    """Two scheduler processes on the application's database."""

    def __init__(self, settings: Settings) -> None:
        self.environment = {
            **os.environ,
            "CONSULT_DATA_DIR": str(settings.data_dir),
            "CONSULT_SECRET_KEY": settings.secret_key,
            "DATABASE_URL": settings.database_url,
        }
        self.running: list[subprocess.Popen[bytes]] = []

    def start(self) -> None:
        self.running.append(
            subprocess.Popen(
                [sys.executable, "-m", "tests.support.workers"],
                cwd=ROOT,
                env=self.environment,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        )

    def kill_one(self) -> None:
        victim = self.running.pop(0)
        assert victim.poll() is None, "the scheduler ended by itself"
        victim.send_signal(signal.SIGKILL)
        victim.wait()

    def stop(self) -> list[int]:
        """Ask all to end; return their exit codes."""
        for process in self.running:
            process.terminate()
        codes = []
        for process in self.running:
            try:
                codes.append(process.wait(timeout=15))
            except subprocess.TimeoutExpired:
                process.kill()
                codes.append(process.wait())
        self.running.clear()
        return codes


@pytest.fixture
def schedulers(app: Flask) -> Iterator[Schedulers]:
    both = Schedulers(app.extensions["consult_settings"])
    yield both
    both.stop()


def effects() -> Counter[int | None]:
    with transaction(write=False) as session:
        found = session.scalars(
            select(AuditEntry.subject_id).where(AuditEntry.action == "fault.effect")
        )
        return Counter(found)


def left() -> int:
    with transaction(write=False) as session:
        return session.scalar(select(func.count()).where(Job.name.in_(NAMES), Job.state != "done"))


def wait_until_done(seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while left() and time.monotonic() < deadline:
        time.sleep(0.1)


@pytest.mark.slow
def test_every_effect_once_through_kills(app: Flask, schedulers: Schedulers) -> None:
    chance = random.Random(7)
    with app.app_context():
        with transaction():
            for number in range(JOBS):
                enqueue(NAMES[number % len(NAMES)], {"n": number})
        schedulers.start()
        schedulers.start()
        progress = [0]
        for _ in range(KILLS):
            # A kill counts only when work has gone on since the last one.
            deadline = time.monotonic() + 30
            while len(effects()) <= progress[-1] and left() and time.monotonic() < deadline:
                time.sleep(0.02)
            progress.append(len(effects()))
            time.sleep(chance.uniform(0, 0.15))
            schedulers.kill_one()
            schedulers.start()
            if not left():
                break
        wait_until_done(60)
        assert effects() == dict.fromkeys(range(JOBS), 1)
        assert left() == 0
        assert len(progress) > 3, "the schedulers were killed while work went on"


@pytest.mark.slow
def test_a_scheduler_ends_when_asked_and_leaves_nothing_half_done(
    app: Flask, schedulers: Schedulers
) -> None:
    with app.app_context():
        with transaction():
            for number in range(JOBS):
                enqueue("fault.slow", {"n": number})
        schedulers.start()
        deadline = time.monotonic() + 60
        while not effects() and time.monotonic() < deadline:
            time.sleep(0.02)
        asked = time.monotonic()
        assert schedulers.stop() == [0]
        assert time.monotonic() - asked < 15
        with transaction(write=False) as session:
            states = Counter(session.scalars(select(Job.state).where(Job.name == "fault.slow")))
        assert states["running"] == 0
        assert 0 < states["done"] < JOBS
        assert sum(effects().values()) == states["done"]
