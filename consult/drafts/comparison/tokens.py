"""Tokens of Vietnamese wording, and the form in which two of them count as the same."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

# White space; a document's symbol (35/2023/NĐ-CP); a number or date; a syllable; any other sign.
_TOKEN: Final = re.compile(
    r"\s+"
    r"|\d++(?:/\d++)*+/[^\W\d_][\w\u0300-\u036f]*+(?:-[^\W\d_][\w\u0300-\u036f]*+)*+"
    r"|\d++(?:[.,/:-]\d++)*+(?![\w\u0300-\u036f])%?"
    r"|[\w\u0300-\u036f]++"
    r"|.",
    re.DOTALL,
)
_TONES: Final = str.maketrans({0x300: "", 0x309: "", 0x303: "", 0x301: "", 0x323: ""})
_TONE: Final = re.compile("[\u0300\u0309\u0303\u0301\u0323]")
_OPEN_Y: Final = re.compile(r"(?:[hklmst]|qu)y", re.IGNORECASE)
_SAME: Final = {
    **dict.fromkeys("“”„‟«»″", '"'),
    **dict.fromkeys("‘’‚‛′`", "'"),
    **dict.fromkeys("‐‑‒–—―−", "-"),
    **dict.fromkeys("•·●▪◦∙", "•"),
    "…": "...",
    "\u00d0": "\u0110",
    "\u00f0": "\u0111",
}
_ETH: Final = str.maketrans({"\u00d0": "\u0110", "\u00f0": "\u0111"})


def tokens(text: str) -> list[str]:
    """Return the tokens of ``text``; joined they are the text again."""
    return _TOKEN.findall(text)


@lru_cache(maxsize=1 << 16)
def canonical(token: str) -> str:
    """Return the form that tokens share when their difference does not count as wording.

    Letter case is kept. A syllable's tone mark is set apart, so that its place does not matter.
    """
    if token.isspace():
        return " "
    if not (token[0].isalnum() or token[0] == "_"):
        return _SAME.get(token, token)
    letters = unicodedata.normalize("NFD", token.translate(_ETH))
    tone = "".join(_TONE.findall(letters))
    letters = unicodedata.normalize("NFC", letters.translate(_TONES))
    if _OPEN_Y.fullmatch(letters):
        letters = letters[:-1] + ("i" if letters[-1] == "y" else "I")
    return letters + tone


@lru_cache(maxsize=1 << 16)
def folded(token: str) -> str:
    """Return the canonical form without letter case."""
    return canonical(token).casefold()


@lru_cache(maxsize=1 << 16)
def is_syllable(token: str) -> bool:
    """Return whether the token is a syllable or a number, not a sign or white space."""
    return token[0].isalnum()
