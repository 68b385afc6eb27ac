"""Reading what changed between two versions, and how a provision reads in a later one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from functools import cache
from itertools import groupby
from typing import Any, NamedTuple

from msgspec import Struct
from sqlalchemy import ColumnElement, Exists, Select, and_, bindparam, or_, select
from sqlalchemy.orm import aliased, contains_eager

from consult.core.db import db
from consult.drafts.models import DraftVersion, Provision, ProvisionChange, VersionComparison
from consult.drafts.queries import ProvisionLine

# A page's change names a provision or two; for more keys than these all are read.
_MOST_KEYS = 500


class ChangeRow(NamedTuple):
    """A pair of provisions, or one without a counterpart, as stored."""

    ordinal: int
    kind: str
    wording_changed: bool
    old_key: str | None
    new_key: str | None
    similarity: float
    doubtful: bool
    decided_by: int | None
    decided_at: datetime | None
    reason: str


_ROW = tuple(getattr(ProvisionChange, name) for name in ChangeRow._fields)


class MappedChange(Struct, frozen=True):
    """What became of provisions: the rows of one split or merger, or a single row."""

    rows: tuple[ChangeRow, ...]

    @property
    def first(self) -> ChangeRow:
        """The row that carries the identity on."""
        return self.rows[0]

    @property
    def anchor(self) -> str:
        """Its place on a page that shows it; a later provision can have a deleted one's key."""
        new, old = self.first.new_key, self.first.old_key
        return f"c-{new}" if new else f"c-old-{old}"

    @property
    def kind(self) -> str:
        """One of `drafts.comparison.KINDS`."""
        return self.first.kind

    @property
    def wording_changed(self) -> bool:
        """Whether the words differ too."""
        return any(row.wording_changed for row in self.rows)

    @property
    def old(self) -> tuple[str, ...]:
        """The old provisions' keys in reading order; none for added ones."""
        return tuple(dict.fromkeys(row.old_key for row in self.rows if row.old_key))

    @property
    def new(self) -> tuple[str, ...]:
        """The new provisions' keys in reading order; none for deleted ones."""
        return tuple(dict.fromkeys(row.new_key for row in self.rows if row.new_key))

    @property
    def doubtful(self) -> bool:
        """Whether the mapping waits for a person's decision."""
        return any(row.doubtful and row.decided_at is None for row in self.rows)

    @property
    def decided(self) -> bool:
        """Whether a person decided on the mapping."""
        return any(row.decided_at is not None for row in self.rows)

    @property
    def lacks_reason(self) -> bool:
        """Whether the comparison table has no words for why this was changed.

        A new number alone needs none.
        """
        same = self.kind == "unchanged" or (self.kind == "renumbered" and not self.wording_changed)
        return not same and not self.reason

    @property
    def reason(self) -> str:
        """The agency's reason for the change, empty when none is written."""
        return next((row.reason for row in self.rows if row.reason), "")


def compared(old_id: int, new_id: int) -> VersionComparison | None:
    """Return the record that the two versions were compared, with both, or None; one query."""
    before, after = aliased(DraftVersion), aliased(DraftVersion)
    return db.session.scalars(
        select(VersionComparison)
        .join(VersionComparison.old_version.of_type(before))
        .join(VersionComparison.new_version.of_type(after))
        .options(
            contains_eager(VersionComparison.old_version.of_type(before)).lazyload("*"),
            contains_eager(VersionComparison.new_version.of_type(after)).lazyload("*"),
        )
        .where(
            VersionComparison.old_version_id == old_id, VersionComparison.new_version_id == new_id
        )
    ).first()


def comparisons_of(version_id: int) -> dict[int, int]:
    """Return the ids of the version's comparisons by the earlier version's id; one query."""
    rows = db.session.execute(
        select(VersionComparison.old_version_id, VersionComparison.id).where(
            VersionComparison.new_version_id == version_id
        )
    )
    return dict(rows.all())


def changes(comparison_id: int) -> list[MappedChange]:
    """Return the changes in reading order, without texts; one query."""
    return _changes(ProvisionChange.comparison_id == comparison_id)


def changes_between(old_id: int, new_id: int) -> list[MappedChange]:
    """Return the changes from one version to another, none before they are compared; one query."""
    record = select(VersionComparison.id).where(
        VersionComparison.old_version_id == old_id, VersionComparison.new_version_id == new_id
    )
    return _changes(ProvisionChange.comparison_id == record.scalar_subquery())


def _changes(condition: ColumnElement[bool]) -> list[MappedChange]:
    rows = db.session.execute(select(*_ROW).where(condition).order_by(ProvisionChange.ordinal))
    return grouped(ChangeRow._make(row) for row in rows)


def grouped(rows: Iterable[ChangeRow]) -> list[MappedChange]:
    """Return the rows as changes: neighbouring rows of one split or merger belong together."""
    return [MappedChange(tuple(same)) for _, same in groupby(rows, key=_identity)]


def _identity(row: ChangeRow) -> tuple[str, str | int | None]:
    if row.kind == "split":
        return row.kind, row.old_key
    return row.kind, row.new_key if row.kind == "merged" else row.ordinal


class ShownChange(Struct, frozen=True):
    """A change with the provisions on both sides."""

    change: MappedChange
    old: tuple[ProvisionLine, ...]
    new: tuple[ProvisionLine, ...]


def with_texts(old_id: int, new_id: int, changes: Sequence[MappedChange]) -> list[ShownChange]:
    """Return the changes between two versions with their provisions; one query.

    A provision that is no longer there, because the tree was corrected since, is left out.
    """
    wanted = (
        (old_id, [k for c in changes for k in c.old]),
        (new_id, [k for c in changes for k in c.new]),
    )
    columns = [getattr(Provision, name) for name in ProvisionLine._fields]
    rows = db.session.execute(
        select(Provision.version_id, *columns)
        .where(or_(*(_keyed(version_id, keys) for version_id, keys in wanted)))
        .order_by(Provision.ordinal)
    )
    found: dict[tuple[int, str], ProvisionLine] = {}
    for version_id, *values in rows:
        line = ProvisionLine._make(values)
        found[version_id, line.key] = line
    return [
        ShownChange(
            change,
            tuple(found[old_id, key] for key in change.old if (old_id, key) in found),
            tuple(found[new_id, key] for key in change.new if (new_id, key) in found),
        )
        for change in changes
    ]


def _keyed(version_id: int, keys: Collection[str]) -> Any:
    of_version = Provision.version_id == version_id
    return of_version if len(keys) > _MOST_KEYS else and_(of_version, Provision.key.in_(keys))


class ShownComparison(Struct, frozen=True):
    """Two versions and all changes between them, with texts."""

    comparison: VersionComparison
    changes: list[ShownChange]


def comparison(old_id: int, new_id: int) -> ShownComparison | None:
    """Return the whole comparison, or None while there is none; three queries."""
    record = compared(old_id, new_id)
    if record is None:
        return None
    return ShownComparison(record, with_texts(old_id, new_id, changes(record.id)))


# --- how a provision reads now ------------------------------------------------------------------


class LaterWording(NamedTuple):
    """What became of a provision in the newest later version that was shown to others.

    ``key``, ``citation``, ``title`` and ``text`` are None when it was deleted. A split gives
    several for one provision. ``doubtful`` mappings are not confirmed by a person.
    """

    provision_id: int
    version_id: int
    version_number: int
    kind: str
    wording_changed: bool
    doubtful: bool
    reason: str
    key: str | None
    citation: str | None
    title: str | None
    text: str | None

    @property
    def changed(self) -> bool:
        """Whether the words are no longer those of the old provision."""
        return self.wording_changed or self.kind in CHANGED


# Kinds of changes after which the provision's words are others, whatever became of its place.
CHANGED = frozenset({"changed", "split", "merged", "deleted"})


def later_wording(provision_ids: Collection[int]) -> dict[int, list[LaterWording]]:
    """Return what became of each provision that a later public version knows of; one query.

    A provision that no later version that was shown to others maps is not among the keys.
    """
    if not provision_ids:
        return {}
    found: dict[int, list[LaterWording]] = {}
    for row in db.session.execute(_later_wordings(), {"ids": list(provision_ids)}):
        wording = LaterWording._make(row)
        found.setdefault(wording.provision_id, []).append(wording)
    return found


@cache
def _later_wordings() -> Select[*tuple[Any, ...]]:
    later, after = aliased(DraftVersion), aliased(Provision)
    columns: tuple[Any, ...] = (
        Provision.id,
        later.id,
        later.number,
        ProvisionChange.kind,
        ProvisionChange.wording_changed,
        ProvisionChange.doubtful & ProvisionChange.decided_at.is_(None),
        ProvisionChange.reason,
        after.key,
        after.citation,
        after.title,
        after.text,
    )
    return (
        select(*columns)
        .join(VersionComparison, VersionComparison.old_version_id == Provision.version_id)
        .join(later, later.id == VersionComparison.new_version_id)
        .join(
            ProvisionChange,
            and_(
                ProvisionChange.comparison_id == VersionComparison.id,
                ProvisionChange.old_key == Provision.key,
            ),
        )
        .outerjoin(after, and_(after.version_id == later.id, after.key == ProvisionChange.new_key))
        .where(
            Provision.id.in_(bindparam("ids", expanding=True)),
            later.frozen_at.is_not(None),
            ~_compared_with_newer(later.number),
        )
        .order_by(ProvisionChange.ordinal)
    )


def _compared_with_newer(number: Any) -> Exists:
    """Whether the old version was compared with a public one newer than that ``number``."""
    other, newer = aliased(VersionComparison), aliased(DraftVersion)
    return (
        select(other.id)
        .join(newer, newer.id == other.new_version_id)
        .where(
            other.old_version_id == VersionComparison.old_version_id,
            newer.frozen_at.is_not(None),
            newer.number > number,
        )
        .exists()
    )
