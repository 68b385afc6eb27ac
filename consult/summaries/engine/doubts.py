"""Doubtful stances: points whose own words say the opposite of the stance that was declared.

The stance stays what the author declared; this only says where to look, and at which words.
Doubt is kept rare: a stance counts only where the author takes it (in the first person, or at
the beginning of a clause that is about the draft), not in a question, a condition, a quotation
or somebody else's mouth. A text that takes both sides is not doubted, nor one that agrees but
for something.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from consult.core.text import fold
from consult.summaries.engine import polarity
from consult.summaries.engine.sentences import sentences
from consult.summaries.engine.wording import Word, words

AGREE, DISAGREE = "agree", "disagree"
_OPPOSITE = {AGREE: DISAGREE, DISAGREE: AGREE}

# Acts of an office (“chấp thuận chủ trương đầu tư”) unless they are denied.
_ONLY_DENIED = frozenset({"đồng thuận", "chấp nhận", "chấp thuận"})
# To deny these says little: “không vô lý”.
_NEVER_DENIED = frozenset({"vô lý", "vô lí"})
# Alone they are but one of a list's words: “bền vững, hợp lý, tiết kiệm”.
_PREDICATES = frozenset({"hợp lý", "hợp lí"})
# Verbs of other things than opinions: “từ chối tiếp nhận hồ sơ”, “chống lại dịch bệnh”.
_NO_OPINIONS = frozenset({"từ chối", "chống lại"})
_SIDES = {
    **dict.fromkeys((*polarity.AGREEING, *_PREDICATES), AGREE),
    **dict.fromkeys((*polarity.DISAGREEING, "vô lí"), DISAGREE),
}
_PHRASES = {fold(phrase): phrase for phrase in _SIDES if phrase not in _NO_OPINIONS}
_ANY = re.compile("|".join(sorted(_PHRASES)))
_PHRASE = 2  # syllables, each of them

_DENYING = frozenset("không ko khg hok chưa chẳng chả khó bất".split())
# “không hoàn toàn đồng ý”, “không chỉ đồng ý mà còn …”: neither denied nor plainly said.
_WEAKENING = frozenset("hoàn hẳn chỉ những phải biết rõ chắc".split())
_REACH = 3  # words before a stance in which a denial belongs to it
_SPEAKERS = frozenset("tôi em cháu mình chúng".split())
# What may stand between the beginning of a clause and a stance of the author's own.
_BEFORE = frozenset(
    "ta xin kính dạ thưa rất hoàn toàn cơ bản nhìn chung về cũng đều tuyệt đối kiên quyết cực lực "
    "thật sự thực vẫn đã luôn nay hiện trước hết nói cá nhân bản thân theo ý kiến của là thì với "
    "quy định tại này trên điều khoản điểm mục chương phần dự thảo nội dung quá thể hề nào nữa "
    "như vậy thế nhiệt liệt mạnh mẽ hết sức quan thấy nghĩ a b c d đ".split()
)
_CONDITIONS = frozenset("nếu giả liệu khi dù bảo rằng".split())
# Where one of these follows, something else than the draft is agreed to or opposed.
_OTHER_OBJECTS = frozenset("bỏ nguyên cũ hành đây những ai người rằng".split())
_OTHERS_WORDS = re.compile(r"\b(?:ý kiến|quan điểm|đề xuất|kiến nghị|lập luận)\b")
_OBJECT = 7  # words
_REASONS = frozenset("vì do bởi để nên".split())
# With one of these, agreement is not the whole of it.
_LIMITING = re.compile(
    r"\b(?:nhưng|song|tuy|ngoài|trừ|riêng|chỉ|nếu|mặc dù|sửa|thay|bãi bỏ|một phần|điều kiện|"
    r"đề nghị|kiến nghị|cần|nên|phải|quá|chưa|thiếu)\b"
)
_LIMITING_PLAIN = re.compile(fold(_LIMITING.pattern))
_QUOTED = re.compile(r"“[^”]*”|\"[^\"\n]*\"|«[^»]*»")
_PARTS_CLAUSES = re.compile(r"[,;:()–—\n]|\s-\s")


class Doubt(Struct, frozen=True):
    """A text takes the side ``reads`` ("agree" or "disagree") in its [``start``, ``end``)."""

    reads: str
    start: int
    end: int


def doubt(stance: str | None, text: str) -> Doubt | None:
    """Return why the stance declared for ``text`` is doubtful, or None.

    Only "agree" and "disagree" can be: whoever agrees with changes may say both.
    """
    if stance not in _OPPOSITE or not _speaks(text):
        return None
    # As many characters, so that places stay.
    own = _QUOTED.sub(lambda match: " " * len(match[0]), text)
    # Typed without diacritics, more words look alike; only then are they taken for each other.
    is_plain = own.isascii()
    taken = [
        one
        for start, end in sentences(own)
        if _speaks(own[start:end])
        for one in _Sentence(own, (start, end), is_plain=is_plain).stances()
    ]
    if not taken or any(one.reads == stance for one in taken):
        return None
    limiting = _LIMITING_PLAIN if is_plain else _LIMITING
    if stance == DISAGREE and limiting.search(_spelled(words(own))):
        return None
    return taken[0]


def _speaks(text: str) -> bool:
    """Return whether the syllables of a stance are in the text at all."""
    return _ANY.search(" ".join(fold(text).split())) is not None


def _spelled(row: list[Word]) -> str:
    return " ".join(word.written for word in row)


class _Sentence:
    """A sentence of a text, in which stances are looked for."""

    def __init__(self, text: str, place: tuple[int, int], *, is_plain: bool) -> None:
        self.start, self.text = place[0], text[slice(*place)]
        self.row, self.is_plain = words(self.text), is_plain

    def stances(self) -> Iterator[Doubt]:
        """Yield each stance that the author takes in it."""
        if self.text.rstrip("\"”)' ").endswith("?"):
            return
        for at in range(len(self.row) - 1):
            phrase = self._phrase(at)
            denials = self._denials(at) if phrase else None
            if phrase is None or denials is None:
                continue
            denied = len(denials) % 2 == 1
            if phrase in (_NEVER_DENIED if denied else _ONLY_DENIED):
                continue
            first = denials[-1] if denials else at
            if phrase in _PREDICATES and not denied and self._parted(at):
                continue
            if not self._own(first) or self._about_something_else(at + _PHRASE):
                continue
            side = _SIDES[phrase]
            place = self.row[first].start, self.row[at + 1].end
            yield Doubt(_OPPOSITE[side] if denied else side, *(self.start + n for n in place))

    def _is(self, word: Word, those: frozenset[str]) -> bool:
        return word.written in those or (self.is_plain and word.key in map(fold, those))

    def _phrase(self, at: int) -> str | None:
        """Return the phrase of a stance that begins there, None where none does.

        With diacritics it is that phrase (“đông y” is not “đồng ý”), or has none at all.
        """
        pair = self.row[at : at + _PHRASE]
        phrase = _PHRASES.get(" ".join(word.key for word in pair))
        written = _spelled(pair)
        return phrase if phrase is not None and written in (phrase, fold(phrase)) else None

    def _parted(self, at: int) -> bool:
        """Return whether a clause begins with the word there."""
        between = self.text[self.row[at - 1].end : self.row[at].start]
        return at == 0 or _PARTS_CLAUSES.search(between) is not None

    def _denials(self, at: int) -> list[int] | None:
        """Return the places of the denials of what begins there, None where they are weak."""
        found: list[int] = []
        for place in range(at, max(0, at - _REACH), -1):
            if self._parted(place):
                break
            word = self.row[place - 1]
            if self._is(word, _DENYING):
                if self._is(self.row[place], _WEAKENING):
                    return None
                found.append(place - 1)
            elif not (self._is(word, _BEFORE) or self._is(word, _WEAKENING)):
                break
        return found

    def _own(self, at: int) -> bool:
        """Return whether the author speaks in the clause up to the word there."""
        for place in range(at, 0, -1):
            if self._parted(place):
                return True
            word = self.row[place - 1]
            if self._is(word, _SPEAKERS):
                return not any(self._is(other, _CONDITIONS) for other in self.row[: place - 1])
            if not (self._is(word, _BEFORE) or word.is_number):
                return False
        return True

    def _about_something_else(self, at: int) -> bool:
        """Return whether what is agreed to or opposed is not the draft, or is a question."""
        after = self.row[at : at + _OBJECT]
        for place in range(at, at + len(after)):
            if self.row[place].written in _REASONS or (place > at and self._parted(place)):
                after = self.row[at:place]
                break
        spelled = _spelled(after)
        return (
            any(self._is(word, _OTHER_OBJECTS) for word in after)
            or _OTHERS_WORDS.search(spelled) is not None
            or spelled.startswith("hay không")
        )
