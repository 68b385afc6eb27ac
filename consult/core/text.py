"""Vietnamese text: normal form, folding for search and comparison, slugs, collation of names."""

from __future__ import annotations

import re
import unicodedata

# ETH looks like the Vietnamese letter and is typed for it in old documents.
_ETH = str.maketrans({"\u00d0": "\u0110", "\u00f0": "\u0111"})
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_SYLLABLE = re.compile(r"\w+", re.UNICODE)
_TONES = "\u0300\u0309\u0303\u0301\u0323"  # huyền hỏi ngã sắc nặng, in that order
_LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"


def nfc(text: str) -> str:
    """Return ``text`` in NFC with ETH as Đ, control characters removed and line ends as \\n.

    Every entrance (forms, uploads, file names, imports) calls this; a person's spelling and
    tone-mark style are left as typed.
    """
    text = unicodedata.normalize("NFC", text).translate(_ETH)
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


class _Bare(dict[int, int | None]):
    """The table that drops combining marks, filled with the characters that come along."""

    def __missing__(self, code: int) -> int | None:
        self[code] = None if unicodedata.combining(chr(code)) else code
        return self[code]


_BARE = _Bare({0x0110: ord("D"), 0x0111: ord("d")})


def fold(text: str) -> str:
    """Return ``text`` in lower case without diacritics, đ as d, for search and comparison."""
    decomposed = unicodedata.normalize("NFD", text.translate(_ETH))
    return unicodedata.normalize("NFC", decomposed.translate(_BARE)).casefold()


def has_diacritics(text: str) -> bool:
    """Return whether ``text`` holds a letter that folding would change besides its case."""
    return fold(text) != unicodedata.normalize("NFC", text).casefold()


def syllables(text: str) -> list[str]:
    """Return the syllables of ``text`` in lower case, in order, diacritics kept."""
    return _SYLLABLE.findall(nfc(text).casefold())


def slugify(text: str, *, longest: int = 60) -> str:
    """Return an ASCII slug of ``text`` of at most ``longest`` characters, cut at a word."""
    slug = "-".join(re.findall(r"[a-z0-9]+", fold(text)))
    if len(slug) <= longest:
        return slug
    return slug[: longest + 1].rpartition("-")[0] or slug[:longest]


def squeeze(text: str) -> str:
    """Return ``text`` with each run of white space as one space, trimmed."""
    return " ".join(text.split())


def shorten(text: str, longest: int) -> str:
    """Return ``text`` squeezed and cut at a word to ``longest`` characters, with an ellipsis."""
    text = squeeze(text)
    if len(text) <= longest:
        return text
    return (text[:longest].rpartition(" ")[0] or text[: longest - 1]).rstrip(",;:.") + "…"


def _word_key(word: str) -> tuple[tuple[int, ...], int]:
    """Return a syllable's key in Vietnamese dictionary order: letters first, then the tone."""
    letters: list[int] = []
    tone = 0
    for char in unicodedata.normalize("NFC", word.casefold()):
        parts = unicodedata.normalize("NFD", char)
        for mark in parts:
            if mark in _TONES:
                tone = _TONES.index(mark) + 1
        base = unicodedata.normalize("NFC", "".join(p for p in parts if p not in _TONES))
        position = _LETTERS.find(base)
        letters.append(position if position >= 0 else 100 + ord(base[0]))
    return tuple(letters), tone


def name_key(full_name: str) -> tuple[tuple[tuple[int, ...], int], ...]:
    """Return the sort key of a Vietnamese name: given name (last word) first, then the rest."""
    words = full_name.split()
    ordered = words[-1:] + words[:-1]
    return tuple(_word_key(word) for word in ordered)
