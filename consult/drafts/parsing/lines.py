"""Paragraphs out of lines: wrapped, page-broken and fragmented lines joined again."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from consult.drafts.parsing import recognise

_TERMINAL: Final = re.compile(r"[.;:!?…][”\"’)\]]{0,2}[.;,]?$|[”\"]$|/\.$")
_HANGING: Final = re.compile(
    r"(?:^|\s)(?:điều|khoản|điểm|mục|chương|phần|tại|và|hoặc|các|của|theo|số|với|từ|đến|trong|"
    r"cho|về)$|[,(/“]$",
    re.IGNORECASE,
)
_BARE_WORD: Final = re.compile(
    r"^[“\"]?(?:Điều|ĐIỀU|Chương|CHƯƠNG|Mục|MỤC|Phần|PHẦN|Tiểu mục|TIỂU MỤC)$"
)
_BARE_SIGN: Final = re.compile(r"^[“\"]?(?:\d{1,3}[a-zđ]?\s?\.|[a-zđ]\)|[IVXL]{1,6}\.|[-+–])$")
_BARE_NUMBER: Final = re.compile(r"^(?:Điều\s)?\d{1,3}[a-zđ]?$|^[a-zđ]$|^Điều$")
_NUMBERED: Final = re.compile(r"^(?:\d{1,3}|[IVXLC]{1,7}\b|thứ\b)")
_CLOSER: Final = re.compile(r"^[.,;:)\]”/%]")
_SIGN: Final = re.compile(r"^[.)]")
_RANGE_TAIL: Final = re.compile(r"\d\s?$")
_WIDE_GAP: Final = re.compile(r"\S\s{3,}\S")
_TAIL: Final = 80


@dataclass(slots=True)
class RawLine:
    """A line as read: stripped text, indent in characters, what stood around it.

    ``space_before``/``space_after`` tell white space between it and its neighbours besides the
    line end: pieces of running text copied from a web page keep theirs.
    """

    text: str
    indent: float = 0
    width: float = 0
    blank_before: bool = False
    space_before: bool = False
    space_after: bool = False
    page_start: bool = False


@dataclass(slots=True)
class Layout:
    """How lines end: hard-wrapped at ``right`` columns, indented, or pieces of web text."""

    wrapped: bool = False
    right: float = 0
    body: float = 0
    indented: bool = False
    web: bool = False


def measure(lines: list[RawLine]) -> Layout:
    """Return the layout of ``lines``: wrapped when a third end near one common right margin."""
    ends = sorted(line.indent + line.width for line in lines if line.width > 25)
    if len(ends) < 8:
        return Layout()
    right = ends[int(len(ends) * 0.9)]
    near = sum(1 for end in ends if 0.86 * right <= end <= 1.08 * right)
    if right > 170 or near < 0.33 * len(ends) or ends[-1] > 2.2 * right:
        pieces = sum(1 for line in lines if line.space_before and line.text[0].islower())
        return Layout(web=pieces > 4)
    indents = sorted(line.indent for line in lines if line.width > 25)
    body = indents[len(indents) // 5]
    deeper = sum(1 for indent in indents if indent >= body + 2.5)
    return Layout(True, right, body, indented=0.12 < deeper / len(indents) < 0.8)


def paragraphs(lines: list[RawLine]) -> list[str]:
    """Return the paragraphs of ``lines``; only white space is added or removed."""
    layout = measure(lines)
    if layout.web:
        lines = _whole_numbers(lines)
    out: list[list[str]] = []
    tail = ""
    last: RawLine | None = None
    for line in lines:
        # The decision looks at the end of the paragraph only, so long ones stay linear.
        glue = None if last is None else _glue(tail, last, line, layout)
        if glue is None:
            out.append([line.text])
            tail = line.text
        else:
            out[-1] += [glue, line.text]
            tail = (
                tail + glue + line.text if len(tail) < _TAIL else tail[-_TAIL:] + glue + line.text
            )
        last = line
    return ["".join(pieces) for pieces in out]


def _whole_numbers(lines: list[RawLine]) -> list[RawLine]:
    """Join numbers that a web page broke into pieces: "Điều 4 ⏎ 7 ⏎ . Title", "1 ⏎ . Text"."""
    out: list[RawLine] = []
    for line in lines:
        last = out[-1] if out else None
        if last is not None and not line.blank_before and _BARE_NUMBER.match(last.text):
            digits = line.text.isdigit() and last.text.startswith("Điều")
            if digits or _SIGN.match(line.text):
                spaced = last.space_after or line.space_before
                gap = " " if spaced and not _SIGN.match(line.text) else ""
                last.text = f"{last.text}{gap}{line.text}"
                last.width, last.space_after = len(last.text), line.space_after
                continue
        out.append(line)
    return out


def _glue(so_far: str, last: RawLine, line: RawLine, layout: Layout) -> str | None:
    """Return what joins ``line`` to the paragraph ``so_far``: "", " ", or None for a new one."""
    text = line.text
    if layout.web:
        joined = " " if last.space_after or line.space_before else ""
    else:
        joined = "" if _CLOSER.match(text) or so_far.endswith(("(", "/", "“")) else " "
    if not line.blank_before:
        if _BARE_WORD.match(so_far) and _NUMBERED.match(text):
            return " "
        if _BARE_SIGN.match(so_far):
            return " "
    if _WIDE_GAP.search(text) or _WIDE_GAP.search(last.text):
        return None
    terminal = bool(_TERMINAL.search(so_far))
    if _starts_new(so_far, text, terminal=terminal):
        return None
    return joined if _continues(so_far, last, line, layout, terminal=terminal) else None


def _starts_new(so_far: str, text: str, *, terminal: bool) -> bool:
    """Whether ``text`` begins a unit of its own whatever the layout."""
    if not recognise.looks_like_unit(text):
        return False
    if terminal:
        return True
    dash = text[0] in "-–—"
    if dash and _RANGE_TAIL.search(so_far) and text[1:].lstrip()[:1].isdigit():
        return False
    return not _HANGING.search(so_far) or recognise.is_titled_article(text)


def _continues(
    so_far: str, last: RawLine, line: RawLine, layout: Layout, *, terminal: bool
) -> bool:
    """Whether ``line``, no unit of its own, runs on from ``so_far``."""
    text = line.text
    if text[0].islower() and not terminal:
        return not (recognise.is_caps(so_far) and not layout.wrapped and not layout.web)
    if line.blank_before and not (line.page_start and layout.wrapped):
        return False
    if _CLOSER.match(text):
        return True
    if layout.wrapped:
        return _wraps(so_far, last, line, layout, terminal=terminal)
    if not layout.web or terminal:
        return False
    return (line.space_before or last.space_after) and not recognise.is_caps(text)


def _wraps(so_far: str, last: RawLine, line: RawLine, layout: Layout, *, terminal: bool) -> bool:
    """Whether a full line of a wrapped text runs on into ``line``."""
    caps = recognise.is_caps(line.text)
    full = last.indent + last.width >= 0.82 * layout.right
    if not full or caps != recognise.is_caps(so_far):
        return False
    if layout.indented and not caps:
        return line.indent < layout.body + 2
    return not terminal
