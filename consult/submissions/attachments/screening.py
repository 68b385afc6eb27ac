"""Whether a file may be attached to a point, and what is kept of it."""

from __future__ import annotations

import json
import logging
import os
import tempfile
from dataclasses import replace
from pathlib import Path, PurePath
from typing import Final

from msgspec import Struct

from consult.core.text import nfc
from consult.drafts.parsing import confined
from consult.drafts.parsing.attached import EICAR, REASONS
from consult.drafts.parsing.cleaning import DONE
from consult.drafts.parsing.model import DEFAULT, UnreadableDocument
from consult.submissions.attachments.clamd import NoAnswer, scan
from consult.submissions.attachments.models import FileKind

log = logging.getLogger(__name__)
_LIMITS: Final = replace(DEFAULT, seconds=20.0, max_unpacked=120_000_000)
_LONGEST_NAME: Final = 120
_MACROS: Final = frozenset({".docm", ".xlsm", ".dotm", ".xltm", ".xlsb"})
_ENDINGS: Final = {f".{kind.value}": kind for kind in FileKind} | {".jpeg": FileKind.JPG}


class Refused(Exception):
    """A file that may not be attached; ``reason`` is a key of `attachment_labels.REASONS`."""

    def __init__(self, reason: str, **params: str | int) -> None:
        super().__init__(reason)
        self.reason = reason
        self.params: dict[str, str | int] = params


class Screened(Struct, frozen=True):
    """A file that may be attached: what is kept of it, its ``data`` without metadata."""

    name: str
    kind: FileKind
    data: bytes


def screen(data: bytes, given_name: str, *, most: int, clamd: str = "") -> Screened:
    """Return what is kept of a file of at most ``most`` bytes. Raises Refused; writes nothing.

    The content tells what the file is, in a confined process: takes some tenths of a second.
    ``clamd`` is where a virus scanner listens, "" for none; without its answer no file is taken.
    """
    name = clean_name(given_name)
    ending = PurePath(name).suffix.lower()
    if not data:
        raise Refused("empty")
    if len(data) > most:
        raise Refused("too_large", limit=most >> 20)
    if EICAR in data:
        raise Refused("virus")
    if ending in _MACROS:
        raise Refused("macros")
    if clamd:
        _ask(data, clamd)
    kind, kept = _looked_into(data, most)
    if not ending:
        name, ending = f"{name}.{kind}", f".{kind}"
    if _ENDINGS.get(ending) is not kind:
        raise Refused("mislabelled", actual=kind.upper(), ending=f".{kind}")
    return Screened(name, kind, kept)


def clean_name(given: str) -> str:
    """Return the file's own name without folders, signs that nobody sees, and more than needed."""
    base = os.path.basename(nfc(given).replace("\\", "/"))
    plain = "".join(sign if sign.isprintable() and sign not in '<>:"|?*' else " " for sign in base)
    stem, ending = os.path.splitext(" ".join(plain.split()).strip(". "))
    return f"{stem[: _LONGEST_NAME - len(ending)].rstrip()}{ending[:12]}" if stem else "file"


def _ask(data: bytes, clamd: str) -> None:
    try:
        found = scan(data, clamd)
    except NoAnswer as error:
        log.error("%s", error)
        raise Refused("unchecked") from None
    if found:
        log.warning("a file was refused: %s", found)
        raise Refused("virus")


def _looked_into(data: bytes, most: int) -> tuple[FileKind, bytes]:
    with tempfile.TemporaryDirectory(prefix="attached-") as folder:
        path = Path(folder) / "file"
        path.write_bytes(data)
        try:
            answer = confined.python(
                "attached",
                "main",
                [str(path), json.dumps(_LIMITS.numbers())],
                directory=Path(folder),
                limits=_LIMITS,
                most=4 * most,
            )
            confined.check(answer, _LIMITS)
        except UnreadableDocument as refusal:
            raise Refused("bomb" if refusal.reason == "too_slow" else refusal.reason) from None
    head, _, kept = answer.output.partition(b"\n")
    if head.startswith(DONE):
        return FileKind(head[1:].decode("ascii")), kept
    reason = answer.output[1:].decode("ascii", "replace")
    raise Refused(reason if reason in REASONS else "broken")
