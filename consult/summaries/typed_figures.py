"""Figures and words of quantity that were typed by hand: what of them the points do not bear out.

A help for whoever writes, who decides: words inside quotation marks are others' and are left
alone, and so are numbers of articles, dates and years.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from consult.submissions.models import Stance
from consult.summaries.figures import Figures
from consult.summaries.placeholders import STANCES, without
from consult.summaries.quantities import Quantity, possible, quantity

_QUOTED = re.compile(r"“[^”]*”|\"[^\"\n]*\"|«[^»]*»")
_POINTS = "ý kiến|luận điểm|lượt góp ý|góp ý"
_UNITS = {
    _POINTS: "so_y_kien",
    "bản góp ý": "so_ban_gop_y",
    "người|cá nhân|trí thức|chuyên gia|nhà khoa học": "so_nguoi",
    "tổ chức|cơ quan|đơn vị|câu lạc bộ|hội": "so_to_chuc",
}
_NUMBER = re.compile(
    r"(?<![\w/.,-])\d+(?:[.,]\d+)*\s*(?P<unit>%|(?:phần trăm|"
    rf"{'|'.join(sorted('|'.join(_UNITS).split('|'), key=len, reverse=True))})(?!\w))",
    re.IGNORECASE,
)
# A number after one of these counts nothing.
_NAMES = re.compile(
    r"\b(?:phần|chương|tiểu mục|mục|điều|khoản|điểm|phụ lục|mẫu(?: số)?|bảng|ngày|tháng|quý|năm)"
    r"\s+$",
    re.IGNORECASE,
)
_WORDS = {
    "tất cả": Quantity.ALL,
    "toàn bộ": Quantity.ALL,
    "gần như tất cả": Quantity.NEARLY_ALL,
    "hầu hết": Quantity.NEARLY_ALL,
    "đại đa số": Quantity.MAJORITY,
    "đa số": Quantity.MAJORITY,
    "phần lớn": Quantity.MAJORITY,
    "một nửa": Quantity.HALF,
    "phân nửa": Quantity.HALF,
    "một số ít": Quantity.FEW,
    "thiểu số": Quantity.FEW,
    "số ít": Quantity.FEW,
    "một số": Quantity.SOME,
    "một": Quantity.ONE,
}
_QUANTITY = re.compile(
    rf"\b(?P<word>{'|'.join(sorted(_WORDS, key=len, reverse=True))})"
    rf"(?:\s+(?:các|những|số))?\s+(?:{_POINTS})(?!\w)",
    re.IGNORECASE,
)
_AGREE = "(?:đồng ý|đồng tình|tán thành|nhất trí|ủng hộ)"
_WITH_CHANGES = r"(?:,|\s+và|\s+nhưng)?\s+(?:có|đề nghị|kèm)\s+(?:sửa|điều kiện)"
_SAID = re.compile(
    rf"(?P<disagree>(?:không|chưa)\s+{_AGREE}|phản đối)"
    rf"|(?P<agree_with_changes>{_AGREE}{_WITH_CHANGES})"
    rf"|(?P<agree>{_AGREE})",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"[.;\n]")


class Doubt(Struct, frozen=True):
    """Something typed by hand, and the placeholder that prints what holds (None: none does).

    ``fits`` is for words of the scale only: the word that the figures give, with the ``count``
    of points to which it refers; a word that no number of points gives here has neither.
    """

    typed: str
    placeholder: str | None = None
    fits: Quantity | None = None
    count: int = 0
    is_word: bool = False


def doubts(text: str, figures: Figures) -> list[Doubt]:
    """Return what is typed in ``text`` that placeholders are for, once each, as it stands."""
    masked = _QUOTED.sub(lambda match: " " * len(match[0]), without(text))
    found = sorted([*_numbers(masked), *_words(masked, figures)], key=lambda pair: pair[0])
    return list(dict.fromkeys(doubt for _, doubt in found))


def _numbers(text: str) -> Iterator[tuple[int, Doubt]]:
    for match in _NUMBER.finditer(text):
        if _NAMES.search(text[max(match.start() - 20, 0) : match.start()]):
            continue
        unit, stance = match["unit"].casefold(), _stance_after(text, match.end())
        if unit in ("%", "phần trăm"):
            name = f"ty_le_{STANCES[stance or Stance.AGREE]}"
        else:
            name = next(name for units, name in _UNITS.items() if unit in units.split("|"))
            if name == "so_y_kien" and stance is not None:
                name = f"so_{STANCES[stance]}"
        yield match.start(), Doubt(match[0], name)


def _words(text: str, figures: Figures) -> Iterator[tuple[int, Doubt]]:
    for match in _QUANTITY.finditer(text):
        word, total = _WORDS[match["word"].casefold()], figures.points
        stance = _stance_after(text, match.end())
        if stance is None:
            if not possible(word, total):
                yield match.start(), Doubt(match[0], is_word=True)
            continue
        counts = [figures.of(stance)]
        if stance is Stance.AGREE:
            # "Đồng ý" may well mean those too who ask for changes.
            counts.append(figures.of(Stance.AGREE, Stance.AGREE_WITH_CHANGES))
        if word not in {quantity(count, total) for count in counts}:
            fits = quantity(counts[0], total)
            name = f"phan_{STANCES[stance]}"
            yield match.start(), Doubt(match[0], name, fits, counts[0], is_word=True)


def _stance_after(text: str, start: int) -> Stance | None:
    """Return the stance of which the clause speaks from ``start``, up to the next quantity."""
    ends = (pattern.search(text, start) for pattern in (_CLAUSE, _NUMBER, _QUANTITY))
    end = min((match.start() for match in ends if match), default=len(text))
    said = _SAID.search(text, start, end)
    return Stance(said.lastgroup) if said and said.lastgroup else None
