"""What two people saved at once: whose words are kept, and where a person has to choose."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from msgspec import Struct, field


def mark(words: str) -> str:
    """Return what stands for ``words`` in a page, by which it is known whether they changed.

    Line ends count as one, as browsers rewrite them.
    """
    return hashlib.sha256(words.replace("\r\n", "\n").strip().encode()).hexdigest()[:16]


class Merged(Struct, frozen=True):
    """The words of each field after merging.

    ``conflicts`` has, by field, what a colleague saved where both wrote; ``words`` then holds
    what was typed.
    """

    words: dict[str, str] = field(default_factory=dict[str, str])
    conflicts: dict[str, str] = field(default_factory=dict[str, str])


def merge(stored: Mapping[str, str], typed: Mapping[str, str], seen: Mapping[str, str]) -> Merged:
    """Return what to keep of ``typed``, by field, over what is ``stored`` by now.

    ``seen`` has the marks of the words that the page began with; a field without one is taken
    as typed. What only one of the two changed is kept as that one wrote it.
    """
    merged = Merged()
    for name, words in typed.items():
        theirs, began = stored.get(name, ""), seen.get(name)
        merged.words[name] = words
        if began is None or mark(theirs) in (began, mark(words)):
            continue
        if mark(words) == began:
            merged.words[name] = theirs
        else:
            merged.conflicts[name] = theirs
    return merged


def merge_ticks(
    stored: frozenset[int], typed: frozenset[int], seen: frozenset[int]
) -> frozenset[int]:
    """Return the ticks after merging: what was ticked or unticked here changes, no other."""
    return (stored | (typed - seen)) - (seen - typed)


_NARRATIVE = "narrative-"


def field_of(provision_id: int | None) -> str:
    """Return the field in which the words on a provision (None: the whole draft) are written."""
    return f"{_NARRATIVE}{provision_id or 0}"


def provision_of(name: str) -> int | None:
    """Return the provision of a field that `field_of` named."""
    return int(name.removeprefix(_NARRATIVE)) or None


def is_narrative(name: str) -> bool:
    """Return whether `field_of` named the field."""
    return name.startswith(_NARRATIVE)
