"""The receipt: only its author's, and checkable without the portal."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import select, text

from consult.cli.main import main
from consult.consultations.models import Consultation
from consult.core import clock
from consult.core.db import transaction
from consult.ledger import checkpoints
from consult.ledger.entries import instant, leaf_hash
from consult.ledger.models import Leaf
from consult.ledger.queries import leaf_of
from consult.submissions import services
from consult.submissions.commands import NewPoint, SubmitPoints
from consult.submissions.models import Identity, Stance, Submission
from consult.submissions.receipts import recorded
from tests.support import factories
from tests.support.browsing import post, signed_in
from tests.support.said import said


def receive(app: Flask) -> tuple[int, str]:
    """Receive two points; return the author's id and the reference."""
    with app.app_context():
        agency = factories.organisation()
        round_id = factories.consultation(agency, factories.version(agency))
        author_id = factories.user("Võ Chí Cường", verified=True)
        with transaction() as session:
            outcome = services.submit(
                SubmitPoints(
                    consultation=session.get_one(Consultation, round_id),
                    author_id=author_id,
                    points=[
                        NewPoint("d1.k1", Stance.AGREE, 'Nêu rõ "ai", <ở đâu>\nvà khi nào.', "a"),
                        NewPoint(None, Stance.NONE, "Về toàn bộ dự thảo.", "b"),
                    ],
                    identity=Identity.SEALED,
                    idempotency_key="one",
                    received_at=clock.now(),
                )
            )
    return author_id, outcome.reference


def test_the_page_shows_reference_instant_leaf_and_code(app: Flask) -> None:
    author_id, reference = receive(app)
    with app.app_context(), transaction(write=False) as session:
        submission = session.scalars(select(Submission)).one()
        leaf = leaf_of("submission", submission.id)
        assert leaf is not None
        expected = leaf.leaf_hash
    page = signed_in(app, author_id).get(f"/receipts/{reference}").text
    assert reference in page
    assert expected in page
    assert 'src="data:image/svg+xml' in page
    assert said(app, "Identity sealed") in page


def test_the_file_proves_itself(app: Flask, tmp_path: Path) -> None:
    author_id, reference = receive(app)
    answer = signed_in(app, author_id).get(f"/receipts/{reference}.txt")
    assert answer.headers["Content-Disposition"] == (
        f"attachment; filename=bien-nhan-{reference}.txt"
    )
    assert "Võ Chí Cường" not in answer.text
    saved = tmp_path / f"bien-nhan-{reference}.txt"
    saved.write_bytes(answer.data)
    [command] = [line for line in answer.text.splitlines() if line.startswith("python3 -c")]
    printed = subprocess.run(
        ["sh", "-c", command.replace("python3", sys.executable, 1)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    with app.app_context(), transaction(write=False) as session:
        leaf = leaf_of("submission", session.scalars(select(Submission.id)).one())
        assert leaf is not None
        assert printed == leaf.leaf_hash
    saved.write_bytes(answer.data.replace("khi nào".encode(), b"khi nao"))
    altered = subprocess.run(
        ["sh", "-c", command.replace("python3", sys.executable, 1)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    assert altered != printed


def test_nobody_else_opens_it(app: Flask) -> None:
    _author_id, reference = receive(app)
    with app.app_context():
        agency_id = factories.organisation()
        others = [
            factories.user("Người khác", verified=True),
            factories.user("Quản trị", roles=(("admin", None),)),
            factories.user("Công chức", roles=(("official", agency_id),)),
        ]
    for url in (f"/receipts/{reference}", f"/receipts/{reference}.txt"):
        assert {signed_in(app, other).get(url).status_code for other in others} == {404}
        assert app.test_client().get(url).status_code == 302


def verify(file: Path, *options: str) -> Result:
    """Run the command that checks a receipt, in an environment without any database."""
    return CliRunner().invoke(
        main,
        ["ledger", "verify", str(file), *options],
        env={"DATABASE_URL": "sqlite:////nowhere/none", "CONSULT_DATA_DIR": "/proc/none"},
    )


def test_the_file_is_verified_without_the_portal(app: Flask, tmp_path: Path) -> None:
    author_id, reference = receive(app)
    for _ in range(3):
        receive(app)
    client = signed_in(app, author_id)
    saved, key = tmp_path / "receipt.txt", tmp_path / "key.txt"
    saved.write_bytes(client.get(f"/receipts/{reference}.txt").data)
    key.write_bytes(app.test_client().get("/ledger/key").data)
    done = verify(saved, "--key", str(key), "--json")
    assert done.exit_code == 0, done.output
    report = json.loads(done.stdout)
    [entry] = report["entries"]
    assert report["proved"]
    assert not report["own_key"]
    assert (entry["leaf"], entry["size"]) == (0, 4)
    assert entry["entry"]["content"]["reference"] == reference
    assert entry["entry"]["content"]["points"][0]["argument"].endswith("khi nào.")
    assert reference in verify(saved).output
    saved.write_bytes(saved.read_bytes().replace("khi nào".encode(), b"khi nao"))
    refused = verify(saved, "--key", str(key))
    assert refused.exit_code == 1
    assert "altered" in refused.output


def test_a_withdrawal_is_proved_in_the_same_file(app: Flask, tmp_path: Path) -> None:
    author_id, reference = receive(app)
    client = signed_in(app, author_id)
    post(client, f"/receipts/{reference}/withdraw")
    saved = tmp_path / "receipt.txt"
    saved.write_bytes(client.get(f"/receipts/{reference}.txt").data)
    entries = json.loads(verify(saved, "--json").stdout)["entries"]
    assert [entry["entry"]["kind"] for entry in entries] == ["submission", "withdrawal"]
    assert entries[1]["entry"]["content"]["points"] == [1, 2]


def test_words_altered_in_the_database_show_on_the_page_and_break_the_file(
    app: Flask, tmp_path: Path
) -> None:
    author_id, reference = receive(app)
    with app.app_context(), transaction() as session:
        session.execute(text("UPDATE points SET argument = 'Khác hẳn.' WHERE ordinal = 1"))
    client = signed_in(app, author_id)
    page = client.get(f"/receipts/{reference}").text
    assert said(app, "About the log") in page
    assert 'class="alert alert-danger"' in page
    saved = tmp_path / "receipt.txt"
    saved.write_bytes(client.get(f"/receipts/{reference}.txt").data)
    assert verify(saved).exit_code == 1


def test_a_leaf_of_the_first_release_is_still_proved(app: Flask, tmp_path: Path) -> None:
    author_id, reference = receive(app)
    with app.app_context(), transaction() as session:
        submission = session.scalars(select(Submission)).one()
        assert submission.received_at
        points = [recorded(point).content() for point in submission.points]
        content = {
            "type": "submission",
            "reference": reference,
            "round": submission.consultation_id,
            "version": submission.consultation.version_id,
            "received_at": instant(submission.received_at),
            "points": points,
        }
        leaf = session.scalars(select(Leaf)).one()
        leaf.format, leaf.blind, leaf.leaf_hash = 1, "", leaf_hash(leaf.salt, content)
    client = signed_in(app, author_id)
    assert 'class="alert alert-danger"' not in client.get(f"/receipts/{reference}").text
    saved = tmp_path / "receipt.txt"
    saved.write_bytes(client.get(f"/receipts/{reference}.txt").data)
    [entry] = json.loads(verify(saved, "--json").stdout)["entries"]
    assert entry["entry"]["type"] == "submission"


def test_a_lost_key_leaves_the_receipts_page_and_is_not_replaced(app: Flask) -> None:
    author_id, reference = receive(app)
    client = signed_in(app, author_id)
    key: Path = app.extensions["consult_settings"].ledger_key
    assert client.get(f"/receipts/{reference}.txt").status_code == 200
    assert key.stat().st_mode & 0o777 == 0o600
    with app.app_context(), transaction():
        checkpoints.store()
    kept = key.read_bytes()
    key.unlink()
    try:
        answer = client.get(f"/receipts/{reference}.txt")
        assert answer.status_code == 303
        assert client.get(f"/receipts/{reference}").status_code == 200
        assert client.get("/ledger").status_code == 200
        assert client.get("/ledger/checkpoint").status_code == 503
        assert not key.exists()
    finally:
        key.write_bytes(kept)
