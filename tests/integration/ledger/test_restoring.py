"""A restored backup brings words, files and log back; receipts given before still hold."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from consult.cli.main import main
from consult.submissions.attachments.models import Attachment
from consult.submissions.models import Point
from tests.conftest import Installation
from tests.integration.submissions.test_attaching import attach
from tests.integration.submissions.test_writing import Scene, rows, scene
from tests.support import attachable
from tests.support.browsing import signed_in

assert scene  # the fixture


def run(app: Flask, *arguments: str | Path) -> Result:
    settings = app.extensions["consult_settings"]
    env = {
        "CONSULT_DATA_DIR": str(settings.data_dir),
        "CONSULT_SECRET_KEY": settings.secret_key,
        "DATABASE_URL": settings.database_url,
    }
    return CliRunner(env=env).invoke(main, [str(one) for one in arguments])


@pytest.fixture
def sent(scene: Scene) -> str:
    """The receipt's address of a point with a file, signed over by the log."""
    attach(scene, ("số liệu.xlsx", attachable.xlsx()))
    return scene.send_now(attached="1").location


def test_files_log_and_receipts_survive_a_restored_backup(
    installation: Installation, scene: Scene, sent: str, tmp_path: Path
) -> None:
    app = scene.app
    receipt, checkpoint = tmp_path / "receipt.txt", tmp_path / "checkpoint"
    receipt.write_bytes(scene.browser.get(f"{sent}.txt").data)
    checkpoint.write_text(run(app, "ledger", "checkpoint").stdout, "utf-8")
    key = tmp_path / "key"
    key.write_text(run(app, "ledger", "key").stdout, "utf-8")
    [file] = rows(app, Attachment)
    address = f"/attachments/{file.id}"
    before = scene.browser.get(address)
    assert (before.status_code, len(before.data)) == (200, file.size)
    backup = tmp_path / "backup.tar.gz"
    assert run(app, "backup", backup).exit_code == 0

    installation.reset()
    shutil.rmtree(installation.settings.data_dir / "files", ignore_errors=True)
    assert rows(app, Point) == []
    restored = run(app, "restore", backup)
    assert restored.exit_code == 0, restored.output

    reader = signed_in(app, scene.author_id)
    assert reader.get(address).data == before.data
    assert "để giữ chân người giỏi" in reader.get(sent).text
    arguments = ("ledger", "audit", "--checkpoint", checkpoint, "--key", key)
    audited = run(app, *arguments)
    assert audited.exit_code == 0, audited.output
    assert run(app, "ledger", "verify", receipt, "--key", key).exit_code == 0
    again = reader.get(f"{sent}.txt").data
    receipt.write_bytes(again)
    assert run(app, "ledger", "verify", receipt, "--key", key).exit_code == 0

    later = tmp_path / "later"
    later.write_text(run(app, "ledger", "checkpoint").stdout, "utf-8")
    assert run(app, "ledger", "consistency", checkpoint, later).exit_code == 0
    shutil.rmtree(installation.settings.data_dir / "files")
    gone = run(app, *arguments)
    assert gone.exit_code == 1
    assert "attachments" in gone.output
