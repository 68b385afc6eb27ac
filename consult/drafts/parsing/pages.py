"""Page furniture: page numbers and running headers found and left out."""

from __future__ import annotations

import re
from collections import Counter

from consult.drafts.parsing import recognise
from consult.drafts.parsing.model import ParsedWarning

_NUMBER = re.compile(
    r"^\W{0,4}(?:trang\s{0,2})?(\d{1,4})(?:\s?/\s?\d{1,4})?\W{0,4}$", re.IGNORECASE
)
# The official gazette's own header: number and date of the issue, page.
_GAZETTE = re.compile(r"^(?:\d{1,4} )?CÔNG BÁO/Số [\d +]{1,20}/Ngày [\d-]{6,10}(?: \d{1,4})?$")
_DIGITS = re.compile(r"\d+")
_EDGE = 3
_LONGEST = 90
_SHOWN, _LISTED = 10, 300


def strip_furniture(pages: list[list[str]]) -> tuple[list[list[str]], list[ParsedWarning]]:
    """Return the pages' lines without page numbers and running headers, and the warnings.

    A page number counts only where a neighbouring page carries the neighbouring number, a
    header only where a third of the pages repeat it, so figures and titles stay. The warning's
    ``excerpt`` names the first lines left out, its ``lines`` all that differ, with their counts.
    """
    edges = [_edge_lines(page) for page in pages]
    drop = _outermost(edges, _numbers(pages, edges) | _headers(pages, edges))
    if not drop:
        return pages, []
    kept = [
        [line for at, line in enumerate(page) if (number, at) not in drop]
        for number, page in enumerate(pages)
    ]
    gone = [" ".join(pages[number][at].split()) for number, at in sorted(drop)]
    params: dict[str, str | int] = {
        "count": len(gone),
        "excerpt": _shown(gone),
        "lines": "\n".join(_counted(line, n) for line, n in list(Counter(gone).items())[:_LISTED]),
    }
    warning = ParsedWarning("page_furniture", params=params)
    return kept, [warning]


def _shown(lines: list[str]) -> str:
    """Return the first of ``lines`` with their counts; those that differ in their figures only,
    such as page numbers, as one."""
    alike: dict[str, list[str]] = {}
    for line in lines:
        alike.setdefault(_DIGITS.sub("#", line), []).append(line)
    shown = [
        _counted(
            f"“{same[0]}”" if same[0] == same[-1] else f"“{same[0]}” – “{same[-1]}”", len(same)
        )
        for same in list(alike.values())[:_SHOWN]
    ]
    return "; ".join(shown) + ("; …" if len(alike) > _SHOWN else "")


def _counted(line: str, times: int) -> str:
    return f"{line} ({times}×)" if times > 1 else line


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
    """Return the lines that stand at one and the same place of a third of the pages, and the
    gazette's headers."""
    gazette = {
        (number, at)
        for number, page in enumerate(pages)
        for at in edges[number]
        if _GAZETTE.match(" ".join(page[at].split()))
    }
    if len(pages) < 3:
        return gazette
    places: dict[tuple[str, int], list[tuple[int, int]]] = {}
    for number, page in enumerate(pages):
        filled = edges[number]
        slots = list(enumerate(filled[:_EDGE])) + list(enumerate(filled[-_EDGE:], -_EDGE))
        for slot, at in slots:
            line = " ".join(page[at].split())
            if _may_run(line):
                places.setdefault((_DIGITS.sub("#", line), slot), []).append((number, at))
    least = max(3, len(pages) // 3)
    repeated = {place for found in places.values() if len(found) >= least for place in found}
    return gazette | repeated


def _outermost(edges: list[list[int]], found: set[tuple[int, int]]) -> set[tuple[int, int]]:
    """Return those of ``found`` that only other furniture parts from the page's edge."""
    kept: set[tuple[int, int]] = set()
    for number, filled in enumerate(edges):
        for way in (filled, filled[::-1]):
            for at in way:
                if (number, at) not in found:
                    break
                kept.add((number, at))
    return kept


def _may_run(line: str) -> bool:
    """Whether a line can be a running header: short, no sentence, no unit of the text."""
    return (
        3 <= len(line) <= _LONGEST
        and any(char.isalpha() for char in line)
        and not line[0].islower()
        and line[-1] not in ".;:,"
        and not recognise.looks_like_unit(line)
    )
