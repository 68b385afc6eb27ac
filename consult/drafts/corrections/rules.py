"""What may stand under what, and which of a unit's words are its number."""

from __future__ import annotations

import re
from typing import Final

from consult.drafts.parsing import recognise
from consult.drafts.parsing.naming import COUNTED
from consult.drafts.parsing.recognise import BULLETS

# Kinds a person can choose, in the order of levels.
CHOICES: Final = (
    "part", "chapter", "section", "subsection", "article", "clause", "letter", "roman", "numeral",
    "decimal", "bullet", "paragraph", "table", "quote", "appendix", "preamble", "signature",
    "recipients",
)  # fmt: skip
NUMBERED: Final = frozenset(
    {"part", "chapter", "section", "subsection", "article", "clause", "letter", "roman"}
    | {"numeral", "decimal"}
)
FRAME: Final = frozenset({"preamble", "signature", "recipients"})
STRUCTURAL: Final = frozenset({"appendix", "part", "chapter", "section", "subsection", "article"})
UNTITLED: Final = FRAME | {"bullet", "table", "quote"}
_HOLD_NOTHING: Final = FRAME | {"table", "quote"}
_RANKS: Final = {
    "form": -1, "appendix": -2, "part": 0, "chapter": 1, "section": 2, "subsection": 3,
    "article": 4, "roman": 5, "numeral": 6, "clause": 6, "decimal": 7, "letter": 8, "bullet": 9,
}  # fmt: skip
_LEAF_RANK: Final = 10
# Whatever the word says, the number behind it is the number: "Điều 3" can be a wrongly typed
# clause. Eth is often typed for Đ.
_WORD: Final = (
    r"(?:Phần|Chương|Mục|Tiểu mục|[ĐÐ]iều|Khoản|[ĐÐ]iểm|Phụ lục)\s{0,3}(?:(?:thứ|số)\s{1,3})?"
)
_NUMBER_BEHIND_WORD: Final = re.compile(
    rf"{_WORD}(\d{{1,4}}(?:\.\d{{1,3}})*[a-zđ]?|[IVXLC]{{1,7}}[a-zđ]?)(?!\w)", re.IGNORECASE
)
_FAMILIES: Final = {
    "roman": ("roman", "upper"),
    "numeral": ("numeral", "slashed"),
    "clause": ("numeral", "slashed"),
    "decimal": ("decimal",),
    "letter": ("letter", "paren", "letterdot", "enclosed"),
}
_FORM: Final = re.compile(r"(?:mẫu|biểu)\b", re.IGNORECASE)
_NOTE_KEY: Final = re.compile(r"(?:^|\.)cn\d+(?:-\d+)?$")
_BULLET: Final = re.compile(r"[-–—−+*•●▪■□◦○·§¨]\s*")


def family(kind: str, number: str, text: str, *, title: str = "", key: str = "") -> str:
    """Return the parser's family of a unit: how its number is written.

    ``text`` is its extent from the number on, ``key`` the one that the parser gave it, if any.
    """
    if kind == "appendix":
        return "form" if _FORM.match(number) else "appendix"
    if kind == "paragraph":
        if _NOTE_KEY.search(key):
            return "note"
        return "unnumbered" if title and recognise.UNNUMBERED.match(title) else "paragraph"
    found = recognise.marker(text)
    if kind == "bullet":
        return found.family if found and found.family in BULLETS else "dash"
    possible = _FAMILIES.get(kind, (kind,))
    return found.family if found and found.family in possible else possible[0]


def rank(kind: str, family: str = "") -> int:
    """Return the level of a kind: lower numbers stand above higher ones."""
    return _RANKS["form"] if family == "form" else _RANKS.get(kind, _LEAF_RANK)


def may_hold(parent: tuple[str, str], child: tuple[str, str]) -> bool:
    """Whether a unit (kind, family) may stand under another; a text's own order aside.

    Headings stand under higher headings only; numbered units under headings and under units of
    their own or a higher level.
    """
    kind, how = parent
    if kind in _HOLD_NOTHING or (kind == "paragraph" and how != "unnumbered"):
        return False
    if child[0] in FRAME:
        return kind == "appendix"
    over, under = rank(kind, how), rank(*child)
    if child[0] in STRUCTURAL:
        return kind in STRUCTURAL and over < under
    return kind in STRUCTURAL or over <= under


def number_end(text: str, start: int, end: int, kind: str, number: str) -> int:
    """Return the offset after the number of a unit that begins at ``start``.

    That is ``start`` itself where the text does not begin with this number: nothing of the
    words is taken for what it is not.
    """
    if kind in COUNTED or kind in FRAME:
        found = _BULLET.match(text, start, end) if kind == "bullet" else None
        return found.end() if found else start
    if number:
        label = rf"(?:{_WORD})?{re.escape(number)}(?!\w)"
    elif kind == "appendix":
        label = r"Phụ lục(?!\w)"
    else:
        return start
    pattern = re.compile(rf"\(?{label}\s?[.:)/\-–—]{{0,2}}\s*", re.IGNORECASE)
    found = pattern.match(text, start, end)
    if found:
        return found.end()
    seen, behind = _recognised(text[start:end])
    return start + behind if number and seen == number else start


def number_shown(text: str) -> str:
    """Return the number with which ``text`` begins, "" where it shows none."""
    number, _behind = _recognised(text)
    if number:
        return number
    found = _NUMBER_BEHIND_WORD.match(text)
    return found[1] if found else ""


def _recognised(text: str) -> tuple[str, int]:
    """Return the number that the parser sees at the start of ``text``, and the offset behind it.

    It reads "thứ nhất" as 1 and "l" among Roman numerals as I.
    """
    line = text.partition("\n")[0].rstrip()
    article = recognise.article(line)
    if article:
        return f"{article[0]}{article[1]}", len(line) - len(article[3])
    division = recognise.division(line)
    if division:
        return division.label, len(line) - len(division.rest)
    appendix = recognise.appendix(line)
    if appendix:
        return appendix[0], len(line) - len(appendix[1])
    marker = recognise.marker(line)
    return (marker.label, marker.rest) if marker else ("", 0)
