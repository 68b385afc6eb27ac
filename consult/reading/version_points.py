"""Points near a change: on what stands below its provisions, and on what these stand in.

Who wrote on a clause wrote on its article too, and who wrote on the article may have meant any
clause of it; so both are named beside the points on the provision itself, apart from them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

from msgspec import Struct
from sqlalchemy import func, select

from consult.core.db import db
from consult.drafts.change_queries import MappedChange, ShownChange
from consult.reading.version_trees import Tree, lineage
from consult.submissions.models import Point
from consult.submissions.queries import standing


class PointsAt(Struct, frozen=True):
    """How many standing points of a round are on one provision of the earlier version."""

    round_id: int
    key: str
    citation: str
    count: int


class Near(Struct, frozen=True):
    """Points on what is below the provisions of a change, and on what they stand in.

    Each in the draft's order, none of what is unchanged. Of an added provision, ``above`` are
    those on what it was added to.
    """

    below: tuple[PointsAt, ...] = ()
    above: tuple[PointsAt, ...] = ()


def points_near(
    shown: Sequence[ShownChange],
    changes: Iterable[MappedChange],
    trees: tuple[Tree, Tree],
    round_ids: Collection[int],
) -> list[Near]:
    """Return the points near each of ``shown``, of the rounds whose points the reader may see.

    ``changes`` are all changes between the two versions, ``trees`` those of the earlier and the
    later one. One query.
    """
    counts = _counts(round_ids) if shown and round_ids else {}
    if not counts:
        return [Near() for _ in shown]
    old, new = trees
    places = _Places(old, counts)
    sources: defaultdict[str, list[int]] = defaultdict(list)
    by_key = {node.key: id_ for id_, node in old.items()}
    for change in changes:
        for key in change.new:
            sources[key] += [by_key[k] for k in change.old if k in by_key]
    found: list[Near] = []
    for one in shown:
        if one.change.kind == "unchanged":
            found.append(Near())
            continue
        own = {line.id for line in one.old}
        holders = own or {id_ for line in one.new for id_ in _added_to(line.id, new, sources)}
        above = {above for id_ in holders for above in lineage(id_, old)} - own
        below = {below for id_ in own for below in places.below[id_]} - own
        found.append(Near(places.at(below), places.at(above)))
    return found


class _Places:
    """The provisions with points: below which provisions they stand, how many points they have."""

    def __init__(self, tree: Tree, counts: dict[int, list[tuple[int, int]]]) -> None:
        self._tree, self._counts = tree, counts
        self._order = {id_: place for place, id_ in enumerate(tree)}
        self.below: defaultdict[int, list[int]] = defaultdict(list)
        for id_ in counts:
            for above in lineage(id_, tree):
                self.below[above].append(id_)

    def at(self, ids: Iterable[int]) -> tuple[PointsAt, ...]:
        """Return the points on those of the provisions that have some, in the draft's order."""
        return tuple(
            PointsAt(round_id, self._tree[id_].key, self._tree[id_].citation, count)
            for id_ in sorted((i for i in ids if i in self._counts), key=self._order.__getitem__)
            for round_id, count in self._counts[id_]
        )


def _counts(round_ids: Collection[int]) -> dict[int, list[tuple[int, int]]]:
    """Return each provision's rounds with the numbers of standing points; one query."""
    rows = db.session.execute(
        select(Point.provision_id, Point.consultation_id, func.count())
        .where(Point.consultation_id.in_(round_ids), Point.provision_id.is_not(None), *standing())
        .group_by(Point.provision_id, Point.consultation_id)
        .order_by(Point.consultation_id)
    )
    found: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    for provision_id, round_id, count in rows:
        found[provision_id or 0].append((round_id, count))
    return dict(found)


def _added_to(id_: int, new: Tree, sources: dict[str, list[int]]) -> list[int]:
    """Return the earlier provisions that became the nearest one above an added one."""
    for above in lineage(id_, new):
        found = sources.get(new[above].key)
        if found:
            return found
    return []
