"""The real web server in a process of its own, and a person who speaks HTTP with it."""

from __future__ import annotations

import http.client
import os
import re
import secrets
import signal
import socket
import subprocess
import time
from dataclasses import dataclass, field
from urllib.parse import urlencode

from flask import Flask

from config import ROOT, Settings
from consult.cli.supervisor import allow_connections, web_command
from tests.support.browsing import signed_in

_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


def environment(settings: Settings) -> dict[str, str]:
    """Return the environment in which another process has the same installation."""
    return {
        **os.environ,
        "CONSULT_DATA_DIR": str(settings.data_dir),
        "CONSULT_SECRET_KEY": settings.secret_key,
        "DATABASE_URL": settings.database_url,
    }


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class WebServer:
    """Gunicorn as “serve” starts it, on a loopback port that stays the same."""

    def __init__(self, settings: Settings, workers: int = 1) -> None:
        self.port, self.workers = free_port(), workers
        self.environment = environment(settings)
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, *, seconds: float = 60) -> None:
        """Start it and wait until it takes connections."""
        command = web_command(f"127.0.0.1:{self.port}", self.workers)
        self.process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=self.environment,
            start_new_session=True,
            preexec_fn=allow_connections,
        )
        deadline = time.monotonic() + seconds
        while True:
            try:
                answer = ask(self.port, "GET", "/sign-in", timeout=5)
                if answer.status < 500:
                    return
            except (OSError, http.client.HTTPException):
                pass
            assert self.process.poll() is None, "the web server ended by itself"
            assert time.monotonic() < deadline, "the web server did not start"
            time.sleep(0.05)

    def kill(self) -> None:
        """kill -9: the master and its workers, at once."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        """End it, if it runs."""
        if self.process is not None and self.process.poll() is None:
            self.kill()


@dataclass(frozen=True)
class Answer:
    """What came back, whole."""

    status: int
    headers: dict[str, str]
    text: str


def ask(
    port: int,
    method: str,
    path: str,
    *,
    data: dict[str, str] | None = None,
    headers: dict[str, str] | None = None,
    timeout: float = 30,
) -> Answer:
    """Send one request on a connection of its own; OSError or HTTPException when it fails."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        body = urlencode(data) if data is not None else None
        sent = dict(headers or {})
        if body is not None:
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request(method, path, body, sent)
        response = connection.getresponse()
        text = response.read().decode()
        return Answer(response.status, {k.lower(): v for k, v in response.getheaders()}, text)
    finally:
        connection.close()


@dataclass
class Author:
    """Somebody signed in at the web server, with a token for forms."""

    port: int
    cookie: str
    token: str = field(default="")

    @classmethod
    def of(cls, app: Flask, user_id: int, port: int) -> Author:
        """Sign the user in; the server must be running."""
        client = signed_in(app, user_id)
        kept = client.get_cookie("consult_session")
        assert kept is not None
        author = cls(port, f"consult_session={kept.value}")
        page = author.get("/account")
        if "set-cookie" in page.headers:  # it carries the token's secret
            author.cookie = page.headers["set-cookie"].partition(";")[0]
        found = _TOKEN.search(page.text)
        assert found, page.text
        author.token = found.group(1)
        return author

    def get(self, path: str) -> Answer:
        return ask(self.port, "GET", path, headers={"Cookie": self.cookie})

    def post(self, path: str, data: dict[str, str]) -> Answer:
        typed = {"csrf_token": self.token, **data}
        return ask(self.port, "POST", path, data=typed, headers={"Cookie": self.cookie})


def point_form(argument: str) -> dict[str, str]:
    """Return a filled-in form that sends one point at once, with a key of its own."""
    return {
        "action": "send",
        "provision": "d1.k1",
        "form_key": secrets.token_urlsafe(12),
        "stance": "disagree",
        "argument": argument,
        "identity": "public",
    }
