"""Where in a draft's text the pages of its file begin, found by the words at their heads; pure."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from consult.core.text import nfc

_WORD: Final = re.compile(r"\w+")
# So many words in a row are the same place; a header that the text lacks comes before them.
_RUN: Final = 6
_HEAD: Final = 60
# A page is looked for in the text of so many pages of usual length.
_REACH: Final = 5


def page_starts(text: str, pages: Sequence[str]) -> list[int]:
    """Return the offset in ``text`` at which each page begins, whose first words are ``pages``.

    Offsets rise and begin with 0. A page whose words are not found, because it has none or its
    letters were read otherwise, lies in equal parts between those that are.
    """
    matches = list(_WORD.finditer(text))
    words = [match[0].casefold() for match in matches]
    heads = [[w.casefold() for w in _WORD.findall(nfc(page))[:_HEAD]] for page in pages]
    wanted = {run for head in heads for run in _runs(head)}
    places: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    for at, run in enumerate(_runs(words)):
        if run in wanted:
            places[run].append(at)
    reach = _REACH * (len(words) // max(len(pages), 1) + _HEAD)
    found: dict[int, int] = {0: 0}
    low = 0
    for number, head in enumerate(heads[1:], 1):
        limit = low + reach * (number - max(found))
        at = _first(places, head, low, limit)
        if at is not None:
            found[number] = low = at
    starts = [match.start() for match in matches]
    known = {number: starts[at] if starts and number else 0 for number, at in found.items()}
    return _filled(known, len(pages), len(text))


def _runs(words: Sequence[str]) -> list[tuple[str, ...]]:
    return list(zip(*(words[shift:] for shift in range(_RUN)), strict=False))


def _first(
    places: dict[tuple[str, ...], list[int]], head: list[str], low: int, limit: int
) -> int | None:
    """Return the first place, not before ``low`` nor behind ``limit``, of the page's words."""
    for run in _runs(head):
        here = places.get(run, [])
        at = bisect_left(here, low)
        if at < len(here) and here[at] <= limit:
            return here[at]
    return None


def _filled(known: dict[int, int], count: int, end: int) -> list[int]:
    anchors = [*sorted(known.items()), (count, end)]
    starts: list[int] = []
    for (first, start), (after, stop) in pairwise(anchors):
        step = (stop - start) / (after - first) if after > first else 0
        starts += [start + round(step * n) for n in range(after - first)]
    return starts[:count]
