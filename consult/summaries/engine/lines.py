"""Which sentences to quote: together they say most of what the group says, with nobody left out.

The value of a set of lines is a monotone submodular function (Lin and Bilmes 2011, "A class
of submodular functions for document summarization"): coverage of pairs of syllables, each
weighing as many texts as have it (Gillick and Favre 2009, "A scalable global model for
summarization"), and facility location, how near each sentence has a quoted one. Greedy choice
by gain per lengthᴿ is then near the best.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Literal

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from consult.summaries.engine.counts import count, nearness, occurrence, weighted
from consult.summaries.engine.terms import pairs, singles
from consult.summaries.engine.texts import Sentence, by_text

Reason = Literal["stance", "theme", "coverage"]
Mask = NDArray[np.bool_]

# Measured on clusters of Vietnamese news with human summaries.
_NEARNESS_SHARE = 0.2
_LENGTH_POWER = 0.3
# What one text alone says weighs nearly nothing, but more than what is said already.
_SAID_ONCE = 0.01
# In syllables; shorter ones are greetings, headings and signatures.
_SHORTEST = 5
_CANDIDATES = 500
_OF_EACH = 12
_HEARERS = 1_500


class Speaker(Struct, frozen=True):
    """Of one text of a group: the author if known, the stance, and the theme (-1: alone)."""

    author: Hashable | None
    stance: str | None
    theme: int


class Line(Struct, frozen=True):
    """A sentence that is quoted: for its stance, its theme or for what it covers."""

    sentence: Sentence
    reason: Reason


def choose(
    found: Sequence[Sentence], speakers: Sequence[Speaker], stops: Mask, budget: int
) -> list[Line]:
    """Return the lines of one group in the order of ``found``.

    ``speakers`` are those of the texts that ``sentence.text`` numbers. Every stance gets a
    line, the one with the fewest texts first, even beyond the ``budget`` (in syllables).
    Within the budget each theme gets one, the largest first, then whatever adds most. A theme
    has at most one line of an author, unless a stance would have none; texts without an author
    are not bound by that.
    """
    return _Choice(found, speakers, stops, budget).lines() if found else []


class _Choice:
    def __init__(
        self, found: Sequence[Sentence], speakers: Sequence[Speaker], stops: Mask, budget: int
    ) -> None:
        self.found, self.left = found, budget
        self.speakers = [speakers[sentence.text] for sentence in found]
        self.lengths = np.array([len(sentence.numbers) for sentence in found], np.int64)
        rows = [pairs(sentence.numbers, stops) for sentence in found]
        counts = count(rows)
        texts = count([np.unique(row) for row in by_text(rows, found, len(speakers))])
        self.said = np.zeros(len(counts.codes))
        # Very frequent terms only, when there are very many; both tables may then differ.
        known = np.isin(counts.codes, texts.codes)
        places = np.searchsorted(texts.codes, counts.codes[known])
        self.said[known] = texts.frequencies()[places]
        self.said[self.said < 2] = _SAID_ONCE
        self.said /= max(self.said.sum(), 1e-12)
        occurs = occurrence(counts)
        self.rows = self._candidates(occurs @ self.said)
        self.occurs = occurs[self.rows]
        meaning = weighted(count([singles(sentence.numbers, stops) for sentence in found]))
        hearers = np.arange(0, len(found), -(-len(found) // _HEARERS))
        self.near = nearness(meaning, hearers, self.rows)
        self.heard = np.zeros(len(hearers))
        self.free = np.ones(len(self.rows), np.bool_)
        self.chosen: dict[int, Reason] = {}

    def _candidates(self, values: NDArray[np.float64]) -> NDArray[np.int64]:
        """Return the most telling sentences, some of every stance and theme among them."""
        values = values / np.maximum(self.lengths, 1) ** _LENGTH_POWER
        values = values + (self.lengths >= _SHORTEST)  # short ones come last
        order: list[int] = np.argsort(-values, kind="stable").tolist()
        seen: dict[tuple[str, Hashable], int] = {}
        kept: list[int] = []
        for place, row in enumerate(order):
            speaker = self.speakers[row]
            wanted = place < _CANDIDATES
            kinds: tuple[tuple[str, Hashable], ...] = (
                ("stance", speaker.stance),
                ("theme", speaker.theme),
            )
            for kind in kinds:
                seen[kind] = seen.get(kind, 0) + 1
                wanted = wanted or seen[kind] <= _OF_EACH
            if wanted:
                kept.append(row)
        return np.array(sorted(kept), np.int64)

    def lines(self) -> list[Line]:
        speakers = [self.speakers[row] for row in self._row_list()]
        stances = np.array([speaker.stance or "" for speaker in speakers])
        themes = np.array([speaker.theme for speaker in speakers], np.int64)
        long_enough = self.lengths[self.rows] >= _SHORTEST
        for stance in self._rarest_first():
            of_stance = stances == stance
            if not any(of_stance[place] for place in self.chosen):
                _ = (
                    self._take(of_stance & long_enough & self._fits(), "stance")
                    or self._take(of_stance & long_enough, "stance")
                    or self._take(of_stance, "stance")
                    or self._take(of_stance, "stance", bound=False)
                )
        for theme in range(int(themes.max(initial=-1)) + 1):
            of_theme = themes == theme
            if not any(of_theme[place] for place in self.chosen):
                self._take(of_theme & long_enough & self._fits(), "theme")
        while self._take(long_enough & self._fits(), "coverage"):
            pass
        rows = self._row_list()
        return [Line(self.found[rows[place]], why) for place, why in sorted(self.chosen.items())]

    def _row_list(self) -> list[int]:
        """Return the numbers of the candidates' sentences."""
        return self.rows.tolist()

    def _rarest_first(self) -> list[str]:
        texts = {
            sentence.text: speaker
            for sentence, speaker in zip(self.found, self.speakers, strict=True)
        }
        stances = [speaker.stance or "" for speaker in texts.values()]
        return sorted(set(stances), key=lambda stance: (stances.count(stance), stance))

    def _fits(self) -> Mask:
        return self.lengths[self.rows] <= self.left

    def _take(self, allowed: Mask, reason: Reason, *, bound: bool = True) -> bool:
        """Add the best line among the allowed ones; return whether there was one.

        Not ``bound``: also a second one of an author in a theme.
        """
        places = np.flatnonzero(allowed & self.free if bound else allowed)
        if not len(places):
            return False
        covers: NDArray[np.float64] = self.occurs[places] @ self.said
        hears: NDArray[np.float64] = np.maximum(self.near[:, places] - self.heard[:, None], 0).mean(
            axis=0
        )
        gains = (1 - _NEARNESS_SHARE) * covers + _NEARNESS_SHARE * hears
        values = gains / np.maximum(self.lengths[self.rows[places]], 1) ** _LENGTH_POWER
        # Rounded, so that equal sentences stay equal whatever the order of the additions.
        best = int(places[int(np.argmax(np.round(values, 12)))])
        if reason == "coverage" and gains.max() <= 0:
            return False
        self.chosen[best] = reason
        self.left -= int(self.lengths[self.rows[best]])
        self.said[self.occurs[[best]].indices] = 0
        self.heard = np.maximum(self.heard, self.near[:, best])
        self._bind(best)
        return True

    def _bind(self, best: int) -> None:
        """Let nothing more be taken that is taken, or of the same author in the theme."""
        self.free[best] = False
        rows = self._row_list()
        mine = self.speakers[rows[best]]
        if mine.author is None:
            return
        for place, row in enumerate(rows):
            other = self.speakers[row]
            if (other.author, other.theme) == (mine.author, mine.theme):
                self.free[place] = False
