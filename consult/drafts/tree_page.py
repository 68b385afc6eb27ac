"""What the page of a version shows: its text line by line, its tree, the places of warnings."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from consult.core.text import shorten
from consult.drafts import labels
from consult.drafts.correction_labels import FILTERS, filter_of
from consult.drafts.originals import OriginalPage
from consult.drafts.queries import ProvisionLine

_CHUNK: Final = 40
_EXCERPT: Final = 110


class Row(NamedTuple):
    """A line of the tree: a provision, or (without key) a run of unassigned text.

    ``first`` and ``last`` are the lines of the text that it takes up.
    """

    key: str
    kind: str
    citation: str
    title: str
    words: str
    depth: int
    first: int
    last: int


class Chunk(NamedTuple):
    """Some lines of the text; the browser leaves out those that are far from view."""

    first: int
    lines: Sequence[str]


class Picture(NamedTuple):
    """A page of the original beside the tree; ``first`` is the line with which it begins."""

    number: int
    width: int
    height: int
    first: int


class Remark(NamedTuple):
    """A warning in words, with the line it is about (None: the whole document), the key of the
    provision there, and the lines that were left out of the text, if it tells of such."""

    filter: str
    sentence: str
    line: int | None
    key: str
    left_out: Sequence[str] = ()


class Text:
    """A text with its lines, counted from 1."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.lines = text.split("\n") if text else []
        self._starts = [0]
        for line in self.lines:
            self._starts.append(self._starts[-1] + len(line) + 1)

    def line(self, offset: int) -> int:
        """Return the number of the line that holds ``offset``."""
        return max(min(bisect_right(self._starts, offset), len(self.lines)), 1)

    def chunks(self) -> list[Chunk]:
        """Return the lines in order."""
        return [
            Chunk(first + 1, self.lines[first : first + _CHUNK])
            for first in range(0, len(self.lines), _CHUNK)
        ]


def pictures(text: Text, found: Iterable[OriginalPage]) -> list[Picture]:
    """Return the pages of the original, each with its line of the text."""
    return [Picture(p.number, p.width, p.height, text.line(p.start)) for p in found]


def rows(
    text: Text, lines: Iterable[ProvisionLine], extents: Mapping[str, tuple[int, int]]
) -> list[Row]:
    """Return the tree in the order of the text, unassigned text in its place."""
    found: list[Row] = []
    at = 0
    for line in lines:
        start, end = extents[line.key]
        found += _unassigned(text, at, start)
        title = shorten(line.title, _EXCERPT)
        words = shorten(line.text[:1000], _EXCERPT - len(title)) if len(title) < 80 else ""
        depth, first, last = min(line.depth, 7), text.line(start), text.line(max(start, end - 1))
        found.append(Row(line.key, line.kind, line.citation, title, words, depth, first, last))
        at = max(at, end)
    return [*found, *_unassigned(text, at, len(text.text))]


def _unassigned(text: Text, start: int, end: int) -> list[Row]:
    gap = text.text[start:end]
    if not gap.strip():
        return []
    first = start + len(gap) - len(gap.lstrip())
    last = start + len(gap.rstrip()) - 1
    words = shorten(gap[:1000], _EXCERPT)
    return [Row("", "unassigned", "", "", words, 0, text.line(first), text.line(last))]


def remarks(warnings: Sequence[dict[str, Any]], tree: Sequence[Row]) -> list[Remark]:
    """Return the version's warnings in words, each with its place in the tree."""
    placed = [row for row in tree if row.key]
    found: list[Remark] = []
    for entry in warnings:
        line = entry.get("line")
        key = entry.get("provision") or ""
        if line and not key:
            holder = [row.key for row in placed if row.first <= line <= row.last]
            key = holder[-1] if holder else ""
        left_out = str(entry["params"].get("lines", "")).splitlines()
        code = filter_of(entry["code"])
        found.append(Remark(code, labels.warning(entry), line, key, left_out))
    return found


def filters(found: Sequence[Remark]) -> list[tuple[str, str, int]]:
    """Return (code, name, how many) of the kinds of warnings that there are."""
    counts = Counter(remark.filter for remark in found)
    return [(code, name, counts[code]) for code, name in FILTERS.items() if counts[code]]
