"""Choosing verbatim passages: which sentences best stand for the opinions of one cell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable
from functools import cached_property
from itertools import pairwise

from msgspec import Struct

from consult.core.text import fold, syllables
from consult.summaries.engine.sentences import sentences

# Lengths in characters: a passage is read at a glance, yet says something.
SHORTEST, LONGEST = 40, 360
# Two passages that share so much say the same thing.
_SAME = 0.6


class Opinion(Struct, frozen=True):
    """One point's words; ``author`` only tells authors apart and is shown nowhere."""

    point_id: int
    author: Hashable
    text: str


class Quotation(Struct, frozen=True):
    """The characters ``start`` to ``end`` of a point's text, which are ``text``."""

    point_id: int
    start: int
    end: int
    text: str

    @property
    def code(self) -> str:
        """The point's reference, as `Point.code`."""
        return f"YK-{self.point_id}"


class _Candidate(Struct, frozen=True, dict=True):
    quotation: Quotation
    author: Hashable

    @cached_property
    def bigrams(self) -> frozenset[tuple[str, str]]:
        words = [fold(word) for word in syllables(self.quotation.text)]
        return frozenset(pairwise(words))


def strongest(opinions: Iterable[Opinion], *, most: int = 2) -> list[Quotation]:
    """Return up to ``most`` passages that best stand for ``opinions``, the strongest first.

    A passage is one sentence or a few that follow one another, an exact substring of its
    text. It is strong when many other opinions use its pairs of syllables; ties go to the
    smaller point id. One author gives at most one passage, and a passage that repeats a
    chosen one gives way to the next. The order of ``opinions`` does not matter, and as long
    as one of them is not blank the answer is not empty.
    """
    ordered = sorted(opinions, key=lambda opinion: opinion.point_id)
    candidates = [
        _Candidate(quotation, opinion.author)
        for opinion in ordered
        for quotation in windows(opinion)
    ]
    users = _users(candidates)
    ranked = sorted(candidates, key=lambda candidate: _rank(candidate, users))
    chosen: list[_Candidate] = []
    for candidate in ranked:
        if len(chosen) == most:
            break
        if all(_differs(candidate, other) for other in chosen):
            chosen.append(candidate)
    return [candidate.quotation for candidate in chosen]


def windows(opinion: Opinion) -> list[Quotation]:
    """Return the passages that ``opinion`` offers: each sentence, grown to a readable length.

    A text without any sentence of a fit length offers itself, cut at a word.
    """
    spans = sentences(opinion.text)
    fit: list[tuple[int, int]] = []
    for index, (start, end) in enumerate(spans):
        for _start, following in spans[index + 1 :]:
            if end - start >= SHORTEST or "\n" in opinion.text[end:following]:
                break
            end = following
        if SHORTEST <= end - start <= LONGEST:
            fit.append((start, end))
    if not fit and opinion.text.strip():
        start = spans[0][0] if spans else len(opinion.text) - len(opinion.text.lstrip())
        fit = [_cut(opinion.text, start, len(opinion.text.rstrip()))]
    return [
        Quotation(opinion.point_id, start, end, opinion.text[start:end])
        for start, end in dict.fromkeys(fit)
    ]


def find_exact(text: str, pasted: str) -> tuple[int, int] | None:
    """Return where ``pasted`` stands in ``text``, or None.

    What is copied from a page has lost Markdown's marks and line ends, so those are passed
    over; every letter, digit and sign of punctuation must agree.
    """
    wanted = "".join(char for char in pasted if not _passed_over(char))
    positions = [index for index, char in enumerate(text) if not _passed_over(char)]
    if not wanted:
        return None
    at = "".join(text[index] for index in positions).find(wanted)
    if at < 0:
        return None
    return positions[at], positions[at + len(wanted) - 1] + 1


def _passed_over(char: str) -> bool:
    return char.isspace() or char in "*_`~#>"


def _cut(text: str, start: int, end: int) -> tuple[int, int]:
    if end - start <= LONGEST:
        return start, end
    at = max(text.rfind(mark, start + SHORTEST, start + LONGEST) for mark in (", ", "; ", ": "))
    if at < 0:
        at = max(text.rfind(mark, start + 1, start + LONGEST) for mark in (" ", "\n"))
    return start, at if at > start else start + LONGEST


def _users(candidates: list[_Candidate]) -> Counter[tuple[str, str]]:
    """Return how many authors use each pair of syllables."""
    of_author: dict[Hashable, set[tuple[str, str]]] = {}
    for candidate in candidates:
        of_author.setdefault(candidate.author, set()).update(candidate.bigrams)
    return Counter(pair for pairs in of_author.values() for pair in pairs)


def _rank(candidate: _Candidate, users: Counter[tuple[str, str]]) -> tuple[float, int, int, int]:
    shared = sum(users[pair] - 1 for pair in candidate.bigrams)
    # Below a dozen pairs a mean says little: short sentences must not win by chance.
    score = shared / max(len(candidate.bigrams), 12)
    length = candidate.quotation.end - candidate.quotation.start
    return -score, -min(length, 160), candidate.quotation.point_id, candidate.quotation.start


def _differs(candidate: _Candidate, other: _Candidate) -> bool:
    if candidate.author == other.author:
        return False
    smaller = min(len(candidate.bigrams), len(other.bigrams))
    return len(candidate.bigrams & other.bigrams) < _SAME * max(smaller, 1)
