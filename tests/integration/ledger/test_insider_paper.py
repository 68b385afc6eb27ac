"""An insider edits what staff noted of a letter, or who typed it in: it is named."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import select

from consult.core import clock, files
from consult.core.db import transaction
from consult.ledger.models import Leaf
from consult.submissions.commands import Scan
from consult.submissions.models import Identity, Submission
from consult.submissions.paper import services as paper_services
from tests.integration.ledger.test_insider import NOW, after, audit
from tests.support import factories as make
from tests.support import papers
from tests.support.tampering import unnamed

# Submission 1 is openly named and has a scan, 2 is sealed.
EDITS = [
    ("UPDATE paper_entries SET transcriber_id = 2 WHERE submission_id = 1",
     "altered submissions 1"),
    ("UPDATE paper_entries SET received_on = '2020-01-01' WHERE submission_id = 2",
     "altered submissions 2"),
    ("UPDATE paper_entries SET register_number = '9' WHERE submission_id = 1",
     "altered submissions 1"),
    ("UPDATE paper_entries SET late_reason = 'x' WHERE submission_id = 1", "altered submissions 1"),
    ("UPDATE paper_entries SET scan_size = 7 WHERE submission_id = 1", "altered submissions 1"),
    ("UPDATE paper_entries SET scan_kind = 'pdf' WHERE submission_id = 1", "altered submissions 1"),
    (f"UPDATE paper_entries SET scan_sha256 = '{'0' * 64}' WHERE submission_id = 1",
     "altered submissions 1"),
    ("UPDATE paper_entries SET scan_sha256 = NULL, scan_size = NULL WHERE submission_id = 1",
     "altered submissions 1"),
    ("DELETE FROM paper_entries WHERE submission_id = 1", "altered submissions 1"),
    ("UPDATE submissions SET channel = 'email' WHERE id = 1", "altered submissions 1"),
    ("UPDATE submissions SET channel = 'online' WHERE id = 1", "inserted paper_entries 1"),
    ("UPDATE authorships SET name = 'Khác' WHERE submission_id = 1", "altered submissions 1"),
    ("UPDATE points SET argument = 'Khác' WHERE id = 2", "altered submissions 2"),
    # Of submission 1 the transcription was compared twice, by two people.
    ("UPDATE paper_entries SET checked_by = 2 WHERE submission_id = 1", "altered paper_entries 1"),
    (f"UPDATE paper_entries SET checked_at = {NOW} WHERE submission_id = 1",
     "altered paper_entries 1"),
    ("UPDATE paper_entries SET checked_by = NULL, checked_at = NULL WHERE submission_id = 1",
     "altered paper_entries 1"),
    ("UPDATE paper_entries SET (checked_by, checked_at) = (SELECT checked_by, checked_at FROM"
     " paper_entries WHERE submission_id = 1) WHERE submission_id = 2", "altered paper_entries 2"),
    ("UPDATE audit_entries SET actor_id = 1 WHERE action = 'submission.compared' AND actor_id = 2",
     "altered paper_entries 1"),
    ("DELETE FROM audit_entries WHERE action = 'submission.compared' AND actor_id = 2",
     "altered paper_entries 1"),
    ("DELETE FROM paper_entries WHERE submission_id = 1", "deleted paper_entries 1"),
    ("DELETE FROM ledger_leaves WHERE kind = 'comparison'", "deleted ledger_leaves 2"),
]  # fmt: skip


def test_every_edit_of_an_entry_is_named(app: Flask) -> None:
    missed: list[str] = []
    with app.app_context():
        agency = make.organisation()
        round_id = make.consultation(agency, make.version(agency))
        first, *others = (make.user(f"Cán bộ {n}", roles=(("official", agency),)) for n in range(3))
        scan = Scan("png", files.keep(b"a scan"), 6)
        facts = {"register_number": "15/CV", "scan": scan}
        papers.entered(round_id, first, "Lò Thị Mây", Identity.PUBLIC, "Mức cao.", **facts)
        papers.entered(round_id, first, "Lò Thị Nương", Identity.SEALED, "Mức thấp.")
        for checker in [*others, others[-1]]:
            with transaction() as session:
                letter = session.get_one(Submission, 1)
                paper_services.mark_checked(letter, actor_id=checker, at=clock.now())
        with transaction(write=False) as session:
            kinds = list(session.scalars(select(Leaf.kind).order_by(Leaf.index)))
            assert kinds == ["submission"] * 2 + ["comparison"] * 2, "the repeated one is no other"
            assert audit().findings == []
        for statements, expected in EDITS:
            lines = after(statements)
            if not any(expected in line for line in lines):
                missed.append(f"{statements}: {expected} is not in {lines}")
        missed += unnamed(after, "comparison")
        with transaction(write=False):
            assert audit().sound, "nothing of the edits is left"
    assert missed == []
