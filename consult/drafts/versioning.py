"""Writing versions: a person's decisions on what changed between them, their publication.

Decisions and reasons are given until the newer version is published, as revised or as final:
from then on people rely on the comparison, and nothing of it changes any more.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from msgspec import Struct
from sqlalchemy import select

from consult.core import audit, clock
from consult.core.db import db
from consult.drafts import change_queries, comparing, queries, services, version_queries
from consult.drafts.change_queries import ChangeRow
from consult.drafts.decisions import Decision, Sides, decide
from consult.drafts.models import Draft, DraftVersion, VersionComparison
from consult.drafts.version_queries import COMPARE, VersionState
from consult.jobs.services import enqueue


class NoSuchChange(Exception):
    """The comparison has no such pair, or the provision has a counterpart by now."""


class Settled(Exception):
    """The newer version is published; its comparisons stay as they were published."""


class NotPublishable(Exception):
    """``state`` says why: published already in this way, or a newer version exists."""

    def __init__(self, state: VersionState) -> None:
        super().__init__(state.value)
        self.state = state


# --- deciding ------------------------------------------------------------------------------------


class OnChange(Struct, frozen=True):
    """A change of the comparison, named by one of its pairs, and who decides on it.

    Whatever is done with it raises Settled once the newer version is published.
    """

    comparison: VersionComparison
    old: str | None
    new: str | None
    actor_id: int | None


def confirm(command: OnChange) -> None:
    """Say that a doubtful mapping is right, with all pairs of its split or merger.

    Writes the rows and an audit entry. Raises NoSuchChange.
    """
    rows = _rows_with(command)
    change = _change(rows, command)
    now = clock.now()
    marked = [
        row._replace(decided_by=command.actor_id, decided_at=now) if row in change else row
        for row in rows
    ]
    comparing.store(command.comparison.id, marked)
    _record(command, "mapping.confirmed")


def confirm_all(comparison: VersionComparison, at_least: float, *, actor_id: int | None) -> int:
    """Confirm every doubtful mapping of a similarity from ``at_least`` on; return how many.

    Writes the rows and an audit entry. Raises Settled.
    """
    _open(comparison)
    now, count = clock.now(), 0
    rows: list[ChangeRow] = []
    for change in change_queries.changes(comparison.id):
        sure = change.doubtful and change.first.similarity >= at_least
        count += sure
        rows += [
            row._replace(decided_by=actor_id, decided_at=now) if sure else row
            for row in change.rows
        ]
    if count:
        comparing.store(comparison.id, rows)
        _record(OnChange(comparison, None, None, actor_id), "mapping.confirmed_all", count=count)
    return count


def part(command: OnChange) -> None:
    """Say that the pair's two provisions are not the same: one is deleted, the other added.

    Writes the rows and an audit entry. Raises NoSuchChange.
    """
    rows = _rows_with(command)
    if command.old is None or command.new is None:
        raise NoSuchChange
    _change(rows, command)
    now = clock.now()
    sides = _sides(command.comparison)
    for old, new in ((command.old, None), (None, command.new)):
        rows = decide(rows, Decision(old, new, command.actor_id, now), sides)
    comparing.store(command.comparison.id, rows)
    _record(command, "mapping.parted")


def pair(command: OnChange) -> None:
    """Say that the two provisions are the same one, whatever they were mapped to before.

    Writes the rows and an audit entry; enqueues ``drafts.compare``, which looks at what stands
    below them. Raises NoSuchChange when one of them does not exist.
    """
    rows = _rows_with(command)
    decision = Decision(command.old, command.new, command.actor_id, clock.now())
    sides = _sides(command.comparison)
    if command.old is None or command.new is None or not sides.knows(decision):
        raise NoSuchChange
    comparing.store(command.comparison.id, decide(rows, decision, sides))
    _record(command, "mapping.chosen")
    _compare_again(command.comparison)


def undo(command: OnChange) -> None:
    """Take back the decision on the pair, with the other rows of the same decision.

    A confirmed mapping is doubtful again; for another the versions are compared anew. Writes
    the rows and an audit entry; may enqueue ``drafts.compare``. Raises NoSuchChange.
    """
    rows = _rows_with(command)
    change = _change(rows, command)
    [first, *_] = [row for row in change if row.decided_at is not None] or [None]
    if first is None:
        raise NoSuchChange
    taken = [row for row in change if row.doubtful]
    if not taken:
        decided = (first.decided_by, first.decided_at)
        taken = [
            row for row in rows if not row.doubtful and (row.decided_by, row.decided_at) == decided
        ]
        _compare_again(command.comparison)
    comparing.store(
        command.comparison.id,
        [row._replace(decided_by=None, decided_at=None) if row in taken else row for row in rows],
    )
    _record(command, "mapping.undone")


def give_reason(command: OnChange, reason: str) -> None:
    """Keep the agency's reason for the change, empty for none. Raises NoSuchChange."""
    rows = _rows_with(command)
    change = _change(rows, command)
    comparing.store(
        command.comparison.id,
        [
            row._replace(reason=reason if row is change[0] else "") if row in change else row
            for row in rows
        ],
    )


def _open(comparison: VersionComparison) -> None:
    """Hold publication and other writers back; raise Settled when it was published before."""
    version = comparison.new_version
    db.session.execute(select(Draft.id).where(Draft.id == version.draft_id).with_for_update())
    published = select(DraftVersion.published_at).where(DraftVersion.id == version.id)
    if db.session.scalar(published) is not None:
        raise Settled
    comparing.locked(comparison.id)


def _rows_with(command: OnChange) -> list[ChangeRow]:
    _open(command.comparison)
    return comparing.rows(command.comparison.id)


def _change(rows: Sequence[ChangeRow], command: OnChange) -> tuple[ChangeRow, ...]:
    """Return the rows of the change that has the command's pair."""
    for change in change_queries.grouped(rows):
        if any((row.old_key, row.new_key) == (command.old, command.new) for row in change.rows):
            return change.rows
    raise NoSuchChange


def _sides(comparison: VersionComparison) -> Sides:
    return Sides(
        comparing.units(comparison.old_version_id), comparing.units(comparison.new_version_id)
    )


def _compare_again(comparison: VersionComparison) -> None:
    enqueue(COMPARE, {"version_id": comparison.new_version_id})


def _record(command: OnChange, action: str, **details: int) -> None:
    version = command.comparison.new_version
    audit.record(
        action,
        actor_id=command.actor_id,
        subject=("draft", version.draft_id),
        details={
            "version": version.number,
            "compared_with": command.comparison.old_version.number,
            "old": command.old,
            "new": command.new,
            **details,
        },
    )


# --- publishing ----------------------------------------------------------------------------------


def publish(version: DraftVersion, *, final: bool, actor_id: int | None, at: datetime) -> None:
    """Make the version public ``at`` an instant (aware), as the draft's last one if ``final``.

    The only way to the states published and final. Writes the version, which is frozen, and an
    audit entry with the official's statement on state secrets. Raises NotPublishable.
    """
    newest = queries.newest(version.draft_id).number
    state = version_queries.state(version, newest)
    done: Collection[VersionState] = {VersionState.FINAL, VersionState.SUPERSEDED}
    if not final:
        done = {*done, VersionState.PUBLISHED}
    if state in done or version.number != newest:
        raise NotPublishable(state)
    services.freeze(version, at=at)
    version.published_at = version.published_at or at
    version.published_by = version.published_by or actor_id
    version.final_at = at if final else None
    audit.record(
        "version.final" if final else "version.published",
        actor_id=actor_id,
        subject=("draft", version.draft_id),
        details={"version": version.number, "no_state_secret": True},
    )
