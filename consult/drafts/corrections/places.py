"""Where a unit's words can be divided: its lines and sentences, or words that a person typed."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from consult.core.text import nfc
from consult.drafts.corrections.messages import Refused
from consult.drafts.parsing import recognise

_SENTENCE: Final = re.compile(r"[.;:!?…]\s+(?=[^\W\d_a-zà-ỹ]|\d{1,3}[.)]\s|[a-zđ]\)\s|[-–+•]\s)")


_DOCUMENT: Final = re.compile(
    r"(?:quy định|quy chế|điều lệ|quy trình|nội quy|thể lệ|kế hoạch|chương trình|đề án|phương án|"
    r"hướng dẫn|danh mục|quy chuẩn|tiêu chuẩn|chiến lược|quy hoạch|bảng giá|định mức)(?!\w)",
    re.IGNORECASE,
)


class Place(NamedTuple):
    """A place where a new unit can begin: its offset, and whether a line begins there."""

    at: int
    line: bool
    words: str


class Proposal(NamedTuple):
    """What the words at a place look like: a kind, a number, a title."""

    kind: str
    number: str
    title: str


def places(text: str, start: int, end: int) -> list[Place]:
    """Return the places between ``start`` and ``end`` where a line or a sentence begins."""
    found: list[Place] = []
    at = start
    for line in text[start:end].split("\n"):
        indent = len(line) - len(line.lstrip())
        if line.strip():
            found.append(Place(at + indent, True, recognise.excerpt(line, 90)))
            for match in _SENTENCE.finditer(line):
                words = recognise.excerpt(line[match.end() :], 90)
                found.append(Place(at + match.end(), False, words))
        at += len(line) + 1
    return found


def find(text: str, start: int, end: int, words: str) -> int:
    """Return where ``words`` begin between ``start`` and ``end``, white space aside.

    Raises Refused: ``words_missing``, ``words_repeated``.
    """
    wanted = r"\s+".join(map(re.escape, nfc(words).split()))
    found = [match.start() for match in re.compile(wanted).finditer(text, start, end)]
    if not found:
        raise Refused("words_missing")
    if len(found) > 1:
        raise Refused("words_repeated", count=str(len(found)))
    return found[0]


def document_name(line: str) -> str:
    """Return what citations call the attached document whose heading begins with ``line``."""
    found = _DOCUMENT.match(line.strip())
    return f"{found[0].capitalize() if found else 'Văn bản'} kèm theo"


def propose(line: str, *, in_article: bool = False) -> Proposal:
    """Return what the parser's rules make of a line by itself; a paragraph if nothing.

    Items with a plain number are clauses inside an article, where they have no title.
    """
    article = recognise.article(line)
    if article:
        number, suffix, _, rest = article
        return Proposal("article", f"{number}{suffix}", _title(rest))
    division = recognise.division(line)
    if division:
        return Proposal(division.kind, division.label, _title(division.rest))
    appendix = recognise.appendix(line)
    if appendix:
        return Proposal("appendix", appendix[0], _title(appendix[1]))
    marker = recognise.marker(line)
    if marker is None:
        return Proposal("paragraph", "", "")
    kind = _KINDS.get(marker.family, "letter")
    if kind == "numeral" and in_article:
        return Proposal("clause", marker.label, "")
    rest = line[marker.rest :]
    return Proposal(kind, marker.label, _title(rest) if kind in _TITLED else "")


_TITLED: Final = frozenset({"roman", "numeral", "decimal"})
_KINDS: Final = {
    "roman": "roman", "upper": "roman", "numeral": "numeral", "slashed": "numeral",
    "decimal": "decimal", "dash": "bullet", "plus": "bullet", "star": "bullet",
}  # fmt: skip


def _title(rest: str) -> str:
    return " ".join(rest.split()) if recognise.is_title_like(rest) else ""
