"""Servers under measurement: started as the product starts its own, ended by their id."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.client import Client
from bench.machine import cpu_seconds
from config import ROOT
from consult.cli.supervisor import allow_connections, web_command

WAIT_SECONDS = 30


@dataclass(frozen=True)
class Server:
    """A running server with one worker; ``started`` is seconds until its first answer."""

    name: str
    port: int
    process: subprocess.Popen[bytes]
    worker: int
    started: float
    backends: Callable[[], float]

    def cpu(self) -> float:
        """CPU seconds of the worker, and of its database server's processes, until now."""
        return cpu_seconds(self.worker) + self.backends()


def command(entry: str, port: int) -> list[str]:
    """Return gunicorn's command line: one worker with four threads.

    The product's is that of its `serve`; the bare application has gunicorn's own threads.
    """
    if entry == "wsgi:application":
        return web_command(f"127.0.0.1:{port}")
    options = ["--worker-class", "gthread", "--workers", "1", "--threads", "4"]
    address = ["--bind", f"127.0.0.1:{port}", "--log-level", "warning", "--no-control-socket"]
    return [sys.executable, "-m", "gunicorn", *options, *address, entry]


@contextmanager
def serve(
    name: str,
    entry: str,
    environment: dict[str, str],
    first: str,
    backends: Callable[[], float] = lambda: 0.0,
) -> Iterator[Server]:
    """Run a server; ready once the path ``first`` is answered. SystemExit with its log if not.

    ``backends`` gives the CPU seconds of the database server's processes that serve it.
    """
    port = free_port()
    began = time.perf_counter()
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            command(entry, port),
            cwd=ROOT,
            env={"MALLOC_ARENA_MAX": "2", **os.environ, **environment},
            stdout=log,
            stderr=log,
            preexec_fn=_in_child,
        )
        try:
            if not _answers(process, port, first):
                log.seek(0)
                raise SystemExit(f"{entry} did not start: {log.read().decode()[-3000:]}")
            started = time.perf_counter() - began
            yield Server(name, port, process, _worker(process.pid), started, backends)
        finally:
            _end(process)


def _in_child() -> None:
    allow_connections()
    set_parent_death_signal = 1  # PR_SET_PDEATHSIG
    ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGTERM)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def free_port() -> int:
    """Return a port of the loopback that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(process: subprocess.Popen[bytes], port: int, first: str) -> bool:
    deadline = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        client = Client(port)
        try:
            client.get(first)
        except OSError:
            time.sleep(0.005)
        else:
            return True
        finally:
            client.close()
    return False


def _worker(master: int) -> int:
    children = Path(f"/proc/{master}/task/{master}/children").read_text().split()
    if len(children) != 1:
        raise SystemExit(f"expected one web worker, found {len(children)}")
    return int(children[0])
