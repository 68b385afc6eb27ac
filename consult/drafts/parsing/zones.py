"""Parts of a document and the headings Phần to Điều in each: what is main, attached, appendix."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from consult.drafts.parsing import closing, recognise
from consult.drafts.parsing.headings import Head, HeadFinder
from consult.drafts.parsing.model import ParsedWarning
from consult.drafts.parsing.source import NOTE, PARA, Block, Source

_ATTACHED_TITLES: Final = re.compile(
    r"^(?:QUY ĐỊNH|QUY CHẾ|ĐIỀU LỆ|QUY TRÌNH|NỘI QUY|KẾ HOẠCH|CHƯƠNG TRÌNH|ĐỀ ÁN|PHƯƠNG ÁN|"
    r"HƯỚNG DẪN|DANH MỤC|QUY CHUẨN|TIÊU CHUẨN|CHIẾN LƯỢC|QUY HOẠCH|THỂ LỆ|BẢNG|BIỂU|ĐƠN GIÁ|"
    r"ĐỊNH MỨC|CHẾ ĐỘ|CƠ CHẾ|CHÍNH SÁCH|NỘI DUNG|PHÂN CÔNG|MẪU|DỰ THẢO QUY)(?![a-zà-ỹ])"
)
_WITH: Final = re.compile(r"^\(?\s?(?:được )?(?:ban hành\s)?(?:đính )?kèm theo\b", re.IGNORECASE)
_WITH_REACH: Final = 8
_SHORTEST_LETTER: Final = 6
_SAMPLES: Final = re.compile(r"\b(?:mẫu|biểu|hồ sơ)\b", re.IGNORECASE)
# Looking for the end of a table of contents reads far ahead, so it is not done without end.
_MOST_CONTENTS: Final = 20


@dataclass(slots=True)
class Zone:
    """One part: blocks ``first`` to ``stop`` (exclusive), its headings and closing blocks.

    ``kind`` is "main", "attached" or "appendix"; ``roles`` maps the first block of a closing
    run to (kind, index after it); an appendix's heading ends before ``head_stop``; ``whole``
    says that it is no sample.
    """

    kind: str
    first: int
    stop: int = 0
    number: str = ""
    title: str = ""
    head_stop: int = 0
    heads: dict[int, Head] = field(default_factory=dict[int, Head])
    roles: dict[int, tuple[str, int]] = field(default_factory=dict[int, "tuple[str, int]"])
    started: bool = False
    closed: bool = False
    whole: bool = False


@dataclass(slots=True)
class Plan:
    """The division of a source: its zones in order and the runs left outside all of them."""

    zones: list[Zone]
    outside: list[tuple[int, int]]
    warnings: list[ParsedWarning]


def divide(source: Source, quotes: list[tuple[int, int]]) -> Plan:
    """Return the parts of ``source``, headings found, ``quotes`` and tables left alone."""
    return _Divider(source, quotes).run()


class _Divider:
    def __init__(self, source: Source, quotes: list[tuple[int, int]]) -> None:
        self.blocks = source.blocks
        self.definite = source.definite
        self.free = _free(source.blocks, quotes)
        self.finder = HeadFinder(source.blocks, self.free)
        self.zones: list[Zone] = []
        self.outside: list[tuple[int, int]] = []
        self.contents_left = _MOST_CONTENTS

    def run(self) -> Plan:
        at = closing.front_end(self.blocks)
        if at:
            self.outside.append((0, at))
        self._open("main", at).whole = True
        while at < len(self.blocks):
            at = self._step(at)
        self.zones[-1].stop = self.zones[-1].stop or at
        return Plan(self.zones, self.outside, self.finder.warnings)

    def _open(self, kind: str, first: int, number: str = "", title: str = "") -> Zone:
        if self.zones:
            self.zones[-1].stop = self.zones[-1].stop or first
        zone = Zone(kind, first, number=number, title=title)
        self.zones.append(zone)
        self.finder.reset()
        return zone

    def _step(self, at: int) -> int:
        """Decide what the block is and return the index to go on from."""
        zone, block = self.zones[-1], self.blocks[at]
        if block.role in {"recipients", "signature"} and zone.kind != "appendix":
            return self._frame(zone, at, block.role, at + 1)
        if not self.free[at]:
            if zone.closed and block.kind != NOTE:
                return self._leftover(at)
            return at + 1
        if self.contents_left:
            after_contents = closing.contents_end(self.blocks, at)
            if after_contents > at:
                return self._contents(at, after_contents)
        if zone.kind != "appendix" and self._may_close(zone, at):
            framed = self._closing(zone, at)
            if framed:
                return framed
        boundary = self._boundary(zone, at)
        if boundary:
            return boundary
        if zone.closed:
            return self._leftover(at)
        return self._body(zone, at)

    def _shut(self, first: int, stop: int) -> None:
        for at in range(first, stop):
            self.free[at] = False

    def _contents(self, first: int, stop: int) -> int:
        """Set a table of contents aside: its lines are no headings."""
        self._shut(first, stop)
        self.contents_left -= 1
        for block in self.blocks[first:stop]:
            block.role = "contents"
        return stop

    def _body(self, zone: Zone, at: int) -> int:
        head = self.finder.head(at, appendix=zone.kind == "appendix")
        if head:
            zone.heads[at] = head
            zone.started = True
            self._shut(at + 1, head.last + 1)
            return head.last + 1
        found = recognise.marker(self.blocks[at].text)
        if found and found.family in {"roman", "numeral", "upper"}:
            zone.started = True
        return at + 1

    def _frame(self, zone: Zone, first: int, role: str, stop: int) -> int:
        while stop < len(self.blocks) and self.blocks[stop].role == role:
            stop += 1
        zone.roles[first] = (role, stop)
        zone.closed = True
        return stop

    def _may_close(self, zone: Zone, at: int) -> bool:
        """Whether the part can end at ``at``: letters without a number end with recipients."""
        if zone.started or zone.closed:
            return True
        far = zone.whole and at - zone.first >= _SHORTEST_LETTER
        return far and closing.RECIPIENTS.match(self.blocks[at].text) is not None

    def _closing(self, zone: Zone, at: int) -> int:
        text = self.blocks[at].text
        if closing.RECIPIENTS.match(text):
            return self._frame(zone, at, "recipients", closing.recipients_end(self.blocks, at))
        if closing.is_signature(text):
            stop = closing.signature_end(self.blocks, at)
            if zone.closed or stop >= len(self.blocks) or self._ends_here(at, stop):
                return self._frame(zone, at, "signature", stop)
        if zone.closed and not zone.stop and at == self._closed_until(zone):
            return self._column(zone, at)
        return 0

    def _column(self, zone: Zone, at: int) -> int:
        """Take on what a PDF's two closing columns interleave: more recipients, a name."""
        if closing.is_item(self.blocks[at].text):
            return self._frame(zone, at, "recipients", closing.recipients_end(self.blocks, at))
        text = self.blocks[at].text
        if closing.is_name(text) or closing.is_signed(text):
            return self._frame(zone, at, "signature", at + 1)
        return 0

    def _ends_here(self, at: int, stop: int) -> bool:
        """Whether no article of the running sequence follows the supposed signature."""
        return stop > at + 1 and not self.finder.continues_after(stop)

    def _boundary(self, zone: Zone, at: int) -> int:
        """Open the part that begins at ``at``, if one does, and return the next index."""
        text = self.blocks[at].text
        ready = zone.started or zone.closed or zone.kind == "appendix"
        found = recognise.appendix(text)
        if found and ready and not (zone.kind != "appendix" and self.finder.continues_after(at)):
            title, last = self._appendix_title(at, found[1])
            self._open("appendix", at, found[0], title).head_stop = last + 1
            self._shut(at, last + 1)
            return last + 1
        if ready and zone.kind != "appendix" and self._is_attached(at, closed=zone.closed):
            known = _ATTACHED_TITLES.match(text)
            zone = self._open("attached", at, title=" ".join(text.split()))
            zone.number = known[0].capitalize() if known else ""
            return at + 1
        if self._is_next_document(zone, at):
            first = closing.letterhead_start(self.blocks, at)
            while first < at and (first in zone.roles or first < self._closed_until(zone)):
                first += 1
            self._take_back(first)
            self._open("attached", first).whole = zone.kind == "appendix"
            return at + 1
        return 0

    def _is_next_document(self, zone: Zone, at: int) -> bool:
        """Whether a document of its own begins with the letterhead at ``at``: after a signature,
        or below an appendix that is no collection of samples."""
        if not closing.is_letterhead(self.blocks[at]):
            return False
        if zone.kind != "appendix":
            return zone.closed
        samples = self.finder.form or _SAMPLES.search(zone.title)
        return not samples and closing.is_document(self.blocks, at)

    def _take_back(self, first: int) -> None:
        """Leave to a part that begins at ``first`` what had been put outside from there on."""
        if self.outside and self.outside[-1][1] > first:
            start, _ = self.outside.pop()
            if start < first:
                self.outside.append((start, first))

    def _closed_until(self, zone: Zone) -> int:
        return max((stop for _, stop in zone.roles.values()), default=zone.first)

    def _appendix_title(self, at: int, title: str) -> tuple[str, int]:
        """Return the title of the appendix headed at ``at`` and its last block."""
        last = at
        while last + 1 < len(self.blocks) and last - at < 4:
            following = self.blocks[last + 1]
            caps = following.kind == PARA and recognise.is_caps(following.text)
            if not caps or recognise.looks_like_unit(following.text):
                break
            title = f"{title} {following.text}".strip()
            last += 1
        return title, last

    def _is_attached(self, at: int, *, closed: bool) -> bool:
        text = self.blocks[at].text
        if not recognise.is_caps(text) or len(text) > 200:
            return False
        known = _ATTACHED_TITLES.match(text) is not None
        if not (known or closed) or self.finder.continues_after(at):
            return False
        near = self.blocks[at + 1 : at + 1 + _WITH_REACH]
        for block in near:
            if block.kind == PARA and _WITH.match(block.text):
                return True
            if recognise.article(block.text) or recognise.marker(block.text):
                break
        return known and closed and self.finder.restarts_after(at)

    def _leftover(self, at: int) -> int:
        """What stands after the signature: an untitled appendix in files, web text outside."""
        block = self.blocks[at]
        announced = any(_WITH.match(near.text) for near in self.blocks[at : at + _WITH_REACH])
        if self.definite or announced:
            title = block.text if block.kind == PARA else ""
            zone = self._open("appendix", at, title=recognise.excerpt(title, 200))
            zone.head_stop = at + 1 if title else at
            return at + 1
        stop = at + 1
        while stop < len(self.blocks) and not self._resumes(stop):
            stop += 1
        self.zones[-1].stop = self.zones[-1].stop or at
        self.outside.append((at, stop))
        return stop

    def _resumes(self, at: int) -> bool:
        block = self.blocks[at]
        if not self.free[at]:
            return False
        if recognise.appendix(block.text) or closing.is_letterhead(block):
            return True
        return self._is_attached(at, closed=True)


def _free(blocks: list[Block], quotes: list[tuple[int, int]]) -> list[bool]:
    """Return which blocks may hold headings: plain paragraphs outside quotations."""
    free = [block.kind == PARA and not block.role for block in blocks]
    for first, last in quotes:
        for at in range(first, last + 1):
            free[at] = False
    return free
