"""Text typed for fonts older than Unicode, TCVN3 ("ABC") and VNI: recognised and converted."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Final

TCVN3, VNI = "tcvn3", "vni"

# TCVN 5712:1993, VN3: one code a letter. Capitals with tone marks are lower-case letters in
# fonts that show capitals, whose names end in H.
_TCVN3_LETTERS: Final = dict(
    zip(
        "¡¢£¤¥¦§¨©ª«¬\xad®µ¶·¸¹»¼½¾ÆÇÈÉÊËÌÎÏÐÑÒÓÔÕÖ×ØÜÝÞßáâãäåæçèéêëìíîïñòóôõö÷øùúûüýþ",
        "ĂÂÊÔƠƯĐăâêôơưđàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ",
        strict=True,
    )
)
# Programs that could not show the code of ư put a minus sign for it.
_TCVN3: Final = str.maketrans({**_TCVN3_LETTERS, "\u2212": "ư"})
_TONED: Final = frozenset(_TCVN3_LETTERS.values()) - frozenset("ĂÂÊÔƠƯĐăâêôơưđ")
_VIETNAMESE: Final = frozenset("ÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝàáâãèéêìíòóôõùúýĂăĐđĨĩŨũƠơƯư")
# Latin beyond English, Greek, Cyrillic and their kin.
_EUROPEAN: Final = frozenset(map(chr, range(0x80, 0x590)))
_LEAST_LETTERS, _LOOKED_AT, _STRANGE = 200, 200_000, 0.06
_LETTERS: Final = re.compile(r"[^\W\d_]+")
_ACUTE, _GRAVE, _HOOK, _TILDE, _DOT = "\u0301", "\u0300", "\u0309", "\u0303", "\u0323"
_HAT, _BREVE = "\u0302", "\u0306"
# VNI: a letter, then a code for what stands above and below it.
_VNI_MARKS: Final = dict(
    zip("ùøûõï", (_ACUTE, _GRAVE, _HOOK, _TILDE, _DOT), strict=True)
) | {
    "â": _HAT, "á": _HAT + _ACUTE, "à": _HAT + _GRAVE, "å": _HAT + _HOOK, "ã": _HAT + _TILDE,
    "ä": _HAT + _DOT, "ê": _BREVE, "é": _BREVE + _ACUTE, "è": _BREVE + _GRAVE,
    "ú": _BREVE + _HOOK, "ü": _BREVE + _TILDE, "ë": _BREVE + _DOT,
}  # fmt: skip
_VNI_LETTERS: Final = {"ô": "ơ", "ö": "ư", "ñ": "đ", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ"}
_VNI: Final = re.compile("([aeouyôö])([ùøûõïâáàåãäêéèúüë])|[ôöñæóòî]", re.IGNORECASE)
# ư follows the consonants that begin a word, or begins "ưu" and "ước".
_HYPHEN: Final = re.compile(
    r"(?<![a-z\xa1-\xff])([bcdghklmnpqrstvx®§]{1,3})-(?![0-9(])|(?<=[\s(])()-(?=(?:u|íc)\s)",
    re.IGNORECASE,
)
_SOFT: Final = re.compile("[\xad\u2212][^\\s]")
_UNICODE: Final = re.compile("[ĂăĐđĨĩŨũƠơƯư\u1ea0-\u1ef9]")
# Codes that stand beside a letter and are none of the letters of Vietnamese in Latin-1.
_TELLTALES: Final = {
    encoding: re.compile(rf"(?<=[a-z])[{codes}]|[{codes}](?=[a-z])", re.IGNORECASE)
    for encoding, codes in (
        (TCVN3, "¦§¨©ª«¬\xad®µ¶·¸¹»¼½¾ÆÇËÎÏÐÑÖ×ØÞßåæçëîïñö÷øûüþ\u2212"),
        (VNI, "øûïåäëüñöæîØÛÏÅÄËÜÑÖÆÎ"),
    )
}
_WORD: Final = re.compile(r"[^\W\d_]+(?:[¡-¾\u2212][^\W\d_]*)*|[¡-¾]+[^\W\d_]+(?:[¡-¾]*[^\W\d_]*)*")
_FREQUENT: Final = frozenset(
    "của và các được với định điều về nhà nước này những không là quyết tỉnh khoản việc người tổ "
    "chức cơ hành ủy số ngày tháng năm đã có thực hiện chính phủ độc lập".split()
)
_ENOUGH: Final = 0.06
_MARGIN: Final = 3.0
_LEAST_WORDS: Final = 12
_SAMPLED: Final = 30_000
_SHOWN, _LONGEST = 8, 300


def convert(text: str, encoding: str) -> str:
    """Return ``text`` in Unicode; ``encoding`` is TCVN3 or VNI. Unicode letters stay.

    Of TCVN3, letters with tone marks are raised in lines and words otherwise in capitals.
    """
    if encoding == TCVN3:
        return "\n".join(map(_raised, text.translate(_TCVN3).split("\n")))
    return _VNI.sub(_vni_letter, text)


def family(font: str) -> tuple[str, bool]:
    """Return the encoding that a font of this name shows ("" for Unicode), and whether it shows
    small letters as capitals."""
    name = font.strip().casefold()
    if name.startswith(".vn"):
        return TCVN3, name.endswith("h")
    return (VNI, False) if name.startswith("vni-") else ("", False)


def guess(text: str) -> str:
    """Return the encoding in which ``text`` reads as Vietnamese: TCVN3, VNI or "" for as it is.

    Counts frequent words before and after converting; a text of few words tells nothing.
    """
    text = text[:_SAMPLED]
    plain = _frequency(text)
    if plain >= 2 * _ENOUGH:
        return ""  # it reads well as it is
    best, how = max((_frequency(convert(text, each)), each) for each in (TCVN3, VNI))
    return how if best >= max(_ENOUGH, _MARGIN * plain) else ""


def enough(text: str) -> bool:
    """Whether ``text`` has the words that `guess` needs."""
    return len(_WORD.findall(text[:_SAMPLED])) >= _LEAST_WORDS


def looks_typed(text: str, encoding: str) -> bool:
    """Whether a word of ``text`` has a code of ``encoding`` that is no Vietnamese letter."""
    return not is_unicode(text) and _TELLTALES[encoding].search(text) is not None


def is_unicode(text: str) -> bool:
    """Whether ``text`` has a letter that no older font has: it needs no converting."""
    return _UNICODE.search(text) is not None


def is_garbled(text: str) -> bool:
    """Whether letters that no Vietnamese text has are common in ``text``, as in a PDF whose
    fonts do not tell which letters they show."""
    letters = [char for char in text[:_LOOKED_AT] if char.isalpha()]
    strange = sum(1 for char in letters if char in _EUROPEAN and char not in _VIETNAMESE)
    return len(letters) >= _LEAST_LETTERS and strange > _STRANGE * len(letters)


def recover(pages: Sequence[str], encoding: str) -> list[str]:
    """Return the pages with the lines in ``encoding`` converted."""
    if encoding == TCVN3:
        pages = [with_soft_hyphens(page) for page in pages]
    return [
        "\n".join(
            line if is_unicode(line) else convert(line, encoding) for line in page.split("\n")
        )
        for page in pages
    ]


def with_soft_hyphens(text: str) -> str:
    """Return TCVN3 ``text`` with the code of ư, a soft hyphen, where a program that knows no
    such thing left a hyphen in its place ("ng-êi"); as long as before."""
    if _SOFT.search(text):
        return text
    return _HYPHEN.sub(_soft, text)


def sample(before: Iterable[str], after: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Return a few lines as they were and as they became, for a person to compare."""
    out: dict[str, str] = {}
    for old, new in zip(map(str.strip, before), map(str.strip, after), strict=False):
        if old != new and len(new.split()) > 3 and len(out) < _SHOWN:
            out.setdefault(old[:_LONGEST], new[:_LONGEST])
    return tuple(out.items())


def _raised(line: str) -> str:
    if _are_capitals(line, least=4):
        return line.upper()
    return _LETTERS.sub(_raised_word, line)


def _raised_word(match: re.Match[str]) -> str:
    word = match[0]
    # One capital and a small letter after it make a name ("Hà"), not a word in capitals.
    return word.upper() if _are_capitals(word, least=2 if word[0].isupper() else 1) else word


def _are_capitals(text: str, *, least: int) -> bool:
    """Whether the letters of ``text`` whose case TCVN3 tells, ``least`` or more, are capitals."""
    told = [char for char in text if char.isalpha() and char not in _TONED]
    return len(told) >= least and all(char.isupper() for char in told)


def _soft(match: re.Match[str]) -> str:
    following = match.string[match.end() : match.end() + 1]
    before = match[1] or ""
    symbol = before.isupper() and following.isupper()  # "TT-BTC"
    return match[0] if symbol else f"{before}\xad"


def _vni_letter(match: re.Match[str]) -> str:
    base, mark = match[1], match[2]
    if base is None:
        letter = _VNI_LETTERS[match[0].lower()]
        return letter.upper() if match[0].isupper() else letter
    letter = _VNI_LETTERS.get(base.lower(), base.lower())
    made = unicodedata.normalize("NFC", letter + _VNI_MARKS[mark.lower()])
    if len(made) > 1:  # no such letter in Vietnamese: two letters after all
        return match[0]
    return made.upper() if base.isupper() else made


def _frequency(text: str) -> float:
    words = [word.casefold() for word in _WORD.findall(text)]
    if len(words) < _LEAST_WORDS:
        return 0.0
    return sum(word in _FREQUENT for word in words) / len(words)
