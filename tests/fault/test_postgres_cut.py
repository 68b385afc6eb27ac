"""PostgreSQL stops in the middle of the work and comes back: clean pages, nothing lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from flask import Flask
from sqlalchemy import func, select

from config import ROOT
from consult.core.db import db, transaction
from consult.jobs.models import Job
from consult.jobs.services import enqueue
from tests.conftest import build
from tests.support import factories, postgres
from tests.support.senders import Senders, everything_is_there_once
from tests.support.webserver import Author, WebServer, ask, environment

SENT = 40
CLEAR = "ổ đĩa đã đầy hoặc có quá nhiều tệp đang được gửi cùng lúc. Chưa có gì bị thay đổi."


class Server:
    """A PostgreSQL server that can be cut off and started again with its data."""

    def __init__(self) -> None:
        self.url, self._remove = postgres.start()
        with psycopg.connect(self.url) as connection:
            row = connection.execute("SHOW data_directory").fetchone()
        assert row is not None
        self.data = Path(row[0])
        self._second: subprocess.Popen[bytes] | None = None

    @property
    def _pid(self) -> int:
        return int((self.data / "postmaster.pid").read_text().splitlines()[0])

    def cut(self) -> None:
        """Stop at once, without a word to anybody who is connected."""
        pid = self._pid
        os.kill(pid, signal.SIGQUIT)
        deadline = time.monotonic() + 30
        while self._accepts() or (self.data / "postmaster.pid").exists():
            assert time.monotonic() < deadline
            if self._second is not None:
                self._second.poll()
            time.sleep(0.05)

    def start_again(self) -> None:
        binaries = postgres.find_binaries()
        assert binaries is not None
        port = self.url.rpartition("/")[0].rpartition(":")[2]
        command = [str(binaries / "postgres"), "-D", str(self.data), "-h", "127.0.0.1"]
        command += ["-p", port, "-k", str(self.data.parent)]
        owner = self.data.stat()
        as_owner = {"user": owner.st_uid, "group": owner.st_gid, "extra_groups": []}
        self._second = subprocess.Popen(
            command,
            cwd=self.data.parent,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            **(as_owner if os.geteuid() == 0 else {}),
        )
        deadline = time.monotonic() + 60
        while not self._accepts():
            assert time.monotonic() < deadline, "PostgreSQL did not come back"
            time.sleep(0.05)

    def _accepts(self) -> bool:
        try:
            psycopg.connect(self.url, connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def remove(self) -> None:
        if self._second is not None and self._second.poll() is None:
            self._second.send_signal(signal.SIGINT)
            self._second.wait(timeout=30)
        self._remove()


@pytest.fixture
def server() -> Iterator[Server]:
    try:
        started = Server()
    except postgres.NoPostgres as error:
        pytest.skip(str(error))
    yield started
    started.remove()


@pytest.fixture
def app(server: Server, tmp_path: Path) -> Iterator[Flask]:
    made = build(tmp_path, server.url).app
    with made.app_context():
        # The throw-away server of the tests acknowledges before it writes; this one must not.
        name = db.engine.url.database
        with psycopg.connect(server.url, autocommit=True) as connection:
            connection.execute(f'ALTER DATABASE "{name}" SET synchronous_commit = on')
        db.engine.dispose()
        yield made
        db.engine.dispose()


@pytest.fixture
def scheduler(app: Flask) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.support.workers"],
        cwd=ROOT,
        env=environment(app.extensions["consult_settings"]),
        stderr=subprocess.DEVNULL,
    )
    yield process
    process.terminate()
    process.wait(timeout=30)


@pytest.mark.postgres
@pytest.mark.slow
def test_work_goes_on_after_the_database_was_away(
    app: Flask, server: Server, scheduler: subprocess.Popen[bytes]
) -> None:
    agency = factories.organisation()
    round_id = factories.consultation(agency, factories.version(agency))
    person = factories.user(verified=True)
    with transaction():
        for number in range(60):
            enqueue("fault.quick", {"n": number})
    web = WebServer(app.extensions["consult_settings"])
    try:
        web.start()
        author = Author.of(app, person, web.port)
        senders = Senders(author, round_id, SENT)
        senders.wait_for(5)
        server.cut()
        page = ask(web.port, "GET", f"/rounds/{round_id}")
        assert page.status == 503
        assert CLEAR in page.text
        assert "Traceback" not in page.text
        assert "psycopg" not in page.text
        server.start_again()
        senders.finish()
        assert author.get("/my/contributions").status == 200
    finally:
        web.stop()
    assert senders.refused, "nobody noticed that the database was away"
    for answer in senders.refused:
        assert answer.status == 503
        assert CLEAR in answer.text
        assert "Ý kiến số" in answer.text, "what was typed is shown again"
    db.engine.dispose()
    everything_is_there_once(senders.acknowledged)
    _jobs_are_done()
    assert scheduler.poll() is None, "the scheduler outlives its database"


def _jobs_are_done() -> None:
    deadline = time.monotonic() + 60
    while True:
        with transaction(write=False) as session:
            left = session.scalar(
                select(func.count()).where(Job.name == "fault.quick", Job.state != "done")
            )
        if not left:
            return
        assert time.monotonic() < deadline, f"{left} jobs are not done"
        time.sleep(0.2)
