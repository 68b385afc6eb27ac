"""A person's decisions applied to the mapping of two versions' provisions; pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

from msgspec import Struct

from consult.drafts.change_queries import ChangeRow, grouped
from consult.drafts.comparison import Change, Unit, diff, wording

# Kinds of provisions that have a place, but no number of their own.
_UNNUMBERED: Final = frozenset({"bullet", "paragraph", "table", "quote"})


class Decision(Struct, frozen=True):
    """What a person said: these two are one provision, or the one has no counterpart."""

    old: str | None
    new: str | None
    by: int | None
    at: datetime


def rows_of(changes: Iterable[Change]) -> list[ChangeRow]:
    """Return the engine's changes as rows, a row for each pair of a split or merger."""
    found: list[ChangeRow] = []
    for change in changes:
        for old in change.old or (None,):
            for new in change.new or (None,):
                found.append(
                    ChangeRow(
                        len(found),
                        change.kind,
                        change.wording_changed,
                        old,
                        new,
                        change.similarity,
                        change.doubtful,
                        None,
                        None,
                        "",
                    )
                )
    return found


class Sides:
    """The provisions of both versions by key, and what a pair of them amounts to."""

    def __init__(self, old: Sequence[Unit], new: Sequence[Unit]) -> None:
        self.old = {unit.key: unit for unit in old}
        self.new = {unit.key: unit for unit in new}

    def knows(self, decision: Decision) -> bool:
        """Whether the provisions that the decision names are there."""
        return (decision.old is None or decision.old in self.old) and (
            decision.new is None or decision.new in self.new
        )

    def pair(
        self, row: ChangeRow, old: str, new: str, parents: Mapping[str, set[str]]
    ) -> ChangeRow:
        """Return ``row`` as the pair of these two, its kind, wording and likeness judged anew.

        ``parents`` says to which new provisions each old one is mapped.
        """
        before, after = self.old[old], self.new[new]
        segments = diff(
            wording(before), wording(after), titles=(len(before.title), len(after.title))
        )
        changed = any(s.op != "equal" and not s.minor for s in segments)
        same = sum(len(s.text) for s in segments if s.op == "equal")
        whole = len(wording(before)) + len(wording(after))
        kind = "changed" if changed else "unchanged"
        if not _keeps_parent(before, after, parents):
            kind = "moved"
        elif _label(before) != _label(after):
            kind = "renumbered"
        return row._replace(
            kind=kind,
            wording_changed=changed,
            old_key=old,
            new_key=new,
            similarity=round(2 * same / whole, 3) if whole else 1.0,
            doubtful=False,
        )


def _label(unit: Unit) -> tuple[str, str]:
    return (unit.kind, "" if unit.kind in _UNNUMBERED else unit.number.casefold())


def _keeps_parent(before: Unit, after: Unit, parents: Mapping[str, set[str]]) -> bool:
    if before.parent is None or after.parent is None:
        return before.parent == after.parent
    return after.parent in parents.get(before.parent, set())


def decide(rows: Sequence[ChangeRow], decision: Decision, sides: Sides) -> list[ChangeRow]:
    """Return the rows as the decision wants them, its rows marked with who and when.

    Provisions that lose their counterpart become deleted or added ones at the same place.
    """
    old, new = decision.old, decision.new
    if not any((row.old_key, row.new_key) == (old, new) for row in rows):
        if old is not None:
            rows = _set_apart(rows, "old_key", old, sides)
        if new is not None:
            rows = _set_apart(rows, "new_key", new, sides)
        if old is not None and new is not None:
            rows = _joined(rows, old, new, sides)
    return _marked(rows, decision, doubtful=False)


def _marked(rows: Iterable[ChangeRow], decision: Decision, *, doubtful: bool) -> list[ChangeRow]:
    marks = {"decided_by": decision.by, "decided_at": decision.at, "doubtful": doubtful}
    return [
        row._replace(**marks) if (row.old_key, row.new_key) == (decision.old, decision.new) else row
        for row in rows
    ]


def _joined(rows: Sequence[ChangeRow], old: str, new: str, sides: Sides) -> list[ChangeRow]:
    """Return the rows with two provisions that stand alone made a pair, at the new one's place."""
    [gone] = [row for row in rows if row.old_key == old]
    targets = _targets(rows)
    found: list[ChangeRow] = []
    for row in rows:
        if row.new_key == new:
            found.append(
                sides.pair(row._replace(reason=gone.reason or row.reason), old, new, targets)
            )
        elif row is not gone:
            found.append(row)
    return found


def _set_apart(rows: Sequence[ChangeRow], side: str, key: str, sides: Sides) -> list[ChangeRow]:
    """Return the rows with the provision ``key`` of that side in a row of its own."""
    targets = _targets(rows)
    found: list[ChangeRow] = []
    for change in grouped(rows):
        leaving = [row for row in change.rows if getattr(row, side) == key]
        staying = [row for row in change.rows if getattr(row, side) != key]
        if not leaving:
            found += change.rows
            continue
        found.append(_single(leaving[0], side))
        other = "new_key" if side == "old_key" else "old_key"
        still = {getattr(row, other) for row in staying}
        found += [
            _single(row, other)
            for row in leaving
            if getattr(row, other) is not None and getattr(row, other) not in still
        ]
        if len(staying) == 1 and staying[0].old_key and staying[0].new_key:
            [last] = staying
            staying = [sides.pair(last, last.old_key or "", last.new_key or "", targets)]
        found += staying
    return found


def _single(row: ChangeRow, side: str) -> ChangeRow:
    """Return the row with only its provision of that side, which has no counterpart."""
    alone = side == "old_key"
    return row._replace(
        kind="deleted" if alone else "added",
        wording_changed=True,
        old_key=row.old_key if alone else None,
        new_key=None if alone else row.new_key,
        similarity=0.0,
        doubtful=False,
        decided_by=None,
        decided_at=None,
    )


def _targets(rows: Iterable[ChangeRow]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for row in rows:
        if row.old_key and row.new_key:
            found.setdefault(row.old_key, set()).add(row.new_key)
    return found


def carried_over(
    rows: Sequence[ChangeRow], earlier: Iterable[ChangeRow], sides: Sides
) -> list[ChangeRow]:
    """Return the engine's rows with the decisions and reasons of an earlier comparison.

    A confirmation and a reason stay when the engine still makes the pair; what a person made
    of provisions otherwise stays when they are still there.
    """
    earlier = list(earlier)
    for row in earlier:
        if row.decided_at is None:
            continue
        decision = Decision(row.old_key, row.new_key, row.decided_by, row.decided_at)
        if row.doubtful:
            rows = _marked(rows, decision, doubtful=True)
        elif sides.knows(decision):
            rows = decide(rows, decision, sides)
    reasons = {(row.old_key, row.new_key): row.reason for row in earlier if row.reason}
    return [
        row._replace(reason=reasons.get((row.old_key, row.new_key), row.reason)) for row in rows
    ]
