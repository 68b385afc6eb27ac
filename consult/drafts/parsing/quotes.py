"""Quoted matter: the new wording that amending documents carry between quotation marks."""

from __future__ import annotations

import re
from bisect import bisect_right

from consult.drafts.parsing import recognise
from consult.drafts.parsing.model import ParsedWarning
from consult.drafts.parsing.source import PARA, Block

# A closing mark before a word is an opening one, typed wrongly.
_OPEN = re.compile(r"^(?:[“‟«„\"]|”(?=\w))")
_CLOSE_END = re.compile(r"[”»\"]\s?[.;,)]{0,3}$")
_INSTRUCTION = re.compile(r"(?:như sau|sau đây|thành)\s?:?$|:$", re.IGNORECASE)
_HEADING_LINES = 6
_REREADINGS = 8
_AMENDING = re.compile(r"(?:sửa đổi|bổ sung|thay thế|bãi bỏ|thay cụm từ)", re.IGNORECASE)


def find_quotes(blocks: list[Block]) -> tuple[list[tuple[int, int]], list[ParsedWarning]]:
    """Return the quoted runs as (first, last) block indexes, in order, and the warnings.

    A run opens with a paragraph that begins with a quotation mark and closes with the
    paragraph that balances it. A forgotten closing mark ends the run before the next
    instruction to amend or the next article of the document itself; so does a mark that closes
    so late that the document's own articles would be missing. Linear in the text.
    """
    runs: list[tuple[int, int]] = []
    warnings: list[ParsedWarning] = []
    finder = _Finder(blocks)
    last_article = 0
    at = 0
    while at < len(blocks):
        if blocks[at].kind != PARA or not _opens(blocks, at):
            if finder.number(at) == last_article + 1:
                last_article += 1
            at += 1
            continue
        end, closed = finder.end(at, last_article)
        if not closed:
            params: dict[str, str | int] = {"excerpt": recognise.excerpt(blocks[at].text)}
            warnings.append(ParsedWarning("unclosed_quote", line=blocks[at].line, params=params))
        runs.append((at, end))
        at = end + 1
    return runs, warnings


class _Finder:
    """Knows where articles seem to begin, and finds where quoted runs end."""

    def __init__(self, blocks: list[Block]) -> None:
        self.blocks = blocks
        found = [
            (at, article[0])
            for at, block in enumerate(blocks)
            if block.kind == PARA and (article := recognise.article(block.text))
        ]
        self._numbers = dict(found)
        self._places = [at for at, _ in found]
        self._last_place = {number: at for at, number in found}
        # Blocks that may still be read more than once: many unclosed runs cost no square.
        self._patience = _REREADINGS * len(blocks)

    def number(self, at: int) -> int:
        """Return the number of the article headed at block ``at``, 0 if none is."""
        return self._numbers.get(at, 0)

    def end(self, first: int, last_article: int) -> tuple[int, bool]:
        """Return the last block of the run that opens at ``first`` and whether it closes there."""
        depth = _depth(self.blocks[first].text)
        if depth <= 0:
            return first, True
        own: int | None = None
        chain = last_article
        at = first
        for at in range(first + 1, len(self.blocks)):
            block = self.blocks[at]
            self._patience -= 1
            if block.role or (self._patience < 0 and own):
                return self._cut(own, first, at - 1), False
            if block.kind == PARA:
                reopened = _OPEN.match(block.text) and _depth(block.text) > 0
                if reopened and _INSTRUCTION.search(self.blocks[at - 1].text):
                    return self._cut(own, first, at - 2), False
                if self.number(at) == chain + 1:
                    chain += 1
                    own = own or at
            depth += _depth(block.text)
            if depth <= 0:
                swallowed = (
                    own is not None
                    and self._next_number(at) == chain + 1
                    and self._last_place.get(last_article + 1, 0) < at
                )
                return (self._cut(own, first, at), False) if swallowed else (at, True)
        return self._cut(own, first, at), False

    def _next_number(self, at: int) -> int:
        index = bisect_right(self._places, at)
        return self._numbers[self._places[index]] if index < len(self._places) else 0

    def _cut(self, own: int | None, first: int, end: int) -> int:
        """Return the run's last block when its own article ``own`` and the chapter's heading
        above that article are left out."""
        if own is not None:
            end = min(end, own - 1)
            for at in range(end, max(first, end - _HEADING_LINES), -1):
                if recognise.division(self.blocks[at].text):
                    end = at - 1
        return max(first, end)


def _depth(text: str) -> int:
    """Return how many quotation marks ``text`` leaves open (negative: closes more)."""
    curly = sum(text.count(mark) for mark in "“‟„«")
    curly -= text.count("”") + text.count("»")
    if text.startswith("”") and _OPEN.match(text):
        curly += 2
    straight = text.count('"')
    if straight % 2:
        curly += -1 if _CLOSE_END.search(text) and not text.startswith('"') else 1
    return curly


def _opens(blocks: list[Block], at: int) -> bool:
    text = blocks[at].text
    if not _OPEN.match(text):
        return False
    if _depth(text) > 0:
        return True
    before = blocks[at - 1].text if at else ""
    return bool(_depth(text) == 0 and _CLOSE_END.search(text) and _INSTRUCTION.search(before))


def announces(text: str, number: int) -> bool:
    """Whether ``text`` announces the new wording of article ``number``, quoted or not."""
    return bool(
        _INSTRUCTION.search(text)
        and _AMENDING.search(text)
        and re.search(rf"Điều {number}(?!\d)", text)
    )
