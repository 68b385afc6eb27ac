"""The started portal as real processes: what happens when one of them ends."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from config import ROOT

PATIENCE = 60


class Portal:
    """A portal started by `serve` on a free port, with its data in ``folder``."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.log = folder / "log"
        environment = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"}
        environment |= {"CONSULT_DATA_DIR": str(folder / "data"), "PYTHONUNBUFFERED": "1"}
        command = [sys.executable, "-m", "consult.cli", "serve", "--empty"]
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [*command, "--port", str(self.port)],
                cwd=ROOT,
                env=environment,
                stdout=log,
                stderr=log,
            )

    def until(self, condition: Callable[[], object]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < deadline, self.log.read_text()
            time.sleep(0.1)

    def ready(self) -> bool:
        assert self.process.poll() is None, self.log.read_text()
        return "The portal is ready" in self.log.read_text()

    def status(self) -> int:
        url = f"http://127.0.0.1:{self.port}/search"
        with urllib.request.urlopen(url, timeout=PATIENCE) as answer:
            return answer.status

    def children(self) -> dict[str, int]:
        """Return the ids of the web server's and the scheduler's process."""
        found: dict[str, int] = {}
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
                words = (folder / "cmdline").read_bytes().decode().split("\0")
            except (OSError, IndexError):
                continue
            if parent == self.process.pid:
                found["scheduler" if "scheduler" in words else "web"] = int(folder.name)
        return found


def alive(pid: int) -> bool:
    try:
        # A zombie has ended already; only its parent has not looked yet.
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[Portal]:
    portal = Portal(tmp_path)
    try:
        portal.until(portal.ready)
        yield portal
    finally:
        if portal.process.poll() is None:
            portal.process.kill()
            portal.process.wait()


def test_a_dead_scheduler_is_started_again_and_sigterm_stops_all(portal: Portal) -> None:
    assert portal.status() == 200
    portal.until(lambda: len(portal.children()) == 2)
    first = portal.children()
    os.kill(first["scheduler"], signal.SIGKILL)
    portal.until(
        lambda: portal.children().get("scheduler", first["scheduler"]) != first["scheduler"]
    )
    assert portal.status() == 200
    last = portal.children()
    portal.process.terminate()
    assert portal.process.wait(PATIENCE) == 0
    assert not any(alive(pid) for pid in last.values())


def test_children_stop_when_the_supervisor_is_killed(portal: Portal) -> None:
    portal.until(lambda: len(portal.children()) == 2)
    children = portal.children()
    portal.process.kill()
    portal.process.wait()
    portal.until(lambda: not any(alive(pid) for pid in children.values()))


def test_a_dead_web_server_ends_everything(portal: Portal) -> None:
    portal.until(lambda: len(portal.children()) == 2)
    children = portal.children()
    os.kill(children["web"], signal.SIGKILL)
    assert portal.process.wait(PATIENCE) == 1
    assert "The web server has ended" in portal.log.read_text()
    assert not alive(children["scheduler"])


def test_a_taken_port_is_told_before_anything_starts(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        result = subprocess.run(
            [sys.executable, "-m", "consult.cli", "serve", "--empty", "--port", port],
            cwd=ROOT,
            env={**os.environ, "CONSULT_DATA_DIR": str(tmp_path / "data")},
            capture_output=True,
            text=True,
            check=False,
        )
    assert result.returncode == 1
    assert f"Port {port} on 127.0.0.1 is taken" in result.stderr
    assert not (tmp_path / "data").exists()


def test_headers_of_a_proxy_that_nobody_named_change_nothing(portal: Portal) -> None:
    """Even from this machine: only CONSULT_TRUSTED_PROXIES says that a proxy is to be heard."""
    portal.until(portal.ready)
    lying = {"SCRIPT_NAME": "/evil", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "evil.vn"}
    url = f"http://127.0.0.1:{portal.port}/search"
    with urllib.request.urlopen(urllib.request.Request(url, headers=lying)) as answer:
        page = answer.read().decode()
    assert 'href="/rounds"' in page
    assert "evil" not in page
