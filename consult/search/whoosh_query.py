"""Whoosh queries made from the terms of a typed query."""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
# (Whoosh ships no types.)
from __future__ import annotations

from collections.abc import Callable
from typing import Any

from consult.search.engine import SearchQuery
from consult.search.terms import Terms, pairs

_TITLE_BOOST = 2.0
_PAIR_BOOST = 0.5
# Above so many texts with a query's pairs, all its words are no longer ranked.
_COMMON = 2000
Frequency = Callable[[str, str], int]


def wanted(terms: Terms, frequency: Frequency) -> Any:
    """Return the query proper.

    A text must hold every quoted phrase, and of the loose words two neighbours side by side,
    or all as they were typed, if with diacritics; it ranks by all the words and pairs that it
    holds. ``frequency`` says in how many texts a field has a term.
    """
    from whoosh.query import And

    needed: list[Any] = [_phrase(words, terms.accented) for words in terms.phrases]
    if len(terms.loose) == 1:
        needed.append(_syllable(terms.loose[0], terms.accented))
    elif terms.loose:
        needed.append(_together(terms, frequency))
    return And(needed) if len(needed) > 1 else needed[0]


def _together(terms: Terms, frequency: Frequency) -> Any:
    from whoosh.query import And, Or, Require

    pairs_ = _pairs(terms)
    counts = [frequency("pairs", pair.text) for pair in pairs_]
    if sum(counts) > _COMMON:
        return _rarest(terms, pairs_, counts)
    syllables = [_syllable(word, terms.accented) for word in terms.loose]
    if not terms.accented:
        # Scattered syllables without diacritics are other words: "phân hiệu … chế biến".
        return Require(Or([*syllables, *pairs_]), Or(pairs_))
    together = And(syllables)
    # All words as they were typed count once more, so exact spellings come first.
    return Require(Or([*syllables, together, *pairs_]), Or([together, *pairs_]))


def _rarest(terms: Terms, pairs_: list[Any], counts: list[int]) -> Any:
    """Ask for the pairs that tell most: Whoosh takes a second to rank 10,000 texts by all.

    Exact spelling of the rarest pair still comes first.
    """
    from whoosh.query import And, AndMaybe, Or

    order = sorted((i for i, count in enumerate(counts) if count), key=lambda i: counts[i])
    chosen, total = [order[0]], counts[order[0]]
    for position in order[1:]:
        total += counts[position]
        if total > _COMMON:
            break
        chosen.append(position)
    question = Or([pairs_[position] for position in chosen])
    if not terms.accented:
        return question
    words = terms.loose[order[0] : order[0] + 2]
    return AndMaybe(question, And([_syllable(word, accented=True) for word in words]))


def any_word(terms: Terms) -> Any:
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
        # The folded words include the title's, which count once more.
        return Or([Term("folded", folded), Term("folded_title", folded)])
    return Or([Term("title", exact, boost=_TITLE_BOOST), Term("body", exact)])


def _phrase(words: tuple[tuple[str, str], ...], accented: bool) -> Any:
    from whoosh.query import Or, Phrase, Term

    if len(words) == 1:
        return _syllable(words[0], accented)
    if not accented and len(words) == 2:
        return Term("pairs", pairs([folded for _exact, folded in words])[0])
    if not accented:
        return Phrase("folded", [folded for _exact, folded in words])
    exact = [exact for exact, _folded in words]
    return Or([Phrase("title", exact, boost=_TITLE_BOOST), Phrase("body", exact)])


def _pairs(terms: Terms) -> list[Any]:
    from whoosh.query import Term

    folded = [folded for _exact, folded in terms.loose]
    return [Term("pairs", pair, boost=_PAIR_BOOST) for pair in pairs(folded)]
