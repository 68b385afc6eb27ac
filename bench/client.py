"""One browser's connection to a server: kept open, with a cookie and a form's token."""

from __future__ import annotations

import http.client
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from flask import Flask, session
from flask_wtf.csrf import generate_csrf


@dataclass(frozen=True)
class Answer:
    """A response: ``wire`` is its size with the header, as it went over the connection."""

    status: int
    body: bytes
    headers: dict[str, str]

    @property
    def wire(self) -> int:
        """The bytes of the body and, as good as exactly, of the header."""
        return len(self.body) + sum(len(k) + len(v) + 4 for k, v in self.headers.items()) + 19


@dataclass
class Person:
    """Who sends: the ``Cookie`` header and a token for forms, both empty for nobody."""

    cookie: str = ""
    token: str = ""


def person(app: Flask, values: dict[str, Any]) -> Person:
    """Return somebody whose cookie, signed as ``app`` signs it, holds ``values``."""
    with app.test_request_context():
        session.update(values)
        token = generate_csrf()
        signer: Any = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
        signed = signer.dumps(dict(session))
    return Person(f"{app.config['SESSION_COOKIE_NAME']}={signed}", token)


@dataclass
class Client:
    """A kept-open connection to ``port`` of this machine."""

    port: int
    person: Person = field(default_factory=Person)
    _connection: http.client.HTTPConnection | None = None

    def get(self, path: str, *, gzip: bool = False) -> Answer:
        """Ask for ``path``; compressed only on request, as a browser would."""
        return self._send("GET", path, None, {"Accept-Encoding": "gzip"} if gzip else {})

    def post(self, path: str, fields: dict[str, str]) -> Answer:
        """Send a form with this person's token; redirects are not followed."""
        body = urlencode({"csrf_token": self.person.token, **fields})
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._send("POST", path, body, kind)

    def close(self) -> None:
        """End the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _send(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> Answer:
        if self.person.cookie:
            headers["Cookie"] = self.person.cookie
        for attempt in (1, 2):
            if self._connection is None:
                self._connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
            try:
                self._connection.request(method, path, body, headers)
                response = self._connection.getresponse()
                return Answer(response.status, response.read(), dict(response.getheaders()))
            except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
                # The server closes idle connections; only then is a second attempt right.
                self.close()
                if attempt == 2:
                    raise
        raise AssertionError("unreachable")
