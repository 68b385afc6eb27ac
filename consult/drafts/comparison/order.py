"""The order of changes: the new version's, with deleted units grafted in at their old place."""

from __future__ import annotations

from consult.drafts.comparison.mapping import Matching

Step = tuple[int | None, int | None]
# What a deleted unit is grafted to: ("after", new node), ("under", new node) or, below a deleted
# parent, ("deleted", old node).
_Graft = tuple[str, int]


def reading_order(matching: Matching, moved: set[int]) -> list[Step]:
    """Return (old, new) of every unit in reading order, None where there is no counterpart.

    Pieces of a split or merged unit come with their first. A deleted unit stands after the unit
    before it among its siblings, below what its parent became.
    """
    new = matching.new.nodes
    grafts = _grafts(matching, moved)
    firsts = {pieces[0]: whole for whole, pieces in matching.splits.items()}
    others = {piece for pieces in matching.splits.values() for piece in pieces[1:]}
    found: list[Step] = []
    stack: list[tuple[str, int]] = [("new", 0)]
    while stack:
        what, at = stack.pop()
        if what == "deleted":
            found.append((at, None))
        elif what == "new":
            if at in firsts:
                found.append((firsts[at], matching.to_new[firsts[at]]))
            elif new[at].unit is not None and at not in others:
                found.append((matching.to_old.get(at), at))
            for child in reversed(new[at].children):
                stack += [("after", child), ("new", child)]
            what = "under"
        stack += [("deleted", gone) for gone in reversed(grafts.get((what, at), []))]
    return found


def _grafts(matching: Matching, moved: set[int]) -> dict[_Graft, list[int]]:
    """Return the deleted units by where they are shown, in reading order."""
    old, new = matching.old.nodes, matching.new.nodes
    free = {at for at in matching.free_old() if old[at].unit is not None}
    grafts: dict[_Graft, list[int]] = {}
    for node in old:
        image = matching.to_new.get(node.at, matching.whole_of_old.get(node.at))
        if image is not None:
            place = ("under", image)
        else:
            place = ("deleted", node.at) if node.unit else ("under", 0)
        for child in node.children:
            if child in free:
                grafts.setdefault(place, []).append(child)
            elif image is not None and child not in moved:
                other = matching.to_new.get(child)
                if other is not None and new[other].parent == image:
                    place = ("after", other)
    return grafts
