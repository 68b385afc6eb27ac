"""Cutting Vietnamese prose into sentences, as offsets into the text as it was typed."""

from __future__ import annotations

import re

# Written with a full stop and followed by a capital letter in the middle of a sentence.
_ABBREVIATIONS = frozenset(
    "tp tx tt ts pgs gs ths tskh bs bsck cn ks kts ds dr mr mrs ms st no tr nxb vd vs đ.c".split()
    + "q p h x ô đc".split()
)
_LIST_MARK = re.compile(r"[ \t>]*(?:[-–—+*•]|\d{1,3}(?:\.\d{1,2})*[.)]|[a-zđA-ZĐ][.)])[ \t]+")
_HEADING_MARK = re.compile(r"[ \t>]*(?:#{1,6}[ \t]+)?")
_STOP = re.compile(r"(?<![.!?…])[.!?…]+[\"'”’»)\]*_~]*(?=\s)")
_LAST_WORD = re.compile(r"([^\W_]+(?:\.[^\W_]+)*)$")
_MID_LIST = re.compile(r"(?:^|[:;,(])\s*\d{1,2}$")


def sentences(text: str) -> list[tuple[int, int]]:
    """Return (start, end) of each sentence of ``text``, in order, list marks left out.

    A line end always ends a sentence. A full stop does not where it belongs to an
    abbreviation ("TP.", "PGS."), an initial ("V. A."), a number ("40.924") or the number of
    an item ("1. …"), or where a small letter follows.
    """
    found: list[tuple[int, int]] = []
    for line in re.finditer(r"[^\n]+", text):
        start = _after_marks(text, line.start(), line.end())
        for stop in _STOP.finditer(text, start, line.end()):
            if _ends_sentence(text, start, stop, line.end()):
                _keep(text, start, stop.end(), found)
                start = stop.end()
        _keep(text, start, line.end(), found)
    return found


def _after_marks(text: str, start: int, end: int) -> int:
    heading = _HEADING_MARK.match(text, start, end)
    start = heading.end() if heading else start
    mark = _LIST_MARK.match(text, start, end)
    return mark.end() if mark else start


def _keep(text: str, start: int, end: int, found: list[tuple[int, int]]) -> None:
    """Add the span without the white space around it, if it has a letter or digit."""
    piece = text[start:end]
    start += len(piece) - len(piece.lstrip())
    end -= len(piece) - len(piece.rstrip())
    if any(char.isalnum() for char in text[start:end]):
        found.append((start, end))


def _ends_sentence(text: str, start: int, stop: re.Match[str], line_end: int) -> bool:
    following = text[stop.end() : line_end].lstrip().lstrip("\"'“‘«([*_~-–— ")
    if following and following[0].islower():
        return False
    if stop[0][0] != ".":
        return True
    if stop[0].startswith(".."):
        return bool(following)
    before = text[max(start, stop.start() - 40) : stop.start()]
    if _MID_LIST.search(before):
        return False
    word = _LAST_WORD.search(before)
    if word is None:
        return True
    last = word[1]
    is_initial = len(last) == 1 and last.isalpha() and last.isupper()
    return not (is_initial or last.casefold().split(".")[-1] in _ABBREVIATIONS)
