"""Differences of wording as they are shown: runs of words, those of titles told apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Final, NamedTuple, Protocol

from msgspec import Struct

from consult.drafts.comparison import Segment


class Worded(Protocol):
    """A provision's title and own words."""

    @property
    def title(self) -> str: ...
    @property
    def text(self) -> str: ...


class Words(NamedTuple):
    """A provision of which nothing else is known."""

    title: str
    text: str


class Run(Struct, frozen=True):
    """A part of a `consult.drafts.comparison.Segment` that is of a title, or is of none."""

    op: str
    text: str
    minor: bool
    move: int | None
    title: bool


# Where titles are on one side: the offsets at which a title begins and ends, in turn.
_Edges = list[int]
# The side whose titles count for a segment.
_SHOWN_FROM: Final = {"deleted": "old", "equal": "new", "inserted": "new"}


def runs(segments: Iterable[Segment], old: Sequence[Worded], new: Sequence[Worded]) -> list[Run]:
    """Return the segments of the difference of these provisions, cut where a title ends.

    The wordings are joined as `consult.drafts.comparison.word_diffs` does it. Nothing is lost:
    the texts joined are those of the segments.
    """
    edges = {"old": _edges(old), "new": _edges(new)}
    at = {"old": 0, "new": 0}
    found: list[Run] = []
    for segment in segments:
        side = _SHOWN_FROM[segment.op]
        found += _cut(segment, at[side], edges[side])
        for moved in ("old", "new") if segment.op == "equal" else (side,):
            at[moved] += len(segment.text)
    return found


def _edges(provisions: Sequence[Worded]) -> _Edges:
    found: _Edges = []
    start = 0
    for one in provisions:
        found += [start, start + len(one.title)]
        start += sum(len(part) + 1 for part in (one.title, one.text) if part) or 1
    return found


def _cut(segment: Segment, start: int, edges: _Edges) -> Iterator[Run]:
    end = start + len(segment.text)
    stops = sorted({start, end, *(edge for edge in edges if start < edge < end)})
    for first, last in pairwise(stops):
        title = any(a <= first < b for a, b in zip(edges[::2], edges[1::2], strict=True))
        text = segment.text[first - start : last - start]
        yield Run(segment.op, text, segment.minor, segment.move, title)
