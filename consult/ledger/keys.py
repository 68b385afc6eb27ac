"""The key that signs the log's checkpoints: a file that only the portal's account may read."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import select

from consult.core import clock
from consult.core.db import db
from consult.core.settings import settings
from consult.ledger.models import Checkpoint
from consult.ledger.notes import BadKey, Signer


class KeyUnavailable(Exception):
    """The log cannot be signed; the message is a sentence for the operator."""


def origin(base_url: str) -> str:
    """Return the name of the log: the portal's address without its scheme, and "/ledger"."""
    parts = urlsplit(base_url)
    host = parts.netloc.rpartition("@")[2].replace("+", "-")
    return f"{host}{parts.path.rstrip('/')}/ledger"


def signer() -> Signer:
    """Return the log's key; made at the first need, with the portal's present address as name.

    Raises KeyUnavailable for a file that is damaged or cannot be read or written, and when the
    log has been signed already: a new key in place of a lost one would go unnoticed.
    """
    path = settings().ledger_key
    try:
        return Signer.parse(path.read_text("utf-8").strip())
    except FileNotFoundError:
        pass
    except (OSError, UnicodeDecodeError, BadKey) as error:
        raise KeyUnavailable(f"The log's key {path} cannot be used: {error}.") from error
    if db.session.scalar(select(Checkpoint.size).limit(1)) is not None:
        raise KeyUnavailable(
            f"The log's key {path} is missing: restore it from its backup, or begin a new one "
            "with “ledger key --new” and publish its public half."
        )
    return create(path)


def renew() -> Signer:
    """Begin a new key and return it; the old file, if there is one, is kept beside it.

    Raises KeyUnavailable.
    """
    path = settings().ledger_key
    try:
        if path.exists():
            path.rename(path.with_name(f"{path.name}.until-{clock.now():%Y%m%d%H%M%S}"))
    except OSError as error:
        raise KeyUnavailable(f"The log's key {path} cannot be replaced: {error}.") from error
    return create(path)


def create(path: Path) -> Signer:
    """Write a new key to ``path``, mode 0600, unless another process has just done so; return it.

    Raises KeyUnavailable when the file cannot be written.
    """
    fresh = Signer.generate(origin(settings().base_url))
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        descriptor = os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as handle:
            handle.write(fresh.to_text() + "\n")
            handle.flush()
            os.fsync(handle.fileno())
        try:
            os.link(beside, path)  # whole or not at all, and never over another key
        except FileExistsError:
            return Signer.parse(path.read_text("utf-8").strip())
        finally:
            beside.unlink()
    except (OSError, BadKey) as error:
        raise KeyUnavailable(f"The log's key {path} cannot be written: {error}.") from error
    return fresh
