"""Writing organisations: names that hold from one day to another, parents, successors."""

from __future__ import annotations

from datetime import date

from msgspec import Struct
from msgspec.structs import asdict
from sqlalchemy import select

from consult.core import audit
from consult.core.db import db
from consult.core.text import squeeze
from consult.people.models import ORGANISATION_KINDS, Organisation


class DatesReversed(Exception):
    """The last day lies before the first."""


class NameTaken(Exception):
    """Another organisation of that kind bears the same name on a common day."""


class GoesInCircles(Exception):
    """The organisation would stand above itself, or would follow itself.

    ``relation`` is "parent" or "successor".
    """

    def __init__(self, relation: str) -> None:
        super().__init__(relation)
        self.relation = relation


class StillInForce(Exception):
    """A successor was named for a name that has no last day."""


class SaveOrganisation(Struct, frozen=True):
    """Everything that is known of an organisation; both dates are inclusive, None is open."""

    name: str
    short_name: str
    kind: str
    parent_id: int | None = None
    document_symbol: str = ""
    place: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    successor_id: int | None = None


def add_organisation(command: SaveOrganisation, *, actor_id: int | None) -> Organisation:
    """Add an organisation and return it, flushed.

    Raises as `change_organisation` does. Writes the row and an audit entry.
    """
    _check(command, None)
    row = Organisation(**_tidy(command))
    db.session.add(row)
    db.session.flush()
    audit.record("organisation.added", actor_id=actor_id, subject=("organisation", row.id))
    return row


def change_organisation(
    organisation_id: int, command: SaveOrganisation, *, actor_id: int | None
) -> None:
    """Store what was edited; nothing is written when nothing differs.

    Raises ValueError (unknown kind), DatesReversed, NameTaken, GoesInCircles, StillInForce,
    NoResultFound. Writes the row and an audit entry that names the changed fields.
    """
    row = db.session.get_one(Organisation, organisation_id)
    _check(command, organisation_id)
    wanted = _tidy(command)
    changed = sorted(key for key, value in wanted.items() if getattr(row, key) != value)
    if not changed:
        return
    for key in changed:
        setattr(row, key, wanted[key])
    db.session.flush()
    audit.record(
        "organisation.changed",
        actor_id=actor_id,
        subject=("organisation", row.id),
        details={"fields": changed},
    )


def _tidy(command: SaveOrganisation) -> dict[str, object]:
    return {
        key: squeeze(value) if isinstance(value, str) else value
        for key, value in asdict(command).items()
    }


def _check(command: SaveOrganisation, own_id: int | None) -> None:
    if command.kind not in ORGANISATION_KINDS:
        raise ValueError(f"there is no kind {command.kind!r} of organisation")
    if command.valid_from and command.valid_to and command.valid_to < command.valid_from:
        raise DatesReversed
    if command.successor_id is not None and command.valid_to is None:
        raise StillInForce
    rows = db.session.execute(
        select(
            Organisation.id,
            Organisation.name,
            Organisation.kind,
            Organisation.valid_from,
            Organisation.valid_to,
            Organisation.parent_id,
            Organisation.successor_id,
        )
    ).all()
    name = squeeze(command.name).casefold()
    for row in rows:
        if row.id != own_id and (row.kind, row.name.casefold()) == (command.kind, name):
            starts = row.valid_from or date.min, command.valid_from or date.min
            ends = row.valid_to or date.max, command.valid_to or date.max
            if max(starts) <= min(ends):
                raise NameTaken
    if own_id is not None:
        for relation, first in (("parent", command.parent_id), ("successor", command.successor_id)):
            next_of = {row.id: getattr(row, f"{relation}_id") for row in rows}
            if _reaches(first, own_id, next_of):
                raise GoesInCircles(relation)


def _reaches(start: int | None, goal: int, next_of: dict[int, int | None]) -> bool:
    """Return whether the chain from ``start`` comes by ``goal``."""
    seen: set[int] = set()
    while start is not None and start not in seen:
        if start == goal:
            return True
        seen.add(start)
        start = next_of.get(start)
    return False
