"""Thousands who send within seconds of a deadline, each on a line of its own; and what became."""

from __future__ import annotations

import re
import secrets
import selectors
import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlencode

from flask import Flask
from sqlalchemy import select

from bench.client import Person
from bench.report import Report
from bench.server import Server
from bench.setting import Setting
from consult.cli.supervisor import allow_connections
from consult.consultations.models import Consultation
from consult.core.db import transaction
from consult.submissions.models import Point, Submission

# No answer after so long is no answer.
PATIENCE = 900
# The lines are made before, as those of people who have the page open.
BEFORE_SECONDS, SPREAD_SECONDS = 12.0, 2.0
_LOCATION = re.compile(rb"\r\nLocation: ([^\r]+)", re.I)


@dataclass
class Sent:
    """One post. It was sent between ``before`` and ``after`` (seconds of the Unix epoch).

    So its head arrived then: on the loopback, handing over is arriving. ``location`` is where the
    answer leads, empty when there was none.
    """

    argument: str
    due: float
    message: bytes
    before: float = 0.0
    after: float = 0.0
    answer: bytes = b""
    failure: str = ""

    @property
    def location(self) -> str:
        """Where the answer leads; empty without one."""
        found = _LOCATION.search(self.answer)
        return found.group(1).decode() if found else ""

    @property
    def accepted(self) -> bool:
        """Whether the answer is a receipt."""
        return self.location.startswith("/receipts/")


def posts(path: str, people: Sequence[Person], times: Sequence[float]) -> list[Sent]:
    """Return a post for each of ``times`` (seconds of the Unix epoch), by the people in turn."""
    return [_post(path, people[n % len(people)], n, due) for n, due in enumerate(times)]


def _post(path: str, person: Person, number: int, due: float) -> Sent:
    argument = f"Đề nghị giữ nguyên quy định này, vì đã hợp với thực tế. ({number})"
    form = {
        "csrf_token": person.token,
        "action": "send",
        "provision": "d1.k1",
        "form_key": secrets.token_urlsafe(12),
        "kind": "remark",
        "stance": "disagree",
        "argument": argument,
        "identity": "public",
    }
    body = urlencode(form).encode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {person.cookie}\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\nConnection: close\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return Sent(argument, due, head.encode() + body)


def drive(port: int, waiting: Sequence[Sent]) -> None:
    """Send each post at its time and take the answers; fills in the posts themselves."""
    selector = selectors.DefaultSelector()
    lines = [socket.create_connection(("127.0.0.1", port)) for _ in waiting]
    for line, sent in zip(lines, waiting, strict=True):
        while (left := sent.due - time.time()) > 0:
            _take(selector, min(left, 0.001))
        sent.before = time.time()
        line.sendall(sent.message)
        sent.after = time.time()
        line.setblocking(False)
        selector.register(line, selectors.EVENT_READ, sent)
    deadline = time.monotonic() + PATIENCE
    while selector.get_map() and time.monotonic() < deadline:
        _take(selector, 1)
    for key in list(selector.get_map().values()):
        key.data.failure = "no answer"
        key.fileobj.close()  # type: ignore[union-attr]
    selector.close()


def _take(selector: selectors.BaseSelector, seconds: float) -> None:
    for key, _events in selector.select(seconds):
        line, sent = key.fileobj, key.data
        assert isinstance(line, socket.socket)
        try:
            part = line.recv(65536)
        except OSError as error:
            sent.failure, part = str(error), b""
        sent.answer += part
        if not part:
            selector.unregister(line)
            line.close()


@dataclass(frozen=True)
class Verdict:
    """What became of a rush: numbers, and the sentences of what should not have happened.

    ``between`` were being sent at the very instant of the closing; for these either is right.
    ``off`` is how far the stamp of an accepted one lies outside of its sending, in seconds.
    """

    accepted: int
    refused: int
    between: int
    off: float
    faults: list[str]


def judge(sent: Sequence[Sent], round_id: int, closes: float) -> Verdict:
    """Compare the answers with the instants and with the rows; needs an application context."""
    with transaction(write=False) as session:
        rows = session.execute(
            select(Point.argument, Point.received_at, Submission.reference)
            .join(Point.submission)
            .where(Point.consultation_id == round_id)
        ).all()
    stored: dict[str, list[tuple[datetime | None, str]]] = {}
    for argument, received_at, reference in rows:
        stored.setdefault(argument, []).append((received_at, reference))
    faults: list[str] = []
    off = 0.0
    for one in sent:
        found = stored.get(one.argument, [])
        received = found[0][0] if found else None
        if not one.location:
            faults.append(f"no answer: {one.failure}{one.answer[:60]!r}")
        elif one.after < closes and not one.accepted:
            faults.append(f"sent {closes - one.after:.6f} s before the closing, refused")
        elif one.before >= closes and one.accepted:
            faults.append(f"sent {one.before - closes:.6f} s after the closing, accepted")
        if len(found) != 1 or (received is not None) is not one.accepted:
            faults.append(f"answered {one.location!r}, stored {found}")
        elif one.accepted and not one.location.endswith(found[0][1]):
            faults.append(f"{one.location} is not the receipt of {found[0][1]}")
        if received is not None:
            stamp = received.timestamp()
            off = max(off, one.before - stamp, stamp - one.after)
    between = sum(one.before < closes <= one.after for one in sent)
    accepted = sum(one.accepted for one in sent)
    return Verdict(accepted, len(sent) - accepted, between, off, faults)


def rush(
    server: Server, app: Flask, round_id: int, people: Sequence[Person], number: int
) -> Verdict:
    """Have ``number`` posts arrive evenly within two seconds of the round's closing."""
    closes = time.time() + BEFORE_SECONDS
    with app.app_context(), transaction() as session:
        session.get_one(Consultation, round_id).closes_at = datetime.fromtimestamp(closes, UTC)
    first, step = closes - SPREAD_SECONDS, 2 * SPREAD_SECONDS / number
    sent = posts(f"/rounds/{round_id}/write", people, [first + n * step for n in range(number)])
    drive(server.port, sent)
    with app.app_context():
        return judge(sent, round_id, closes)


def measure(setting: Setting, report: Report, number: int) -> None:
    """Add what became of ``number`` posts within two seconds of a closing."""
    allow_connections()
    with setting.ours() as server:
        began = time.monotonic()
        verdict = rush(server, setting.app, setting.world.rounds["write"], setting.writers, number)
        seconds = time.monotonic() - began - BEFORE_SECONDS
    what = f"{number:,} arrivals within ±2 s of a closing: wrongly refused, accepted or missing"
    numbers = f"{verdict.accepted:,}, {verdict.refused:,}, {verdict.between}"
    report.limit(what, len(verdict.faults), 0, str(len(verdict.faults)))
    report.details += verdict.faults[:20]
    report.note("accepted, refused, sent at the very instant of the closing", numbers)
    report.note(
        "arrivals' stamps outside of their sending, at most", f"{verdict.off * 1000:.2f} ms"
    )
    report.note("all of them answered after", f"{seconds:.0f} s")
