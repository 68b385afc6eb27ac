"""Where e-mails go: files by default, the console, or an SMTP server; the only door to smtplib."""

from __future__ import annotations

import re
import smtplib
import ssl
import sys
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

from config import Settings
from consult.notifications.models import OutgoingEmail

SECONDS = 20


class NotTaken(Exception):
    """The server refused the address; the text says why and names nobody.

    It goes to the log and to the administrator's page, where it would tell who was written to
    at the instant of a sealed contribution.
    """


def deliver(email: OutgoingEmail, settings: Settings) -> None:
    """Send ``email`` to the sink of ``settings.mail_url``.

    The Message-ID follows from the row, so a server that gets it twice can tell. Raises
    OSError, smtplib.SMTPException or NotTaken when it could not be handed over.
    """
    letter = compose(email, settings)
    target = urlsplit(settings.mail_url)
    if target.scheme == "file":
        folder = Path(target.path) if target.path else settings.data_dir / "mail"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)  # letters hold one-time links
        _write_whole(folder / f"{email.id:08d}.eml", bytes(letter))
    elif target.scheme == "console":
        sys.stdout.write(f"\n{letter.as_string()}\n")
        sys.stdout.flush()
    else:
        _smtp(letter, settings.mail_url)


def _write_whole(path: Path, content: bytes) -> None:
    """Write the file under another name first: who reads the folder never meets half of it."""
    temporary = path.with_suffix(".part")
    try:
        temporary.write_bytes(content)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def compose(email: OutgoingEmail, settings: Settings) -> EmailMessage:
    """Return the letter of ``email``."""
    letter = EmailMessage()
    letter["Subject"] = email.subject
    letter["From"] = settings.mail_from
    letter["To"] = email.to_address
    letter["Date"] = format_datetime(email.created_at)
    domain = urlsplit(settings.base_url).hostname or "localhost"
    letter["Message-ID"] = f"<consult-{email.id}@{domain}>"
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content(email.body)
    return letter


def _smtp(letter: EmailMessage, url: str) -> None:
    target = urlsplit(url)
    host, port = target.hostname or "localhost", target.port
    context = ssl.create_default_context()
    if target.scheme == "smtps":
        server = smtplib.SMTP_SSL(host, port or 465, timeout=SECONDS, context=context)
    else:
        server = smtplib.SMTP(host, port or 25, timeout=SECONDS)
    with server:
        if target.scheme == "smtp" and server.has_extn("starttls"):
            server.starttls(context=context)
        if target.username:
            server.login(unquote(target.username), unquote(target.password or ""))
        try:
            server.send_message(letter)
        except smtplib.SMTPRecipientsRefused as refusal:
            raise NotTaken(_reasons(refusal)) from None


def _reasons(refusal: smtplib.SMTPRecipientsRefused) -> str:
    """Return what the server said, without the address that servers like to repeat."""
    said: list[str] = []
    for address, (code, answer) in refusal.recipients.items():
        text = answer.decode("utf-8", "replace")
        said.append(f"{code} {re.sub(re.escape(address), '…', text, flags=re.IGNORECASE)}")
    return "; ".join(said)
