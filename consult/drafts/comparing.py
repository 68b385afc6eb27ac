"""Comparing a version with those that were shown before it, and keeping what was found."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from sqlalchemy import delete, select

from consult.core import clock
from consult.core.db import db, insert_ignore, insert_rows
from consult.drafts import change_queries, queries, version_queries
from consult.drafts.change_queries import ChangeRow
from consult.drafts.comparison import Change, Unit, compare
from consult.drafts.decisions import Sides, carried_over, rows_of
from consult.drafts.models import ProvisionChange, VersionComparison
from consult.drafts.version_queries import COMPARE
from consult.jobs.services import enqueue


class Compared(Struct, frozen=True):
    """What the engine found between an earlier version and the one in question."""

    old_version_id: int
    changes: tuple[Change, ...]


def units(version_id: int) -> list[Unit]:
    """Return the version's provisions as the engine wants them; one query."""
    lines = queries.provisions(version_id)
    keys = {line.id: line.key for line in lines}
    return [
        Unit(
            line.key,
            line.part,
            line.kind,
            line.number,
            line.title,
            line.text,
            keys.get(line.parent_id or 0),
        )
        for line in lines
    ]


def compare_with_earlier(version_id: int) -> list[Compared]:
    """Compare the version with each earlier one that was shown to others; reads only.

    Takes seconds for a long law. Empty when the version is no longer there.
    """
    version = queries.version(version_id)
    earlier = version_queries.earlier_public(version) if version is not None else []
    if not earlier:
        return []
    new, known = units(version_id), change_queries.comparisons_of(version_id)
    return [
        Compared(old.id, compare(units(old.id), new, same=_decided(known.get(old.id))).changes)
        for old in earlier
    ]


def _decided(comparison_id: int | None) -> list[tuple[str, str]]:
    """Return the pairs that a person confirmed or chose."""
    return [
        (row.old_key, row.new_key)
        for row in (rows(comparison_id) if comparison_id is not None else [])
        if row.decided_at is not None and row.old_key and row.new_key
    ]


def keep_comparisons(version_id: int, found: Sequence[Compared]) -> None:
    """Replace what is stored of the version's comparisons by what the engine found.

    Decisions and reasons stay as far as their provisions are still there. Bears repetition.
    Once the version is published, a comparison that is there stays as people have seen it.
    Enqueues ``drafts.compare`` once more when the tree was corrected since the engine read it.
    """
    version = queries.version(version_id)
    published = version is not None and version.published_at is not None
    seen = change_queries.comparisons_of(version_id) if published else {}
    for one in found:
        if one.old_version_id in seen:
            continue
        comparison_id = _comparison_id(one.old_version_id, version_id)
        locked(comparison_id)
        sides = Sides(units(one.old_version_id), units(version_id))
        if {key for change in one.changes for key in change.new} != sides.new.keys():
            enqueue(COMPARE, {"version_id": version_id})
            continue
        kept = carried_over(rows_of(one.changes), rows(comparison_id), sides)
        store(comparison_id, kept)


def _comparison_id(old_id: int, new_id: int) -> int:
    """Return the id of the comparison's row, made when there is none; its instant is now."""
    values = {"old_version_id": old_id, "new_version_id": new_id, "computed_at": clock.now()}
    insert_ignore(VersionComparison, values, "old_version_id", "new_version_id")
    found = db.session.scalars(
        select(VersionComparison).where(
            VersionComparison.old_version_id == old_id, VersionComparison.new_version_id == new_id
        )
    ).one()
    found.computed_at = clock.now()
    return found.id


def locked(comparison_id: int) -> None:
    """Let one writer at a time change the comparison."""
    db.session.execute(
        select(VersionComparison.id).where(VersionComparison.id == comparison_id).with_for_update()
    )


def rows(comparison_id: int) -> list[ChangeRow]:
    """Return the comparison's rows in order; one query."""
    return [row for change in change_queries.changes(comparison_id) for row in change.rows]


def store(comparison_id: int, rows: Sequence[ChangeRow]) -> None:
    """Replace the comparison's rows by these, numbered in their order."""
    db.session.execute(
        delete(ProvisionChange)
        .where(ProvisionChange.comparison_id == comparison_id)
        .execution_options(synchronize_session=False)
    )
    insert_rows(
        ProvisionChange,
        [
            {**row._asdict(), "ordinal": ordinal, "comparison_id": comparison_id}
            for ordinal, row in enumerate(rows, 1)
        ],
    )
