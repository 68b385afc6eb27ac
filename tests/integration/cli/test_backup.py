"""A backup comes back as it was, on either engine; what is wrong with it changes nothing."""

from __future__ import annotations

import io
import json
import shutil
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import select

from consult.accounts.models import User
from consult.cli.main import main
from consult.core import clock, files
from consult.core.db import Base, transaction
from consult.jobs.services import enqueue
from consult.ledger import services as ledger
from consult.people.models import Organisation
from tests.conftest import Installation
from tests.support import factories

Run = Callable[..., Result]


def runner(app: Flask) -> Run:
    settings = app.extensions["consult_settings"]
    environment = {
        "CONSULT_DATA_DIR": str(settings.data_dir),
        "CONSULT_SECRET_KEY": settings.secret_key,
        "DATABASE_URL": settings.database_url,
    }

    def run(*arguments: Any) -> Result:
        result = CliRunner().invoke(main, [str(a) for a in arguments], env=environment)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return run


def fill(app: Flask) -> None:
    """Put something into many tables, with rows that refer to later rows of their table."""
    with app.app_context():
        parent = factories.organisation(name="Sở cũ")
        child = factories.organisation("club", "Câu lạc bộ “Đãi ngộ”", parent_id=parent)
        person = factories.user("Đỗ Thị Hoà", verified=True)
        factories.member(person, child)
        round_ = factories.consultation(parent, factories.version(parent))
        factories.point(round_, person, argument='Dòng một\nDòng hai \\ "ngoặc" 😀')
        factories.point(round_, person, provision=None)
        with transaction() as session:
            session.get_one(Organisation, parent).successor_id = child
            ledger.append("submission", 1, {"a": "ă"}, at=clock.now())
            enqueue("search.index", {"kind": "round", "id": round_})
            files.store(
                io.BytesIO("Tệp gốc".encode()),
                name="dự thảo.txt",
                media_type="text/plain",
                uploaded_by=person,
                limit=1000,
            )


def content(app: Flask) -> dict[str, list[Any]]:
    with app.app_context(), transaction(write=False) as session:
        return {
            table.name: [
                tuple(row) for row in session.execute(select(table).order_by(*table.primary_key))
            ]
            for table in Base.metadata.sorted_tables
        }


def uploads(app: Flask) -> dict[str, bytes]:
    folder = app.extensions["consult_settings"].data_dir / "files"
    return {p.name: p.read_bytes() for p in folder.rglob("*") if p.is_file()}


@pytest.fixture
def filled(app: Flask, tmp_path: Path) -> Path:
    """A backup of a filled installation."""
    return backed_up(app, tmp_path)


@pytest.fixture
def filled_sqlite(sqlite_app: Flask, tmp_path: Path) -> Path:
    """A backup of a filled installation, where the engine does not matter."""
    return backed_up(sqlite_app, tmp_path)


def backed_up(app: Flask, folder: Path) -> Path:
    shutil.rmtree(app.extensions["consult_settings"].data_dir / "files", ignore_errors=True)
    fill(app)
    file = folder / "backup.tar.gz"
    assert runner(app)("backup", file).exit_code == 0
    return file


def empty(installation: Installation) -> None:
    installation.reset()
    shutil.rmtree(installation.settings.data_dir / "files", ignore_errors=True)


def test_round_trip(installation: Installation, app: Flask, filled: Path) -> None:
    before, kept = content(app), uploads(app)
    assert before["points"]
    assert kept
    empty(installation)
    assert content(app) != before
    result = runner(app)("restore", filled, "--json")
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["rows"]["points"] == len(before["points"])
    assert content(app) == before
    assert uploads(app) == kept
    found = json.loads(runner(app)("search", "dai ngo", "--json").stdout)
    assert found["total"] > 0
    with app.app_context():  # new rows are numbered after the restored ones
        assert factories.user("Người mới") > max(row[0] for row in before["users"])


def test_from_one_engine_to_the_other(
    app: Flask, filled: Path, sqlite_installation: Installation, sqlite_app: Flask
) -> None:
    before = content(app)
    assert runner(sqlite_app)("restore", filled).exit_code == 0
    assert content(sqlite_app) == before


def test_only_into_an_empty_installation(app: Flask, filled: Path) -> None:
    with app.app_context():
        factories.user("Người sau")
    now = content(app)
    refused = runner(app)("restore", filled)
    assert refused.exit_code == 1
    assert "not empty" in refused.output
    assert content(app) == now
    assert runner(app)("restore", filled, "--force").exit_code == 0
    with app.app_context(), transaction(write=False) as session:
        assert not session.scalar(select(User.id).where(User.full_name == "Người sau"))


def test_nobody_else_may_read_it_and_nothing_is_overwritten(app: Flask, filled: Path) -> None:
    assert filled.stat().st_mode & 0o777 == 0o600
    assert runner(app)("backup", filled).exit_code == 1
    result = runner(app)("backup", filled.parent / "no" / "x.tar.gz")
    assert result.exit_code == 1
    assert list(filled.parent.iterdir()) == [filled]


def test_it_holds_neither_key_nor_index(app: Flask, filled: Path) -> None:
    with tarfile.open(filled) as archive:
        names = archive.getnames()
    assert names[:2] == ["manifest.json", "NOTE.txt"]
    assert all(name.startswith(("tables/", "files/")) for name in names[2:])


def rewritten(source: Path, change: Callable[[tarfile.TarInfo, bytes], Any]) -> Path:
    """Return a copy of the backup, each member as ``change`` gives it (None: left out)."""
    target = source.with_name("changed.tar.gz")
    with tarfile.open(source) as old, tarfile.open(target, "w:gz") as new:
        for member in old:
            handle = old.extractfile(member)
            changed = change(member, handle.read() if handle else b"")
            if changed is not None:
                member, data = changed
                member.size = len(data)
                new.addfile(member, io.BytesIO(data))
    return target


def renamed(name: str, **values: Any) -> Callable[[tarfile.TarInfo, bytes], Any]:
    def change(member: tarfile.TarInfo, data: bytes) -> Any:
        if member.name.startswith("files/"):
            member.name = name
            for key, value in values.items():
                setattr(member, key, value)
        return member, data

    return change


def without(prefix: str) -> Callable[[tarfile.TarInfo, bytes], Any]:
    return lambda member, data: None if member.name.startswith(prefix) else (member, data)


def other(prefix: str, old: bytes, new: bytes) -> Callable[[tarfile.TarInfo, bytes], Any]:
    return lambda member, data: (
        member,
        data.replace(old, new) if member.name.startswith(prefix) else data,
    )


@pytest.mark.parametrize(
    "change",
    [
        renamed("../../outside"),
        renamed("/tmp/outside"),
        renamed("files/aa/../../../outside"),
        renamed("tables/unknown.jsonl"),
        renamed("files/link", type=tarfile.SYMTYPE, linkname="/etc/passwd"),
        without("files/"),
        without("tables/points"),
        without("manifest"),
        other("tables/points", b"agree", b"Agree"),
        other("files/", b"g", b"G"),
        other("manifest", b'"schema": "', b'"schema": "9'),
        other("manifest", b'"form": 1', b'"form": 2'),
        other("manifest", b"{", b"["),
    ],
)
def test_a_wrong_archive_changes_nothing(
    sqlite_installation: Installation,
    sqlite_app: Flask,
    filled_sqlite: Path,
    change: Callable[[tarfile.TarInfo, bytes], Any],
) -> None:
    changed = rewritten(filled_sqlite, change)
    empty(sqlite_installation)
    before = content(sqlite_app)
    result = runner(sqlite_app)("restore", changed)
    assert result.exit_code == 1
    assert "cannot be restored" in result.output
    assert content(sqlite_app) == before
    assert uploads(sqlite_app) == {}
    assert not list(filled_sqlite.parent.parent.glob("**/outside"))


@pytest.mark.parametrize("cut", [0, 10, 400, -200])
def test_a_cut_off_file(
    sqlite_installation: Installation, sqlite_app: Flask, filled_sqlite: Path, cut: int
) -> None:
    filled_sqlite.write_bytes(filled_sqlite.read_bytes()[:cut])
    empty(sqlite_installation)
    result = runner(sqlite_app)("restore", filled_sqlite)
    assert result.exit_code == 1
    assert "cannot be restored" in result.output
    with sqlite_app.app_context():
        assert factories.count(User) == 0
