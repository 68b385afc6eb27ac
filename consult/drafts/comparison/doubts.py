"""Marks the mappings that a person should confirm: little likeness, a rival, nothing in common."""

from __future__ import annotations

from collections import Counter

from consult.drafts.comparison.likeness import UNLIKE, Bag
from consult.drafts.comparison.mapping import SURE, Matching

# With a free rival so near in likeness, a person should look.
_RIVAL = 0.08
# The same title over contents less alike than this may be another provision's.
_HOLLOW = 0.3
# Versions of one draft have at least this share of the shorter one's words in common.
_STRANGERS = 0.2


def note_doubts(matching: Matching) -> None:
    """Fill ``matching.doubtful``; what a person gave is not doubted.

    Doubtful are pairs of little likeness, those with a rival as good that found no other, what
    only its place or its children speak for, headings of which nothing but the title stayed, and
    everything where the versions have next to nothing in common.
    """
    doubtful = matching.doubtful
    doubtful.update(old for old, new in matching.to_new.items() if _unlike(matching, old, new))
    doubtful.update(old for old, score in matching.chosen.items() if score < SURE)
    _note_rivals(matching)
    _note_hollow(matching)
    _note_followers(matching)
    if _strangers(matching):
        doubtful.update(matching.to_new)
    doubtful -= matching.given


def _note_rivals(matching: Matching) -> None:
    for (old, new), score in matching.scores.items():
        if matching.is_free(True, new):
            rivalled = old
        elif matching.is_free(False, old):
            rivalled = matching.to_old.get(new, -1)
        else:
            continue
        if score >= matching.chosen.get(rivalled, 9.0) - _RIVAL:
            matching.doubtful.add(rivalled)


def _unlike(matching: Matching, old: int, new: int) -> bool:
    """Whether a pair's own words, with those of all pieces, have next to nothing in common."""
    if matching.old.nodes[old].unit is None:
        return False
    likeness = matching.likeness
    mine: Bag = Counter()
    theirs: Bag = Counter()
    for at in matching.merges.get(new, [old]):
        mine.update(likeness.bag(False, at))
    for at in matching.splits.get(old, [new]):
        theirs.update(likeness.bag(True, at))
    return bool(mine and theirs) and likeness.dice(mine, theirs) < UNLIKE


def _note_hollow(matching: Matching) -> None:
    """Doubt headings that have no certain child in common and other words below."""
    likeness, old, new = matching.likeness, matching.old.nodes, matching.new.nodes
    for a in sorted(matching.to_new, reverse=True):
        b = matching.to_new[a]
        if old[a].unit is None or not (old[a].children and new[b].children):
            continue
        stayed = (
            c not in matching.doubtful and new[matching.to_new[c]].parent == b
            for c in old[a].children
            if c in matching.to_new
        )
        if not any(stayed):
            below = likeness.dice(likeness.deep(False, a), likeness.deep(True, b))
            if below < _HOLLOW:
                matching.doubtful.add(a)


def _note_followers(matching: Matching) -> None:
    """Doubt what only followed a doubtful parent: its own words would not tell it."""
    for old in sorted(matching.to_new):
        above, new = matching.old.nodes[old].parent, matching.to_new[old]
        if above not in matching.doubtful:
            continue
        follows = matching.to_new.get(above) == matching.new.nodes[new].parent
        if follows and not matching.likeness.telling(old, new):
            matching.doubtful.add(old)


def _strangers(matching: Matching) -> bool:
    """Whether hardly any of the shorter version's words stand in what is paired for certain."""
    likeness, old, new = matching.likeness, matching.old.nodes, matching.new.nodes
    kept = 0.0
    for a, b in matching.to_new.items():
        if a not in matching.doubtful:
            size = min(len(old[a].syllables), len(new[b].syllables))
            same = old[a].plain == new[b].plain
            kept += size if same else size * likeness.dice(*_bags(matching, a, b))
    return kept < _STRANGERS * min(old[0].size, new[0].size)


def _bags(matching: Matching, old: int, new: int) -> tuple[Bag, Bag]:
    return matching.likeness.bag(False, old), matching.likeness.bag(True, new)
