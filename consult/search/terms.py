"""Words as the index knows them: syllables, their folded forms, pairs, and queries of them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

from msgspec import Struct

from consult.core.text import fold, nfc

LONGEST_QUERY = 300
MOST_SYLLABLES = 40
_WORD = re.compile(r"[^\W_]+")
_QUOTED = re.compile(r"[\"“”„«»]([^\"“”„«»]*)[\"“”„«»]")
_TONES = "\u0300\u0301\u0303\u0309\u0323"
# kỹ/kĩ, lý/lí, tỷ/tỉ, mỹ/mĩ, quý/quí: both spellings are correct.
_FINAL_Y = re.compile(r"^([hklmst]|qu)y$")


class Token(Struct, frozen=True):
    """One syllable of a text: its place (character offsets) and its two keys."""

    start: int
    end: int
    exact: str
    folded: str


class Terms(Struct, frozen=True):
    """A query taken apart. Each syllable is (exact, folded); ``phrases`` were in quotes.

    ``accented`` says that diacritics were typed, so exact spelling counts more.
    """

    loose: tuple[tuple[str, str], ...]
    phrases: tuple[tuple[tuple[str, str], ...], ...]
    accented: bool

    def __bool__(self) -> bool:
        return bool(self.loose or self.phrases)

    @property
    def pairs(self) -> tuple[str, ...]:
        """The folded pairs of neighbouring syllables, in order, each once."""
        groups = (self.loose, *self.phrases)
        return tuple(dict.fromkeys(p for g in groups for p in pairs([f for _e, f in g])))


@lru_cache(maxsize=20_000)
def keys(syllable: str) -> tuple[str, str]:
    """Return (exact, folded) of one syllable.

    Exact keeps letters and tone but not the place of the tone mark: hòa and hoà are one.
    """
    parts = unicodedata.normalize("NFD", nfc(syllable).casefold())
    tone = "".join(char for char in parts if char in _TONES)
    letters = unicodedata.normalize("NFC", "".join(c for c in parts if c not in _TONES))
    letters = _FINAL_Y.sub(r"\1i", letters)
    return letters + "".join(str(_TONES.index(char)) for char in tone), fold(letters)


def tokens(text: str) -> Iterator[Token]:
    """Yield the syllables of ``text`` (in NFC already) in order."""
    for found in _WORD.finditer(text):
        exact, folded = keys(found.group())
        yield Token(found.start(), found.end(), exact, folded)


def pairs(folded: list[str]) -> list[str]:
    """Return the pairs of neighbours in ``folded``, joined by an underscore."""
    return [f"{first}_{second}" for first, second in pairwise(folded)]


def parse_query(text: str) -> Terms:
    """Take a typed query apart; what is too long is cut, an odd quotation mark is ignored."""
    text = nfc(text)[:LONGEST_QUERY]
    room = MOST_SYLLABLES
    phrases: list[tuple[tuple[str, str], ...]] = []
    for quoted in _QUOTED.findall(text):
        words = tuple(keys(word) for word in _WORD.findall(quoted))[:room]
        room -= len(words)
        if words:
            phrases.append(words)
    rest = _QUOTED.sub(" ", text)
    loose = tuple(keys(word) for word in _WORD.findall(rest))[:room]
    accented = any(_accented(word) for word in _WORD.findall(text))
    return Terms(loose, tuple(phrases), accented)


def _accented(word: str) -> bool:
    return fold(word) != word.casefold()
