"""The words whose change turns an opinion round: denials, stances, opposites, harmless ones.

One place for them all. Lists are small and written with diacritics; texts typed without are
compared by the folded form, where more words look alike, so that doubt keeps texts apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from consult.core.text import fold
from consult.summaries.engine.wording import Word

DENIALS = frozenset("không chưa chẳng chả đừng chớ bất vô phi thôi ngừng dừng bỏ huỷ hủy".split())

AGREEING = (
    "đồng ý", "nhất trí", "tán thành", "ủng hộ", "đồng tình", "đồng thuận", "hoan nghênh",
    "tán đồng", "chấp nhận", "chấp thuận",
)  # fmt: skip
DISAGREEING = ("phản đối", "bác bỏ", "bất đồng", "phản bác", "từ chối", "chống lại", "vô lý")

OPPOSITES = (
    ("tăng", "giảm"), ("nâng", "hạ"), ("tăng", "cắt"), ("cho phép", "cấm"), ("nên", "đừng"),
    ("giữ", "bỏ"), ("mở rộng", "thu hẹp"), ("bắt buộc", "tự nguyện"), ("khuyến khích", "hạn chế"),
    ("hợp lý", "vô lý"), ("cao", "thấp"), ("nhiều", "ít"), ("trên", "dưới"), ("trước", "sau"),
    ("tối đa", "tối thiểu"), ("sớm", "muộn"), ("thêm", "bớt"), ("công khai", "bí mật"),
    ("miễn", "thu"), ("đủ", "thiếu"), ("tốt", "xấu"), ("dài", "ngắn"), ("kéo", "rút"),
    ("trong", "ngoài"), ("có", "không"), ("được", "mất"), ("đúng", "sai"), ("lợi", "hại"),
    ("hơn", "kém"), ("lớn", "nhỏ"), ("nhanh", "chậm"), ("dễ", "khó"), ("mạnh", "yếu"),
    ("toàn bộ", "một phần"), ("tất cả", "một số"), ("phải", "khỏi"), ("bổ sung", "loại trừ"),
    ("thuận", "nghịch"), ("siết", "nới"), ("đồng ý", "phản đối"), ("ủng hộ", "phản đối"),
    ("cần", "thừa"), ("công bằng", "bất công"), ("rõ", "mơ hồ"), ("mọi", "riêng"),
    ("chỉ", "cả"), ("ít nhất", "nhiều nhất"), ("không quá", "ít nhất"),
)  # fmt: skip

# May come and go inside a sentence: politeness, who speaks, emphasis.
HARMLESS = frozenset("xin kính dạ ạ rất thật cũng nhé tôi em cháu mình toi kinh rat cung".split())

# A clause that begins so gives a reason or an aim for the sentence before it, and leaves it whole.
REASONS = frozenset("vì do để bởi nhằm vi".split())
# What takes back a part, folded.
LIMITING = frozenset("tru neu chi nhung song ngoai rieng tuy sai".split())

_PHRASES = (*DENIALS, *AGREEING, *DISAGREEING, *(word for pair in OPPOSITES for word in pair))
# Every syllable that may turn a sentence, with diacritics, and folded.
TURNING = frozenset(syllable for phrase in _PHRASES for syllable in phrase.split())
TURNING_FOLDED = frozenset(map(fold, TURNING))
# Those that turn alone, without the syllables of phrases (“đồng” is in “Đồng Tháp” too).
TURNING_ALONE = DENIALS | {word for pair in OPPOSITES for word in pair if " " not in word}
_DENIALS_FOLDED = frozenset(map(fold, DENIALS))
_PLAIN_DENIALS = frozenset({"khong", "chua", "chang", "cha", "dung", "bat"})


def _either(phrases: Iterable[str]) -> str:
    return "|".join(sorted(map(fold, phrases)))


_STANCE = re.compile(rf"\b(?:(?P<agree>{_either(AGREEING)})|(?:{_either(DISAGREEING)}))\b")
_REACH = 3  # words before a stance in which a denial belongs to it: “không thể nào đồng ý”


def stances(words: Iterable[Word]) -> frozenset[str]:
    """Return which stances are taken in ``words``: "agree", "disagree", both or none.

    A denial up to three words before a stance turns it round.
    """
    keys = [word.key for word in words]
    sentence = " ".join(keys)
    found: set[str] = set()
    for match in _STANCE.finditer(sentence):
        before = sentence[: match.start()].split()[-_REACH:]
        agrees = bool(match["agree"]) != any(word in _PLAIN_DENIALS for word in before)
        found.add("agree" if agrees else "disagree")
    return frozenset(found)


def denies(words: Iterable[Word]) -> bool:
    """Return whether a denial is among ``words``; doubtful ones without diacritics count."""
    return any(
        word.key in _DENIALS_FOLDED and (word.written in DENIALS or word.written == word.key)
        for word in words
    )


def is_neutral(words: tuple[Word, ...]) -> bool:
    """Return whether ``words`` deny nothing and take no stance."""
    return not denies(words) and not stances(words)


def turns(word: Word) -> bool:
    """Return whether a word may turn a sentence: a denial, an opposite, a figure."""
    return word.is_number or word.key in TURNING_FOLDED


def turning(words: Iterable[Word]) -> tuple[str, ...]:
    """Return the keys of the turning words and figures among ``words``, sorted."""
    return tuple(sorted(word.key for word in words if turns(word)))
