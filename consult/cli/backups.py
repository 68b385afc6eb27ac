"""The backup's form: a .tar.gz of JSON lines for each table, the uploaded files, a manifest.

It is the same for both engines, so that an installation can move from one to the other.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import re
import shutil
import tarfile
import tempfile
import zlib
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

from sqlalchemy import exists, select

from consult.accounts.models import User
from consult.cli.rows import clear, dump, load
from consult.core import clock, migrate
from consult.core.db import Base, transaction

FORM = 1
NOTE = """This archive holds everything of the installation except these.
The search index: it is rebuilt when this is restored.
The secret key (CONSULT_SECRET_KEY, or secret.key in the data directory): keep a copy of it
apart from this file. Without it people only have to sign in again.
The vault's key (CONSULT_VAULT_KEY, or vault.key in the data directory): keep a copy of it apart
from this file, with somebody else. Without it nobody can open a sealed identity, and authors no
longer find what they sent under seal or have not sent yet; with both in one hand, anybody can.
The log's key (CONSULT_LEDGER_KEY, or ledger.key): without it the log is signed with a new one.
"""
_UPLOAD = re.compile(r"^files/([0-9a-f]{2})/(\1[0-9a-f]{62})$")
_TABLE = re.compile(r"^tables/([a-z_]+)\.jsonl$")


class BadBackup(Exception):
    """The file is no backup that can be restored here; the text says why."""


class NotEmpty(Exception):
    """The installation holds data that restoring would replace."""


@dataclass
class Manifest:
    """What the archive says of itself; ``rows`` and ``sums`` (SHA-256) are by table."""

    form: int
    schema: str
    made_at: str
    files: int = 0
    rows: dict[str, int] = field(default_factory=dict[str, int])
    sums: dict[str, str] = field(default_factory=dict[str, str])


def write_backup(target: Path, data_dir: Path) -> Manifest:
    """Write the backup of this application's installation to ``target``.

    The database is read in one reading transaction; uploads are never changed or deleted, so
    those that it names are there. Raises OSError; then ``target`` is not there.
    """
    revision = migrate.heads()[1] or ""
    manifest = Manifest(FORM, revision, clock.now().isoformat())
    uploads = data_dir / "files"
    with tempfile.TemporaryDirectory(dir=data_dir) as scratch_name:
        scratch = Path(scratch_name)
        with transaction(write=False) as session:
            if session.get_bind().dialect.name != "sqlite":
                session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
            for table in Base.metadata.sorted_tables:
                path = scratch / f"{table.name}.jsonl"
                manifest.rows[table.name] = dump(table, path)
                manifest.sums[table.name] = _sum(path)
        names = sorted(p for p in uploads.glob("*/*") if _UPLOAD.match(_inside(p, data_dir)))
        manifest.files = len(names)
        partial = target.with_name(f".{target.name}.partial")
        try:
            with _creating(partial) as archive:
                _add_text(archive, scratch, "manifest.json", json.dumps(asdict(manifest)))
                _add_text(archive, scratch, "NOTE.txt", NOTE)
                for name in manifest.rows:
                    archive.add(scratch / f"{name}.jsonl", f"tables/{name}.jsonl")
                for path in names:
                    archive.add(path, _inside(path, data_dir))
            partial.replace(target)
        finally:
            partial.unlink(missing_ok=True)
    return manifest


def restore_backup(source: Path, data_dir: Path, *, replace: bool) -> Manifest:
    """Load the backup into this application's (migrated) database and data directory.

    Everything is unpacked and checked first; then all rows come in one transaction. Raises
    BadBackup, and NotEmpty unless ``replace``. Builds no index.
    """
    with transaction(write=False) as session:
        if not replace and session.scalar(select(exists().where(User.id.is_not(None)))):
            raise NotEmpty
    with tempfile.TemporaryDirectory(dir=data_dir) as scratch_name:
        scratch = Path(scratch_name)
        manifest = _unpack(source, scratch)
        _move_uploads(scratch / "files", data_dir / "files")
        with transaction():
            clear(Base.metadata.sorted_tables)
            for table in Base.metadata.sorted_tables:
                load(table, scratch / "tables" / f"{table.name}.jsonl")
    return manifest


def _inside(path: Path, folder: Path) -> str:
    return path.relative_to(folder).as_posix()


def _sum(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


@contextmanager
def _creating(path: Path) -> Generator[tarfile.TarFile]:
    descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "wb") as raw:
        with (
            gzip.GzipFile(filename="", fileobj=raw, mode="wb", compresslevel=6) as packed,
            tarfile.open(fileobj=packed, mode="w") as archive,
        ):
            yield archive
        raw.flush()
        os.fsync(raw.fileno())


def _add_text(archive: tarfile.TarFile, scratch: Path, name: str, text: str) -> None:
    path = scratch / name
    path.write_text(text, "utf-8")
    archive.add(path, name)


def _unpack(source: Path, scratch: Path) -> Manifest:
    """Unpack into ``scratch`` what belongs to a backup, and check it against its manifest."""
    try:
        with tarfile.open(source, "r:gz") as archive:
            first = archive.next()
            if first is None or first.name != "manifest.json" or not first.isfile():
                raise BadBackup("it is no backup of this program.")
            manifest = _manifest(archive, first)
            found = {name for name in (_extract(archive, m, scratch) for m in archive) if name}
    except (tarfile.TarError, OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        raise BadBackup("it is damaged or was cut off.") from error
    for table in Base.metadata.sorted_tables:
        path = scratch / "tables" / f"{table.name}.jsonl"
        if f"tables/{table.name}.jsonl" not in found or _sum(path) != manifest.sums.get(table.name):
            raise BadBackup(f"the table {table.name} is missing or damaged.")
    if sum(name.startswith("files/") for name in found) != manifest.files:
        raise BadBackup("uploaded files are missing.")
    return manifest


def _manifest(archive: tarfile.TarFile, member: tarfile.TarInfo) -> Manifest:
    handle = archive.extractfile(member)
    try:
        manifest = Manifest(**json.loads(handle.read(1 << 20) if handle else b""))
    except (ValueError, TypeError) as error:
        raise BadBackup("its manifest cannot be read.") from error
    if manifest.form != FORM:
        raise BadBackup("it was made by another release of this program.")
    current = migrate.heads()[1]
    if manifest.schema != current:
        raise BadBackup(
            f"its schema is {manifest.schema}, this release has {current}. Restore it with the "
            "release that made it, then upgrade."
        )
    return manifest


def _extract(archive: tarfile.TarFile, member: tarfile.TarInfo, scratch: Path) -> str:
    """Write one member below ``scratch``; only names that this program gives are taken."""
    if member.name in ("manifest.json", "NOTE.txt"):
        return ""
    upload, table = _UPLOAD.match(member.name), _TABLE.match(member.name)
    known = {t.name for t in Base.metadata.sorted_tables}
    if not member.isfile() or not (upload or (table and table.group(1) in known)):
        raise BadBackup(f"it holds something unknown: {member.name[:80]!r}.")
    source = archive.extractfile(member)
    if source is None:
        raise BadBackup("it is damaged or was cut off.")
    target = scratch / member.name
    target.parent.mkdir(parents=True, exist_ok=True)
    with source, target.open("wb") as handle:
        shutil.copyfileobj(source, handle)
    if upload and _sum(target) != upload.group(2):
        raise BadBackup(f"the uploaded file {upload.group(2)[:12]}… is damaged.")
    return member.name


def _move_uploads(source: Path, target: Path) -> None:
    for path in source.glob("*/*"):
        place = target / path.parent.name / path.name
        place.parent.mkdir(parents=True, exist_ok=True)
        path.replace(place)
