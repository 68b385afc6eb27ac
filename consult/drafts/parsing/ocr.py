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


def recognise(path: Path, pages: int, directory: Path, limits: Limits, installed: Helpers) -> str:
    """Return the words of the ``pages`` of the scanned PDF at ``path``, form feeds between them.

    Takes some seconds a page, one page at a time. Raises UnreadableDocument:
    ``scan_without_text`` where tesseract with Vietnamese is missing, ``scan_too_long``,
    ``scan_unreadable`` when there are no words in it, ``too_slow``, ``bomb`` or ``broken``.
    """
    if not installed.ocr:
        raise UnreadableDocument("scan_without_text", pages=pages)
    if pages > limits.max_scanned:
        raise UnreadableDocument("scan_too_long", pages=pages, limit=limits.max_scanned)
    deadline = time.monotonic() + limits.scan_seconds
    found: list[str] = []
    for number in range(pages):
        left = deadline - time.monotonic()
        if left <= 0:
            raise UnreadableDocument("too_slow", seconds=round(limits.scan_seconds))
        found.append(_page(path, number, directory, limits, installed, min(left, _PAGE_SECONDS)))
    if not any(char.isalpha() for page in found for char in page):
        raise UnreadableDocument("scan_unreadable", pages=pages)
    return "\f".join(found)


def _page(
    path: Path, number: int, directory: Path, limits: Limits, installed: Helpers, seconds: float
) -> str:
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
        command, directory=directory, limits=limits, seconds=seconds, most=_MOST_WORDS
    )
    # A page that tesseract gives up on is a page without words.
    return answer.output.decode("utf-8", "replace").replace("\f", "") if not answer.code else ""
