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
_HOLD_NOTHING: Final = FRAME | {"table", "quote"}
_RANKS: Final = {
    "form": -1, "appendix": -2, "part": 0, "chapter": 1, "section": 2, "subsection": 3,
    "article": 4, "roman": 5, "numeral": 6, "clause": 6, "decimal": 7, "letter": 8, "bullet": 9,
}  # fmt: skip
_LEAF_RANK: Final = 10
_WORDS: Final = {
    "part": "Phần", "chapter": "Chương", "section": "Mục", "subsection": "Tiểu mục",
    "article": "Điều", "clause": "Khoản", "letter": "Điểm", "appendix": "Phụ lục",
}  # fmt: skip
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
    if kind == "bullet":
        pattern = _BULLET
    elif kind in COUNTED or kind in FRAME:
        return start
    else:
        word = _WORDS.get(kind, "")
        named = rf"(?:{word}\s{{0,3}}(?:(?:thứ|số)\s{{1,3}})?)" if word else ""
        if number:
            label = rf"{named}{'?' if named else ''}{re.escape(number)}(?!\w)"
        elif named:
            label = rf"{named}(?!\w)"
        else:
            return start
        pattern = re.compile(rf"\(?{label}\s?[.:)/\-–—]{{0,2}}\s*", re.IGNORECASE)
    found = pattern.match(text, start, end)
    return found.end() if found else start
