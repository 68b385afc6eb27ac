"""Corrections of a parsed tree by hand: pure operations on what the parser found.

A `Tree` is the parser's guess made changeable: units over one unchanging text. Operations
change where units begin and end, what they are and under which they stand, never the words.
They name units by the offset at which these begin, so that one correction can be undone while
later ones stand, and `replay` says which of them no longer applies. In every state the units'
extents are disjoint, in order and complete but for the unassigned remainder, and each unit's
parent is open where it stands (the list is the tree read from top to bottom).
"""

from __future__ import annotations

from collections.abc import Iterable

from consult.drafts.corrections.messages import REFUSALS, Refused
from consult.drafts.corrections.naming import document, named
from consult.drafts.corrections.operations import OPERATIONS, Correction, apply
from consult.drafts.corrections.tree import Tree, Unit
from consult.drafts.parsing import ParsedDocument

__all__ = [
    "OPERATIONS",
    "REFUSALS",
    "Conflict",
    "Correction",
    "Refused",
    "Tree",
    "Unit",
    "apply",
    "document",
    "named",
    "replay",
]


class Conflict(Exception):
    """A correction no longer applies, because one that it builds on is not among them.

    ``index`` is its place among the corrections given, ``reason`` the refusal.
    """

    def __init__(self, index: int, reason: Refused) -> None:
        super().__init__(index, reason)
        self.index = index
        self.reason = reason


def replay(guess: ParsedDocument, corrections: Iterable[Correction]) -> Tree:
    """Return the tree of ``guess`` after the corrections, in order. Raises Conflict."""
    tree = Tree.of(guess)
    tree.replaying = True
    for index, correction in enumerate(corrections):
        try:
            apply(tree, correction)
        except Refused as reason:
            raise Conflict(index, reason) from reason
    tree.replaying = False
    return tree
