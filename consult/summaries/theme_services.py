"""What staff do with proposed themes and repetitions: rename, merge, move, refuse, undo."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from msgspec import Struct
from sqlalchemy import select, update

from consult.consultations.queries import locked
from consult.core import audit, clock
from consult.core.db import db
from consult.submissions.models import code_of
from consult.summaries import decision_services, theme_queries
from consult.summaries.decision_services import Decide
from consult.summaries.theme_models import Repetition, Theme, ThemeChange, ThemePoint


class NotInThisRound(Exception):
    """A theme or point is not of this round, or not on the same provision as the theme."""


class NothingToUndo(Exception):
    """The change is not the newest one of the present themes, or was undone."""


class Rename(Struct, frozen=True):
    """Call the theme ``name``."""

    consultation_id: int
    theme_id: int
    name: str
    actor_id: int | None


def rename(command: Rename) -> None:
    """Keep the name; the theme's points stay in it from now on. Raises NotInThisRound.

    Like every change here it writes an entry by which it can be undone, and an audit entry.
    """
    locked(command.consultation_id)
    theme = _theme(command.consultation_id, command.theme_id)
    before = {"names": [[theme.id, theme.name]], "undecided": _decide([theme.id]), "places": []}
    theme.name = command.name
    _record("rename", theme, command, before)


class Merge(Struct, frozen=True):
    """Put all points of the theme into another one of the same provision."""

    consultation_id: int
    theme_id: int
    into_id: int
    actor_id: int | None


def merge(command: Merge) -> None:
    """Join the themes; raises NotInThisRound."""
    locked(command.consultation_id)
    theme = _theme(command.consultation_id, command.theme_id)
    into = _theme(command.consultation_id, command.into_id)
    if theme.provision_id != into.provision_id or theme.id == into.id:
        raise NotInThisRound
    undecided = _decide([theme.id, into.id])
    members = list(
        db.session.scalars(select(ThemePoint.point_id).where(ThemePoint.theme_id == theme.id))
    )
    _move(members, into.id)
    places = [[point_id, theme.id] for point_id in members]
    _record("merge", into, command, {"names": [], "undecided": undecided, "places": places})


class Move(Struct, frozen=True):
    """Put points into a theme of their provision, or, without one, into a new one of that name."""

    consultation_id: int
    point_ids: frozenset[int]
    actor_id: int | None
    into_id: int | None = None
    name: str = ""


def move(command: Move) -> Theme:
    """Move the points and return their theme; raises NotInThisRound. Where they were stays."""
    locked(command.consultation_id)
    members = theme_queries.places(command.consultation_id, command.point_ids)
    on = {member.point.provision_id for member in members}
    if len(members) != len(command.point_ids) or len(on) != 1:
        raise NotInThisRound
    if command.into_id is None:
        into = Theme(
            consultation_id=command.consultation_id, provision_id=on.pop(), name=command.name
        )
        db.session.add(into)
        db.session.flush()
    else:
        into = _theme(command.consultation_id, command.into_id)
        if {into.provision_id} != on:
            raise NotInThisRound
    left = {member.theme_id for member in members if member.theme_id is not None}
    places = [[member.point_id, member.theme_id] for member in members]
    undecided = _decide([*left, into.id])
    undecided += [m.point_id for m in members if m.theme_id is None and not m.decided]
    _move([member.point_id for member in members], into.id)
    before = {"names": [], "undecided": undecided, "places": places}
    _record("move" if command.into_id else "split", into, command, before)
    return into


def _theme(consultation_id: int, theme_id: int) -> Theme:
    theme = theme_queries.theme(consultation_id, theme_id)
    if theme is None:
        raise NotInThisRound
    return theme


def _decide(theme_ids: Collection[int]) -> list[int]:
    """Let the themes' points stay there; return those of which that is new."""
    there = ThemePoint.theme_id.in_(theme_ids), ~ThemePoint.decided
    fresh = list(db.session.scalars(select(ThemePoint.point_id).where(*there)))
    db.session.execute(
        update(ThemePoint)
        .where(*there)
        .values(decided=True)
        .execution_options(synchronize_session=False)
    )
    return fresh


def _move(point_ids: Iterable[int], theme_id: int | None) -> None:
    db.session.execute(
        update(ThemePoint)
        .where(ThemePoint.point_id.in_(list(point_ids)))
        .values(theme_id=theme_id, decided=True)
        .execution_options(synchronize_session=False)
    )


def _record(
    kind: str, theme: Theme, command: Rename | Merge | Move, before: dict[str, Any]
) -> None:
    build = theme_queries.newest_build(command.consultation_id)
    assert build is not None  # there are no themes before
    db.session.add(
        ThemeChange(
            build_id=build.id,
            kind=kind,
            theme=theme.name or theme.label,
            made_by=command.actor_id,
            made_at=clock.now(),
            before=before,
        )
    )
    db.session.flush()
    db.session.expire_all()
    _audit(f"theme.{kind}", command.consultation_id, command.actor_id, theme=theme.name)


def undo(consultation_id: int, change_id: int, *, actor_id: int | None) -> None:
    """Undo the newest change of the present themes; raises NothingToUndo for any other."""
    locked(consultation_id)
    changes = [row for row in theme_queries.changes(consultation_id) if row.undone_at is None]
    if not changes or changes[0].id != change_id:
        raise NothingToUndo
    change = changes[0]
    by_theme: dict[int | None, list[int]] = {}
    for point_id, theme_id in change.before["places"]:
        by_theme.setdefault(theme_id, []).append(point_id)
    for theme_id, point_ids in by_theme.items():
        _move(point_ids, theme_id)
    db.session.execute(
        update(ThemePoint)
        .where(ThemePoint.point_id.in_(change.before["undecided"]))
        .values(decided=False)
        .execution_options(synchronize_session=False)
    )
    for theme_id, name in change.before["names"]:
        db.session.get_one(Theme, theme_id).name = name
    change.undone_at = clock.now()
    db.session.flush()
    db.session.expire_all()
    _audit("theme.undone", consultation_id, actor_id, theme=change.theme)


def _audit(action: str, consultation_id: int, actor_id: int | None, **details: str) -> None:
    audit.record(action, actor_id=actor_id, subject=("round", consultation_id), details=details)


# --- repetitions ---------------------------------------------------------------------------------


def confirm(
    consultation_id: int, leader_id: int, point_ids: Collection[int], *, actor_id: int | None
) -> list[int]:
    """Count the proposed points as duplicates of their leader; return which were.

    Raises what `decision_services.decide` raises. Writes decisions, an audit entry.
    """
    locked(consultation_id)
    chosen = frozenset(
        row.point_id
        for row in theme_queries.repetitions_of(consultation_id, [leader_id])
        if row.point_id in point_ids and row.refused_at is None
    )
    if chosen:
        decision_services.decide(Decide(consultation_id, chosen, actor_id, leader_id))
    return sorted(chosen)


def refuse(
    consultation_id: int,
    leader_id: int,
    point_ids: Collection[int],
    *,
    actor_id: int | None,
    undo: bool = False,
) -> list[int]:
    """Say that the points do not repeat the leader (or take that back); return which changed.

    It is kept when themes are built anew. Writes repetitions, an audit entry.
    """
    locked(consultation_id)
    rows: list[Repetition] = [
        row
        for row in theme_queries.repetitions_of(consultation_id, [leader_id])
        if row.point_id in point_ids and (row.refused_at is not None) is undo
    ]
    for row in rows:
        row.refused_at = None if undo else clock.now()
        row.refused_by = None if undo else actor_id
    db.session.flush()
    changed = sorted(row.point_id for row in rows)
    if changed:
        _audit(
            "repetition.unrefused" if undo else "repetition.refused",
            consultation_id,
            actor_id,
            codes=", ".join(map(code_of, changed)),
        )
    return changed
