"""Pairs what was left although its words alone do not tell it: by neighbours, place or chance."""

from __future__ import annotations

from collections import Counter

from consult.drafts.comparison.forest import Forest, Node
from consult.drafts.comparison.mapping import Matching
from consult.drafts.comparison.siblings import gaps, match_children, upright

# Fewer syllables than these may be the same words by chance.
_TELLING = 4
# At the same place with the same number, this share of common syllables is worth a question.
_ALIKE = 0.33


def match_remains(matching: Matching, inside: float) -> None:
    """Pair what neighbours or places speak for, then, as a guess, the same words left over.

    ``inside`` is the likeness that siblings need below what is paired here.
    """
    _beside(matching, -1)
    _beside(matching, 1)
    _at_the_same_place(matching)
    match_children(matching, inside)
    _left_over(matching)


def _beside(matching: Matching, step: int) -> None:
    """Pair equal words next to siblings that were kept: what goes along with its neighbour."""
    free = matching.free_old()
    for old in free if step < 0 else reversed(free):
        other = matching.to_new.get(_sibling(matching.old, old, step))
        new = _sibling(matching.new, other, -step) if other is not None else -1
        if new < 0 or not matching.is_free(True, new):
            continue
        mine, theirs = matching.old.nodes[old], matching.new.nodes[new]
        same = mine.plain == theirs.plain and mine.kind == theirs.kind
        if same and mine.plain and upright(matching, old, new):
            matching.pair(old, new)


def _sibling(forest: Forest, at: int, step: int) -> int:
    """Return the sibling ``step`` places on, or -1."""
    parent = forest.nodes[at].parent
    if parent < 0:
        return -1
    siblings = forest.nodes[parent].children
    place = siblings.index(at) + step
    return siblings[place] if 0 <= place < len(siblings) else -1


def _at_the_same_place(matching: Matching) -> None:
    """Pair units reworded beyond recognition that kept number and place; it remains a guess."""
    old, new = matching.old, matching.new
    for node in old.nodes:
        other = matching.to_new.get(node.at)
        if other is None or not node.children:
            continue
        for mine, theirs in gaps(matching, node.at, other):
            places = {new.label(b): b for b in reversed(theirs)}
            for a in mine:
                b = places.get(old.label(a))
                if b is None or not old.label(a)[1] or not matching.is_free(True, b):
                    continue
                if _common(old.nodes[a], new.nodes[b]) >= _ALIKE:
                    matching.pair(a, b)
                    matching.doubtful.add(a)


def _common(old: Node, new: Node) -> float:
    """Return the share of common syllables, 0 when there are too few to tell."""
    mine, theirs = Counter(old.syllables), Counter(new.syllables)
    if min(mine.total(), theirs.total()) < _TELLING:
        return 0.0
    return 2 * (mine & theirs).total() / (mine.total() + theirs.total())


def _left_over(matching: Matching) -> None:
    """Pair the same words left equally often on either side, in order; it remains a guess.

    Plans say the same in many places. In a law such words are a formula, or few; from a deleted
    article to a new one they tell nothing.
    """
    mine = matching.old.by_wording(matching.to_new | matching.whole_of_old)
    theirs = matching.new.by_wording(matching.to_old | matching.whole_of_new)
    for words, places in mine.items():
        others = theirs.get(words, [])
        if len(places) != len(others):
            continue
        for old, new in zip(places, others, strict=True):
            same = matching.old.nodes[old].kind == matching.new.nodes[new].kind
            if same and _worth_asking(matching, old, new) and upright(matching, old, new):
                matching.pair(old, new)
                matching.doubtful.add(old)


def _worth_asking(matching: Matching, old: int, new: int) -> bool:
    before, after = _article(matching.old, old), _article(matching.new, new)
    if before == after == 0:
        return True
    kept = before in matching.to_new or after in matching.to_old
    return kept and matching.likeness.single(old)


def _article(forest: Forest, at: int) -> int:
    """Return the article a unit is or stands in, 0 without one."""
    while at > 0 and forest.nodes[at].kind != "article":
        at = forest.nodes[at].parent
    return max(at, 0)
