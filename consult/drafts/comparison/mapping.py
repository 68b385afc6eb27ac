"""The mapping of one version's units to the other's, while it is being found."""

from __future__ import annotations

from dataclasses import dataclass, field

from consult.drafts.comparison.forest import Forest
from consult.drafts.comparison.likeness import Likeness

Scores = dict[tuple[int, int], float]
# Below this likeness a person should look.
SURE = 0.45


@dataclass(slots=True)
class Matching:
    """Which old node became which new one, and what was split or merged.

    ``splits`` names for an old node all new ones that hold its words, ``merges`` for a new node
    all old ones, in reading order; the pair in ``to_new`` is the one that carries the identity,
    the others are in ``whole_of_new`` and ``whole_of_old`` with the whole they are pieces of.
    ``given`` are the old nodes of the pairs that a person gave.
    """

    old: Forest
    new: Forest
    likeness: Likeness
    to_new: dict[int, int] = field(default_factory=dict[int, int])
    to_old: dict[int, int] = field(default_factory=dict[int, int])
    given: set[int] = field(default_factory=set[int])
    doubtful: set[int] = field(default_factory=set[int])
    scores: Scores = field(default_factory=Scores)
    chosen: dict[int, float] = field(default_factory=dict[int, float])
    splits: dict[int, list[int]] = field(default_factory=dict[int, list[int]])
    merges: dict[int, list[int]] = field(default_factory=dict[int, list[int]])
    whole_of_new: dict[int, int] = field(default_factory=dict[int, int])
    whole_of_old: dict[int, int] = field(default_factory=dict[int, int])

    def pair(self, old: int, new: int) -> None:
        """Say that ``old`` became ``new``."""
        self.to_new[old] = new
        self.to_old[new] = old

    def is_free(self, new: bool, at: int) -> bool:
        """Whether an old or new node has no counterpart and is no piece of one."""
        if new:
            return at not in self.to_old and at not in self.whole_of_new
        return at not in self.to_new and at not in self.whole_of_old

    def free_old(self) -> list[int]:
        """Return old nodes without counterpart, in reading order."""
        return [node.at for node in self.old.nodes if self.is_free(False, node.at)]

    def free_new(self) -> list[int]:
        """Return new nodes without counterpart, in reading order."""
        return [node.at for node in self.new.nodes if self.is_free(True, node.at)]

    def accept(self, old: int, new: int, scores: Scores) -> None:
        """Pair two units for their likeness, one of ``scores``."""
        self.pair(old, new)
        self.chosen[old] = scores[old, new]
