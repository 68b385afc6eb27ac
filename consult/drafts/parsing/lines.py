"""Paragraphs out of lines: wrapped, page-broken and fragmented lines joined again."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from consult.drafts.parsing import recognise
from consult.drafts.parsing.source import NOTE, PARA, TABLE, Block

_TERMINAL: Final = re.compile(r"[.;:!?…][”\"’)\]]{0,2}[.;,]?$|[”\"]$|/\.$")
_HANGING: Final = re.compile(
    r"(?:^|\s)(?:[Đđ]iều|[Kk]hoản|[Đđ]iểm|[Mm]ục|[Cc]hương|[Pp]hần|tại|và|hoặc|các|của|theo|số|"
    r"với|từ|đến|trong|cho|về|(?:[Kk]hoản|[Đđ]iểm) [0-9a-zđ]{1,3})$|[,(/“]$"
)
_UNFINISHED: Final = re.compile(
    r"\s(?:của|và|hoặc|các|những|một|theo|số|với|từ|đến|trong|cho|bởi|ngày|tháng|năm)$"
)
_BARE_WORD: Final = re.compile(
    r"^[“\"]?(?:Điều|ĐIỀU|Chương|CHƯƠNG|Mục|MỤC|Phần|PHẦN|Tiểu mục|TIỂU MỤC)$"
)
_BARE_SIGN: Final = re.compile(
    r"^[“\"]?(?:(?:\d{1,3}[a-zđ]?\s?\.|[a-zđ]\)|[IVXL]{1,6}\.)(?:\s?\[\d{1,3}\])?|[-+–])$"
)
_BARE_NUMBER: Final = re.compile(r"^(?:Điều\s)?\d{1,3}[a-zđ]?$|^[a-zđ]$|^Điều$")
_FIRST_HEADING: Final = re.compile(
    r"^(?:(?:Chương|CHƯƠNG|Phần thứ|PHẦN THỨ)\s\w{1,5}|(?:Điều|ĐIỀU) 1)\s?\W?$"
)
_NUMBERED: Final = re.compile(r"^(?:\d{1,3}|[IVXLC]{1,7}\b|thứ\b)")
_CLOSER: Final = re.compile(r"^[.,;:)\]”/%]")
_SIGN: Final = re.compile(r"^[.)]")
_RANGE_TAIL: Final = re.compile(r"\d\s?$")
_WIDE_GAP: Final = re.compile(r"\S\s{3,}\S")
_GAP: Final = re.compile(r"\s{3,}")
_TAIL: Final = 80
_LANDSCAPE: Final = 110


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
    note: bool = False


@dataclass(slots=True)
class Layout:
    """How lines end: hard-wrapped at ``right`` columns, indented, or pieces of web text."""

    wrapped: bool = False
    right: float = 0
    body: float = 0
    indented: bool = False
    web: bool = False
    tabular: bool = False


def measure(lines: list[RawLine], *, paged: bool) -> Layout:
    """Return the layout of ``lines``: wrapped when a third end near one common right margin."""
    ends = sorted(line.indent + line.width for line in lines if line.width > 25)
    if len(ends) < 8:
        return Layout()
    right = ends[int(len(ends) * 0.9)]
    gaps = sum(1 for line in lines if _WIDE_GAP.search(line.text))
    if paged and right > _LANDSCAPE and gaps >= 0.05 * len(lines):
        return Layout(True, right, tabular=True)
    near = sum(1 for end in ends if 0.86 * right <= end <= 1.08 * right)
    if right > 280 or near < 0.33 * len(ends) or ends[-1] > 2.2 * right:
        pieces = sum(1 for line in lines if line.space_before and line.text[0].islower())
        return Layout(web=pieces > 4 and not paged)
    indents = sorted(line.indent for line in lines if line.width > 25)
    body = indents[len(indents) // 5]
    deeper = sum(1 for indent in indents if indent >= body + 2.5)
    return Layout(True, right, body, indented=0.12 < deeper / len(indents) < 0.8)


def whole_headings(found: list[Block]) -> list[Block]:
    """Return ``found`` with headings put together that stand in two paragraphs: "Chương", "I"."""
    out: list[Block] = []
    for block in found:
        last = out[-1] if out else block
        parted = last.kind == block.kind == PARA and _BARE_WORD.match(last.text)
        if parted and last is not block and _NUMBERED.match(block.text):
            last.text = f"{last.text} {block.text}"
        else:
            out.append(block)
    return out


def blocks(lines: list[RawLine]) -> list[Block]:
    """Return the paragraphs and page-wide tables of ``lines``; only white space changes.

    Pages bound together differ, so the layout is measured for each run of like pages.
    Footnotes stand after the paragraph that their page ends in.
    """
    joiner = _Joiner()
    runs = _page_runs(lines)
    for run in runs:
        layout = measure([line for line in run if not line.note], paged=len(runs) > 1)
        if layout.tabular:
            joiner.tables(run, layout)
            continue
        for line in _whole_numbers(run) if layout.web else run:
            if line.note:
                joiner.note(line.text)
            else:
                joiner.add(line, layout)
    return joiner.out()


class _Joiner:
    """Gathers paragraphs line by line; long ones stay linear, since decisions look at their
    ends only."""

    def __init__(self) -> None:
        self._pieces: list[list[str]] = []
        self._kinds: list[str] = []
        self._tail = ""
        self._last: RawLine | None = None
        self._notes: list[str] = []

    def note(self, text: str) -> None:
        """Keep a footnote until the paragraph above it is complete."""
        self._notes.append(text)

    def add(self, line: RawLine, layout: Layout) -> None:
        """Add a line to the paragraph it continues, or begin one."""
        glue = None if self._last is None else _glue(self._tail, self._last, line, layout)
        if glue is None:
            self._begin(line.text, PARA)
        else:
            self._pieces[-1] += [glue, line.text]
            tail = self._tail if len(self._tail) <= _TAIL else self._tail[-_TAIL:]
            self._tail = f"{tail}{glue}{line.text}"
        self._last = line

    def tables(self, run: list[RawLine], layout: Layout) -> None:
        """Add pages that hold one long table: a table for each page, its title before it."""
        inside = False
        for line in run:
            if line.note:
                self.note(line.text)
                continue
            if not inside and not _WIDE_GAP.search(line.text):
                self.add(line, layout)
                continue
            row = _GAP.sub("\t", line.text)
            if inside and not line.page_start:
                self._pieces[-1] += ["\n", row]
            else:
                self._begin(row, TABLE)
            inside = True
        self._last = None

    def _begin(self, text: str, kind: str) -> None:
        self._put_notes()
        self._pieces.append([text])
        self._kinds.append(kind)
        self._tail = text

    def _put_notes(self) -> None:
        self._pieces += [[note] for note in self._notes]
        self._kinds += [NOTE] * len(self._notes)
        self._notes = []

    def out(self) -> list[Block]:
        """Return what was gathered."""
        self._put_notes()
        return [
            Block("".join(pieces), kind=kind)
            for pieces, kind in zip(self._pieces, self._kinds, strict=True)
        ]


def _page_runs(lines: list[RawLine]) -> list[list[RawLine]]:
    """Group the pages of ``lines`` while their longest lines are about as long."""
    runs: list[list[RawLine]] = []
    widest = 0.0
    page: list[RawLine] = []
    for line in [*lines, None]:
        if line is not None and not (line.page_start and page):
            page.append(line)
            continue
        ends = sorted(each.indent + each.width for each in page if each.width > 25)
        right = ends[int(len(ends) * 0.9)] if ends else 0.0
        # A short page or one of ragged lines (a table, a list) tells nothing of its own margin.
        ragged = sum(end >= 0.86 * right for end in ends) < 0.33 * len(ends) or len(ends) < 12
        fits = right <= 1.25 * widest and (ragged or right >= 0.8 * widest)
        if runs and (len(page) < 8 or fits):
            runs[-1] += page
        else:
            runs.append(page)
            widest = right
        page = [line] if line is not None else []
    return runs


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
        if _BARE_SIGN.match(so_far) and not recognise.looks_like_unit(text):
            return " "
    if _WIDE_GAP.search(text) or _WIDE_GAP.search(last.text):
        return None
    if text[0] in "-–—" and _RANGE_TAIL.search(so_far) and text[1:].lstrip()[:1].isdigit():
        return " "
    terminal = bool(_TERMINAL.search(so_far))
    hung = layout.wrapped and _BARE_SIGN.match(text) and _is_full(last, layout)
    if _starts_new(so_far, text, terminal=terminal) and not (hung and not terminal):
        return None
    return joined if _continues(so_far, last, line, layout, terminal=terminal) else None


def _starts_new(so_far: str, text: str, *, terminal: bool) -> bool:
    """Whether ``text`` begins a unit of its own whatever the layout."""
    if not recognise.looks_like_unit(text):
        return False
    if terminal or (text[0] in "-–—+•" and text[1:].lstrip()[:1].isupper()):
        return True
    if so_far.endswith(",") and _FIRST_HEADING.match(text):
        return True
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


def _is_full(line: RawLine, layout: Layout) -> bool:
    return line.indent + line.width >= 0.82 * layout.right


def _wraps(so_far: str, last: RawLine, line: RawLine, layout: Layout, *, terminal: bool) -> bool:
    """Whether a full line of a wrapped text runs on into ``line``."""
    caps = recognise.is_caps(line.text)
    if not caps and _UNFINISHED.search(so_far):
        return True
    if not _is_full(last, layout) or caps != recognise.is_caps(so_far):
        return False
    if layout.indented and not caps:
        return line.indent < layout.body + 2
    return not terminal
