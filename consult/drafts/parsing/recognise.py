"""What a line looks like: headings, numbered units, bullets, titles, closing formulas."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

# The order of points (điểm) in legal texts; f j w z do not occur in it but in sloppy drafts.
LETTERS: Final = "abcdđefghijklmnopqrstuvwxyz"
OPTIONAL_LETTERS: Final = frozenset("đfjwz")

_ORDINAL_WORDS: Final = {
    "nhất": 1, "một": 1, "hai": 2, "ba": 3, "tư": 4, "bốn": 4, "năm": 5, "sáu": 6, "bảy": 7,
    "bẩy": 7, "tám": 8, "chín": 9, "mười": 10, "mười một": 11, "mười hai": 12,
}  # fmt: skip
_ROMAN: Final = re.compile(r"M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})")
_ROMAN_VALUES: Final = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}

_SPELT: Final = r"nhất|một|hai|ba|tư|bốn|năm|sáu|bảy|bẩy|tám|chín|mười một|mười hai|mười"
# A footnote's mark may stand between a heading's number and its title: "Điều 3.[2] …".
_MARK: Final = r"(?:\s?\[\d{1,3}\])?"
ARTICLE: Final = re.compile(
    rf"^Điều\s{{0,3}}(?:thứ\s{{1,3}})?(\d{{1,4}}|(?<=thứ\s)(?:{_SPELT})(?!\w))"
    rf"([a-zđ]{{0,2}}\d?)(?!\w){_MARK}\s{{0,3}}"
    rf"([.:]|[-–—](?=\s{{1,3}}(?!điều\s\d|\d)\S))?(?:\s?\[\d{{1,3}}\](?!\w))?",
    re.IGNORECASE,
)
UNMARKED_ARTICLE: Final = re.compile(r"^(?:Dieu|DIEU|Ðieu|Đieu)\s{1,3}\d{1,4}[a-z]?\s?[.:]")
_DIVISION: Final = re.compile(
    r"^(phần|chương|mục|tiểu mục)\s{1,3}(?:thứ\s{1,3})?"
    rf"(\d{{1,3}}[a-zđ]?|[IVXLC]{{1,7}}[a-zđ]?(?=\d{{0,3}}(?!\w))|{_SPELT})"
    rf"(?:(?<=[IVXLC])\d{{1,3}})?(?!\w){_MARK}\s{{0,3}}([.:\-–—]|$)?{_MARK}",
    re.IGNORECASE,
)
APPENDIX: Final = re.compile(
    r"^(?:PH ?Ụ ?L ?ỤC|Phụ lục)(?:\s{1,2}(?:SỐ|số)\b)?\s{0,2}"
    r"((?:\d{1,2}|[IVXLC]{1,6}|[A-ZĐ])(?:[.\-]\d{1,2})?[a-zđ]?)?(?![\w/])\s{0,2}([.:\-–]|$)?"
)
_MARKERS: Final = (
    ("decimal", re.compile(r"^((?:\d{1,2}|[IVXLC]{1,5}|[A-ZĐ])(?:\.\d{1,2}){1,4})(\.?\)?)\s+")),
    ("roman", re.compile(r"^([IVXL]{1,6})\s?([.\-–/)])(?=\s|[A-ZĐÀ-Ỹ])\s{0,9}")),
    ("upper", re.compile(r"^([A-HKLMĐ])\s?([.\-/)])\s+")),
    ("numeral", re.compile(r"^(\d{1,3}[a-zđ]?)\s?([.])(?!\d)\s{0,9}")),
    ("slashed", re.compile(r"^(\d{1,2})([/\-])\s+")),
    ("paren", re.compile(r"^(\d{1,2})(\))\s*")),
    ("enclosed", re.compile(r"^\(((?:\d{1,2}|[ivx]{1,5}|[a-zđ]))(\))\s*")),
    ("letter", re.compile(r"^([a-zđ](?:\d|[a-zđ])?)(\))\s*")),
    ("letterdot", re.compile(r"^([a-zđ])(\.)\s+")),
    ("dash", re.compile(r"^()([-–—−])(?=\s|[^\W\d_])\s*")),
    ("plus", re.compile(r"^()(\+)\s*")),
    ("star", re.compile(r"^()([*•●▪■□◦○·§¨])\s*")),
)  # fmt: skip
BULLETS: Final = frozenset({"dash", "plus", "star"})
_CAPITALISED: Final = frozenset({"decimal", "roman", "upper"})
_SENTENCE_END: Final = re.compile(r"[.;:,?!][”\"’)]{0,2}$")
_CLOSING: Final = re.compile(
    r"^(?:Trên đây là|Luật này (?:đã )?được Quốc hội|Bộ luật này (?:đã )?được Quốc hội|"
    r"Pháp lệnh này (?:đã )?được|Nghị quyết này (?:đã )?được (?:Quốc hội|Hội đồng|HĐND|Ủy ban))"
)
UNNUMBERED: Final = re.compile(
    r"^(?:PHẦN )?(?:MỞ ĐẦU|LỜI NÓI ĐẦU|LỜI MỞ ĐẦU|ĐẶT VẤN ĐỀ|KẾT LUẬN|KIẾN NGHỊ|"
    r"KẾT LUẬN VÀ KIẾN NGHỊ|KẾT LUẬN, KIẾN NGHỊ|TÀI LIỆU THAM KHẢO|CÁC TÀI LIỆU KÈM THEO)\W{0,2}$"
)


@dataclass(frozen=True, slots=True)
class Marker:
    """A number or bullet at a line's start. ``rest`` is the offset of the words after it."""

    family: str
    label: str
    rest: int


@dataclass(frozen=True, slots=True)
class Division:
    """A line that may head a Phần, Chương, Mục or Tiểu mục."""

    kind: str
    label: str
    value: int
    rest: str


def roman_value(label: str) -> int:
    """Return the value of a Roman numeral, 0 if it is none."""
    label = label.upper()
    if not label or not _ROMAN.fullmatch(label):
        return 0
    values = [_ROMAN_VALUES[char] for char in label]
    return sum(
        -value if value < following else value
        for value, following in zip(values, [*values[1:], 0], strict=True)
    )


def ordinal_value(label: str) -> int:
    """Return the value of "3", "III", "ba" or "3a" (letters ignored), 0 if it is none."""
    digits = re.match(r"\d+", label)
    if digits:
        return int(digits[0])
    return _ORDINAL_WORDS.get(label.casefold()) or roman_value(label.rstrip("abcdđe"))


def marker(text: str) -> Marker | None:
    """Return the number or bullet that ``text`` starts with; the row of a table drawn with
    bars has none."""
    if text.count(" | ") > 1:
        return None
    for family, pattern in _MARKERS:
        match = pattern.match(text)
        if match and match.end() <= len(text):
            if family == "roman" and not roman_value(match[1]):
                continue
            if family in _CAPITALISED and text[match.end() : match.end() + 1].islower():
                continue
            return Marker(family, match[1], match.end())
    return None


def article(text: str) -> tuple[int, str, bool, str] | None:
    """Return (number, suffix, has a dot, the rest) of a line that may head an article."""
    match = ARTICLE.match(text)
    if not match or not (text.startswith(("Điều", "ĐIỀU"))):
        return None
    rest = text[match.end() :].strip()
    if match[3] is None and rest and not rest[0].isupper():
        return None
    return ordinal_value(match[1]), match[2].lower(), match[3] is not None, rest


def is_titled_article(text: str) -> bool:
    """Whether ``text`` reads "Điều 5. Title", which a wrapped reference hardly does."""
    found = article(text)
    return bool(found and found[2] and found[3][:1].isupper())


_DIVISION_KINDS: Final = {
    "phần": "part", "chương": "chapter", "mục": "section", "tiểu mục": "subsection",
}  # fmt: skip


def division(text: str) -> Division | None:
    """Return what ``text`` heads: a number alone, or one with a title set off or in capitals."""
    match = _DIVISION.match(text)
    if not match or not text[0].isupper() or len(text) > 400:
        return None
    rest = text[match.end() :].strip()
    aside = rest.startswith("(") and rest.endswith(")")
    if match[3] is None and rest and not (is_caps(rest) or aside):
        return None
    if match[3] == "" and rest:
        return None
    if rest and not rest[0].isupper() and rest[0] not in '“"(':
        return None
    if (
        match[2].isalpha()
        and match[2].casefold() in _ORDINAL_WORDS
        and match[1].casefold() not in {"phần", "chương"}
    ):
        return None
    label = _roman_letters(match[2])
    value = ordinal_value(label)
    kind = _DIVISION_KINDS[match[1].casefold()]
    return Division(kind, label, value, rest) if value else None


def _roman_letters(label: str) -> str:
    """Return a number with its small "l" read as "I", for which it is often typed."""
    if set(label) <= set("IVXLCl"):
        return label.replace("l", "I")
    return label


def appendix(text: str) -> tuple[str, str] | None:
    """Return (number, title) of a line that may head an appendix."""
    match = APPENDIX.match(text)
    if not match or len(text) > 300:
        return None
    rest = text[match.end() :].strip()
    if match[2] is None and rest and not is_caps(rest):
        return None
    if _SENTENCE_END.search(text) and not is_caps(text) and not text.endswith(":"):
        return None
    return match[1] or "", rest


def looks_like_unit(text: str) -> bool:
    """Whether ``text`` starts like a heading or a numbered or bulleted unit."""
    if not text:
        return False
    found = article(text)
    if found is not None:
        return found[2] or not found[3]
    return bool(division(text) or appendix(text) or marker(text))


def is_caps(text: str) -> bool:
    """Whether all letters of ``text`` (two at least) are capitals."""
    letters = [char for char in text if char.isalpha()]
    return len(letters) > 1 and all(char.isupper() for char in letters)


def is_title_like(text: str, longest: int = 260) -> bool:
    """Whether ``text`` can be a unit's title rather than its first sentence."""
    return 0 < len(text) <= longest and not _SENTENCE_END.search(text)


def is_closing(text: str) -> bool:
    """Whether ``text`` is the closing formula of a document, outside its last unit."""
    return _CLOSING.match(text) is not None


def excerpt(text: str, longest: int = 60) -> str:
    """Return the beginning of ``text`` for a warning."""
    text = " ".join(text.split())
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def follows(family: str, previous: str, label: str) -> int:
    """Return 1 if ``label`` comes next after ``previous``, 0 if it repeats it, 2 or more if
    numbers are missing between, -1 if it comes before."""
    if family in BULLETS:
        return 1
    if family == "enclosed" and _is_roman_low(previous) and _is_roman_low(label):
        return _step(roman_value(previous), roman_value(label))
    if family in {"letter", "letterdot", "enclosed"} and not label.isdigit():
        return _letter_step(previous, label)
    if family == "upper":
        return _letter_step(previous.lower(), label.lower())
    if family == "decimal":
        previous, label = previous.rsplit(".", 1)[-1], label.rsplit(".", 1)[-1]
    if family == "roman":
        return _step(roman_value(previous), roman_value(label))
    old, new = _split(previous), _split(label)
    if old[0] == new[0] and new[1] > old[1]:
        return 1
    return _step(old[0], new[0])


def _is_roman_low(label: str) -> bool:
    return bool(label) and set(label) <= set("ivx")


def _step(old: int, new: int) -> int:
    return new - old if new >= old else -1


def _split(label: str) -> tuple[int, str]:
    digits = re.match(r"\d*", label)
    number = digits[0] if digits else ""
    return int(number or 0), label[len(number) :].replace("đ", "d~")


def _letter_step(old: str, new: str) -> int:
    if len(new) > 1:
        return 1 if new[0] == old[0] and new > old else -1
    start, stop = LETTERS.find(old[:1]), LETTERS.find(new)
    if stop < start:
        return -1
    return stop - start - sum(1 for char in LETTERS[start + 1 : stop] if char in OPTIONAL_LETTERS)


def is_first(family: str, label: str) -> bool:
    """Whether ``label`` opens a sequence."""
    if family in BULLETS:
        return True
    if family == "decimal":
        return label.rsplit(".", 1)[-1] == "1"
    return label in {"1", "I", "A", "a", "i"}
