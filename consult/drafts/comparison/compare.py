"""The comparison from its entrance: match, find what was split or merged, name each change."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from consult.drafts.comparison.classify import classify
from consult.drafts.comparison.forest import Forest, label
from consult.drafts.comparison.matching import match
from consult.drafts.comparison.model import Change, Comparable, Comparison, Segment
from consult.drafts.comparison.moves import mark_moves
from consult.drafts.comparison.splits import find_splits_and_mergers
from consult.drafts.comparison.wording import plain_diff


def compare(
    old: Sequence[Comparable],
    new: Sequence[Comparable],
    *,
    same: Iterable[tuple[str, str]] = (),
) -> Comparison:
    """Return what became of each provision of ``old`` in ``new``.

    Both are in reading order, each provision after its parent, keys unique in a version.
    ``same`` are the keys of pairs, old and new, that a person says are one provision.
    """
    before, after = Forest(old), Forest(new)
    return Comparison(tuple(classify(match(before, after, find_splits_and_mergers, same))))


def wording(unit: Comparable) -> str:
    """Return a provision's wording as differences show it: title, then text on a new line."""
    return "\n".join(part for part in (unit.title, unit.text) if part)


def _joined(units: Sequence[Comparable]) -> str:
    rest = (f"{label(unit.kind, unit.number)} {wording(unit)}".strip() for unit in units[1:])
    return "\n".join([*map(wording, units[:1]), *rest])


def word_diffs(
    old: Iterable[Comparable], new: Iterable[Comparable], changes: Sequence[Change]
) -> list[list[Segment]]:
    """Return for each change the difference between its old and its new wording.

    The wordings of several provisions are joined by line feeds, with the numbers of all but the
    first as they stood between them in the document. Text that moved from one of the
    changes to another is marked as well as inside one.
    """
    before = {unit.key: unit for unit in old}
    after = {unit.key: unit for unit in new}
    found: list[list[Segment]] = []
    for change in changes:
        sources = [before[key] for key in change.old]
        targets = [after[key] for key in change.new]
        titles = (len(sources[0].title), len(targets[0].title)) if sources and targets else (0, 0)
        found.append(
            plain_diff(
                _joined(sources),
                _joined(targets),
                titles=titles,
            )
        )
    return mark_moves(found)
