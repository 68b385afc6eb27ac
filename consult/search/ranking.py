"""Which texts answer a query, and how well: sums over the postings of its words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from typing import Protocol

from consult.search.terms import Terms, pairs

_TITLE_BOOST = 2.0
_PAIR_BOOST = 0.5
# Above so many postings to read, not all of a query's words are ranked by.
_COMMON = 20_000
Word = tuple[str, str]
Scores = dict[int, float]


class Postings(Protocol):
    """What an index knows of words: texts are numbers, ``among`` narrows to some of them."""

    def frequency(self, name: str, word: str) -> int:
        """Return in how many texts the field of that name has the word."""
        ...

    def scores(
        self, name: str, word: str, boost: float = 1.0, among: Collection[int] | None = None
    ) -> Scores:
        """Return how well each text with the word in that field answers."""
        ...

    def sequences(
        self, name: str, words: list[str], boost: float, among: Collection[int]
    ) -> Scores:
        """Return how well each text answers that has the words side by side in that order."""
        ...


def rank(postings: Postings, terms: Terms, *, any_word: bool = False) -> Scores:
    """Return the score of every text that answers ``terms``.

    A text must hold every quoted phrase, and of the loose words two neighbours side by side,
    or all as they were typed, if with diacritics; it ranks by all the words and pairs that it
    holds. With ``any_word`` any loose word is enough, and diacritics do not matter.
    """
    accented = terms.accented and not any_word
    parts = [_phrase(postings, words, accented) for words in terms.phrases]
    if terms.loose and (any_word or len(terms.loose) == 1):
        parts.append(_sum(_syllable(postings, word, accented) for word in terms.loose))
    elif terms.loose:
        parts.append(_together(postings, terms))
    return _all(parts)


def _together(postings: Postings, terms: Terms) -> Scores:
    # A word that is typed twice counts twice.
    words = Counter(terms.loose)
    neighbours = Counter(pairs([folded for _exact, folded in terms.loose]))
    counts = {pair: postings.frequency("pairs", pair) for pair in neighbours}
    often = {word: _frequency(postings, word, terms.accented) for word in words}
    rarest = min(words, key=lambda word: often[word])
    at_most = sum(counts.values()) + (often[rarest] if terms.accented else 0)
    if sum(counts.values()) + sum(min(n, at_most) for n in often.values()) > _COMMON:
        return _rarest(postings, terms, counts)
    side_by_side = _sum(
        postings.scores("pairs", pair, _PAIR_BOOST * times) for pair, times in neighbours.items()
    )
    candidates = set(side_by_side)
    if terms.accented:
        candidates.update(_syllable(postings, rarest, accented=True))
    held: Counter[int] = Counter()
    result: Scores = {}
    for word, times in words.items():
        for text, score in _syllable(postings, word, terms.accented, candidates).items():
            result[text] = result.get(text, 0.0) + score * times
            held[text] += 1
    for text in list(result):
        if terms.accented and held[text] == len(words):
            # All words as they were typed count once more, so exact spellings come first.
            result[text] *= 2
        elif text not in side_by_side:
            # Scattered syllables are other words: "phân hiệu … chế biến".
            del result[text]
    return _sum((result, side_by_side))


def _rarest(postings: Postings, terms: Terms, counts: dict[str, int]) -> Scores:
    """Rank by the pairs that tell most; exact spelling of the rarest still comes first."""
    order = sorted((pair for pair in counts if counts[pair]), key=lambda pair: counts[pair])
    chosen, total = order[:1], sum(counts[pair] for pair in order[:1])
    for pair in order[1:]:
        total += counts[pair]
        if total > _COMMON // 5:
            break
        chosen.append(pair)
    result = _sum(postings.scores("pairs", pair, _PAIR_BOOST) for pair in chosen)
    if not terms.accented or not chosen:
        return result
    place = pairs([folded for _exact, folded in terms.loose]).index(chosen[0])
    both = [
        _syllable(postings, word, accented=True, among=result)
        for word in terms.loose[place : place + 2]
    ]
    return _sum((result, _all(both)))


def _phrase(postings: Postings, words: tuple[Word, ...], accented: bool) -> Scores:
    if len(words) == 1:
        return _syllable(postings, words[0], accented)
    folded = [folded for _exact, folded in words]
    # Where the pairs are is quickly known; only there the places of the words are looked at.
    found = _all([postings.scores("pairs", pair) for pair in dict.fromkeys(pairs(folded))])
    if accented:
        exact = [exact for exact, _folded in words]
        title = postings.sequences("title", exact, _TITLE_BOOST, found)
        return _sum((title, postings.sequences("body", exact, 1.0, found)))
    return found if len(words) == 2 else postings.sequences("folded", folded, 1.0, found)


def _fields(accented: bool) -> tuple[tuple[str, float], ...]:
    if accented:
        return (("title", _TITLE_BOOST), ("body", 1.0))
    # The folded words include the title's, which count once more.
    return (("folded", 1.0), ("folded_title", 1.0))


def _syllable(
    postings: Postings, word: Word, accented: bool, among: Collection[int] | None = None
) -> Scores:
    key = word[0] if accented else word[1]
    return _sum(postings.scores(field, key, boost, among) for field, boost in _fields(accented))


def _frequency(postings: Postings, word: Word, accented: bool) -> int:
    key = word[0] if accented else word[1]
    return sum(postings.frequency(field, key) for field, _boost in _fields(accented))


def _sum(parts: Iterable[Scores]) -> Scores:
    """Return the scores of the texts in any of ``parts``."""
    total: Scores = {}
    for part in parts:
        if not total:
            total = dict(part)
            continue
        for text, score in part.items():
            total[text] = total.get(text, 0.0) + score
    return total


def _all(parts: list[Scores]) -> Scores:
    """Return the scores of the texts in every one of ``parts``."""
    if not parts:
        return {}
    least = min(parts, key=len)
    return {
        text: sum(part[text] for part in parts)
        for text in least
        if all(text in part for part in parts)
    }
