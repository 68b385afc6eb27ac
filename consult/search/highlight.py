"""Marking what was found in texts from the database, and cutting the passage to show."""

from __future__ import annotations

from itertools import pairwise

from markupsafe import Markup, escape
from msgspec import Struct

from consult.core.text import nfc
from consult.search.terms import Terms, Token, tokens

Span = tuple[int, int]


class _Wanted(Struct, frozen=True):
    exact: frozenset[str]
    folded: frozenset[str]
    pairs: frozenset[str]


def _wanted(terms: Terms) -> _Wanted:
    syllables = [s for group in (terms.loose, *terms.phrases) for s in group]
    return _Wanted(
        frozenset(exact for exact, _folded in syllables),
        frozenset(folded for _exact, folded in syllables),
        frozenset(terms.pairs),
    )


def spans(text: str, terms: Terms, *, singles: bool = True) -> list[Span]:
    """Return the (start, end) of what ``terms`` find in ``text`` (NFC), joined where adjacent.

    Neighbours that stand together in the query are marked together; single syllables only
    with ``singles`` and where there is no such pair, for alone a syllable says little.
    """
    wanted, all_tokens = _wanted(terms), list(tokens(text))
    found = _pairs(all_tokens, wanted, terms.accented)
    if not found and (singles or not wanted.pairs):
        found = [
            (token.start, token.end)
            for token in all_tokens
            if (token.exact in wanted.exact if terms.accented else token.folded in wanted.folded)
        ]
    return _joined(found, text)


def _pairs(all_tokens: list[Token], wanted: _Wanted, accented: bool) -> list[Span]:
    pairs = [
        (one, two)
        for one, two in pairwise(all_tokens)
        if f"{one.folded}_{two.folded}" in wanted.pairs
    ]
    if accented:
        exact = [p for p in pairs if p[0].exact in wanted.exact and p[1].exact in wanted.exact]
        pairs = exact or pairs
    return [(one.start, two.end) for one, two in pairs]


def holds_pair(text: str, terms: Terms) -> bool:
    """Return whether two neighbours of the query stand side by side in ``text``."""
    return bool(_pairs(list(tokens(nfc(text))), _wanted(terms), accented=False))


def _joined(found: list[Span], text: str) -> list[Span]:
    result: list[Span] = []
    for start, end in found:
        if result and (start <= result[-1][1] or text[result[-1][1] : start].isspace()):
            result[-1] = (result[-1][0], max(end, result[-1][1]))
        else:
            result.append((start, end))
    return result


def mark(text: str, terms: Terms, *, singles: bool = True) -> Markup:
    """Return ``text`` escaped, with <mark> around what ``terms`` find."""
    text = nfc(text)
    return _marked(text, spans(text, terms, singles=singles))


def passage(text: str, terms: Terms, *, length: int = 260, singles: bool = True) -> Markup:
    """Return about ``length`` characters of ``text`` around the best finds, marked.

    White space is squeezed; cuts fall between words and show as ellipses.
    """
    text = " ".join(nfc(text).split())
    found = spans(text, terms, singles=singles)
    start = _best_start(found, length)
    if start > 0:
        start = text.find(" ", max(0, start - length // 4)) + 1 if start > length // 4 else 0
    end = len(text)
    if end - start > length:
        end = text.rfind(" ", start, start + length)
        end = start + length if end <= start else end
    inside = [(max(a, start) - start, min(b, end) - start) for a, b in found if a < end > start < b]
    before, after = "… " if start else "", " …" if end < len(text) else ""
    return Markup(before) + _marked(text[start:end], inside) + Markup(after)


def _best_start(found: list[Span], length: int) -> int:
    """Return where the stretch of ``length`` characters with the most marked text begins."""
    best, best_weight = 0, 0
    for start, _end in found:
        weight = sum(b - a for a, b in found if start <= a and b <= start + length * 3 // 4)
        if weight > best_weight:
            best, best_weight = start, weight
    return best


def _marked(text: str, found: list[Span]) -> Markup:
    result, at = Markup(), 0
    for start, end in found:
        result += escape(text[at:start]) + Markup("<mark>%s</mark>") % text[start:end]
        at = end
    return result + escape(text[at:])
