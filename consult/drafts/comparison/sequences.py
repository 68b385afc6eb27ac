"""Longest common subsequences, fast enough for long texts; knows nothing of words."""

from __future__ import annotations

import itertools
from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Sequence
from typing import Final

# The largest gap solved exactly, in cells of the table (a bit each).
_CELLS: Final = 60_000_000
_SMALL: Final = 4_000
Pair = tuple[int, int]


def common(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[Pair]:
    """Return index pairs of equal items, increasing in both.

    Equal ends first, then runs that occur once in each (so that long texts fall into short gaps
    and stay readable), then the longest common subsequence of each gap. A gap too large for that
    gives nothing: time and memory are bounded.
    """
    table: dict[Hashable, int] = {}
    left = [table.setdefault(item, len(table)) for item in old]
    right = [table.setdefault(item, len(table)) for item in new]
    found: list[Pair] = []
    gaps = [(0, len(left), 0, len(right), 0)]
    while gaps:
        a, b, c, d, level = gaps.pop()
        while a < b and c < d and left[a] == right[c]:
            found.append((a, c))
            a, c = a + 1, c + 1
        while a < b and c < d and left[b - 1] == right[d - 1]:
            b, d = b - 1, d - 1
            found.append((b, d))
        if a == b or c == d:
            continue
        small = (b - a) * (d - c) <= _SMALL
        while level < len(_RUNS) and not small:
            anchors = _unique_runs(left[a:b], right[c:d], _RUNS[level])
            level += 1
            if anchors:
                gaps += _between(anchors, a, b, c, d, level)
                found += [(a + i, c + j) for i, j in anchors]
                break
        else:
            found += [(a + i, c + j) for i, j in _exact(left[a:b], right[c:d])]
    found.sort()
    return found


_RUNS: Final = (5, 3, 1)


def _between(
    anchors: list[Pair], a: int, b: int, c: int, d: int, level: int
) -> list[tuple[int, int, int, int, int]]:
    ends = [(-1, -1), *anchors, (b - a, d - c)]
    return [
        (a + i + 1, a + k, c + j + 1, c + m, level)
        for (i, j), (k, m) in itertools.pairwise(ends)
        if k > i + 1 or m > j + 1
    ]


def _unique_runs(left: list[int], right: list[int], length: int) -> list[Pair]:
    """Return the beginnings of runs that occur once in each, as many as are in the same order."""
    mine = _once(left, length)
    theirs = _once(right, length)
    pairs = sorted((at, theirs[run]) for run, at in mine.items() if run in theirs)
    return [pairs[at] for at in increasing([j for _, j in pairs])]


def _once(items: list[int], length: int) -> dict[tuple[int, ...], int]:
    runs = list(zip(*(items[at:] for at in range(length)), strict=False))
    counts = Counter(runs)
    return {run: at for at, run in enumerate(runs) if counts[run] == 1}


def increasing(values: Sequence[int]) -> list[int]:
    """Return the indices of a longest strictly increasing subsequence of ``values``."""
    tails: list[int] = []
    ends: list[int] = []
    previous: list[int] = []
    for at, value in enumerate(values):
        place = bisect_left(tails, value)
        previous.append(ends[place - 1] if place else -1)
        if place == len(tails):
            tails.append(value)
            ends.append(at)
        else:
            tails[place] = value
            ends[place] = at
    chain: list[int] = []
    at = ends[-1] if ends else -1
    while at >= 0:
        chain.append(at)
        at = previous[at]
    return chain[::-1]


def _exact(left: list[int], right: list[int]) -> list[Pair]:
    """Return a longest common subsequence, one row of the table in the bits of a number.

    The method is Hyyrö's of 2004; a zero bit j of row i says that the common length of the first
    i items of ``left`` with the first j + 1 of ``right`` is one more than with the first j.
    """
    if len(left) * len(right) > _CELLS:
        return []
    places: dict[int, int] = {}
    for at, item in enumerate(right):
        places[item] = places.get(item, 0) | 1 << at
    full = (1 << len(right)) - 1
    row = full
    rows = [row]
    for item in left:
        hit = row & places.get(item, 0)
        row = ((row + hit) | (row - hit)) & full
        rows.append(row)
    return _trace(left, right, rows)


def _trace(left: list[int], right: list[int], rows: list[int]) -> list[Pair]:
    pairs: list[Pair] = []
    i, j = len(left), len(right)
    while i and j:
        if rows[i] >> (j - 1) & 1:
            j -= 1  # the item of ``right`` adds nothing
        elif not rows[i - 1] >> (j - 1) & 1:
            i -= 1  # it did so without this item of ``left``
        else:
            i, j = i - 1, j - 1
            pairs.append((i, j))
    return pairs
