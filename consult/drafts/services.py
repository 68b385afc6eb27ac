"""Writing drafts: a parsed document becomes a version with its provisions."""

from __future__ import annotations

import shutil
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from msgspec import Struct
from sqlalchemy import func, insert, select

from consult.core import audit, clock, files
from consult.core.db import db
from consult.drafts import version_queries
from consult.drafts.models import Draft, DraftVersion, ParsedGuess, Provision
from consult.drafts.parsing import (
    DEFAULT,
    ParsedDocument,
    ParsedProvision,
    ParsedWarning,
    UnreadableDocument,
    parse_untrusted,
)
from consult.drafts.version_queries import COMPARE
from consult.jobs.services import enqueue


class Frozen(Exception):
    """The version was shown to others: nothing changes its text or its tree."""


class Finished(Exception):
    """The draft's last version is published as final: no text follows it."""


class Original(Struct, frozen=True):
    """The file as it was sent: its bytes from the present position, name and claimed type."""

    stream: IO[bytes]
    name: str
    media_type: str


class CreateVersion(Struct, frozen=True):
    """A text to keep: the first version of a new draft, or the next one of ``draft_id``.

    ``title`` and ``agency_id`` are those of a new draft. ``limit`` is the largest size of the
    original in bytes; ``stored`` is it when it is kept already. ``created_by`` None means the
    command line.
    """

    document: ParsedDocument
    title: str
    agency_id: int
    created_by: int | None
    draft_id: int | None = None
    original: Original | None = None
    limit: int = DEFAULT.max_bytes
    stored: files.StoredFile | None = None


def parse_upload(original: Original, *, limit: int) -> ParsedDocument:
    """Return what the parser reads from the original, whose stream is rewound afterwards.

    Takes up to half a minute in a confined process; reads and writes no database row, so call
    it before the first write. ``limit`` is in bytes. Raises UnreadableDocument, with
    ``scan_takes_long`` for a scan that `readings.read_later` takes.
    """
    with tempfile.NamedTemporaryFile(prefix="upload-") as copy:
        shutil.copyfileobj(original.stream, copy)
        copy.flush()
        original.stream.seek(0)
        document = parse_untrusted(
            Path(copy.name), filename=original.name, limits=replace(DEFAULT, max_bytes=limit)
        )
    if not document.provisions:
        raise UnreadableDocument("empty")
    return document


def create_version(command: CreateVersion) -> DraftVersion:
    """Keep a parsed text with its original file and return the flushed version.

    Writes the file, the draft when it is new, the version, the parser's guess, the provisions and
    an audit entry; enqueues ``drafts.compare`` when an earlier version was shown to others.
    Raises Finished, files.FileTooLarge, NoResultFound for an unknown draft.
    """
    now = clock.now()
    draft = _draft(command, now)
    newest = db.session.scalar(
        select(func.max(DraftVersion.number)).where(DraftVersion.draft_id == draft.id)
    )
    version = DraftVersion(
        draft=draft,
        number=(newest or 0) + 1,
        file=_stored(command),
        text=command.document.text,
        remainder=command.document.remainder,
        parts=[
            {"key": p.key, "title": p.title, "start": p.start, "end": p.end}
            for p in command.document.parts
        ],
        warnings=[warning_row(warning) for warning in command.document.warnings],
        reading=command.document.reading,
        reading_sample=[list(pair) for pair in command.document.reading_sample],
        created_by=command.created_by,
        created_at=now,
    )
    db.session.add(version)
    db.session.flush()
    db.session.add(ParsedGuess(version_id=version.id, document=guess(command.document)))
    insert_provisions(version.id, command.document.provisions)
    audit.record(
        "draft.version_added",
        actor_id=command.created_by,
        subject=("draft", draft.id),
        details={"version": version.number, "provisions": len(command.document.provisions)},
    )
    if version_queries.earlier_public(version):
        enqueue(COMPARE, {"version_id": version.id})
    return version


def freeze(version: DraftVersion, *, at: datetime) -> None:
    """Mark the version as shown to others since ``at`` (aware); once is enough.

    Enqueues ``drafts.compare`` for the versions that follow it already.
    """
    if version.frozen_at is not None:
        return
    version.frozen_at = at
    for version_id in db.session.scalars(
        select(DraftVersion.id).where(
            DraftVersion.draft_id == version.draft_id, DraftVersion.number > version.number
        )
    ):
        enqueue(COMPARE, {"version_id": version_id})


def _draft(command: CreateVersion, now: datetime) -> Draft:
    if command.draft_id is None:
        draft = Draft(
            title=command.title,
            agency_id=command.agency_id,
            created_by=command.created_by,
            created_at=now,
        )
        db.session.add(draft)
        db.session.flush()
        return draft
    # Locked, so that two corrected files at once get two numbers.
    draft = db.session.scalars(
        select(Draft).where(Draft.id == command.draft_id).with_for_update()
    ).one()
    final = select(DraftVersion.id).where(
        DraftVersion.draft_id == draft.id, DraftVersion.final_at.is_not(None)
    )
    if db.session.scalar(final.limit(1)) is not None:
        raise Finished
    return draft


def _stored(command: CreateVersion) -> files.StoredFile | None:
    if command.original is None:
        return command.stored
    return files.store(
        command.original.stream,
        name=command.original.name,
        media_type=command.original.media_type,
        uploaded_by=command.created_by,
        limit=command.limit,
    )


def guess(document: ParsedDocument) -> dict[str, Any]:
    """Return what `ParsedGuess` keeps of ``document``: all but the text, which has its column."""
    return {name: value for name, value in document.to_json().items() if name != "text"}


def warning_row(warning: ParsedWarning) -> dict[str, Any]:
    """Return a warning as a version keeps it."""
    return {
        "code": warning.code,
        "params": dict(warning.params),
        "provision": warning.provision,
        "line": warning.line,
    }


def insert_provisions(version_id: int, provisions: Sequence[ParsedProvision]) -> None:
    """Insert the provisions of a version, in their order.

    Level by level, because a row needs its parent's id: one statement a level.
    """
    levels: defaultdict[int, list[tuple[int, ParsedProvision]]] = defaultdict(list)
    for ordinal, provision in enumerate(provisions, 1):
        levels[provision.depth].append((ordinal, provision))
    ids: dict[str, int] = {}
    for depth in sorted(levels):
        rows = [_row(version_id, ordinal, p, ids) for ordinal, p in levels[depth]]
        inserted = db.session.execute(
            insert(Provision).returning(Provision.key, Provision.id), rows
        )
        ids.update((key, provision_id) for key, provision_id in inserted)


def _row(
    version_id: int, ordinal: int, provision: ParsedProvision, ids: dict[str, int]
) -> dict[str, Any]:
    return {
        "version_id": version_id,
        "ordinal": ordinal,
        "key": provision.key,
        "part": provision.part,
        "kind": provision.kind,
        "number": provision.number,
        "title": provision.title,
        "text": provision.text,
        "citation": provision.citation,
        "parent_id": None if provision.parent is None else ids[provision.parent],
        "depth": provision.depth,
        "start": provision.start,
        "end": provision.end,
    }
