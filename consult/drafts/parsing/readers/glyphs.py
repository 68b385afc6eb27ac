"""How large a PDF's letters are: footnotes under the text and raised footnote marks in it."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportMissingTypeStubs=false
# (pypdfium2's raw interface is untyped.)
from __future__ import annotations

import re
from typing import Any, Final

# Lines whose number decides the structure; a raised mark fused to it would falsify it.
_NUMBERED: Final = re.compile(r"^\s{0,9}(?:Điều|ĐIỀU|Chương|CHƯƠNG|Mục|MỤC|\d|[a-zđ]\))")
_DIGITS: Final = re.compile(r"\d{1,3}")
_SMALLER: Final = 0.85
_RAISED: Final = 0.1
_SAMPLE: Final = 5
_SHORT: Final = 12
_LOOSE: Final = re.compile(r"[\s\x02\xad\ufffe-]+")


def measured(textpage: Any, text: str) -> list[tuple[str, float]]:
    """Return the lines of ``text``, which is what ``textpage`` shows: each with its raised
    footnote marks in square brackets and the height of its letters in points (0 if unknown)."""
    known: dict[str, tuple[str, float]] = {}
    start = 0
    above = ("", "")
    for line in str(textpage.get_text_range()).split("\n"):
        height = _usual(textpage, line, start)
        marked = ""
        if height:
            marked = _bracketed(textpage, line, start, height) if _NUMBERED.match(line) else ""
            known[_bare(line)] = (marked, height)
            # A raised mark may part a number from its text in one of the two readings.
            if above[0]:
                known[_bare(above[0] + line)] = (above[1] + (marked or line).rstrip(), height)
        above = (line, marked) if marked and len(marked) < _SHORT else ("", "")
        start += len(line) + 1
    found = [(line, *known.get(_bare(line), ("", 0.0))) for line in text.split("\n")]
    return [(shown or line, height) for line, shown, height in found]


def _bare(line: str) -> str:
    """Return a line without white space and hyphens, which differ between two readings."""
    return _LOOSE.sub("", line)


def _usual(textpage: Any, line: str, start: int) -> float:
    """Return the middle height of some letters of ``line``, whose first one is ``start``:
    single letters may come from another font."""
    letters = [at for at, char in enumerate(line) if char.isalpha()]
    if not letters:
        figures = (_box(textpage, start + at) for at, char in enumerate(line) if char.isdigit())
        return max((top - bottom for bottom, top in figures), default=0.0)
    some = letters[:: max(1, len(letters) // _SAMPLE)]
    heights = sorted(top - bottom for bottom, top in (_box(textpage, start + at) for at in some))
    return heights[len(heights) // 2] if heights else 0.0


def _box(textpage: Any, index: int) -> tuple[float, float]:
    """Return the bottom and the top of a letter with its font's leading."""
    import pypdfium2.raw as pdfium

    box = pdfium.FS_RECTF()
    if not pdfium.FPDFText_GetLooseCharBox(textpage.raw, index, box):
        return 0.0, 0.0
    return float(box.bottom), float(box.top)


def _bracketed(textpage: Any, line: str, start: int, height: float) -> str:
    """Return ``line`` with its small raised digits in brackets, "" if it has none."""
    out: list[str] = []
    done = 0
    for run in _DIGITS.finditer(line):
        first = run.end()
        while first > max(1, run.start()) and _is_raised(textpage, line, start, first - 1, height):
            first -= 1
        if first < run.end():
            out += [line[done:first], f"[{line[first : run.end()]}]"]
            done = run.end()
    return "".join([*out, line[done:]]).rstrip("\r") if out else ""


def _is_raised(textpage: Any, line: str, start: int, at: int, height: float) -> bool:
    """Whether the digit at ``at`` is smaller and higher than the line's first letter."""
    bottom, top = _box(textpage, start + at)
    base, _ = _box(textpage, start + len(line) - len(line.lstrip()))
    return 0 < top - bottom < _SMALLER * height and bottom > base + _RAISED * height
