"""How large a PDF's letters are: footnotes under the text and raised footnote marks in it."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportMissingTypeStubs=false
# (pypdfium2's raw interface is untyped.)
from __future__ import annotations

import re
from typing import Any, Final

# Lines whose number decides the structure; a raised mark fused to it would falsify it.
_NUMBERED: Final = re.compile(r"^\s{0,9}(?:Điều|ĐIỀU|Chương|CHƯƠNG|Mục|MỤC|\d{1,3}[a-zđ]?\.\d)")
_DIGITS: Final = re.compile(r"\d{1,3}")
_RAISED: Final = 0.8
_LOOSE: Final = re.compile(r"[\s\x02\xad\ufffe-]+")


def measured(textpage: Any, text: str) -> list[tuple[str, float]]:
    """Return the lines of ``text``, which is what ``textpage`` shows: each with its raised
    footnote marks in square brackets and the height of its letters in points (0 if unknown)."""
    known: dict[str, tuple[str, float]] = {}
    start = 0
    for line in str(textpage.get_text_range()).split("\n"):
        middle = _letter(line, len(line) // 3)
        if middle >= 0:
            height = _height(textpage, start + middle)
            marked = bool(height) and _NUMBERED.match(line) is not None
            known[_bare(line)] = (
                _bracketed(textpage, line, start, height) if marked else "",
                height,
            )
        start += len(line) + 1
    found = [(line, *known.get(_bare(line), ("", 0.0))) for line in text.split("\n")]
    return [(shown or line, height) for line, shown, height in found]


def _bare(line: str) -> str:
    """Return a line without white space and hyphens, which differ between two readings."""
    return _LOOSE.sub("", line)


def _letter(line: str, first: int) -> int:
    for at in (*range(first, len(line)), *range(first)):
        if line[at].isalpha():
            return at
    return -1


def _height(textpage: Any, index: int) -> float:
    import pypdfium2.raw as pdfium

    box = pdfium.FS_RECTF()
    if not pdfium.FPDFText_GetLooseCharBox(textpage.raw, index, box):
        return 0.0
    return abs(float(box.top) - float(box.bottom))


def _bracketed(textpage: Any, line: str, start: int, height: float) -> str:
    """Return ``line`` with its raised digits in brackets, "" if it has none."""
    out: list[str] = []
    done = 0
    for run in _DIGITS.finditer(line):
        if run.start() > 0 and 0 < _height(textpage, start + run.start()) < _RAISED * height:
            out += [line[done : run.start()], f"[{run[0]}]"]
            done = run.end()
    return "".join([*out, line[done:]]).rstrip("\r") if out else ""
