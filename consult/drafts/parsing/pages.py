"""Page furniture: page numbers and running headers found and left out."""

from __future__ import annotations

import re
from collections import Counter

from consult.drafts.parsing.model import ParsedWarning

_NUMBER = re.compile(
    r"^\W{0,4}(?:trang\s{0,2})?(\d{1,4})(?:\s?/\s?\d{1,4})?\W{0,4}$", re.IGNORECASE
)
_DIGITS = re.compile(r"\d+")
_EDGE = 3
_LONGEST = 120


def strip_furniture(pages: list[list[str]]) -> tuple[list[list[str]], list[ParsedWarning]]:
    """Return the pages' lines without page numbers and running headers, and the warnings.

    A page number counts only where a neighbouring page carries the neighbouring number, a
    header only where a third of the pages repeat it, so figures and titles stay.
    """
    edges = [_edge_lines(page) for page in pages]
    drop = _numbers(pages, edges) | _headers(pages, edges)
    if not drop:
        return pages, []
    kept = [
        [line for at, line in enumerate(page) if (number, at) not in drop]
        for number, page in enumerate(pages)
    ]
    first = min(drop)
    excerpt = pages[first[0]][first[1]].strip()[:60]
    warning = ParsedWarning("page_furniture", params={"count": len(drop), "excerpt": excerpt})
    return kept, [warning]


def _edge_lines(page: list[str]) -> list[int]:
    filled = [at for at, line in enumerate(page) if line.strip()]
    return sorted(set(filled[:_EDGE] + filled[-_EDGE:]))


def _numbers(pages: list[list[str]], edges: list[list[int]]) -> set[tuple[int, int]]:
    found: dict[tuple[int, int], tuple[int, int]] = {}
    for number, page in enumerate(pages):
        filled = edges[number]
        for at in {*filled[:1], *filled[-1:]}:
            match = _NUMBER.match(page[at].strip())
            if match:
                found[number, int(match[1])] = (number, at)
    return {
        place
        for (page, value), place in found.items()
        if value == page + 1 or any((page + step, value + step) in found for step in (-2, -1, 1, 2))
    }


def _headers(pages: list[list[str]], edges: list[list[int]]) -> set[tuple[int, int]]:
    if len(pages) < 3:
        return set()
    seen: Counter[str] = Counter()
    places: dict[str, list[tuple[int, int]]] = {}
    for number, page in enumerate(pages):
        shapes: set[str] = set()
        for at in edges[number]:
            line = " ".join(page[at].split())
            if len(line) > _LONGEST or len(line) < 3:
                continue
            shape = _DIGITS.sub("#", line)
            shapes.add(shape)
            places.setdefault(shape, []).append((number, at))
        seen.update(shapes)
    least = max(3, len(pages) // 3)
    return {
        place
        for shape, count in seen.items()
        if count >= least and any(c.isalpha() for c in shape) and not _is_heading(shape)
        for place in places[shape]
    }


def _is_heading(shape: str) -> bool:
    return shape.casefold().startswith(("điều #", "chương", "mục #", "phụ lục"))
