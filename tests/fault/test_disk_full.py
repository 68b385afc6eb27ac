"""A full disk: a clear page, nothing half-written, and all is well once there is room again."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from config import Settings
from consult.app import create_app
from consult.core import clock, migrate
from consult.core.db import db, transaction
from consult.core.files import StoredFile
from consult.drafts.models import Draft
from consult.jobs.models import Job
from consult.jobs.runner import run_due
from consult.ledger.models import Leaf
from consult.notifications.models import OutgoingEmail
from consult.notifications.services import post as write_letter
from consult.submissions import vault
from consult.submissions.attachments.models import Attachment
from consult.submissions.models import Point, Submission, SubmissionState
from tests.support import attachable, factories
from tests.support.browsing import signed_in, token
from tests.support.webserver import point_form

CLEAR = "ổ đĩa đã đầy hoặc có quá nhiều tệp đang được gửi cùng lúc. Chưa có gì bị thay đổi."


@dataclass
class Disk:
    """A small disk of its own, and what takes up its room."""

    place: Path

    @property
    def ballast(self) -> Path:
        return self.place / "ballast"

    def fill(self) -> None:
        """Leave no room at all."""
        with self.ballast.open("ab", buffering=0) as handle:
            for size in (1 << 16, 1 << 12, 1):
                try:
                    while handle.write(b"x" * size) == size:
                        pass
                except OSError:
                    continue

    def empty(self) -> None:
        self.ballast.unlink()


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    place = tmp_path / "disk"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", str(place)]
    try:
        subprocess.run(command, check=True, capture_output=True, text=True)
    except (OSError, subprocess.CalledProcessError) as error:
        pytest.skip(f"a small disk cannot be mounted here: {error}")
    yield Disk(place)
    subprocess.run(["umount", "-l", str(place)], check=True)


@pytest.fixture
def app(disk: Disk) -> Iterator[Flask]:
    """The application with everything it keeps on that disk."""
    env = {"CONSULT_DATA_DIR": str(disk.place / "data"), "CONSULT_SECRET_KEY": "test" * 10}
    made = create_app(Settings.from_environment(env))
    with made.app_context():
        migrate.upgrade()
        db.engine.dispose()
    yield made
    with made.app_context():
        db.engine.dispose()


def counts() -> dict[str, int]:
    with transaction(write=False) as session:
        return {
            model.__tablename__: session.scalar(select(func.count()).select_from(model))
            for model in (Submission, Point, Leaf, StoredFile, Draft)
        }


@pytest.mark.slow
def test_sending_on_a_full_disk(app: Flask, disk: Disk) -> None:
    with app.app_context():
        agency = factories.organisation()
        round_id = factories.consultation(agency, factories.version(agency))
        person = factories.user(verified=True)
    client = signed_in(app, person)
    path, valid = f"/rounds/{round_id}/write", token(client)
    received: list[str] = []

    def send(argument: str) -> int:
        form = point_form(argument) | {"csrf_token": valid}
        answer = client.post(path, data=form)
        if answer.status_code == 303:
            received.append(argument)
        elif answer.status_code == 503:
            assert CLEAR in answer.text
            assert argument in answer.text, "what was typed is shown again"
            assert f'action="{path}"' in answer.text
            assert answer.headers["Retry-After"]
        return answer.status_code

    assert send("Ý kiến khi còn chỗ.") == 303
    disk.fill()
    # The database may still have some room inside its own files.
    long = "Một lý do khá dài về điều khoản này. " * 100
    refused = False
    for number in range(400):
        status = send(f"{number}. {long}")
        assert status in (303, 503)
        refused = refused or status == 503
        if refused and number % 5 == 4:
            break
    assert refused, "the disk was never full"
    assert client.get(f"/rounds/{round_id}").status_code == 200, "reading goes on"
    disk.empty()
    assert send("Ý kiến khi lại có chỗ.") == 303
    with app.app_context():
        found = counts()
        assert found["submissions"] == found["points"] == found["ledger_leaves"] == len(received)
        with transaction(write=False) as session:
            kept = session.scalars(
                select(Point.argument)
                .join(Point.submission)
                .where(Submission.state == SubmissionState.RECEIVED)
            ).all()
            jobs = session.scalar(select(func.count()).where(Job.name == "search.index"))
            assert session.connection().exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
    assert sorted(kept) == sorted(argument.strip() for argument in received)
    assert jobs == len(received)


@pytest.mark.slow
def test_uploading_on_a_full_disk(app: Flask, disk: Disk) -> None:
    with app.app_context():
        agency = factories.organisation()
        official = factories.user(roles=(("official", agency),))
    client = signed_in(app, official)
    valid = token(client)
    text = "".join(f"Điều {n}. Quy định {n}\n1. Nội dung thứ {n}.\n" * 3 for n in range(1, 900))

    def upload() -> tuple[int, str]:
        data = {
            "csrf_token": valid,
            "title": "Dự thảo Quyết định",
            "agency": str(agency),
            "file": (io.BytesIO(text.encode()), "du-thao.txt", "text/plain"),
        }
        answer = client.post("/office/drafts/upload", data=data)
        return answer.status_code, answer.text

    disk.fill()
    status, page = upload()
    assert status == 503
    assert CLEAR in page
    with app.app_context():
        assert counts()["stored_files"] == counts()["drafts"] == 0
    files = disk.place / "data" / "files"
    assert not [path for path in files.rglob("*") if path.is_file()], "half a file was left"
    disk.empty()
    status, page = upload()
    assert status == 303, page
    with app.app_context():
        assert counts()["stored_files"] == counts()["drafts"] == 1


@pytest.mark.slow
def test_attaching_on_a_full_disk(app: Flask, disk: Disk) -> None:
    with app.app_context():
        agency = factories.organisation()
        round_id = factories.consultation(agency, factories.version(agency))
        author = factories.user(verified=True)
        vault.keyring()  # made by the first who writes, long before the disk is full
    client = signed_in(app, author)
    valid = token(client)

    def attach() -> tuple[int, str]:
        files = [(io.BytesIO(attachable.png(200, 200)), "ảnh.png")]
        data = {**point_form("Đề nghị nâng mức."), "action": "attach", "files": files}
        url = f"/rounds/{round_id}/write"
        answer = client.post(url, data={**data, "csrf_token": valid})
        return answer.status_code, answer.text

    def rows() -> int:
        with app.app_context(), transaction(write=False) as session:
            return session.scalar(select(func.count(Attachment.id))) or 0

    disk.fill()
    status, page = attach()
    assert status == 503
    assert "Đề nghị nâng mức." in page, "the words are kept"
    assert rows() == 0
    files = disk.place / "data" / "files"
    assert not [path for path in files.rglob("*") if path.is_file()], "half a file was left"
    disk.empty()
    status, page = attach()
    assert status == 200
    assert "ảnh.png" in page
    assert rows() == 1


@pytest.mark.slow
def test_letters_wait_for_room(sqlite_app: Flask, disk: Disk) -> None:
    """The folder of letters has no room: a letter waits, and is written whole later."""
    folder = disk.place / "mail"
    kept = sqlite_app.extensions["consult_settings"]
    sqlite_app.extensions["consult_settings"] = replace(kept, mail_url=f"file:{folder}")
    try:
        with sqlite_app.app_context():
            with transaction():
                write_letter("an@example.org", "Chủ đề", "Nội dung " * 20_000, dedupe="fact")
            disk.fill()
            run_due()
            with transaction(write=False) as session:
                assert session.scalars(select(OutgoingEmail)).one().sent_at is None
                job = session.scalars(select(Job).where(Job.name == "notifications.send")).one()
                assert "No space left" in job.last_error
            assert not list(folder.glob("*.eml")), "half a letter was left"
            disk.empty()
            clock.shift(timedelta(seconds=3))
            run_due()
            with transaction(write=False) as session:
                assert session.scalars(select(OutgoingEmail)).one().sent_at is not None
    finally:
        sqlite_app.extensions["consult_settings"] = kept
    (letter,) = folder.glob("*")
    assert letter.stat().st_size > 100_000
