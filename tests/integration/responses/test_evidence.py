"""Files that prove what became of commitments, and the log of commitments' changes."""

from __future__ import annotations

import io
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, select, text

from consult.core import files
from consult.core.audit import AuditEntry
from consult.core.db import transaction
from consult.ledger import checkpoints
from consult.ledger.models import Leaf
from consult.responses import commitments
from consult.responses.commitment_models import (
    Commitment,
    CommitmentChange,
    CommitmentFile,
    CommitmentState,
)
from tests.integration.ledger.test_insider import after, audit
from tests.integration.responses.test_answers import Round, a_round, statements
from tests.integration.responses.test_commitments import commit, rows, settle
from tests.integration.responses.test_replies import published
from tests.support import factories as make
from tests.support.attachable import MAKER, docx, pdf, png
from tests.support.browsing import post, signed_in
from tests.support.tampering import unnamed


@pytest.fixture
def case(app: Flask) -> Round:
    with app.app_context():
        found = a_round()
    published(app, found, *found.points)
    commit(app, found, found.points[0])
    return found


def prove(app: Flask, case: Round, *sent: tuple[bytes, str], **words: str) -> Any:
    data = {
        "state": "open",
        "outcome": "Đang làm.",
        "uploads": [(io.BytesIO(data), name) for data, name in sent],
        **words,
    }
    [row] = rows(app)
    return post(
        signed_in(app, case.official_id), f"/office/rounds/{case.id}/commitments/{row.id}", data
    )


def kept(app: Flask) -> list[CommitmentFile]:
    with app.app_context(), transaction(write=False) as session:
        found = list(session.scalars(select(CommitmentFile).order_by(CommitmentFile.id)))
        session.expunge_all()
        return found


def kinds(app: Flask) -> list[str]:
    with app.app_context(), transaction(write=False) as session:
        found = session.scalars(select(Leaf.kind).order_by(Leaf.index)).all()
        return [kind for kind in found if kind.startswith(("commitment", "evidence"))]


def findings() -> list[str]:
    """Return what the audit finds of commitments; the points are none that were received."""
    return [
        f"{f.problem} {f.table} {f.row}"
        for f in audit().findings
        if f.table.startswith("commitment")
    ]


def test_files_are_public_evidence_without_metadata(app: Flask, case: Round) -> None:
    page = prove(
        app, case, (pdf(), "Quyết định 12.pdf"), (docx(), "Báo cáo.docx"), (png(), "a.png")
    )
    assert "Đã lưu kết quả" in page.text
    assert [(f.name, f.kind.value) for f in kept(app)] == [
        ("Quyết định 12.pdf", "pdf"), ("Báo cáo.docx", "docx"), ("a.png", "png"),
    ]  # fmt: skip
    anybody = app.test_client()
    listed = anybody.get(f"/rounds/{case.id}/commitments").text
    for file in kept(app):
        assert f"/commitment-files/{file.id}" in listed
        answer = anybody.get(f"/commitment-files/{file.id}")
        assert answer.status_code == 200
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert MAKER.encode() not in answer.data
        assert len(answer.data) == file.size
    assert anybody.get("/commitment-files/999").status_code == 404
    # The same file again is no second one.
    prove(app, case, (png(), "khác.png"))
    assert len(kept(app)) == 3
    assert kinds(app) == ["commitment", "evidence", "evidence", "evidence",
                          "commitment"]  # fmt: skip


def test_who_may_not_read_the_round_gets_no_file(app: Flask, case: Round) -> None:
    prove(app, case, (pdf(), "a.pdf"))
    with app.app_context(), transaction() as session:
        session.execute(text("UPDATE consultations SET audience = 'verified'"))
    with app.app_context():
        stranger = make.user("Chưa Xác Minh")
    url = f"/commitment-files/{kept(app)[0].id}"
    assert app.test_client().get(url).status_code != 200
    assert signed_in(app, stranger).get(url).status_code == 404
    assert signed_in(app, case.author_id).get(url).status_code == 200


def test_what_is_no_evidence_is_refused_and_words_are_kept(app: Flask, case: Round) -> None:
    for data, name, said in (
        (b"", "a.pdf", "a.pdf: "),
        (b"MZ junk", "a.pdf", "a.pdf"),
        (png(), "a.pdf", "a.pdf"),
        (docx(more={"word/vbaProject.bin": b"x"}), "a.docx", "a.docx"),
    ):
        page = prove(app, case, (pdf(), "tốt.pdf"), (data, name), outcome="Lời đã gõ")
        assert page.status_code == 422, name
        assert said in page.text
        assert "Lời đã gõ" in page.text
    many = [(pdf(b"%d" % n), f"{n}.pdf") for n in range(commitments.MOST_FILES + 1)]
    page = prove(app, case, *many)
    assert page.status_code == 422
    assert "tối đa 10 tệp" in page.text
    assert kept(app) == []
    assert rows(app)[0].outcome == ""


def test_a_file_is_taken_away_and_stays_in_the_log(app: Flask, case: Round) -> None:
    prove(app, case, (pdf(), "a.pdf"))
    [file] = kept(app)
    page = prove(app, case, remove=str(file.id), outcome="Lời đã gõ")
    assert "Đã bỏ tệp" in page.text
    assert "Lời đã gõ" in page.text
    assert rows(app)[0].outcome == "Đang làm."
    assert app.test_client().get(f"/commitment-files/{file.id}").status_code == 404
    assert f"/commitment-files/{file.id}" not in app.test_client().get(
        f"/rounds/{case.id}/commitments"
    ).text  # fmt: skip
    assert "Đã bỏ tệp" not in prove(app, case, remove=str(file.id)).text
    assert "Đã lưu kết quả" in prove(app, case, (pdf(), "a.pdf")).text
    assert [bool(f.removed_at) for f in kept(app)] == [True, False]
    assert kinds(app)[-2:] == ["evidence_removed", "evidence"]
    with app.app_context(), transaction(write=False) as session:
        acts = session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
        assert [a for a in acts if "proven" in a] == [
            "commitment.proven", "commitment.unproven", "commitment.proven",
        ]  # fmt: skip
        assert findings() == []


EDITS = [
    ("UPDATE commitments SET state = 'done'", "altered commitments 1"),
    ("UPDATE commitments SET what = 'x'", "altered commitments 1"),
    ("UPDATE commitments SET due_at = '2030-01-01 00:00:00.000000'", "altered commitments 1"),
    ("UPDATE commitments SET evidence = 'https://x.vn'", "altered commitments 1"),
    ("UPDATE commitment_changes SET outcome = 'x' WHERE id = 2", "altered commitment_changes 2"),
    ("UPDATE commitment_changes SET commitment_id = 1, who = 'x' WHERE id = 1",
     "altered commitment_changes 1"),
    ("DELETE FROM commitment_changes WHERE id = 3", "deleted commitment_changes 3"),
    ("INSERT INTO commitment_changes (commitment_id, what, who, due_at, state, outcome, evidence,"
     " at) SELECT commitment_id, what, who, due_at, 'done', outcome, evidence, at"
     " FROM commitment_changes WHERE id = 3", "inserted commitment_changes 5"),
    ("INSERT INTO commitments (consultation_id, response_id, what, who, due_at, state, outcome,"
     " evidence, made_at) SELECT consultation_id, response_id, 'x', who, due_at, state, outcome,"
     " evidence, made_at FROM commitments", "inserted commitments 2"),
    ("UPDATE commitment_files SET name = 'x.pdf' WHERE id = 1", "altered commitment_files 1"),
    ("UPDATE commitment_files SET removed_at = NULL WHERE id = 1", "altered commitment_files 1"),
    ("UPDATE commitment_files SET removed_at = added_at WHERE id = 2",
     "altered commitment_files 2"),
    ("DELETE FROM commitment_files WHERE id = 2", "deleted commitment_files 2"),
]  # fmt: skip


def test_the_audit_names_every_edit(app: Flask, case: Round) -> None:
    settle(app, case, "done", outcome="Xong.")
    settle(app, case, "open")
    prove(app, case, (pdf(), "a.pdf"), state="open", outcome="")
    prove(app, case, remove=str(kept(app)[0].id))
    prove(app, case, (png(), "b.png"), state="open", outcome="")
    with app.app_context():
        with transaction():
            assert checkpoints.store()
        with transaction(write=False):
            assert findings() == []
        missed: list[str] = []
        for edit, expected in EDITS:
            lines = after(edit)
            if not any(line.startswith(expected) for line in lines):
                missed.append(f"{edit}: {expected} is not in {lines}")
        missed += unnamed(after, "commitment", "evidence", "evidence_removed")
        place = files.place(kept(app)[1].sha256)
        place.chmod(0o600)
        place.write_bytes(b"other")
        with transaction(write=False):
            assert findings() == ["altered commitment_files 2"]
    assert missed == []


def test_commitments_older_than_the_log_of_changes_are_no_finding(app: Flask, case: Round) -> None:
    with app.app_context(), transaction() as session:
        session.execute(delete(CommitmentChange))
        session.execute(delete(Leaf).where(Leaf.kind == "commitment"))
        assert findings() == []
        row = session.scalars(select(Commitment)).one()
        done = commitments.Settle(row, CommitmentState.DONE, "Xong.", "", None, row.made_at)
        commitments.settle(done)
        assert session.scalars(select(CommitmentChange.outcome)).all() == ["Xong."]


def test_the_pages_ask_a_fixed_number(sqlite_app: Flask) -> None:
    with sqlite_app.app_context():
        case = a_round()
    published(sqlite_app, case, *case.points)
    commit(sqlite_app, case, case.points[0])
    prove(sqlite_app, case, *[(pdf(b"%d" % n), f"{n}.pdf") for n in range(8)])
    official = signed_in(sqlite_app, case.official_id)
    [row] = rows(sqlite_app)
    for url in (f"/rounds/{case.id}/commitments", f"/office/rounds/{case.id}/commitments/{row.id}"):
        assert statements(sqlite_app, official, url) <= 12, url
    assert len(kept(sqlite_app)) == 8
