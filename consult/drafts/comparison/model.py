"""What a comparison takes and gives: units, changes, segments of text."""

from __future__ import annotations

from collections import Counter
from typing import Any, Final, Literal, Protocol

from msgspec import Struct

Kind = Literal["unchanged", "changed", "moved", "renumbered", "split", "merged", "added", "deleted"]
KINDS: Final[tuple[Kind, ...]] = (
    "unchanged", "changed", "moved", "renumbered", "split", "merged", "added", "deleted",
)  # fmt: skip
Op = Literal["equal", "deleted", "inserted"]


class Comparable(Protocol):
    """A provision as a comparison sees it; ``parent`` is the parent's key or None."""

    @property
    def key(self) -> str: ...
    @property
    def part(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def number(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def parent(self) -> str | None: ...


class Unit(Struct, frozen=True):
    """A provision without its parser, for callers whose provisions come from the database."""

    key: str
    part: str
    kind: str
    number: str
    title: str
    text: str
    parent: str | None


class Change(Struct, frozen=True):
    """What became of provisions: old and new keys, in reading order.

    ``old`` is empty for added ones, ``new`` for deleted ones; a split has several in ``new``, a
    merger several in ``old``.
    """

    kind: Kind
    wording_changed: bool
    old: tuple[str, ...]
    new: tuple[str, ...]
    similarity: float
    doubtful: bool = False

    def to_json(self) -> dict[str, Any]:
        """Return the change as JSON-ready values."""
        return {
            "kind": self.kind,
            "wording_changed": self.wording_changed,
            "old": list(self.old),
            "new": list(self.new),
            "similarity": self.similarity,
            "doubtful": self.doubtful,
        }


class Comparison(Struct, frozen=True):
    """The changes in the new version's reading order, deleted ones at their old place.

    Every provision of either version is in exactly one change.
    """

    changes: tuple[Change, ...]

    @property
    def counts(self) -> dict[str, int]:
        """How many changes of each kind there are; every kind is named."""
        found = Counter(change.kind for change in self.changes)
        return {kind: found[kind] for kind in KINDS}

    def to_json(self) -> dict[str, Any]:
        """Return the comparison as JSON-ready values."""
        return {"counts": self.counts, "changes": [change.to_json() for change in self.changes]}


class Segment(Struct, frozen=True):
    """A run of text in a word-level difference.

    The texts of equal and deleted segments make up the old wording, those of equal and inserted
    ones the new, to the letter. ``minor`` marks a deleted or inserted run that differs from its
    counterpart in what does not count as wording (white space, tone mark's place …): to be shown
    as plain text, once. ``move`` is a number shared by a deleted run and the inserted run, here
    or in another provision, to which its words went.
    """

    op: Op
    text: str
    minor: bool = False
    move: int | None = None
