"""Paragraphs out of lines: wrapped, page-broken and fragmented lines joined again."""

from __future__ import annotations

import re
from dataclasses import dataclass

from consult.drafts.parsing import recognise

_TERMINAL = re.compile(r"[.;:!?…][”\"’)\]]{0,2}[.;,]?$|[”\"]$|/\.$")
_HANGING = re.compile(
    r"(?:^|\s)(?:điều|khoản|điểm|mục|chương|phần|tại|và|hoặc|các|của|theo|số|với|từ|đến|trong|"
    r"cho|về|là|được|có|quy định|luật|nghị định|thông tư)$|[,(/“]$",
    re.IGNORECASE,
)
_BARE = re.compile(
    r"^[“\"]?(?:(?:Điều|ĐIỀU|Chương|CHƯƠNG|Mục|MỤC|Phần|PHẦN|Tiểu mục|TIỂU MỤC)|"
    r"\d{1,3}[a-zđ]?\s?\.?|[a-zđ]\)|[IVXL]{1,6}\.|[-+–])$"
)
_NUMBER_START = re.compile(r"^(?:\d{1,3}[a-zđ]?|[IVXL]{1,6})\b")
_HUNG_WORD = re.compile(r"(?:^|\s)(Điều|Chương|Mục|Phần|CHƯƠNG|ĐIỀU|MỤC|PHẦN)$")
_CLOSER = re.compile(r"^[.,;:)\]”/%]")
_RANGE_TAIL = re.compile(r"\d\s?$")
_WIDE_GAP = re.compile(r"\S\s{3,}\S")
_LONG = 100


@dataclass(slots=True)
class RawLine:
    """A line as read: stripped text, indent in characters, what stood around it."""

    text: str
    indent: float = 0
    width: float = 0
    blank_before: bool = False
    space_before: bool = False
    space_after: bool = False
    page_start: bool = False


@dataclass(slots=True)
class Layout:
    """How a text's lines end: hard-wrapped at ``right`` columns, with or without indents."""

    wrapped: bool
    right: float
    body: float
    indented: bool


def measure(lines: list[RawLine]) -> Layout:
    """Return the layout of ``lines``: wrapped when a third end near one common right margin."""
    ends = sorted(line.indent + line.width for line in lines if line.width > 25)
    if len(ends) < 8:
        return Layout(False, 0, 0, False)
    right = ends[int(len(ends) * 0.9)]
    near = sum(1 for end in ends if 0.86 * right <= end <= 1.08 * right)
    wrapped = right <= 170 and near >= 0.33 * len(ends) and ends[-1] <= 2.2 * right
    indents = sorted(line.indent for line in lines if line.width > 25)
    body = indents[len(indents) // 5]
    deeper = sum(1 for indent in indents if indent >= body + 2.5)
    return Layout(wrapped, right, body, wrapped and 0.12 < deeper / len(indents) < 0.8)


def paragraphs(lines: list[RawLine]) -> list[str]:
    """Return the paragraphs of ``lines``; only white space is added or removed.

    The layout is measured for each run of pages, since files are often bound together.
    """
    layout = measure(lines)
    out: list[str] = []
    last: RawLine | None = None
    for line in lines:
        glue = None if last is None else _glue(out[-1], last, line, layout)
        if glue is None:
            out.append(line.text)
        else:
            out[-1] = f"{out[-1]}{glue}{line.text}"
        last = line
    return out


def _glue(so_far: str, last: RawLine, line: RawLine, layout: Layout) -> str | None:
    """Return what joins ``line`` to the paragraph ``so_far``: "", " ", or None for a new one."""
    text = line.text
    joined = "" if _CLOSER.match(text) or so_far.endswith(("(", "/", "“")) else " "
    if _is_bare(so_far, text) and not line.blank_before:
        return joined
    if _WIDE_GAP.search(text) or _WIDE_GAP.search(last.text):
        return None
    terminal = bool(_TERMINAL.search(so_far))
    if not _starts_new(so_far, text, terminal=terminal) and _continues(
        so_far, last, line, layout, terminal=terminal
    ):
        return joined
    return None


def _is_bare(so_far: str, text: str) -> bool:
    if _BARE.match(so_far):
        return _NUMBER_START.match(text) is not None or not so_far[-1].isalpha()
    return so_far[-1:] != "." and text[:1] == "." and so_far.rsplit(" ", 1)[-1].isalnum()


def _starts_new(so_far: str, text: str, *, terminal: bool) -> bool:
    """Whether ``text`` begins a unit of its own whatever the layout."""
    if not recognise.looks_like_unit(text):
        return False
    if terminal:
        return True
    if text[0] in "-–—+" and (_RANGE_TAIL.search(so_far) and text[1:].lstrip()[:1].isdigit()):
        return False
    return not (_HANGING.search(so_far) and not recognise.is_titled_article(text))


def _continues(
    so_far: str, last: RawLine, line: RawLine, layout: Layout, *, terminal: bool
) -> bool:
    text = line.text
    if text[0].islower() and not terminal and not recognise.is_caps(so_far):
        return True
    if line.blank_before and not (line.page_start and layout.wrapped):
        return False
    if _CLOSER.match(text):
        return True
    if layout.wrapped:
        return _wraps(so_far, last, line, layout, terminal=terminal)
    if (
        terminal
        or recognise.is_caps(text)
        or (recognise.looks_like_unit(so_far) and len(so_far) < 40)
    ):
        return text[0].islower() and terminal is False
    return (line.space_before or last.space_after or len(so_far) >= _LONG) and len(so_far) > 25


def _wraps(so_far: str, last: RawLine, line: RawLine, layout: Layout, *, terminal: bool) -> bool:
    """Whether a full line of a wrapped text runs on into ``line``."""
    full = last.indent + last.width >= 0.82 * layout.right
    if not full or recognise.is_caps(line.text) != recognise.is_caps(so_far):
        return False
    if layout.indented:
        deeper = line.indent >= layout.body + 2
        return not deeper if not recognise.is_caps(line.text) else not terminal
    return not terminal
