"""Parsing a file from outside: in child processes with limits and without network."""

from __future__ import annotations

import json
import signal
import tempfile
from pathlib import Path
from typing import Any, Final, cast

from consult.drafts.parsing import confined, helpers, office
from consult.drafts.parsing.detect import detect
from consult.drafts.parsing.helpers import Helpers
from consult.drafts.parsing.messages import REASONS
from consult.drafts.parsing.model import DEFAULT, Limits, ParsedDocument, UnreadableDocument

# The answer holds the text about three times, in JSON; a hijacked child may send no more.
_ANSWER_FACTOR: Final = 20


def parse_untrusted(
    path: Path, *, filename: str, limits: Limits = DEFAULT, installed: Helpers | None = None
) -> ParsedDocument:
    """Return the document in the file at ``path``; ``filename`` is the name its sender gave.

    The file is read by a child process of its own group with limited memory, processor time,
    wall time and file size, without network, inherited descriptors or environment, in an empty
    directory; so is a helper that converts it first (``installed``, None: those found here).
    Raises UnreadableDocument with any reason of ``messages.REASONS``; a child that dies of its
    limits counts as ``bomb`` or ``too_slow``.
    """
    kind = detect(path, filename, limits)
    have = helpers.found() if installed is None else installed
    with tempfile.TemporaryDirectory(prefix="parse-") as name:
        directory = Path(name)
        if kind in ("odt", "rtf"):
            path, filename = office.as_docx(path.resolve(), kind, directory, limits, have)
        try:
            return _parse(path.resolve(), filename, limits, directory)
        except UnreadableDocument as error:
            if error.reason != "old_word":
                raise
        path, filename = office.old_word(path.resolve(), directory, limits, have)
        return _parse(path, filename, limits, directory)


def _parse(path: Path, filename: str, limits: Limits, directory: Path) -> ParsedDocument:
    arguments = [str(path), filename[:200], json.dumps(_numbers(limits))]
    answer = confined.python(
        "child", "main", arguments, directory=directory, limits=limits,
        most=_ANSWER_FACTOR * limits.max_text,
    )  # fmt: skip
    check(answer, limits)
    return _read(answer.output)


def check(answer: confined.Answer, limits: Limits) -> None:
    """Raise UnreadableDocument when the child did not end by itself."""
    if answer.code == -signal.SIGXCPU:
        raise UnreadableDocument("too_slow", seconds=round(limits.seconds))
    if answer.code != 0:
        raise UnreadableDocument("bomb" if answer.code in {-signal.SIGKILL, 3} else "broken")


def _read(answer: bytes) -> ParsedDocument:
    try:
        data = cast("dict[str, Any]", json.loads(answer))
        if "reason" in data:
            reason = str(data["reason"])
            params = cast("dict[str, str | int]", data.get("params") or {})
            raise UnreadableDocument(reason if reason in REASONS else "broken", **params)
        return ParsedDocument.from_json(data)
    except (ValueError, KeyError, TypeError):
        raise UnreadableDocument("broken") from None


def _numbers(limits: Limits) -> dict[str, float]:
    return {name: getattr(limits, name) for name in Limits.__slots__}
