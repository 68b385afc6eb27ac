"""Reading drafts, versions and provisions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Final, NamedTuple

from sqlalchemy import func, select

from consult.core.db import db
from consult.drafts.models import DraftVersion, Provision
from consult.people.models import Organisation

# Units that head others; a table of contents lists these.
HEADINGS: Final = frozenset(
    {"part", "chapter", "section", "subsection", "article", "appendix", "roman", "numeral"}
    | {"decimal"}
)
# How addresses name the draft as a whole, in the place of a provision's key.
WHOLE_DRAFT: Final = "general"
# Units whose number alone says nothing: their level is named before it ("Chương I").
_NAMED: Final = frozenset({"part", "chapter", "section", "subsection", "article", "appendix"})


class ProvisionLine(NamedTuple):
    """A provision as a plain row, in the draft's order."""

    id: int
    ordinal: int
    key: str
    part: str
    kind: str
    number: str
    title: str
    text: str
    citation: str
    parent_id: int | None
    depth: int

    @property
    def label(self) -> str:
        """What stands before title and text in the document: "Chương I", "2.", "a)", "–"."""
        if self.kind == "bullet":
            return "–"
        if self.kind in _NAMED:
            # The citation begins with the level's name and the number: "Mục 1 Chương II".
            found = self.citation.casefold().find(self.number.casefold())
            return self.citation[: found + len(self.number)] if found > 0 else self.citation
        if self.kind == "letter":
            return f"{self.number})"
        if self.kind in ("clause", "roman", "numeral", "decimal"):
            return f"{self.number}."
        return ""


def version(version_id: int) -> DraftVersion | None:
    """Return the version with its draft and file, or None; one query."""
    return db.session.get(DraftVersion, version_id)


def newest(draft_id: int) -> DraftVersion:
    """Return the newest version of the draft; NoResultFound when there is none; one query."""
    return db.session.scalars(
        select(DraftVersion)
        .where(DraftVersion.draft_id == draft_id)
        .order_by(DraftVersion.number.desc())
        .limit(1)
    ).one()


def provisions(version_id: int) -> list[ProvisionLine]:
    """Return the version's provisions in the draft's order; one query."""
    columns = [getattr(Provision, name) for name in ProvisionLine._fields]
    rows = db.session.execute(
        select(*columns).where(Provision.version_id == version_id).order_by(Provision.ordinal)
    )
    return [ProvisionLine._make(row) for row in rows]


def extents(version_id: int) -> dict[str, tuple[int, int]]:
    """Return where each provision begins and ends in the version's text, by key; one query."""
    rows = db.session.execute(
        select(Provision.key, Provision.start, Provision.end).where(
            Provision.version_id == version_id
        )
    )
    return {key: (start, end) for key, start, end in rows}


def provision_count(version_id: int) -> int:
    """Return how many provisions the version has; one query."""
    return (
        db.session.scalar(
            select(func.count()).select_from(Provision).where(Provision.version_id == version_id)
        )
        or 0
    )


def reading_stands(version_id: int) -> bool:
    """Whether the version's text needs no confirmation of how it was recovered, or has it; one
    query."""
    doubted = select(DraftVersion.id).where(
        DraftVersion.id == version_id,
        DraftVersion.reading != "",
        DraftVersion.reading_confirmed_at.is_(None),
    )
    return db.session.scalar(doubted) is None


def kinds(lines: Iterable[ProvisionLine]) -> Counter[str]:
    """Return how many provisions of each kind there are."""
    return Counter(line.kind for line in lines)


def agencies(ids: Iterable[int]) -> list[tuple[int, str]]:
    """Return (id, name) of the organisations, by name, for a choice; one query."""
    rows = db.session.execute(
        select(Organisation.id, Organisation.name)
        .where(Organisation.id.in_(list(ids)))
        .order_by(Organisation.name)
    )
    return [(organisation_id, name) for organisation_id, name in rows]
