"""The guard before two texts are called one: no denial, opposite, figure or provision differs.

Plain overlap of words joins “đồng ý” with “không đồng ý” and 30 % with 50 %. Here each
difference must be shown harmless, or the texts stay apart: doubt costs a fold, never a voice.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from itertools import pairwise

from consult.summaries.engine import polarity
from consult.summaries.engine.courtesies import Piece
from consult.summaries.engine.wording import Word

_ALIKE = 0.6  # share of the shorter sentence's words that makes two sentences versions of one
_CLAUSE = 4  # words; a shorter insertion may change what the sentence speaks of
_TYPO = 4  # letters; shorter syllables with one letter changed are other words
_REPEATED = 0.5
_INTERJECTION = 3  # words: “Không.”, “Sai rồi.” answer the sentence before
_NO_UNIT = ""


def same_words(one: Sequence[Word], other: Sequence[Word]) -> bool:
    """Return whether two sentences of equal keys also mean the same with their diacritics.

    A word typed without diacritics may stand for any; two that both have them and differ may
    not be turning words (“bỏ” is not “bộ”).
    """
    return all(
        a.written == b.written or _plain(a) or _plain(b) or not _turns(a, b)
        for a, b in zip(one, other, strict=True)
    )


def _plain(word: Word) -> bool:
    return word.written == word.key


def _turns(a: Word, b: Word) -> bool:
    """Return whether one is a turning word, and more than the place of its tone mark differs."""
    if not {a.written, b.written} & polarity.TURNING:
        return False
    marks = [sorted(unicodedata.normalize("NFD", word.written)) for word in (a, b)]
    return marks[0] != marks[1]


def parted(one: Sequence[Piece], other: Sequence[Piece]) -> tuple[list[Piece], list[Piece]]:
    """Return the sentences that only ``one`` has and those that only ``other`` has, in order."""
    first = {piece.key: piece for piece in one}
    second = {piece.key: piece for piece in other}
    return (
        [p for p in one if not _has(second, p)],
        [p for p in other if not _has(first, p)],
    )


def _has(those: dict[str, Piece], piece: Piece) -> bool:
    other = those.get(piece.key)
    return other is not None and same_words(piece.words, other.words)


def allows(one: Sequence[Piece], other: Sequence[Piece], *, replaced: bool = False) -> bool:
    """Return whether nothing that turns an opinion round differs between two texts.

    Sentences that only one text has must be (1) versions of each other that differ by a slip of
    typing, politeness or an added reason without figure, denial and stance, or (2) additions
    that take no stance of their own (but agreement, where the text takes none), name no other
    figure of a unit that the other text has a figure of, and do not turn round one of its
    sentences. Where both texts have sentences of the second kind, these must hold the same
    turning words and figures, and ``replaced`` must be true.
    """
    only_one, only_other = parted(one, other)
    left_one = list(only_one)
    left_other: list[Piece] = []
    for piece in only_other:
        version = next((p for p in left_one if alike(p, piece)), None)
        if version is None:
            left_other.append(piece)
        elif not _same_sense(version.words, piece.words):
            return False
        else:
            left_one.remove(version)
    if left_one and left_other and not (replaced and _balanced(left_one, left_other)):
        return False
    return all(_adds(piece, other) for piece in left_one) and all(
        _adds(piece, one) for piece in left_other
    )


def alike(one: Piece, other: Piece) -> bool:
    """Return whether two sentences are versions of one another."""
    a, b = (Counter(word.key for word in piece.words) for piece in (one, other))
    return (a & b).total() >= _ALIKE * min(a.total(), b.total())


def _balanced(one: Iterable[Piece], other: Iterable[Piece]) -> bool:
    a, b = (polarity.turning(w for piece in pieces for w in piece.words) for pieces in (one, other))
    return a == b


def _same_sense(one: Sequence[Word], other: Sequence[Word]) -> bool:
    """Return whether one sentence differs from its version only in what turns nothing."""
    matcher = SequenceMatcher(None, [w.key for w in one], [w.key for w in other], autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        gone, come = one[a:b], other[c:d]
        if kind == "equal":
            if not same_words(gone, come):
                return False
        elif not (_harmless(gone, come) or _slips(gone, come) or _clause(one, other, gone, come)):
            return False
    return True


def _harmless(gone: Sequence[Word], come: Sequence[Word]) -> bool:
    return all(word.written in polarity.HARMLESS for word in (*gone, *come))


def _slips(gone: Sequence[Word], come: Sequence[Word]) -> bool:
    """Return whether words were replaced one for one by slips of typing."""
    return len(gone) == len(come) and all(
        _slip(a.key, b.key) for a, b in zip(gone, come, strict=True)
    )


def _slip(a: str, b: str) -> bool:
    """Return whether two syllables are one letter, or two letters' order, apart."""
    if not (a.isalpha() and b.isalpha()) or {a, b} & polarity.TURNING_FOLDED:
        return False
    if min(len(a), len(b)) < _TYPO or abs(len(a) - len(b)) > 1:
        return False
    if len(a) == len(b):
        apart = [n for n in range(len(a)) if a[n] != b[n]]
        swapped = len(apart) == 2 and sorted(a) == sorted(b) and apart[1] == apart[0] + 1
        return len(apart) == 1 or swapped
    shorter, longer = sorted((a, b), key=len)
    return any(longer[:n] + longer[n + 1 :] == shorter for n in range(len(longer)))


def _clause(
    one: Sequence[Word], other: Sequence[Word], gone: Sequence[Word], come: Sequence[Word]
) -> bool:
    """Return whether a reason came or went at the end of the sentence that turns nothing."""
    if bool(gone) == bool(come):
        return False
    words, whole = (gone, one) if gone else (come, other)
    return (
        words[-1] is whole[-1]
        and len(words) >= _CLAUSE
        and words[0].written in polarity.REASONS
        and polarity.is_neutral(tuple(words))
        and not any(word.is_number or word.key in polarity.LIMITING for word in words)
    )


def _adds(piece: Piece, text: Sequence[Piece]) -> bool:
    """Return whether an added sentence leaves standing what ``text`` says."""
    taken = polarity.stances(piece.words)
    if taken:
        there = _stances(text)
        if not taken <= (there or {"agree"}):
            return False
    if any(word.is_number for word in piece.words):
        known = _by_unit(word for p in text for word in p.words)
        for unit, figures in _by_unit(piece.words).items():
            if unit in known and not figures <= known[unit]:
                return False
    turning = polarity.turning(piece.words)
    if turning and len(piece.words) <= _INTERJECTION:
        return False
    return all(polarity.turning(p.words) == turning for p in text if _repeats(piece, p))


def _repeats(piece: Piece, other: Piece) -> bool:
    """Return whether one sentence has half of the other's pairs of words, so speaks of it."""
    a, b = ({(one.key, two.key) for one, two in pairwise(piece.words)} for piece in (piece, other))
    return bool(a and b) and len(a & b) >= _REPEATED * min(len(a), len(b))


def _stances(text: Sequence[Piece]) -> set[str]:
    return {stance for piece in text for stance in polarity.stances(piece.words)}


_NAMED_BEFORE = frozenset("dieu khoan diem chuong muc phu luc so ngay thang nam".split())


def _by_unit(words: Iterable[Word]) -> dict[str, set[str]]:
    """Return the figures by what they count or name: “30 %” under %, “Điều 5” under dieu."""
    row = list(words)
    found: dict[str, set[str]] = {}
    for n, word in enumerate(row):
        if word.is_number:
            before = row[n - 1].key if n else _NO_UNIT
            after = row[n + 1].key if n + 1 < len(row) else _NO_UNIT
            unit = before if before in _NAMED_BEFORE else after
            found.setdefault(unit, set()).add(word.key)
    return found
