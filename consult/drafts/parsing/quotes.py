"""Quoted matter: the new wording that amending documents carry between quotation marks."""

from __future__ import annotations

import re

from consult.drafts.parsing import recognise
from consult.drafts.parsing.model import ParsedWarning
from consult.drafts.parsing.source import PARA, Block

_OPEN = re.compile(r"^[“«„\"]")
_CLOSE_END = re.compile(r"[”»\"]\s?[.;,)]{0,3}$")
_INSTRUCTION = re.compile(r"(?:như sau|sau đây|thành)\s?:?$|:$", re.IGNORECASE)
_AMENDING = re.compile(r"(?:sửa đổi|bổ sung|thay thế|bãi bỏ|thay cụm từ)", re.IGNORECASE)


def find_quotes(blocks: list[Block]) -> tuple[list[tuple[int, int]], list[ParsedWarning]]:
    """Return the quoted runs as (first, last) block indexes, in order, and the warnings.

    A run opens with a paragraph that begins with a quotation mark and closes with the
    paragraph that balances it; a forgotten closing mark ends the run before the next
    instruction to amend or the next article of the document itself. Linear in the text.
    """
    runs: list[tuple[int, int]] = []
    warnings: list[ParsedWarning] = []
    last_article = 0
    at = 0
    while at < len(blocks):
        block = blocks[at]
        if block.kind != PARA or not _opens(blocks, at):
            found = recognise.article(block.text) if block.kind == PARA else None
            if found and found[0] == last_article + 1:
                last_article = found[0]
            at += 1
            continue
        end, closed = _find_end(blocks, at, last_article)
        if not closed:
            params: dict[str, str | int] = {"excerpt": recognise.excerpt(block.text)}
            warnings.append(ParsedWarning("unclosed_quote", line=block.line, params=params))
        runs.append((at, end))
        at = end + 1
    return runs, warnings


def _depth(text: str) -> int:
    """Return how many quotation marks ``text`` leaves open (negative: closes more)."""
    curly = text.count("“") + text.count("„") + text.count("«")
    curly -= text.count("”") + text.count("»")
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


def _find_end(blocks: list[Block], first: int, last_article: int) -> tuple[int, bool]:
    """Return the last block of the run that opens at ``first`` and whether it closes there."""
    depth = _depth(blocks[first].text)
    if depth <= 0:
        return first, True
    own_article: int | None = None
    for at in range(first + 1, len(blocks)):
        block = blocks[at]
        text = block.text
        if block.role:
            break
        if block.kind == PARA:
            if _OPEN.match(text) and _depth(text) > 0 and _INSTRUCTION.search(blocks[at - 1].text):
                return _cut(own_article, first, at - 2), False
            found = recognise.article(text)
            if own_article is None and found and found[0] == last_article + 1:
                own_article = at
        depth += _depth(text)
        if depth <= 0:
            return at, True
    else:
        at = len(blocks)
    return _cut(own_article, first, at - 1), False


def _cut(own_article: int | None, first: int, end: int) -> int:
    if own_article is not None:
        end = min(end, own_article - 1)
    return max(first, end)


def announces(text: str, number: int) -> bool:
    """Whether ``text`` announces the new wording of article ``number``, quoted or not."""
    return bool(
        _INSTRUCTION.search(text)
        and _AMENDING.search(text)
        and re.search(rf"Điều {number}(?!\d)", text)
    )
