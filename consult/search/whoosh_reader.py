"""Reading one folder of the index through Whoosh: postings, lengths, what is kept of a text."""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
# (Whoosh ships no types.)
from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterator
from dataclasses import dataclass, field
from math import log
from pathlib import Path
from typing import Any

from consult.search.ranking import Scores

# BM25's usual constants, Whoosh's too.
_K1, _B = 1.2, 0.75
# Going to one posting takes as long as reading so many in passing.
_JUMP = 6


def open_index(folder: Path) -> Any:
    """Return Whoosh's index in ``folder``; raises whatever the damage of a file causes."""
    from whoosh.filedb.filestore import FileStorage

    # What Whoosh maps it also copies: the whole index would be in memory, 3 kB a point.
    return FileStorage(str(folder), supports_mmap=False).open_index()


@dataclass
class _Segment:
    """One file of the index: the numbers of its texts begin at ``offset``."""

    reader: Any
    offset: int
    lengths: dict[str, bytes] = field(default_factory=dict[str, bytes])


class Reader:
    """The folder as it was when opened; `consult.search.ranking.Postings` of its texts.

    Postings are walked here and not by Whoosh's matchers, which take ten calls for each and
    come to the same scores. Not for several threads at once: a file stands at one place.
    """

    def __init__(self, folder: Path) -> None:
        self._index = open_index(folder)
        self._searcher = self._index.searcher()
        self._segments = [
            _Segment(reader, offset) for reader, offset in self._searcher.reader().leaf_readers()
        ]
        self._norms: dict[str, list[float]] = {}
        self._last: tuple[Hashable, Scores] | None = None

    def fresh(self) -> bool:
        """Return whether nothing was committed since."""
        return self._searcher.reader().generation() == self._index.latest_generation()

    def close(self) -> None:
        """Close the files."""
        self._searcher.close()

    def remember(self, question: Hashable, answer: Callable[[], Scores]) -> Scores:
        """Return the answer to the last question again if asked the same: other filters, pages."""
        if self._last is None or self._last[0] != question:
            self._last = None  # before the next, for each may hold every text
            self._last = (question, answer())
        return self._last[1]

    def count(self, question: Any) -> int:
        """Return how many texts answer a query of Whoosh's."""
        return sum(1 for _ in self._searcher.docs_for_query(question))

    def stored(self, text: int) -> dict[str, str]:
        """Return what is kept of a text."""
        return self._searcher.stored_fields(text)

    def having(self, name: str, value: str) -> set[int]:
        """Return the texts with that value."""
        return {
            segment.offset + number
            for segment, matcher in self._matchers(name, value)
            for number in matcher.all_ids()
        }

    def frequency(self, name: str, word: str) -> int:
        """Return in how many texts the field has the word."""
        return self._searcher.reader().doc_frequency(name, word.encode())

    def scores(
        self, name: str, word: str, boost: float = 1.0, among: Collection[int] | None = None
    ) -> Scores:
        """Return BM25's score of each text with the word, as Whoosh reckons it, by ``boost``."""
        result: Scores = {}
        frequency = self.frequency(name, word)
        if not frequency or (among is not None and not among):
            return result
        norms = self._norm(name)
        # A rare word tells more than a common one.
        rarity = log(self._searcher.doc_count_all() / (frequency + 1)) + 1
        factor = rarity * (_K1 + 1) * boost
        for segment, matcher in self._matchers(name, word):
            lengths, offset = self._lengths(segment, name), segment.offset
            for number, weight in _walk(matcher, self._within(segment, name, word, among)):
                score = factor * weight / (weight + norms[lengths[number]])
                result[offset + number] = score
        if among is not None:
            return {text: result[text] for text in result if text in among}
        return result

    def sequences(
        self, name: str, words: list[str], boost: float, among: Collection[int]
    ) -> Scores:
        """Return the summed scores of the texts that have the words in a row."""
        scores = {word: self.scores(name, word, boost, among) for word in words}
        starts: dict[int, set[int]] = {}
        texts = set(among).intersection(*scores.values())
        for place, word in enumerate(words):
            for text, places in self._places(name, word, texts):
                here = {at - place for at in places}
                starts[text] = starts[text] & here if place else here
            texts = {text for text in texts if starts[text]}
        return {text: sum(scores[word][text] for word in words) for text in texts}

    def _places(self, name: str, word: str, among: set[int]) -> Iterator[tuple[int, list[int]]]:
        for segment, matcher in self._matchers(name, word):
            for number in sorted(text - segment.offset for text in among):
                if number >= 0 and matcher.is_active():
                    matcher.skip_to(number)
                    if matcher.is_active() and matcher.id() == number:
                        yield segment.offset + number, matcher.value_as("positions")

    def _matchers(self, name: str, word: str) -> Iterator[tuple[_Segment, Any]]:
        from whoosh.reading import TermNotFound

        for segment in self._segments:
            try:
                yield segment, segment.reader.postings(name, word.encode())
            except TermNotFound:
                continue

    def _within(
        self, segment: _Segment, name: str, word: str, among: Collection[int] | None
    ) -> list[int] | None:
        """Return the numbers to go to in turn, or None when reading on is quicker."""
        if among is None or len(among) * _JUMP > segment.reader.doc_frequency(name, word.encode()):
            return None
        size = segment.reader.doc_count_all()
        return sorted(n for n in (text - segment.offset for text in among) if 0 <= n < size)

    def _norm(self, name: str) -> list[float]:
        """Return by a length's byte how much a field of that length dampens a word."""
        from whoosh.util.numeric import byte_to_length

        if name not in self._norms:
            average = self._searcher.avg_field_length(name) or 1
            self._norms[name] = [
                _K1 * (1 - _B + _B * byte_to_length(byte) / average) for byte in range(256)
            ]
        return self._norms[name]

    def _lengths(self, segment: _Segment, name: str) -> bytes:
        """Return the lengths of the field in all texts, a byte each, as Whoosh keeps them.

        Whoosh itself reads them one by one, which takes longer than all the rest.
        """
        from whoosh.codec.whoosh3 import W3Codec

        known = segment.lengths.get(name)
        if known is None:
            storage = segment.reader.storage()
            column = W3Codec.column_filename(segment.reader.segment(), f"_{name}_len")
            known = b""
            if storage.file_exists(column):
                known = storage.open_file(column).get(0, storage.file_length(column))
            known = segment.lengths[name] = known.ljust(segment.reader.doc_count_all(), b"\0")
        return known


def _walk(matcher: Any, numbers: list[int] | None) -> Iterator[tuple[int, float]]:
    """Yield number and weight of the postings, of all or those of ``numbers`` alone."""
    if numbers is None:
        while matcher.is_active():
            yield matcher.id(), matcher.weight()
            matcher.next()
        return
    for number in numbers:
        if not matcher.is_active():
            return
        matcher.skip_to(number)
        if matcher.is_active() and matcher.id() == number:
            yield number, matcher.weight()
