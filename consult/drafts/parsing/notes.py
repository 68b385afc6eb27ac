"""Footnotes of printed pages: the small lines at a page's foot, told from its text."""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

_OPENS: Final = re.compile(r"^\s{0,9}[\[(]?(\d{1,3})[\])]?(?:\s|(?=[^\W\d])|$)")
_NUMBER: Final = re.compile(r"^\W{0,4}\d{1,4}\W{0,4}$")
_ENDED: Final = re.compile(r"[.;:!?”\"»]\s{0,3}$")
_SMALL: Final = 0.93
_LEAST_OF_PAGE: Final = 0.05
_MOST_MISSING: Final = 3
_SHARE: Final = 0.15


def set_apart(
    pages: list[list[str]], heights: list[list[float]]
) -> tuple[list[list[str]], list[list[str]]]:
    """Return each page's lines of text and, apart, its footnotes, one string each.

    ``heights`` are those of each line's letters in points, 0 where unknown. Footnotes are the
    last lines of a page (before its number) in smaller letters than the document's, opened by
    the next number in turn; one that goes on overleaf is whole on the page where it begins.
    """
    usual = _usual_height(pages, heights)
    texts: list[list[str]] = []
    notes: list[list[list[str]]] = []
    running: list[str] | None = None
    last = 0
    for page, letters in zip(pages, heights, strict=True):
        first, stop = _foot(page, letters, usual, running=running is not None)
        begins, last = _numbered(page, first, stop, last, anew=running is None)
        start = first if running else min(begins, default=stop)
        texts.append([*page[:start], *page[stop:]])
        notes.append([])
        for at in range(start, stop):
            if at in begins or running is None:
                running = []
                notes[-1].append(running)
            running.append(page[at].strip())
        if running and _is_over(" ".join(running)):
            running = None
    return texts, [[" ".join(note) for note in page] for page in notes]


def _number(line: str) -> int:
    """Return the number of the footnote that ``line`` may begin, 0 if it begins none."""
    match = _OPENS.match(line)
    return int(match[1]) if match else 0


def _usual_height(pages: list[list[str]], heights: list[list[float]]) -> float:
    """Return the height of the text's letters: the largest that is common, since footnotes may
    be longer than the text."""
    letters: Counter[float] = Counter()
    for page, each in zip(pages, heights, strict=True):
        for line, height in zip(page, each, strict=False):
            letters[round(height, 1)] += len(line) if height else 0
    least = _SHARE * letters.total()
    return max((height for height, count in letters.items() if count > least), default=0.0)


def _is_over(note: str) -> bool:
    """Whether a footnote is at its end at its page's end: a sentence's and a quotation's."""
    closed = note.count("“") <= note.count("”") and note.count('"') % 2 == 0
    return bool(_ENDED.search(note)) and closed


def _foot(page: list[str], heights: list[float], usual: float, *, running: bool) -> tuple[int, int]:
    """Return the bounds of the run of small lines at the page's foot, which is not the whole
    page unless a footnote goes on from the one before."""
    stop = len(page)
    if len(heights) != stop or not usual:
        return stop, stop
    while stop and (not page[stop - 1].strip() or _NUMBER.match(page[stop - 1])):
        stop -= 1
    first = stop
    while first and heights[first - 1] < _SMALL * usual:
        first -= 1
    # Lines of unknown height (figures, rules) at the run's head belong to the text.
    while first < stop and not heights[first] and not _number(page[first]):
        first += 1
    return (first, stop) if running or first >= _LEAST_OF_PAGE * stop else (stop, stop)


def _numbered(
    page: list[str], first: int, stop: int, last: int, *, anew: bool
) -> tuple[list[int], int]:
    """Return the lines in the run that begin a footnote and the last number among them;
    ``anew`` says that numbers may begin again at 1 on this page."""
    begins: list[int] = []
    for at in range(first, stop):
        number = _number(page[at])
        if last < number <= last + _MOST_MISSING or (number == 1 and anew and not begins):
            begins.append(at)
            last = number
    return begins, last
