"""The receipt: only its author's, and checkable without the portal."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from consult.consultations.models import Consultation
from consult.core import clock
from consult.core.db import transaction
from consult.ledger.queries import leaf_of
from consult.submissions import services
from consult.submissions.commands import NewPoint, SubmitPoints
from consult.submissions.models import Identity, Stance, Submission
from tests.support import factories
from tests.support.browsing import signed_in
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
