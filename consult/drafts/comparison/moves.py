"""Recognises text that was deleted in one place and inserted in another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from consult.drafts.comparison.model import Op, Segment
from consult.drafts.comparison.tokens import folded, is_syllable, tokens

# Fewer syllables than these are found again by chance.
SHORTEST = 6
_Gram = tuple[str, ...]


@dataclass(slots=True)
class _Run:
    """An edited segment: its tokens, and its syllables with the tokens they are."""

    text: int
    segment: int
    tokens: list[str]
    places: list[int]
    syllables: list[str]


def mark_moves(diffs: Sequence[list[Segment]]) -> list[list[Segment]]:
    """Return the differences with the runs marked that moved within one or from one to another.

    A run of at least SHORTEST syllables that was deleted once and inserted once gets a number in
    ``move`` on both sides; segments are cut so that exactly the run is marked.
    """
    deleted, inserted = list(_runs(diffs, "deleted")), list(_runs(diffs, "inserted"))
    where: dict[_Gram, tuple[int, int] | None] = {}
    for number, run in enumerate(inserted):
        for at, gram in _grams(run):
            where[gram] = None if gram in where else (number, at)
    cuts: dict[tuple[int, int], list[tuple[int, int, int]]] = {}
    taken: set[tuple[int, int]] = set()
    count = 0
    for run in deleted:
        at = 0
        while at + SHORTEST <= len(run.syllables):
            found = where.get(tuple(run.syllables[at : at + SHORTEST]))
            if not found or found in taken:
                at += 1
                continue
            other = inserted[found[0]]
            length = _extent(run, at, other, found[1])
            spots = {(found[0], found[1] + step) for step in range(length)}
            if spots & taken:
                at += 1
                continue
            taken |= spots
            count += 1
            for side, start in ((run, at), (other, found[1])):
                first, last = side.places[start], side.places[start + length - 1]
                if first and side.tokens[first - 1].isspace():
                    first -= 1
                cuts.setdefault((side.text, side.segment), []).append((first, last + 1, count))
            at += length
    return [_cut(segments, number, cuts) for number, segments in enumerate(diffs)]


def _runs(diffs: Sequence[list[Segment]], op: Op) -> Iterator[_Run]:
    for number, segments in enumerate(diffs):
        for at, segment in enumerate(segments):
            if segment.op == op and not segment.minor and segment.text.count(" ") + 2 > SHORTEST:
                parts = tokens(segment.text)
                places = [place for place, token in enumerate(parts) if is_syllable(token)]
                if len(places) >= SHORTEST:
                    yield _Run(number, at, parts, places, [folded(parts[p]) for p in places])


def _grams(run: _Run) -> Iterator[tuple[int, _Gram]]:
    for at in range(len(run.syllables) - SHORTEST + 1):
        yield at, tuple(run.syllables[at : at + SHORTEST])


def _extent(run: _Run, at: int, other: _Run, there: int) -> int:
    length = SHORTEST
    limit = min(len(run.syllables) - at, len(other.syllables) - there)
    while length < limit and run.syllables[at + length] == other.syllables[there + length]:
        length += 1
    return length


def _cut(
    segments: list[Segment], number: int, cuts: dict[tuple[int, int], list[tuple[int, int, int]]]
) -> list[Segment]:
    done: list[Segment] = []
    for at, segment in enumerate(segments):
        here = sorted(cuts.get((number, at), []))
        if not here:
            done.append(segment)
            continue
        parts, position = tokens(segment.text), 0
        for first, last, move in here:
            done.append(Segment(segment.op, "".join(parts[position:first])))
            done.append(Segment(segment.op, "".join(parts[first:last]), move=move))
            position = last
        done.append(Segment(segment.op, "".join(parts[position:])))
    return [segment for segment in done if segment.text]
