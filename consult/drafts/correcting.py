"""Correcting a version's tree by hand, undoing it, and rewriting its provisions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from msgspec import Struct
from sqlalchemy import delete, exists, select

from consult.core import audit, clock
from consult.core.db import Base, db
from consult.core.text import shorten
from consult.drafts import correction_queries, services
from consult.drafts.correction_queries import State
from consult.drafts.corrections import Conflict, Correction, Tree, Unit, apply, document, replay
from consult.drafts.models import (
    DraftVersion,
    ParsedGuess,
    Provision,
    ProvisionCorrection,
    VersionComparison,
)
from consult.drafts.parsing import ParsedDocument
from consult.drafts.services import Frozen
from consult.jobs.services import enqueue


class Stale(Exception):
    """Somebody corrected the tree since the person last saw it."""


class NotUndoable(Exception):
    """The correction does not stand any more, or stands already when it is to be done again."""


class Needed(Exception):
    """The correction ``ordinal`` builds on the one to be undone."""

    def __init__(self, ordinal: int) -> None:
        super().__init__(ordinal)
        self.ordinal = ordinal


class Correct(Struct, frozen=True):
    """A correction to make. ``seen`` is the step of the tree that the person looked at."""

    version_id: int
    correction: Correction
    actor_id: int | None
    seen: int


class Revert(Struct, frozen=True):
    """A correction, named by its ordinal, to undo or to do again; ``seen`` as in `Correct`."""

    version_id: int
    ordinal: int
    actor_id: int | None
    seen: int


class Done(Struct, frozen=True):
    """What came of it: the correction's ordinal, and the key of the provision to look at."""

    ordinal: int
    key: str


def correct(command: Correct) -> Done:
    """Make the correction and rewrite the version's provisions.

    Writes the correction, the provisions, warnings and remainder of the version and an audit
    entry; enqueues ``drafts.compare`` when the version has been compared. Raises Frozen, Stale,
    corrections.Refused.
    """
    state = _open(command.version_id, command.seen)
    tree = replay(state.guess, state.standing())
    words = _words(tree, command.correction)
    unit = apply(tree, command.correction)
    params = {**command.correction.params, **words}
    return _append(state, tree, unit, command.correction.operation, params, command.actor_id)


def undo(command: Revert) -> Done:
    """Undo the correction while later ones stand, and rewrite the version's provisions.

    Writes as `correct` does. Raises Frozen, Stale, NotUndoable, and Needed when a later
    correction builds on this one.
    """
    state = _open(command.version_id, command.seen)
    row = state.row(command.ordinal)
    if row is None or row.undone_at is not None:
        raise NotUndoable
    rest = [other for other in state.rows if other.undone_at is None and other is not row]
    try:
        tree = replay(state.guess, [correction_queries.correction(other) for other in rest])
    except Conflict as conflict:
        raise Needed(rest[conflict.index].ordinal) from conflict
    row.undone_at = clock.now()
    key = _rewrite(state, tree, None, _where(row))
    _record("draft.correction_undone", state, row.ordinal, command.actor_id)
    return Done(row.ordinal, key)


def redo(command: Revert) -> Done:
    """Make an undone correction once more, as a new one after those that stand.

    Writes and raises as `correct` does; NotUndoable when it stands.
    """
    state = _open(command.version_id, command.seen)
    row = state.row(command.ordinal)
    if row is None or row.undone_at is None:
        raise NotUndoable
    tree = replay(state.guess, state.standing())
    unit = apply(tree, correction_queries.correction(row))
    return _append(state, tree, unit, row.operation, row.params, command.actor_id)


def _open(version_id: int, seen: int) -> State:
    """Return the state to change; the version stays locked until the end."""
    version = db.session.scalars(
        select(DraftVersion)
        .where(DraftVersion.id == version_id)
        .with_for_update(of=DraftVersion)
        .execution_options(populate_existing=True)
    ).one()
    state = correction_queries.state(version)
    if version.frozen_at is not None or _in_use(version_id):
        raise Frozen
    if state.step != seen:
        raise Stale
    return state


def _in_use(version_id: int) -> bool:
    """Whether a row of another table (a point, a summary) refers to one of the provisions."""
    own = select(Provision.id).where(Provision.version_id == version_id)
    columns = [
        key.parent
        for table in Base.metadata.tables.values()
        for key in table.foreign_keys
        if table.name != Provision.__tablename__ and key.target_fullname == "provisions.id"
    ]
    return any(db.session.scalar(select(exists().where(c.in_(own)))) for c in columns)


def _words(tree: Tree, correction: Correction) -> dict[str, str]:
    """Return the first words of the place corrected, for the history."""
    params = correction.params
    if correction.operation == "attach":  # its heading
        return {"words": shorten(tree.text[params["at"] :].partition("\n")[0], 60)}
    if "at" in params:
        return {"words": correction_queries.excerpt(tree.text, params["at"])}
    return {"words": tree.label(tree.find(params["unit"]))}


def _append(
    state: State, tree: Tree, unit: Unit, operation: str, params: Mapping[str, Any],
    actor_id: int | None,
) -> Done:  # fmt: skip
    if state.derived:
        guess = services.guess(state.guess)
        db.session.add(ParsedGuess(version_id=state.version.id, document=guess))
    ordinal = len(state.rows) + 1
    db.session.add(
        ProvisionCorrection(
            version_id=state.version.id,
            ordinal=ordinal,
            operation=operation,
            params=dict(params),
            actor_id=actor_id,
            at=clock.now(),
        )
    )
    key = _rewrite(state, tree, unit, unit.start)
    _record("draft.corrected", state, ordinal, actor_id)
    return Done(ordinal, key)


def _rewrite(state: State, tree: Tree, unit: Unit | None, offset: int) -> str:
    """Replace the version's provisions by those of ``tree``; return the key of the place."""
    version = state.version
    made = document(tree) if tree.corrected else state.guess
    db.session.execute(
        delete(Provision)
        .where(Provision.version_id == version.id)
        .execution_options(synchronize_session=False)
    )
    services.insert_provisions(version.id, made.provisions)
    version.parts = [asdict(part) for part in made.parts]
    version.warnings = [services.warning_row(warning) for warning in made.warnings]
    version.remainder = made.remainder
    db.session.flush()
    compared = select(VersionComparison.id).where(VersionComparison.new_version_id == version.id)
    if db.session.scalar(compared.limit(1)) is not None:
        enqueue("drafts.compare", {"version_id": version.id})
    return _key(tree, made, unit, offset)


def _key(tree: Tree, made: ParsedDocument, unit: Unit | None, offset: int) -> str:
    if unit is not None:
        return made.provisions[tree.units.index(unit)].key
    before = [p.key for p in made.provisions if p.start <= offset]
    return before[-1] if before else made.provisions[0].key


def _where(row: ProvisionCorrection) -> int:
    params = row.params
    return int(params["at"]) if "at" in params else int(str(params["unit"]).rstrip("-"))


def _record(action: str, state: State, ordinal: int, actor_id: int | None) -> None:
    version = state.version
    audit.record(
        action,
        actor_id=actor_id,
        subject=("draft", version.draft_id),
        details={"version": version.number, "correction": ordinal},
    )
