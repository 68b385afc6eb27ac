"""Reading the corrections of a version: its tree as it stands, its history, what can be done."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from msgspec import Struct
from sqlalchemy import select
from sqlalchemy.orm import undefer

from consult.accounts.models import User
from consult.core.db import db
from consult.core.text import shorten
from consult.drafts.corrections import Correction, Tree, replay
from consult.drafts.models import DraftVersion, ParsedGuess, Provision, ProvisionCorrection
from consult.drafts.parsing import ParsedDocument


class Entry(NamedTuple):
    """A correction in the history; ``actor`` is empty for the command line."""

    ordinal: int
    operation: str
    params: dict[str, Any]
    at: datetime
    undone_at: datetime | None
    actor: str


class State(Struct, frozen=True):
    """A version with what the parser found and what was corrected since.

    ``derived`` says that the guess is made from the provisions as they are, because the version
    is older than the keeping of guesses.
    """

    version: DraftVersion
    guess: ParsedDocument
    rows: list[ProvisionCorrection]
    derived: bool

    @property
    def step(self) -> int:
        """How many acts made the tree what it is: corrections and undoings."""
        return len(self.rows) + sum(row.undone_at is not None for row in self.rows)

    def row(self, ordinal: int) -> ProvisionCorrection | None:
        """Return the correction of that ordinal, or None."""
        return next((row for row in self.rows if row.ordinal == ordinal), None)

    def standing(self) -> list[Correction]:
        """Return the corrections that are not undone, in order."""
        return [correction(row) for row in self.rows if row.undone_at is None]

    def tree(self) -> Tree:
        """Return the tree as it stands."""
        return replay(self.guess, self.standing())


def correction(row: ProvisionCorrection) -> Correction:
    """Return what a stored correction does."""
    return Correction(row.operation, row.params)


def version_with_text(version_id: int) -> DraftVersion | None:
    """Return the version with its whole text and remainder, or None; one query."""
    options = [undefer(DraftVersion.text), undefer(DraftVersion.remainder)]
    return db.session.get(DraftVersion, version_id, options=options)


def state(version: DraftVersion) -> State:
    """Return the state of the version's tree; three queries at most and the text's."""
    guess = db.session.get(ParsedGuess, version.id)
    rows = db.session.scalars(
        select(ProvisionCorrection)
        .where(ProvisionCorrection.version_id == version.id)
        .order_by(ProvisionCorrection.ordinal)
    )
    if guess is None:
        return State(version, _derived(version), list(rows), derived=True)
    document = ParsedDocument.from_json({**guess.document, "text": version.text})
    return State(version, document, list(rows), derived=False)


def history(version_id: int) -> list[Entry]:
    """Return the version's corrections, newest first; one query."""
    found = db.session.execute(
        select(
            ProvisionCorrection.ordinal,
            ProvisionCorrection.operation,
            ProvisionCorrection.params,
            ProvisionCorrection.at,
            ProvisionCorrection.undone_at,
            User.full_name,
        )
        .outerjoin(User, User.id == ProvisionCorrection.actor_id)
        .where(ProvisionCorrection.version_id == version_id)
        .order_by(ProvisionCorrection.ordinal.desc())
    )
    return [Entry(*row[:-1], row[-1] or "") for row in found]


def step(entries: list[Entry]) -> int:
    """Return `State.step` of the version whose history this is."""
    return len(entries) + sum(entry.undone_at is not None for entry in entries)


def excerpt(text: str, offset: int) -> str:
    """Return the first words of the text from ``offset`` on."""
    return shorten(text[offset : offset + 200], 60)


def _derived(version: DraftVersion) -> ParsedDocument:
    """Return the provisions as they are in the form of a guess."""
    names = ("key", "part", "kind", "number", "title", "text", "citation", "start", "end", "depth")
    columns = [getattr(Provision, name) for name in ("id", "parent_id", *names)]
    rows = db.session.execute(
        select(*columns).where(Provision.version_id == version.id).order_by(Provision.ordinal)
    ).all()
    keys = {row.id: row.key for row in rows}
    provisions = [
        {name: getattr(row, name) for name in names} | {"parent": keys.get(row.parent_id or 0)}
        for row in rows
    ]
    return ParsedDocument.from_json(
        {
            "text": version.text,
            "parts": version.parts,
            "provisions": provisions,
            "warnings": version.warnings,
            "remainder": version.remainder,
        }
    )
