"""Finds for each old unit the new one that carries it on: certain pairs first, likely ones last.

Equal subtrees and equal wordings that occur once are certain. Headings follow their children,
children are looked for under the counterpart of their parent in the same order, and what is
left is looked for anywhere by rare shared words. Each step only compares few candidates, so that
time grows with the length of the texts and not with its square.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

from consult.drafts.comparison.doubts import note_doubts
from consult.drafts.comparison.forest import Forest
from consult.drafts.comparison.likeness import UNLIKE, Likeness
from consult.drafts.comparison.mapping import Matching, Scores
from consult.drafts.comparison.remains import match_remains
from consult.drafts.comparison.siblings import best_first, match_children

# Fewer syllables than these may be the same words by chance.
_TELLING = 4
# Under a title with other words, at least half of what is below must have stayed.
_MOST = 0.5
# Repeated or short wordings are only looked for inside what became of one of these.
_HOMES = frozenset({"article", "roman"})
# Likeness that a mapping needs at least: under the same parent and anywhere, first and last.
_STRICT_INSIDE, _STRICT_ANYWHERE = 0.5, 0.6
_LOOSE_INSIDE, _LOOSE_ANYWHERE = 0.25, 0.42


def match(
    old: Forest,
    new: Forest,
    structure: Callable[[Matching], None],
    same: Iterable[tuple[str, str]] = (),
) -> Matching:
    """Return the mapping of ``old`` to ``new``, with the pairs of keys in ``same`` as given.

    ``structure`` looks for splits and mergers once the likely pairs are known, and again at the
    end; what it finds is no longer looked for.
    """
    matching = Matching(old, new, Likeness(old, new))
    matching.pair(0, 0)
    _given(matching, same)
    _main_parts(matching)
    _equal_subtrees(matching)
    _equal_wordings(matching)
    _follow(matching, _STRICT_INSIDE, _STRICT_ANYWHERE)
    structure(matching)
    _follow(matching, _LOOSE_INSIDE, _LOOSE_ANYWHERE)
    structure(matching)
    match_remains(matching, _LOOSE_INSIDE)
    note_doubts(matching)
    return matching


def _given(matching: Matching, same: Iterable[tuple[str, str]]) -> None:
    """Pair what a person says is the same, as far as it is there, each unit once."""
    mine, theirs = ({n.key: n.at for n in f.nodes if n.unit} for f in (matching.old, matching.new))
    for before, after in same:
        old, new = mine.get(before), theirs.get(after)
        if old is None or new is None:
            continue
        if old not in matching.to_new and new not in matching.to_old:
            matching.pair(old, new)
            matching.given.add(old)


def _main_parts(matching: Matching) -> None:
    """Pair the first parts: a document's own text comes before what is attached to it."""
    mine, theirs = matching.old.nodes[0].children, matching.new.nodes[0].children
    if mine and theirs:
        matching.pair(mine[0], theirs[0])


def _follow(matching: Matching, inside: float, anywhere: float) -> None:
    """Match headings by children, children under their parents, the rest anywhere; repeat."""
    for _ in range(4):
        before = len(matching.to_new)
        _headings(matching)
        match_children(matching, inside)
        _anywhere(matching, anywhere)
        if len(matching.to_new) == before:
            return


def _equal_subtrees(matching: Matching) -> None:
    counts = [Counter(node.deep for node in f.nodes) for f in (matching.old, matching.new)]
    there = {
        node.deep: node.at for node in matching.new.nodes if node.unit and counts[1][node.deep] == 1
    }
    for node in matching.old.nodes:
        if node.at in matching.to_new or node.size < _TELLING or counts[0][node.deep] > 1:
            continue
        other = there.get(node.deep)
        if other is None or other in matching.to_old or not node.unit:
            continue
        below = matching.old.subtree(node.at)
        # A tree of nothing but repeated wordings may have become equal to another by chance.
        single = len(below) > 1 and any(map(matching.likeness.single, below))
        if single or matching.likeness.telling(node.at, other):
            for a, b in zip(below, matching.new.subtree(other), strict=True):
                if a not in matching.to_new and b not in matching.to_old:
                    matching.pair(a, b)


def _equal_wordings(matching: Matching) -> None:
    """Pair what has the same words, if those stand once in each version."""
    mine, theirs = (
        matching.old.by_wording(matching.to_new),
        matching.new.by_wording(matching.to_old),
    )
    for words, places in mine.items():
        others = theirs.get(words, [])
        if len(places) == len(others) == 1 and matching.likeness.tells(False, places[0]):
            matching.pair(places[0], others[0])


def _headings(matching: Matching) -> None:
    """Pair headings whose children went to each other, the lowest first."""
    old, new = matching.old, matching.new
    votes: dict[int, Counter[int]] = {}
    for node in reversed(old.nodes):
        if not matching.is_free(False, node.at) or not node.children:
            continue
        ballot = votes.setdefault(node.at, Counter())
        for child in node.children:
            other = matching.to_new.get(child)
            if other is not None:
                parent = new.nodes[other].parent
                if matching.is_free(True, parent) and new.nodes[parent].kind == node.kind:
                    ballot[parent] += old.nodes[child].size + 1
        if not ballot:
            continue
        # Levels of headings are settled from below, so that this one's parent can follow it.
        best = max(ballot, key=lambda b: _heading_score(matching, node.at, b, ballot[b]))
        if _heading_score(matching, node.at, best, ballot[best]) >= 0.3:
            rival = _claimant(matching, best, node.at)
            if rival is None:
                matching.pair(node.at, best)


def _heading_score(matching: Matching, a: int, b: int, mass: int) -> float:
    mine, theirs = matching.old.nodes[a], matching.new.nodes[b]
    shared = 2 * mass / (mine.size + theirs.size + 1)
    own = matching.likeness.dice(matching.likeness.bag(False, a), matching.likeness.bag(True, b))
    same = matching.old.label(a) == matching.new.label(b)
    if own < UNLIKE and shared < _MOST:
        return 0.0
    return shared + 0.3 * own + 0.1 * same


def _claimant(matching: Matching, b: int, a: int) -> int | None:
    """Return another free old heading that has a better claim on the new heading ``b``."""
    old = matching.old
    claims: Counter[int] = Counter()
    for child in matching.new.nodes[b].children:
        source = matching.to_old.get(child)
        if source is not None:
            parent = old.nodes[source].parent
            if matching.is_free(False, parent) and old.nodes[parent].kind == old.nodes[a].kind:
                claims[parent] += old.nodes[source].size + 1
    best = max(claims, key=lambda c: _heading_score(matching, c, b, claims[c]), default=a)
    return None if best == a else best


def _anywhere(matching: Matching, least: float) -> None:
    """Pair what is left wherever it stands, by rare shared words."""
    likeness, old, new = matching.likeness, matching.old.nodes, matching.new.nodes
    mine = [at for at in matching.free_old() if len(old[at].syllables) >= _TELLING]
    theirs = [at for at in matching.free_new() if len(new[at].syllables) >= _TELLING]
    found: Scores = {}
    for i, others in likeness.near(mine, theirs).items():
        for j in others:
            score = likeness.between(i, j)
            if score >= least and (_at_home(matching, i, j) or likeness.telling(i, j)):
                found[i, j] = score + 0.05 * _same_parent(matching, i, j)
    matching.scores.update(found)
    best_first(matching, found)
    # In another article a likeness that would do in its own is only a guess.
    for i, j in found:
        far = matching.to_new.get(i) == j and not _at_home(matching, i, j)
        if far and matching.chosen.get(i, 1.0) < _STRICT_ANYWHERE:
            matching.doubtful.add(i)


def _at_home(matching: Matching, a: int, b: int) -> bool:
    """Whether both stand in the same article, or in the same part of a plan."""
    above, there = matching.old.nodes[a].parent, matching.new.nodes[b].parent
    while above > 0 and matching.old.nodes[above].kind not in _HOMES:
        above = matching.old.nodes[above].parent
    while there > 0 and matching.new.nodes[there].kind not in _HOMES:
        there = matching.new.nodes[there].parent
    return above > 0 and matching.to_new.get(above) == there


def _same_parent(matching: Matching, a: int, b: int) -> bool:
    parent = matching.to_new.get(matching.old.nodes[a].parent)
    return parent == matching.new.nodes[b].parent
