"""Lines to a web server over which a request is sent slowly, or that are cut."""

from __future__ import annotations

import http.client
import re
import socket
import time
from datetime import datetime
from urllib.parse import urlencode

from flask import Flask

from consult.consultations.models import Consultation
from consult.core.db import transaction
from tests.support.webserver import Answer, Author


class Line:
    """A post to ``path`` on a connection of its own, in pieces as the test wants."""

    def __init__(self, author: Author, path: str, form: dict[str, str]) -> None:
        self.body = urlencode({"csrf_token": author.token, **form}).encode()
        self.head = (
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {author.cookie}\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(self.body)}\r\n\r\n"
        ).encode()
        self.socket = socket.create_connection(("127.0.0.1", author.port), timeout=60)

    def begin(self) -> None:
        """Send the head and half of the body."""
        self.socket.sendall(self.head + self.body[: len(self.body) // 2])

    def end(self) -> Answer:
        """Send the other half and return the answer."""
        self.socket.sendall(self.body[len(self.body) // 2 :])
        return self.answer()

    def send(self) -> None:
        """Send all of it."""
        self.socket.sendall(self.head + self.body)

    def answer(self) -> Answer:
        """Return what the server answers, whole, and hang up."""
        with self.socket:
            response = http.client.HTTPResponse(self.socket, method="POST")
            response.begin()
            text = response.read().decode()
            headers = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, headers, text)

    def cut(self) -> None:
        """Hang up without waiting for the answer."""
        self.socket.close()


def closes_at(app: Flask, round_id: int) -> datetime:
    """Return when the round closes."""
    with app.app_context(), transaction(write=False) as session:
        closes = session.get_one(Consultation, round_id).closes_at
    assert closes is not None
    return closes


def wait_until(instant: datetime) -> None:
    """Return when the machine's clock has passed ``instant``."""
    while (left := instant.timestamp() - time.time()) > -0.01:
        time.sleep(max(0.01, left))


def said(page: str) -> str:
    """Return the words of a page, without its marks."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))
