"""A text without greeting, closing and signature, cut into its sentences.

What is left out, and why: it says who writes to whom and nothing about the draft, it differs
from copy to copy of a campaign's letter, and the signature is an identity that must not be
quoted as a difference.
- At the beginning: “Kính gửi”, “Kính thưa”, “Thưa”, “Gửi” and those who are greeted, up to what
  is said to them.
- At the end: “Trân trọng”, “Xin (chân thành) cảm ơn”, “Kính thư”, “Ký tên”, “Người gửi …”, and
  the short lines after them (name, place, address, telephone); without a closing a last line
  that is a name: two to five capitalised words, the first of them a common family name; lines
  of place and date above a signature.
Nothing is left out that denies, takes a stance, asks for something or names another figure, and
never the whole text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct

from consult.summaries.engine import polarity
from consult.summaries.engine.wording import Word, words

_LINE_WRAP = re.compile(r"(?<=[^\s.!?…;:]) *\n *(?=[^\W\d_])")
_ENDS = re.compile(r"(?:(?<!\bTP)(?<!\bTp)(?<!\btp)[.!?…;]+[\"”’)\]]*(?=\s|$))|\n+")
_WHOM = (
    "ban", "quy", "co quan", "bo", "uy ban", "hoi dong", "mat tran", "ong", "ba", "cac", "ubnd",
    "so", "cuc", "vu", "lanh dao", "anh", "don vi", "van phong", "quoc hoi", "chinh phu",
    "toan the",
)  # fmt: skip
_GREETING = (
    "kinh gui ", "kinh thua ", "dear ",
    *(f"{verb} {whom} " for verb in ("thua", "gui") for whom in _WHOM),
)  # fmt: skip
_CLOSING = tuple(
    f"{phrase} "
    for phrase in (
        "tran trong", "xin cam on", "xin chan thanh cam on", "chan thanh cam on", "cam on",
        "xin tran trong cam on", "rat cam on", "kinh thu", "kinh chao", "ky ten",
        "nguoi gui", "nguoi viet", "nguoi gop y", "nguoi lam don", "nguoi kien nghi", "da ky",
        "y kien cua", "nay kinh", "email", "dien thoai", "sdt",
    )
)  # fmt: skip
_PLACE_AND_DATE = re.compile(r"(?:\S+ ){0,6}ngay \d+ thang \d+ nam \d+(?: \S+){0,5}")
_FAMILY = frozenset(
    "nguyễn trần lê phạm hoàng huỳnh phan vũ võ đặng bùi đỗ hồ ngô dương lý đinh trương đoàn lâm "
    "mai trịnh đào cao lưu tạ hà tô thái châu quách phùng vương lương tăng kiều triệu nông ma lò "
    "nguyen tran pham hoang huynh dang bui duong dinh truong doan trinh".split()
)
# Who speaks of the draft does so with one of these, or denies, or names a figure.
_SPEAKING = frozenset("toi em chau chung nghi nen can phai gop muc mong % ‰".split())
_DENYING = frozenset("khong chua chang dung bo".split())
_ADDRESS = frozenset("so to phuong xa thon ap duong khu quan pho ngo dt sdt thoai".split())
_PLACES = ("cao bang", "can tho", "binh thuan", "ninh thuan")  # have a speaking or turning word
_TELEPHONE = 8  # figures
_LONGEST_CLOSING = 12  # words; a longer one says something
_LONGEST_SIGNED = 9
_LONGEST_NAME = 5
_SURE_IN_CAPITALS = 4  # a line of more words in capitals may be a shout
_NO_NAMES = frozenset("khong chua chang % ‰".split())
_WRAPPED_AT = 50  # characters of a line that a mail program may have broken


class Piece(Struct, frozen=True):
    """A sentence: its words, their keys as one string, and its place in the text."""

    words: tuple[Word, ...]
    key: str
    start: int
    end: int


def pieces(text: str) -> list[Piece]:
    """Return the sentences of ``text`` that say something, in order.

    Line ends part sentences unless a mail program broke the line. ``text[start:end]`` is the
    sentence with its punctuation. A text of nothing but courtesies keeps them all; one
    without any word gives none.
    """
    every = _cut(text)
    begin, end = 0, len(every)
    while begin < end and (every[begin].key + " ").startswith(_GREETING):
        rest = _after_greeting(every[begin], text)
        if rest is not None:
            every[begin] = rest
            break
        begin += 1
    closing = next((n for n in range(begin, end) if _closes(every, n)), end)
    while closing > begin and _signed(every[closing - 1], text):
        closing -= 1
    return every[begin:closing] or every


def _cut(text: str) -> list[Piece]:
    """Return the sentences with at least one word."""
    wrapped = {
        match.start()
        for match in _LINE_WRAP.finditer(text)
        if text[match.end()].islower()
        and match.start() - (text.rfind("\n", 0, match.start()) + 1) >= _WRAPPED_AT
    }
    found: list[Piece] = []
    every, at, start = words(text), 0, 0
    ends = [m.end() for m in _ENDS.finditer(text) if m.start() not in wrapped]
    for end in [*ends, len(text)]:
        first = at
        while at < len(every) and every[at].end <= end:
            at += 1
        if at > first:
            inside = tuple(every[first:at])
            left = len(text[start:end]) - len(text[start:end].lstrip())
            stop = start + len(text[start:end].rstrip())
            found.append(Piece(inside, " ".join(w.key for w in inside), start + left, stop))
        start = end
    return found


def _after_greeting(piece: Piece, text: str) -> Piece | None:
    """Return what a greeted sentence says after those who are greeted, None where nothing.

    Those are named between commas; what does not look like them is said to them.
    """
    at = 0
    for n in range(1, len(piece.words) + 1):
        last = n == len(piece.words)
        if last or "," in text[piece.words[n - 1].end : piece.words[n].start]:
            part = piece.words[at:n]
            key = " ".join(word.key for word in part)
            named = at == 0 or (key + " ").startswith(_WHOM)
            if not named or len(part) > _LONGEST_CLOSING or _says(part):
                rest = piece.words[at:]
                key = " ".join(word.key for word in rest)
                return Piece(rest, key, rest[0].start, piece.end)
            at = n
    return None


def _says(words: Sequence[Word]) -> bool:
    """Return whether words may say something about the draft; doubt says yes."""
    if " ".join(word.key for word in words[-2:]) in _PLACES:
        words = words[:-2]
    return bool(polarity.stances(words)) or any(
        word.is_number
        or word.key in _SPEAKING
        or word.written in polarity.TURNING_ALONE
        or (word.key in _DENYING and word.key == word.written)
        for word in words
    )


def _closes(every: list[Piece], n: int) -> bool:
    """Return whether the closing begins with sentence ``n``: nothing is said from there on."""
    piece = every[n]
    phrase = next((c for c in _CLOSING if (piece.key + " ").startswith(c)), None)
    return (
        phrase is not None
        and len(piece.words) <= _LONGEST_CLOSING
        and (not _says(piece.words[len(phrase.split()) :]) or _reaches(piece))
        and all(
            len(later.words) <= _LONGEST_SIGNED
            and (_is_name(later) or _reaches(later) or not _says(later.words))
            for later in every[n + 1 :]
        )
    )


def _reaches(piece: Piece) -> bool:
    """Return whether a sentence holds figures, and only those of an address or a telephone."""
    others = [word for word in piece.words if not word.is_number]
    figures = sum(len(word.key) for word in piece.words if word.is_number)
    places = zip(piece.words, piece.words[1:], strict=False)
    address = all(a.key in _ADDRESS or a.is_number for a, b in places if b.is_number)
    return figures > 0 and not _says(others) and (figures >= _TELEPHONE or address)


def _signed(piece: Piece, text: str) -> bool:
    """Return whether a sentence is a name alone, or a place with a date."""
    written = text[piece.start : piece.end]
    return bool(_PLACE_AND_DATE.fullmatch(piece.key)) or (
        _is_name(piece)
        and text[: piece.start].rstrip(" ").endswith("\n")
        and all(text[word.start].isupper() for word in piece.words)
        and not (written.isupper() and len(piece.words) > _SURE_IN_CAPITALS)
        and not written.endswith((".", "!", "?"))
    )


def _is_name(piece: Piece) -> bool:
    """Return whether a sentence may be a name: a family name begins it, nothing is denied."""
    return (
        2 <= len(piece.words) <= _LONGEST_NAME
        and piece.words[0].written in _FAMILY
        and not any(word.key in _NO_NAMES or word.is_number for word in piece.words)
        and not polarity.stances(piece.words)
    )
