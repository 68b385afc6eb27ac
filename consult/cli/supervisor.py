"""The two processes of a started portal: begun together, watched, stopped together."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import socket
import subprocess
import sys
import time
from types import FrameType

import click

from config import ROOT

_SET_PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of prctl(2)
_GRACE_SECONDS = 15.0
_LONGEST_PAUSE = 30.0
# Each connection is a descriptor; the rest is for files, the database and the portal itself.
_MOST_CONNECTIONS, _OTHER_DESCRIPTORS = 16_384, 256


def web_command(address: str, workers: int = 1) -> list[str]:
    """Return the command line of the web server on ``address`` ("host:port")."""
    most = min(_MOST_CONNECTIONS, _descriptors() - _OTHER_DESCRIPTORS)
    command = [sys.executable, "-m", "gunicorn", "--chdir", str(ROOT), "--bind", address]
    command += ["--worker-class", "consult.cli.web_worker.Worker"]
    command += ["--workers", str(workers), "--threads", "4"]
    # Before a deadline thousands come within seconds; none is to knock in vain.
    command += ["--worker-connections", str(most), "--backlog", "4096"]
    command += ["--timeout", "60", "--graceful-timeout", "10", "--log-level", "warning"]
    # Loaded once, before the workers fork: they share its memory.
    command += ["--no-control-socket", "--preload"]
    # What a proxy says of the client counts only as CONSULT_TRUSTED_PROXIES has it.
    command += ["--forwarded-allow-ips", ""]
    if os.path.isdir("/dev/shm"):
        command += ["--worker-tmp-dir", "/dev/shm"]
    return [*command, "wsgi:application"]


def allow_connections() -> None:
    """Let this process and its children open as many files as `web_command` counts on."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (_descriptors(), hard))


def _descriptors() -> int:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard == resource.RLIM_INFINITY:
        return max(soft, _MOST_CONNECTIONS + _OTHER_DESCRIPTORS)
    return min(hard, max(soft, _MOST_CONNECTIONS + _OTHER_DESCRIPTORS))


class Supervisor:
    """Runs gunicorn and the scheduler as children; they stop when this process dies."""

    def __init__(self, host: str, port: int, workers: int) -> None:
        self.host, self.port, self.workers = host, port, workers
        self.stopping = False
        self._prctl = ctypes.CDLL(None).prctl
        self._pause = 1.0

    def run(self) -> int:
        """Start both and watch them until a signal; return the exit code."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        web, scheduler = self._start(self._web()), self._start(self._scheduler())
        try:
            if self._wait_for_web(web):
                click.echo(f"\nThe portal is ready: {self.url}   (Ctrl-C stops it)\n")
            while not self.stopping:
                if web.poll() is not None:
                    click.echo("The web server has ended; its last lines say why.", err=True)
                    return 1
                if scheduler.poll() is not None:
                    scheduler = self._restart()
                time.sleep(0.2)
        finally:
            _end([web, scheduler])
        return 0

    @property
    def url(self) -> str:
        """The address to open in a browser on this machine."""
        set_by_operator = os.environ.get("CONSULT_BASE_URL")
        if set_by_operator:
            return set_by_operator
        return f"http://{_bracketed(self._reachable)}:{self.port}"

    @property
    def _reachable(self) -> str:
        return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)

    def _web(self) -> list[str]:
        return web_command(f"{_bracketed(self.host)}:{self.port}", self.workers)

    def _scheduler(self) -> list[str]:
        return [sys.executable, "-m", "consult.cli", "scheduler", "--parent", str(os.getpid())]

    def _start(self, command: list[str]) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            command,
            # Links in letters lead to where the portal really listens. Few malloc arenas: each
            # thread's own would keep what an export once needed.
            env={"MALLOC_ARENA_MAX": "2", **os.environ, "CONSULT_BASE_URL": self.url},
            # Ctrl-C reaches this process alone, which then stops the others in order.
            start_new_session=True,
            preexec_fn=self._die_with_parent,
        )

    def _die_with_parent(self) -> None:
        self._prctl(_SET_PARENT_DEATH_SIGNAL, signal.SIGTERM)
        allow_connections()

    def _restart(self) -> subprocess.Popen[bytes]:
        click.echo("The scheduler has ended; it is started again.", err=True)
        until = time.monotonic() + self._pause
        while not self.stopping and time.monotonic() < until:
            time.sleep(0.1)
        self._pause = min(self._pause * 2, _LONGEST_PAUSE)
        return self._start(self._scheduler())

    def _wait_for_web(self, web: subprocess.Popen[bytes]) -> bool:
        while not self.stopping and web.poll() is None:
            try:
                socket.create_connection((self._reachable, self.port), timeout=1).close()
                return True
            except OSError:
                time.sleep(0.05)
        return False

    def _stop(self, _signal: int, _frame: FrameType | None) -> None:
        self.stopping = True


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _end(children: list[subprocess.Popen[bytes]]) -> None:
    for child in children:
        if child.poll() is None:
            child.terminate()
    deadline = time.monotonic() + _GRACE_SECONDS
    for child in children:
        try:
            child.wait(timeout=max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
