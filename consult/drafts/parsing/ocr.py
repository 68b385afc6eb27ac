"""Scans: pages drawn in a confined process, their words recognised by a confined tesseract."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Final

from consult.drafts.parsing import confined
from consult.drafts.parsing.helpers import Helpers
from consult.drafts.parsing.model import Limits, UnreadableDocument

_MOST_PICTURE: Final = 40_000_000
_MOST_WORDS: Final = 400_000
_PAGE_SECONDS: Final = 60.0


def check_length(pages: int, limits: Limits) -> None:
    """Raise UnreadableDocument ``scan_too_long`` for more pages than are recognised."""
    if pages > limits.max_scanned:
        raise UnreadableDocument("scan_too_long", pages=pages, limit=limits.max_scanned)


def recognise(
    path: Path, pages: int, directory: Path, limits: Limits, installed: Helpers
) -> list[str]:
    """Return the words of each of the ``pages`` of the scanned PDF at ``path``.

    Takes some seconds a page, one page at a time. Raises UnreadableDocument:
    ``scan_too_long``, ``too_slow``, and as `page` does.
    """
    check_length(pages, limits)
    deadline = time.monotonic() + limits.scan_seconds
    found: list[str] = []
    for number in range(pages):
        if time.monotonic() > deadline:
            raise UnreadableDocument("too_slow", seconds=round(limits.scan_seconds))
        found.append(page(path, number, directory, limits, installed))
    return found


def page(path: Path, number: int, directory: Path, limits: Limits, installed: Helpers) -> str:
    """Return the words of page ``number`` (from 0) of the scanned PDF at ``path``.

    Raises UnreadableDocument: ``scan_without_text`` where tesseract with Vietnamese is missing,
    ``too_slow``, ``bomb`` or ``broken``.
    """
    if not installed.ocr:
        raise UnreadableDocument("scan_without_text", pages=number + 1)
    arguments = [str(path), str(number), json.dumps(limits.numbers())]
    drawn = confined.python(
        "child", "draw", arguments, directory=directory, limits=limits, most=_MOST_PICTURE
    )
    confined.check(drawn, limits)
    if not drawn.output.startswith(b"P5 "):
        raise UnreadableDocument("broken")
    picture = directory / "page.pgm"
    picture.write_bytes(drawn.output)
    command = [installed.ocr, str(picture), "stdout", "-l", "vie", "--dpi", "300"]
    answer = confined.program(
        command, directory=directory, limits=limits, seconds=_PAGE_SECONDS, most=_MOST_WORDS
    )
    # A page that tesseract gives up on is a page without words.
    return answer.output.decode("utf-8", "replace").replace("\f", "") if not answer.code else ""
