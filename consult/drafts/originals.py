"""The pages of a version's PDF: how large they are and where in the text each begins."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from consult.core.db import db, release
from consult.drafts.models import DraftVersion, ParsedGuess
from consult.drafts.page_places import page_starts
from consult.drafts.parsing.sheets import Sheet, picture, sheets

# Drawn larger it would say nothing more: the width of a column, in CSS pixels.
_WIDTH: Final = 800


class OriginalPage(NamedTuple):
    """A page, numbered from 1, its size as shown, and the offset in the text where it begins."""

    number: int
    width: int
    height: int
    start: int


def has_pages(version: DraftVersion) -> bool:
    """Whether the version's file is a PDF that is there; reads its head."""
    if version.file is None or not version.file.path.is_file():
        return False
    with version.file.path.open("rb") as file:
        return b"%PDF-" in file.read(1024)


def pages(version: DraftVersion) -> list[OriginalPage]:
    """Return the pages of the version's PDF, whose text is loaded; two queries at most.

    The file is read in a confined process, which takes a second at the first time. Where a
    page's words were converted, it begins about where it is said to. Ends the transaction so
    far. Raises UnreadableDocument.
    """
    assert version.file is not None
    text, path, digest = version.text, version.file.path, version.file.sha256
    guess = db.session.get(ParsedGuess, version.id)
    kept: list[Any] = guess.document.get("pages", []) if guess else []
    listed = _listed(path, digest)
    found = [int(start) for start in kept]
    starts = found if len(found) == len(listed) else _starts(text, listed)
    return [
        OriginalPage(number, _WIDTH, round(_WIDTH * sheet.height / max(sheet.width, 1)), start)
        for number, (sheet, start) in enumerate(zip(listed, starts, strict=True), 1)
    ]


def keep_pages(version: DraftVersion, words: list[str]) -> None:
    """Keep where in the text the pages begin whose recognised ``words`` are given.

    Writes the parser's guess, to which they belong.
    """
    guess = db.session.get_one(ParsedGuess, version.id)
    guess.document = {**guess.document, "pages": page_starts(version.text, words)}


def page_picture(path: Path, number: int) -> bytes:
    """Return page ``number`` (from 1) of the PDF as PNG. Raises UnreadableDocument."""
    return picture(path, number - 1)


@lru_cache(maxsize=16)
def _listed(path: Path, _digest: str) -> tuple[Sheet, ...]:
    release()  # nothing was written, and the file takes its time
    return tuple(sheets(path))


@lru_cache(maxsize=16)
def _starts(text: str, listed: tuple[Sheet, ...]) -> list[int]:
    return page_starts(text, [sheet.words for sheet in listed])
