"""Texts of the same words: one wording, however it is cased, marked, punctuated and signed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from msgspec import Struct

from consult.summaries.engine import guard, polarity
from consult.summaries.engine.courtesies import Piece, pieces


class Text(Struct, frozen=True):
    """A text to be compared; ``author`` is any key that tells people apart."""

    id: int
    text: str
    author: str | None = None


@dataclass(eq=False)
class Wording:
    """Texts of the same words, by id, and the sentences of the first."""

    texts: list[Text]
    pieces: list[Piece]
    rank: int = 0

    @property
    def words(self) -> list[str]:
        """The keys of the words."""
        return [word.key for piece in self.pieces for word in piece.words]

    @cached_property
    def senses(self) -> dict[str, frozenset[tuple[str, ...]]]:
        """How each sentence turns, by what is left of it without the words that turn it."""
        found: dict[str, set[tuple[str, ...]]] = {}
        for piece in self.pieces:
            if not all(word.is_number for word in piece.words):  # numbers of a list's items
                rest = " ".join(word.key for word in piece.words if not polarity.turns(word))
                found.setdefault(rest, set()).add(polarity.turning(piece.words))
        return {rest: frozenset(turnings) for rest, turnings in found.items()}


def by_wording(texts: Sequence[Text]) -> tuple[list[Wording], list[Text]]:
    """Return the wordings, the most frequent first, and the texts without any word."""
    by_key: dict[str, list[tuple[Text, list[Piece]]]] = {}
    empty: list[Text] = []
    for text in texts:
        found = pieces(text.text)
        if found:
            by_key.setdefault(" ".join(piece.key for piece in found), []).append((text, found))
        else:
            empty.append(text)
    made = [wording for same in by_key.values() for wording in _by_diacritics(same)]
    made.sort(key=lambda wording: (-len(wording.texts), wording.texts[0].id))
    for rank, wording in enumerate(made):
        wording.rank = rank
    return made, empty


def _by_diacritics(same: list[tuple[Text, list[Piece]]]) -> list[Wording]:
    """Part texts of one key where their diacritics make turning words differ.

    Spellings with the most diacritics come first: a text typed without joins one of those.
    """
    spellings: dict[tuple[str, ...], list[tuple[Text, list[Piece]]]] = {}
    for text, found in same:
        written = (w.written for p in found for w in p.words if w.key in polarity.TURNING_FOLDED)
        spellings.setdefault(tuple(written), []).append((text, found))
    order = sorted(
        spellings.items(),
        key=lambda item: (item[0] == _bare(item[1][0][1]), -len(item[1]), item[1][0][0].id),
    )
    made: list[Wording] = []
    for _written, those in order:
        first = those[0][1]
        for wording in made:
            if _same(wording.pieces, first):
                wording.texts += [text for text, _pieces in those]
                break
        else:
            made.append(Wording([text for text, _pieces in those], first))
    for wording in made:
        wording.texts.sort(key=lambda text: text.id)
    return made


def _bare(found: list[Piece]) -> tuple[str, ...]:
    keys = (w.key for p in found for w in p.words if w.key in polarity.TURNING_FOLDED)
    return tuple(keys)


def _same(one: list[Piece], other: list[Piece]) -> bool:
    return guard.same_words(
        [word for piece in one for word in piece.words],
        [word for piece in other for word in piece.words],
    )
