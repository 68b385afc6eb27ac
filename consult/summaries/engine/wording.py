"""A text's words as comparing sees them: folded, numbers in one form, each with its place."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from consult.core.text import fold

# A minus counts only between a space and a figure: elsewhere it is a hyphen, a range, a bullet.
_PATTERN = r"(\d+(?:[.,]\d+)*)|{letters}|(?<=\w\s)[-−](?=\d)|[%‰<>≤≥]|[^\W_]"
_WORD = re.compile(_PATTERN.replace("{letters}", r"[^\W\d_]+"))
_WORD_WITH_MARKS = re.compile(
    _PATTERN.replace("{letters}", r"[^\W\d_](?:[^\W\d_]|[\u0300-\u036f])*")
)
_THOUSANDS = re.compile(r"\d{1,3}(?:\.\d{3})+")
_SHORT = {"ko": "khong", "khg": "khong", "hok": "khong", "vnd": "dong"}
_DIGITS = "khong mot hai ba bon nam sau bay tam chin".split()
_UNITS = {word: str(n) for n, word in enumerate(_DIGITS) if n}
# Not “năm”, which is a year there.
_AFTER_TEN = {word: n for word, n in _UNITS.items() if n != "5"} | {"tu": "4", "lam": "5"}
_POWERS = {"nghin": 3, "ngan": 3, "trieu": 6, "ty": 9, "ti": 9}
_JOINING = frozenset({*_POWERS, *_AFTER_TEN, "muoi", "tram", "d", "dong"})


class Word(NamedTuple):
    """A word: ``key`` for comparing, ``written`` in lower case with diacritics, its place."""

    key: str
    written: str
    start: int
    end: int

    @property
    def is_number(self) -> bool:
        """Whether the word is a figure."""
        return self.key[0].isdecimal()


def words(text: str) -> list[Word]:
    """Return the words of ``text`` in order; ``text[word.start:word.end]`` is what was written.

    Keys have no case and no diacritics. A figure's key is its value: “05” is 5, “2.000” is
    2000, “3,50” is 3.5, “ba mươi” is 30, “2 tỷ” and “2.000 triệu” are 2000000000; “phần trăm”
    is %. Points between groups of three figures are thousands, any comma is a decimal one. A
    date or another chain of figures becomes its figures one by one.
    """
    found: list[Word] = []
    pattern = _WORD if unicodedata.is_normalized("NFC", text) else _WORD_WITH_MARKS
    for match in pattern.finditer(text):
        if match.lastindex:
            _figures(match[0], match.start(), found)
            continue
        key, written = _folded(match[0])
        word = Word(key, written, match.start(), match.end())
        if key in _JOINING:
            _append(word, found)
        else:
            found.append(word)
    return found


@lru_cache(maxsize=1 << 17)
def _folded(token: str) -> tuple[str, str]:
    """Return the key of a token and how it is written in lower case, in NFC."""
    written = unicodedata.normalize("NFC", token).lower()
    key = fold(token)
    return _SHORT.get(key, key), written


def _figures(token: str, start: int, found: list[Word]) -> None:
    """Append the figures of a chain: one number where it is one, else one by one."""
    decimal = token.replace(",", ".")
    if _THOUSANDS.fullmatch(token):
        parts = [(token.replace(".", ""), 0, len(token))]
    elif _THOUSANDS.fullmatch(token.partition(",")[0]) and token.count(",") == 1:
        parts = [(token.replace(".", "").replace(",", "."), 0, len(token))]
    elif decimal.count(".") <= 1:
        parts = [(decimal, 0, len(token))]
    else:
        parts = [(m[0], *m.span()) for m in re.finditer(r"\d+", token)]
    for value, at, end in parts:
        found.append(Word(_plain(value), token[at:end], start + at, start + end))


def _plain(value: str) -> str:
    """Return a decimal figure without needless zeros, in ASCII."""
    value = "".join(char if char == "." else str(int(char)) for char in value)
    whole, _point, rest = value.partition(".")
    rest = rest.rstrip("0")
    return (whole.lstrip("0") or "0") + ("." + rest if rest else "")


def _append(word: Word, found: list[Word]) -> None:
    """Append a word, joined to the ones before where they say one number together."""
    before = found[-1] if found else None
    if before is None:
        found.append(word)
    elif word.key in _POWERS and before.is_number:
        found[-1] = _joined(before, word, _times(before.key, _POWERS[word.key]))
    elif word.key == "muoi" and before.key in _UNITS:
        found[-1] = _joined(before, word, _UNITS[before.key] + "0")
    elif word.key in _AFTER_TEN and before.written.endswith(("mươi", "muoi")) and before.is_number:
        found[-1] = _joined(before, word, before.key[:-1] + _AFTER_TEN[word.key])
    elif word.key == "tram" and before.key == "phan":
        found[-1] = _joined(before, word, "%")
    elif word.key in ("d", "dong") and before.is_number:
        found.append(word._replace(key="dong"))
    else:
        found.append(word)


def _joined(first: Word, last: Word, key: str) -> Word:
    return Word(key, f"{first.written} {last.written}", first.start, last.end)


def _times(figure: str, power: int) -> str:
    """Return a figure multiplied by a power of ten, exactly."""
    whole, _point, rest = figure.partition(".")
    return _plain(whole + rest[:power].ljust(power, "0") + "." + rest[power:])
