"""Whoosh queries made from the terms of a typed query."""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
# (Whoosh ships no types.)
from __future__ import annotations

from typing import Any

from consult.search.engine import SearchQuery
from consult.search.terms import Terms, pairs

_TITLE_BOOST = 2.0
_PAIR_BOOST = 0.5


def wanted(terms: Terms) -> Any:
    """Return the query proper.

    A text must hold every quoted phrase, and of the loose words all, or two neighbours of
    them side by side; it ranks by all the words and pairs that it holds.
    """
    from whoosh.query import And, Or, Require

    needed: list[Any] = [_phrase(words, terms.accented) for words in terms.phrases]
    if terms.loose:
        syllables = [_syllable(word, terms.accented) for word in terms.loose]
        together = And(syllables) if len(syllables) > 1 else syllables[0]
        enough = Or([together, *_pairs(terms)])
        # All words as they were typed count once more, so exact spellings come first.
        needed.append(Require(Or([*syllables, together, *_pairs(terms)]), enough))
    return And(needed) if len(needed) > 1 else needed[0]


def fallback(terms: Terms) -> Any:
    """Return the query for when nothing holds the words together: any of them, folded."""
    from whoosh.query import And, Or

    needed: list[Any] = [_phrase(words, accented=False) for words in terms.phrases]
    if terms.loose:
        needed.append(Or([_syllable(word, accented=False) for word in terms.loose]))
    return And(needed) if len(needed) > 1 else needed[0]


def filters(query: SearchQuery) -> Any:
    """Return the query's filters as one, or None."""
    from whoosh.query import And, Term

    values = {
        "kind": query.kind,
        "round": "" if query.round_id is None else str(query.round_id),
        "stance": query.stance,
    }
    parts = [Term(name, value) for name, value in values.items() if value]
    return And(parts) if parts else None


def counting(round_id: int | None = None, kind: str = "") -> Any:
    """Return the query for all documents of a round and kind, or for all there are."""
    from whoosh.query import And, Every, Term

    if round_id is None:
        return Every()
    return And([Term("round", str(round_id)), Term("kind", kind)])


def _syllable(word: tuple[str, str], accented: bool) -> Any:
    from whoosh.query import Or, Term

    exact, folded = word
    if not accented:
        return Term("folded", folded)
    return Or([Term("title", exact, boost=_TITLE_BOOST), Term("body", exact)])


def _phrase(words: tuple[tuple[str, str], ...], accented: bool) -> Any:
    from whoosh.query import Or, Phrase

    if len(words) == 1:
        return _syllable(words[0], accented)
    if not accented:
        return Phrase("folded", [folded for _exact, folded in words])
    exact = [exact for exact, _folded in words]
    return Or([Phrase("title", exact, boost=_TITLE_BOOST), Phrase("body", exact)])


def _pairs(terms: Terms) -> list[Any]:
    from whoosh.query import Term

    folded = [folded for _exact, folded in terms.loose]
    return [Term("pairs", pair, boost=_PAIR_BOOST) for pair in pairs(folded)]
