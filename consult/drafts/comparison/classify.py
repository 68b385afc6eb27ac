"""Names what became of each unit once it is known which became which."""

from __future__ import annotations

from collections import Counter

from consult.drafts.comparison.forest import Node, label, same_wording
from consult.drafts.comparison.mapping import Matching
from consult.drafts.comparison.model import Change, Kind
from consult.drafts.comparison.order import reading_order
from consult.drafts.comparison.sequences import increasing
from consult.drafts.comparison.tokens import folded, is_syllable, tokens


def classify(matching: Matching) -> list[Change]:
    """Return the changes in reading order; the document and its parts are left out."""
    moved = _moved(matching)
    changes: list[Change] = []
    for old, new in reading_order(matching, moved):
        if new is None and old is not None:
            changes.append(Change("deleted", True, (matching.old.nodes[old].key,), (), 0.0))
        elif old is None and new is not None:
            changes.append(Change("added", True, (), (matching.new.nodes[new].key,), 0.0))
        elif old is not None and new is not None:
            changes.append(_kept(matching, old, new, moved))
    return changes


def _kept(matching: Matching, old: int, new: int, moved: set[int]) -> Change:
    """Return what became of a unit that was kept, alone or with pieces of it."""
    sources = [matching.old.nodes[at] for at in matching.merges.get(new, [old])]
    targets = [matching.new.nodes[at] for at in matching.splits.get(old, [new])]
    if len(sources) == len(targets) == 1:
        rewritten = not same_wording(sources[0], targets[0])
    else:
        # The pieces' numbers may have stood among the words of the whole, or have come new.
        wordings = (_syllables(sources), _syllables(sources, numbered=True))
        others = (_syllables(targets), _syllables(targets, numbered=True))
        rewritten = not any(words in others for words in wordings)
    kind: Kind = "changed" if rewritten else "unchanged"
    if len(targets) > 1:
        kind = "split"
    elif len(sources) > 1:
        kind = "merged"
    elif old in moved:
        kind = "moved"
    elif matching.old.label(old) != matching.new.label(new):
        kind = "renumbered"
    return Change(
        kind,
        rewritten,
        tuple(node.key for node in sources),
        tuple(node.key for node in targets),
        _similarity(matching, sources, targets) if rewritten else 1.0,
        old in matching.doubtful,
    )


def _syllables(nodes: list[Node], *, numbered: bool = False) -> list[str]:
    """Return the words of neighbours, with the numbers of all but the first if ``numbered``."""
    words = list(nodes[0].syllables)
    for node in nodes[1:]:
        if numbered:
            before = tokens(label(node.kind, node.number))
            words += [folded(token) for token in before if is_syllable(token)]
        words += node.syllables
    return words


def _similarity(matching: Matching, sources: list[Node], targets: list[Node]) -> float:
    """Return the share of common syllables in the wordings, 0 to 1, below 1 for unequal ones."""
    mine = Counter(_syllables(sources, numbered=True))
    theirs = Counter(_syllables(targets, numbered=True))
    both = mine.total() + theirs.total()
    shared = 2 * (mine & theirs).total() / both if both else 1.0
    return min(round(shared, 3), 0.999)


def _moved(matching: Matching) -> set[int]:
    """Return the old nodes that changed their parent or their place among kept siblings."""
    moved: set[int] = set()
    families: dict[int, list[int]] = {}
    for old, new in matching.to_new.items():
        if matching.old.nodes[old].unit is None:
            continue
        home = _home(matching, old, new)
        if home is None:
            moved.add(old)
        else:
            families.setdefault(home, []).append(old)
    for members in families.values():
        members.sort()
        kept = increasing([matching.to_new[old] for old in members])
        moved.update(set(members) - {members[at] for at in kept})
    return moved


def _home(matching: Matching, old: int, new: int) -> int | None:
    """Return the new node under which the pair stayed, or None when it went elsewhere.

    Levels that were put in or taken out between are passed over, on one side only.
    """
    mine, theirs = matching.old.nodes[old].parent, matching.new.nodes[new].parent
    skipped = [0, 0]
    while not _images(matching, mine):
        mine, skipped[0] = matching.old.nodes[mine].parent, skipped[0] + 1
    while not _sources(matching, theirs):
        theirs, skipped[1] = matching.new.nodes[theirs].parent, skipped[1] + 1
    if all(skipped) or theirs not in _images(matching, mine):
        return None
    return theirs


def _images(matching: Matching, old: int) -> list[int]:
    """Return the new nodes that an old one became."""
    new = matching.to_new.get(old)
    if new is not None:
        return matching.splits.get(old, [new])
    return [matching.whole_of_old[old]] if old in matching.whole_of_old else []


def _sources(matching: Matching, new: int) -> list[int]:
    """Return the old nodes that a new one came from."""
    old = matching.to_old.get(new)
    if old is not None:
        return matching.merges.get(new, [old])
    return [matching.whole_of_new[new]] if new in matching.whole_of_new else []
