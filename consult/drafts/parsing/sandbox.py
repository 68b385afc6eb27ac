"""Parsing a file from outside: in child processes with limits and without network."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, cast

from consult.drafts.parsing import confined, helpers, ocr, office
from consult.drafts.parsing.detect import detect
from consult.drafts.parsing.helpers import Helpers
from consult.drafts.parsing.messages import REASONS
from consult.drafts.parsing.model import DEFAULT, Limits, ParsedDocument, UnreadableDocument

# The answer holds the text about three times, in JSON; a hijacked child may send no more.
_ANSWER_FACTOR: Final = 20


def parse_untrusted(
    path: Path,
    *,
    filename: str,
    limits: Limits = DEFAULT,
    installed: Helpers | None = None,
    scans: bool = False,
) -> ParsedDocument:
    """Return the document in the file at ``path``; ``filename`` is the name its sender gave.

    The file is read by a child process of its own group with limited memory, processor time,
    wall time and file size, without network, inherited descriptors or environment, in an empty
    directory; so is a helper that converts it first (``installed``, None: those found here).
    With ``scans`` the words of a scanned PDF are recognised, which takes some seconds a page;
    without it such a file is refused as ``scan_takes_long`` where that could be done. Raises
    UnreadableDocument with any reason of ``messages.REASONS``; a child that dies of its limits
    counts as ``bomb`` or ``too_slow``.
    """
    kind = detect(path, filename, limits)
    have = helpers.found() if installed is None else installed
    with tempfile.TemporaryDirectory(prefix="parse-") as name:
        directory = Path(name)
        if kind in ("odt", "rtf"):
            path, filename = office.as_docx(path.resolve(), kind, directory, limits, have)
        path = path.resolve()
        try:
            return _parse(path, filename, limits, directory)
        except UnreadableDocument as error:
            if error.reason == "old_word":
                path, filename = office.old_word(path, directory, limits, have)
                return _parse(path, filename, limits, directory)
            if error.reason not in {"scan_without_text", "garbled_text"} or not have.ocr:
                raise
            pages = int(error.params["pages"])
        ocr.check_length(pages, limits)
        if not scans:
            raise UnreadableDocument("scan_takes_long", pages=pages)
        words = ocr.recognise(path, pages, directory, limits, have)
    return parse_recognised(words, limits=limits)


def recognise_page(path: Path, number: int, *, limits: Limits = DEFAULT) -> str:
    """Return the words of page ``number`` (from 0) of a scan, in some seconds.

    For a caller that reads a scan page by page; confined as in `parse_untrusted`. Raises
    UnreadableDocument as `ocr.page` does.
    """
    with tempfile.TemporaryDirectory(prefix="parse-") as name:
        return ocr.page(path.resolve(), number, Path(name), limits, helpers.found())


def parse_recognised(words: Sequence[str], *, limits: Limits = DEFAULT) -> ParsedDocument:
    """Return the document whose pages have the ``words`` that were recognised in pictures.

    Raises UnreadableDocument ``scan_unreadable`` when there are none, and as
    `parse_untrusted` does.
    """
    if not any(char.isalpha() for page in words for char in page):
        raise UnreadableDocument("scan_unreadable", pages=len(words))
    with tempfile.TemporaryDirectory(prefix="parse-") as name:
        text = Path(name) / "scan.txt"
        text.write_text("\f".join(words), encoding="utf-8")
        return _parse(text, text.name, limits, Path(name), scanned=True)


def _parse(
    path: Path, filename: str, limits: Limits, directory: Path, *, scanned: bool = False
) -> ParsedDocument:
    arguments = [str(path), filename[:200], json.dumps(limits.numbers())]
    if scanned:
        arguments.append("scanned")
    answer = confined.python(
        "child", "main", arguments, directory=directory, limits=limits,
        most=_ANSWER_FACTOR * limits.max_text,
    )  # fmt: skip
    confined.check(answer, limits)
    return _read(answer.output)


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
