"""How a text was recovered: scans read in the background, readings that a person confirms."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from msgspec import Struct
from sqlalchemy import select

from consult.core import audit, files
from consult.core.db import db
from consult.core.files import StoredFile
from consult.drafts import originals, services
from consult.drafts.models import DraftVersion
from consult.drafts.parsing import ParsedDocument, UnreadableDocument
from consult.jobs.models import Job
from consult.jobs.services import enqueue

PAGE: Final = "drafts.read_page"
_FINISHED: Final = "finished"


class Owner(Struct, frozen=True):
    """What the policy asks of a draft: whose it is."""

    agency_id: int


class Scan(Struct, frozen=True):
    """A scan that is being read, or was: ``version_id`` once there is one.

    ``refusal`` says why it could not be read; ``lost`` that reading failed again and again.
    """

    file: StoredFile
    title: str
    draft: Owner
    draft_id: int | None
    done: int
    pages: int
    version_id: int | None = None
    refusal: UnreadableDocument | None = None
    finished: bool = False
    lost: bool = False

    @property
    def waiting(self) -> bool:
        """Whether it is still being read."""
        over = self.version_id or self.refusal or self.finished or self.lost
        return not over


class ReadScan(Struct, frozen=True):
    """A scanned PDF of ``pages`` pages to be read later; the rest as of `CreateVersion`."""

    original: services.Original
    pages: int
    title: str
    agency_id: int
    created_by: int | None
    draft_id: int | None
    limit: int


def read_later(command: ReadScan) -> StoredFile:
    """Keep the scan and have it read page by page; return its (flushed) row.

    Writes the file and an audit entry; enqueues ``drafts.read_page``. Raises FileTooLarge.
    """
    file = files.store(
        command.original.stream,
        name=command.original.name,
        media_type=command.original.media_type,
        uploaded_by=command.created_by,
        limit=command.limit,
    )
    payload: dict[str, Any] = {
        "file_id": file.id,
        "pages": command.pages,
        "words": [],
        "title": command.title,
        "agency_id": command.agency_id,
        "created_by": command.created_by,
        "draft_id": command.draft_id,
    }
    enqueue(PAGE, payload, key=_key(file.id, 0))
    audit.record(
        "draft.scan_received",
        actor_id=command.created_by,
        subject=("file", file.id),
        details={"pages": command.pages},
    )
    return file


def scan(file_id: int) -> Scan | None:
    """Return how far the reading of the scan in the file is, or None; three queries."""
    job = db.session.scalars(
        select(Job)
        .where(Job.name == PAGE, Job.key.startswith(_key(file_id, ""), autoescape=True))
        .order_by(Job.id.desc())
        .limit(1)
    ).one_or_none()
    file = db.session.get(StoredFile, file_id)
    if job is None or file is None:
        return None
    said = job.payload
    refused: dict[str, Any] = said.get("refused") or {}
    reason: str = refused.get("reason", "")
    return Scan(
        file=file,
        title=said["title"],
        draft=Owner(said["agency_id"]),
        draft_id=said["draft_id"],
        done=len(said["words"]),
        pages=said["pages"],
        version_id=db.session.scalar(
            select(DraftVersion.id).where(DraftVersion.file_id == file_id).limit(1)
        ),
        refusal=UnreadableDocument(reason, **refused["params"])
        if reason and reason != _FINISHED
        else None,
        finished=reason == _FINISHED,
        lost=job.state == "parked",
    )


def go_on(payload: dict[str, Any], words: str) -> None:
    """Have the page after the one with ``words`` read, or the whole put together.

    Enqueues ``drafts.read_page``.
    """
    found = [*payload["words"], words]
    enqueue(PAGE, {**payload, "words": found}, key=_key(payload["file_id"], len(found)))


def keep(payload: dict[str, Any], document: ParsedDocument) -> None:
    """Keep what was read from the scan as a version, as `create_version` does, once.

    When the draft was published as final in the meantime, that is noted instead.
    """
    file = db.session.get_one(StoredFile, payload["file_id"])
    command = services.CreateVersion(
        document=document,
        title=payload["title"],
        agency_id=payload["agency_id"],
        created_by=payload["created_by"],
        draft_id=payload["draft_id"],
        stored=file,
    )
    try:
        originals.keep_pages(services.create_version(command), payload["words"])
    except services.Finished:
        _refused(payload, _FINISHED, {})


def refuse(payload: dict[str, Any], error: UnreadableDocument) -> None:
    """Note why the scan cannot be read."""
    _refused(payload, error.reason, error.params)


def confirm(version: DraftVersion, *, actor_id: int, at: datetime) -> bool:
    """Note that a person compared the reading with the original ``at`` (aware); whether it is new.

    Writes the version and an audit entry; a text that was read as it stands needs neither.
    """
    if not version.reading or version.reading_confirmed_at is not None:
        return False
    version.reading_confirmed_at, version.reading_confirmed_by = at, actor_id
    audit.record(
        "draft.reading_confirmed",
        actor_id=actor_id,
        subject=("draft", version.draft_id),
        details={"version": version.number, "reading": version.reading},
    )
    return True


def _refused(payload: dict[str, Any], reason: str, params: dict[str, Any]) -> None:
    key = _key(payload["file_id"], len(payload["words"]))
    job = db.session.scalars(select(Job).where(Job.key == key)).one()
    job.payload = {**payload, "refused": {"reason": reason, "params": params}}


def _key(file_id: int, page: int | str) -> str:
    return f"{PAGE}:{file_id}:{page}"
