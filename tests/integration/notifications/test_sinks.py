"""Where letters go: files, the console, an SMTP server, and what happens when that one fails."""

from __future__ import annotations

import email
import email.policy
import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from typing import Any, cast

import pytest
from aiosmtpd.controller import Controller
from flask import Flask
from sqlalchemy import select

from consult.core import clock
from consult.core.db import transaction
from consult.jobs.models import Job
from consult.jobs.runner import MOST_ATTEMPTS, run_due
from consult.jobs.services import retry
from consult.notifications.models import OutgoingEmail
from consult.notifications.services import post


class Mailbox:
    """An SMTP handler that keeps letters, or answers with an error while `refusal` is set."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.refusal = ""

    async def handle_RCPT(  # noqa: N802
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if address.startswith("nobody@"):
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        if self.refusal:
            return self.refusal
        self.letters.append(parse(envelope.content))
        return "250 OK"


def parse(content: bytes) -> EmailMessage:
    return cast(EmailMessage, email.message_from_bytes(content, policy=email.policy.default))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(autouse=True)
def context(app: Flask) -> Iterator[None]:
    kept = app.extensions["consult_settings"]
    with app.app_context():
        yield
    app.extensions["consult_settings"] = kept


def use(app: Flask, mail_url: str) -> None:
    app.extensions["consult_settings"] = replace(
        app.extensions["consult_settings"], mail_url=mail_url
    )


@pytest.fixture
def mailbox(app: Flask) -> Iterator[Mailbox]:
    handler = Mailbox()
    server = Controller(handler, hostname="127.0.0.1", port=free_port())
    server.start()
    use(app, f"smtp://127.0.0.1:{server.port}")
    yield handler
    server.stop()


def write(subject: str = "Ý kiến của ông/bà đã được giải trình") -> None:
    with transaction():
        post("an@example.org", subject, "Kính gửi ông An,\n\nĐường dẫn.\n", dedupe=subject)


def job() -> Job:
    with transaction(write=False) as session:
        found = session.scalars(select(Job).where(Job.name == "notifications.send")).one()
        session.expunge_all()
    return found


def sent() -> bool:
    with transaction(write=False) as session:
        return session.scalars(select(OutgoingEmail)).one().sent_at is not None


def test_a_letter_becomes_a_file_by_default(app: Flask) -> None:
    write()
    run_due()
    (path,) = (app.extensions["consult_settings"].data_dir / "mail").glob("*.eml")
    letter = parse(path.read_bytes())
    assert letter["Subject"] == "Ý kiến của ông/bà đã được giải trình"
    assert letter["To"] == "an@example.org"
    assert letter["From"] == "consult@localhost"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert "Đường dẫn." in letter.get_content()
    assert sent()


def test_the_console_shows_a_letter(app: Flask, capsys: pytest.CaptureFixture[str]) -> None:
    use(app, "console:")
    write()
    run_due()
    assert "To: an@example.org" in capsys.readouterr().out
    assert sent()


def test_smtp_gets_the_letter_once(mailbox: Mailbox) -> None:
    write()
    write()
    run_due()
    (letter,) = mailbox.letters
    assert letter["Subject"] == "Ý kiến của ông/bà đã được giải trình"
    assert "Kính gửi ông An," in letter.get_content()
    assert letter["Message-ID"].startswith("<consult-")


def test_a_refusing_server_is_tried_again_later(mailbox: Mailbox) -> None:
    mailbox.refusal = "451 try again later"
    write()
    run_due()
    assert not sent()
    assert job().state == "ready"
    assert "451" in job().last_error
    mailbox.refusal = ""
    assert run_due() == 0, "it waits before the next attempt"
    clock.shift(timedelta(seconds=3))
    run_due()
    assert sent()
    assert len(mailbox.letters) == 1


def test_a_dead_server_parks_the_letter_until_somebody_retries(app: Flask) -> None:
    use(app, f"smtp://127.0.0.1:{free_port()}")
    write()
    for _ in range(MOST_ATTEMPTS):
        run_due()
        clock.shift(timedelta(minutes=10))
    assert job().state == "parked"
    assert "refused" in job().last_error
    assert not sent()
    use(app, "file:")
    parked = job().id
    with transaction():
        retry(parked)
    run_due()
    assert sent()


def test_nothing_is_sent_before_the_facts_commit(mailbox: Mailbox) -> None:
    def fact() -> None:
        post("an@example.org", "Chủ đề", "Nội dung", dedupe="fact")
        raise RuntimeError

    with pytest.raises(RuntimeError), transaction():
        fact()
    run_due()
    assert mailbox.letters == []


def test_one_bad_address_does_not_hold_up_the_others(mailbox: Mailbox) -> None:
    with transaction():
        post("nobody@example.org", "Một", "Nội dung", dedupe="1")
        post("an@example.org", "Hai", "Nội dung", dedupe="2")
    run_due()
    assert [letter["Subject"] for letter in mailbox.letters] == ["Hai"]


def test_a_letter_that_was_handed_over_but_not_recorded_keeps_its_message_id(
    mailbox: Mailbox,
) -> None:
    """A crash in between sends it twice; the server can tell by the Message-ID."""
    write()
    run_due()
    with transaction() as session:
        session.scalars(select(OutgoingEmail)).one().sent_at = None
        row = session.scalars(select(Job)).one()
        row.state, row.run_at = "ready", clock.now()
    run_due()
    one, two = mailbox.letters
    assert one["Message-ID"] == two["Message-ID"]
