"""Cutting Vietnamese prose into sentences, as offsets into the text as it was typed."""

from __future__ import annotations

import re
from collections.abc import Iterator

Span = tuple[int, int]

# Written with a full stop and followed by a capital letter in the middle of a sentence.
_ABBREVIATIONS = frozenset(
    "tp tx tt ts pgs gs ths tskh bs bsck cn ks kts ds dr mr mrs ms st no tr nxb vd vs đ.c".split()
    + "q p h x ô đc".split()
)
# "Điều 5. Phạm vi": the number of a unit, with the heading that follows.
_UNIT = re.compile(r"\b(?:điều|chương|mục|phần|phụ lục)\s+(?:\d{1,3}[a-zđ]?|[ivxlc]{1,6})$", re.I)
_LIST_MARK = re.compile(
    r"[ \t>]*(?:[-–—+*•]|\d{1,3}(?:\.\d{1,2})*[.)]"
    r"|(?:[IVX]{1,5}|[a-zđA-ZĐ])(?:\)|\.(?![ \t]*[A-ZĐ]\.)))[ \t]+"
)
_HEADING_MARK = re.compile(r"[ \t>]*(?:#{1,6}[ \t]+)?")
_STOP = re.compile(r"(?<![.!?…])[.!?…]+[\"'”’»)\]*_~]*(?=\s|[^\W\d_])")
_LAST_WORD = re.compile(r"([^\W_]+(?:\.[^\W_]+)*)$")
_INITIALS = re.compile(r"[A-ZĐ](?:\.[A-ZĐ])*")
_MID_LIST = re.compile(r"(?:^|[:;,(])\s*\d{1,2}$")
_ADDRESS = re.compile(r"[@/]|^www\.|\.(?:vn|com|org|net|gov|edu)\b", re.I)
# A line so long that was broken off in the middle was wrapped by a program, not by the author.
_WRAPPED = 40


def pieces(text: str) -> list[Span]:
    """Return (start, end) of consecutive pieces that hold all of ``text`` but white space.

    A line end ends a piece unless a program wrapped the line. A full stop does not where it
    belongs to an abbreviation ("TP.", "PGS."), initials ("V. A.", "N.V.A."), a number
    ("40.924", "12.5.2026"), an address, the number of an item ("1. …") or of a unit
    ("Điều 5. …"), or where a small letter follows. A space forgotten after it is forgiven.
    """
    found: list[Span] = []
    for line, end in _lines(text):
        start = line
        for stop in _STOP.finditer(text, _after_marks(text, line, end), end):
            if _ends_sentence(text, start, stop, end):
                _keep(text, start, stop.end(), found)
                start = stop.end()
        _keep(text, start, end, found)
    return found


def sentences(text: str) -> list[Span]:
    """Return (start, end) of each sentence of ``text``, in order.

    These are the pieces that hold a letter or digit, without the list mark of their line.
    """
    found: list[Span] = []
    for begin, end in pieces(text):
        is_first = not text[text.rfind("\n", 0, begin) + 1 : begin].strip()
        start = _after_marks(text, begin, end) if is_first else begin
        if any(char.isalnum() for char in text[start:end]):
            found.append((start, end))
    return found


def _lines(text: str) -> Iterator[Span]:
    """Yield the author's lines; lines wrapped by a program are one."""
    start = end = 0
    for line in re.finditer(r"[^\n]+", text):
        if not (end and _goes_on(text, start, end, line.start(), line.end())):
            if end:
                yield start, end
            start = line.start()
        end = line.end()
    if end:
        yield start, end


def _goes_on(text: str, start: int, end: int, following: int, following_end: int) -> bool:
    if following != end + 1 or end - max(start, text.rfind("\n", 0, end)) < _WRAPPED:
        return False
    begin = text[following:following_end].lstrip()
    return (
        begin[:1].islower()
        and not _LIST_MARK.match(text, following, following_end)
        and text[start:end].rstrip()[-1:] not in tuple(".!?…:;")
    )


def _after_marks(text: str, start: int, end: int) -> int:
    heading = _HEADING_MARK.match(text, start, end)
    start = heading.end() if heading else start
    mark = _LIST_MARK.match(text, start, end)
    return mark.end() if mark else start


def _keep(text: str, start: int, end: int, found: list[Span]) -> None:
    """Add the span without the white space around it, if anything is left."""
    piece = text[start:end]
    start += len(piece) - len(piece.lstrip())
    end -= len(piece) - len(piece.rstrip())
    if start < end:
        found.append((start, end))


def _ends_sentence(text: str, start: int, stop: re.Match[str], line_end: int) -> bool:
    if not text[stop.end()].isspace() and not _lacks_space(text, start, stop):
        return False
    following = text[stop.end() : line_end].lstrip().lstrip("\"'“‘«([*_~-–— ")
    if following and following[0].islower():
        return False
    if stop[0][0] != ".":
        return True
    if stop[0].startswith(".."):
        return bool(following)
    before = text[max(start, stop.start() - 40) : stop.start()]
    if _MID_LIST.search(before) or (following and _UNIT.search(before)):
        return False
    word = _LAST_WORD.search(before)
    if word is None:
        return True
    last = word[1]
    return not (_INITIALS.fullmatch(last) or last.casefold().split(".")[-1] in _ABBREVIATIONS)


def _lacks_space(text: str, start: int, stop: re.Match[str]) -> bool:
    """Return whether a sentence begins right after the stop ("rất đúng.Tôi")."""
    if not (text[stop.start() - 1].islower() and text[stop.end()].isupper()):
        return False
    token_start = max(text.rfind(" ", start, stop.start()) + 1, start)
    token = text[token_start:].split(maxsplit=1)[0]
    return not _ADDRESS.search(token) and text[stop.end() + 1 : stop.end() + 2].islower()
