"""Syllables and pairs of syllables as numbers, so that many texts are compared quickly."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from consult.core.text import nfc

Numbers = NDArray[np.int64]

_TOKEN = re.compile(r"\d+(?:[.,/]\d+)*|[^\W\d_]+")
_TONES = str.maketrans("", "", "\u0300\u0309\u0303\u0301\u0323")
# Words that join others and name nothing. Never a negation, a number or a word of stance.
_STOP_WORDS = frozenset(
    """
    à ạ ấy bị bởi bằng các cái cần cả chỉ cho cũng cùng còn của đã đang đây đấy để đến đều
    do đó được em gì hay hoặc hơn khi khá là lại lên mà mình mới mỗi một nào này nên nếu nay
    ngay nhiều như nhưng những nhé ở qua ra rằng rất rồi sau sẽ song sự tại theo thì tôi trên
    trong trước từ vào vẫn và về vì việc với vừa xin xuống
    """.split()
)
_SECOND = np.int64(1) << 32


@lru_cache(maxsize=200_000)
def _key(syllable: str) -> str:
    """Return what spellings of one syllable share: the place of the tone mark is free."""
    parts = unicodedata.normalize("NFD", syllable)
    letters = parts.translate(_TONES)
    return unicodedata.normalize("NFC", letters) + "".join(c for c in parts if c not in letters)


def tokens(text: str) -> list[tuple[int, int, str]]:
    """Return (start, end, key) of the syllables and numbers of ``text`` in order.

    The key is in lower case and keeps diacritics; "hòa" and "hoà" have one. A number with
    its points and commas ("40.924", "3,5", "12/5") is one. ``text`` must be in NFC.
    """
    return [(m.start(), m.end(), _key(m[0].casefold())) for m in _TOKEN.finditer(text)]


def keys(text: str) -> list[str]:
    """Return the keys (see `tokens`) of a text in any normal form."""
    return [_key(raw) for raw in _TOKEN.findall(nfc(text).casefold())]


class Terms:
    """The numbers of syllables, given in the order in which `read` meets them."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._keys: list[str] = []

    def read(self, text: str) -> Numbers:
        """Return the numbers of the syllables of ``text``, in order."""
        return np.array([self._number(key) for key in keys(text)], dtype=np.int64)

    def _number(self, key: str) -> int:
        number = self._numbers.get(key)
        if number is None:
            number = self._numbers[key] = len(self._numbers)
            self._keys.append(key)
        return number

    def stops(self) -> NDArray[np.bool_]:
        """Return for every number given so far whether it is a word that only joins others."""
        return np.array([key in _STOP_KEYS for key in self._keys], dtype=np.bool_)

    def key(self, number: int) -> str:
        """Return the key (see `tokens`) of a number that was given."""
        return self._keys[number]


_STOP_KEYS = frozenset(_key(word) for word in _STOP_WORDS)


def pairs(numbers: Numbers, stops: NDArray[np.bool_]) -> Numbers:
    """Return the codes of neighbours of which at least one is no stop word, in order."""
    first, second = numbers[:-1], numbers[1:]
    content = ~(stops[first] & stops[second])
    return ((first[content] + 1) * _SECOND) + second[content]


def singles(numbers: Numbers, stops: NDArray[np.bool_]) -> Numbers:
    """Return the numbers that are no stop words, in order; they are codes of their own."""
    return numbers[~stops[numbers]]


def parts(code: int) -> tuple[int, ...]:
    """Return the numbers of the syllables that a code stands for."""
    first, second = divmod(code, int(_SECOND))
    return (first - 1, second) if first else (second,)
