"""The one frozen settings object, read from the environment; a wrong value fails the start."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

ROOT = Path(__file__).resolve().parent
_HOST_AND_PORT = re.compile(r"[^\s:/]+:\d{1,5}")


class ConfigError(Exception):
    """A setting that cannot be used; the message is a sentence for the operator."""


@dataclass(frozen=True)
class Settings:
    """Everything an operator may set, with the embedded defaults.

    ``database_url`` is a SQLAlchemy URL; ``data_dir`` holds the embedded database, the search
    index, uploaded files and the outgoing mail of the file sink. ``max_attachment_bytes`` is for
    one attached file, ``max_attached_bytes`` for all of a contribution, ``max_attachments`` their
    number on a point; ``clamd`` is where a virus scanner listens, "" for none. ``ledger_key`` is
    the file of the key that signs the log's checkpoints, ``vault_key`` that of the key under which
    sealed identities lie. ``arrival_header`` is the one in which a trusted proxy says when a
    request arrived, empty when none does. With ``second_verifier`` titles and doctorates are
    confirmed by two people; evidence of them is deleted ``evidence_months`` after the decision.
    Authors may object to an approved summary for ``objection_days`` working days.
    Files made on request (documents, tables) are deleted after ``export_days``.
    Sizes are in bytes, periods in the unit their name says.
    """

    secret_key: str
    data_dir: Path
    database_url: str
    base_url: str
    timezone: str
    default_locale: str
    mail_url: str
    mail_from: str
    session_days: int
    max_upload_bytes: int
    max_attachment_bytes: int
    max_attachments: int
    max_attached_bytes: int
    clamd: str
    trusted_proxies: int
    arrival_header: str
    secure_cookies: bool
    ledger_key: Path
    vault_key: Path
    second_verifier: bool
    evidence_months: int
    objection_days: int
    export_days: int

    @classmethod
    def from_environment(cls, env: Mapping[str, str] | None = None) -> Settings:
        """Read the settings from ``env`` (the process environment when None).

        Creates the data directory and, when no CONSULT_SECRET_KEY is given, a key file in it
        (mode 0600). Raises ConfigError with a sentence naming the variable that is wrong.
        """
        source = os.environ if env is None else env
        data_dir = Path(source.get("CONSULT_DATA_DIR") or ROOT / "var").resolve()
        try:
            # The database, letters and uploads in it are nobody else's on the machine.
            data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise ConfigError(f"CONSULT_DATA_DIR: cannot create {data_dir}: {error}") from error
        clamd = source.get("CONSULT_CLAMD", "")
        if clamd and not clamd.startswith("/") and not _HOST_AND_PORT.fullmatch(clamd):
            raise ConfigError("CONSULT_CLAMD must be host:port or the path of a socket.")
        base_url = source.get("CONSULT_BASE_URL", "http://127.0.0.1:8000").rstrip("/")
        if urlsplit(base_url).scheme not in ("http", "https"):
            raise ConfigError("CONSULT_BASE_URL must begin with http:// or https://.")
        return cls(
            secret_key=source.get("CONSULT_SECRET_KEY") or _key_file(data_dir),
            data_dir=data_dir,
            database_url=_database_url(source.get("DATABASE_URL", ""), data_dir),
            base_url=base_url,
            timezone=_timezone(source.get("CONSULT_TIMEZONE", "Asia/Ho_Chi_Minh")),
            default_locale=_choice(source, "CONSULT_LOCALE", "vi", ("vi", "en")),
            mail_url=_mail_url(source.get("CONSULT_MAIL_URL", "file:")),
            mail_from=source.get("CONSULT_MAIL_FROM", "consult@localhost"),
            session_days=_integer(source, "CONSULT_SESSION_DAYS", 14, 1, 365),
            max_upload_bytes=_integer(source, "CONSULT_MAX_UPLOAD_MB", 20, 1, 200) * 1024 * 1024,
            max_attachment_bytes=_integer(source, "CONSULT_MAX_ATTACHMENT_MB", 10, 1, 100) << 20,
            max_attachments=_integer(source, "CONSULT_MAX_ATTACHMENTS", 5, 1, 20),
            max_attached_bytes=_integer(source, "CONSULT_MAX_ATTACHED_MB", 25, 1, 500) << 20,
            clamd=clamd,
            trusted_proxies=_integer(source, "CONSULT_TRUSTED_PROXIES", 0, 0, 5),
            arrival_header=_arrival_header(source),
            secure_cookies=base_url.startswith("https://"),
            ledger_key=Path(source.get("CONSULT_LEDGER_KEY") or data_dir / "ledger.key"),
            vault_key=Path(source.get("CONSULT_VAULT_KEY") or data_dir / "vault.key"),
            second_verifier=_integer(source, "CONSULT_SECOND_VERIFIER", 1, 0, 1) == 1,
            evidence_months=_integer(source, "CONSULT_EVIDENCE_MONTHS", 6, 0, 60),
            objection_days=_integer(source, "CONSULT_OBJECTION_DAYS", 3, 0, 30),
            export_days=_integer(source, "CONSULT_EXPORT_DAYS", 7, 1, 365),
        )


def _arrival_header(env: Mapping[str, str]) -> str:
    name = env.get("CONSULT_ARRIVAL_HEADER", "")
    if name and not re.fullmatch(r"[A-Za-z0-9-]{1,60}", name):
        raise ConfigError("CONSULT_ARRIVAL_HEADER must be a header's name, as X-Request-Start.")
    if name and env.get("CONSULT_TRUSTED_PROXIES", "0") == "0":
        raise ConfigError("CONSULT_ARRIVAL_HEADER needs CONSULT_TRUSTED_PROXIES.")
    return name


def _key_file(data_dir: Path) -> str:
    path = data_dir / "secret.key"
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        key = path.read_text("ascii").strip()
        if len(key) < 32:
            raise ConfigError(f"{path} is damaged: restore it or delete it.") from None
        return key
    with os.fdopen(descriptor, "w", encoding="ascii") as handle:
        key = secrets.token_hex(32)
        handle.write(key)
    return key


def _database_url(value: str, data_dir: Path) -> str:
    if not value:
        return f"sqlite:///{data_dir / 'consult.sqlite3'}"
    for prefix in ("postgres://", "postgresql://"):
        if value.startswith(prefix):
            return "postgresql+psycopg://" + value[len(prefix) :]
    if value.startswith(("postgresql+psycopg://", "sqlite:///")):
        return value
    raise ConfigError("DATABASE_URL must begin with postgresql:// or sqlite:///.")


def _mail_url(value: str) -> str:
    if urlsplit(value).scheme not in ("file", "console", "smtp", "smtps"):
        raise ConfigError(
            "CONSULT_MAIL_URL must be file:, console:, smtp://host:port or smtps://host:port."
        )
    return value


def _timezone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ConfigError(f"CONSULT_TIMEZONE: there is no time zone {name!r}.") from error
    return name


def _choice(env: Mapping[str, str], name: str, default: str, allowed: tuple[str, ...]) -> str:
    value = env.get(name, default)
    if value not in allowed:
        raise ConfigError(f"{name} must be one of {', '.join(allowed)}.")
    return value


def _integer(env: Mapping[str, str], name: str, default: int, low: int, high: int) -> int:
    text = env.get(name, str(default))
    try:
        value = int(text)
    except ValueError:
        raise ConfigError(f"{name} must be a whole number, not {text!r}.") from None
    if not low <= value <= high:
        raise ConfigError(f"{name} must lie between {low} and {high}.")
    return value
