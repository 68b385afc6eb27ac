"""An insider edits answers to a round's questions, or the questions themselves: it is named."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import select

from consult.consultations.models import Consultation
from consult.core import clock
from consult.core.db import transaction
from consult.submissions import services as submissions
from consult.submissions.answers import services as answering
from consult.submissions.answers.services import Answer
from consult.submissions.commands import SendBasket
from consult.submissions.models import Identity, Submission
from tests.integration.ledger.test_insider import NOW, after, audit
from tests.support import factories as make
from tests.support.tampering import unnamed

# Submission 1 has sheets 1 and 2 (changed later), submission 2 sheet 3, submission 3, withdrawn,
# sheet 4. Question 1 offers options, question 2 is a scale.
EDITS = [
    ("UPDATE question_answers SET chosen = '1' WHERE sheet_id = 1 AND question_id = 1",
     "altered submissions 1"),
    ("UPDATE question_answers SET chosen = '1' WHERE sheet_id = 2 AND question_id = 1",
     "altered answer_sheets 2"),
    ("UPDATE question_answers SET chosen = '5' WHERE sheet_id = 3 AND question_id = 2",
     "altered submissions 2"),
    ("DELETE FROM question_answers WHERE sheet_id = 3 AND question_id = 2",
     "altered submissions 2"),
    ("INSERT INTO question_answers (sheet_id, question_id, chosen) VALUES (2, 2, '5')",
     "altered answer_sheets 2"),
    ("UPDATE questions SET options = '[\"Không\", \"Có\", \"Khác\"]' WHERE id = 1",
     "altered submissions 1"),
    ("UPDATE questions SET options = '[\"Không\", \"Có\", \"Khác\"]' WHERE id = 1",
     "altered answer_sheets 2"),
    ("UPDATE questions SET text = 'Khác?' WHERE id = 1", "altered submissions 2"),
    ("UPDATE questions SET low = 'Tốt' WHERE id = 2", "altered submissions 1"),
    ("UPDATE questions SET steps = 7 WHERE id = 2", "altered submissions 1"),
    ("DELETE FROM question_answers WHERE sheet_id = 2;"
     " DELETE FROM answer_sheets WHERE id = 2", "deleted answer_sheets 2"),
    ("DELETE FROM question_answers WHERE sheet_id = 2;"
     " DELETE FROM answer_sheets WHERE id = 2", "altered answer_sheets 1"),
    ("DELETE FROM question_answers WHERE sheet_id = 3;"
     " DELETE FROM answer_sheets WHERE id = 3", "altered submissions 2"),
    (f"INSERT INTO answer_sheets (submission_id, number, form_key, received_at)"
     f" VALUES (2, 1, 'x', {NOW})", "inserted answer_sheets"),
    (f"INSERT INTO answer_sheets (submission_id, number, form_key, received_at)"
     f" VALUES (2, 1, 'x', {NOW})", "altered answer_sheets 3"),
    ("UPDATE answer_sheets SET submission_id = 2, number = 1 WHERE id = 2",
     "altered answer_sheets 2"),
    (f"UPDATE answer_sheets SET received_at = {NOW} WHERE id = 2", "altered answer_sheets 2"),
    (f"UPDATE answer_sheets SET received_at = {NOW} WHERE id = 3", "altered answer_sheets 3"),
    ("UPDATE answer_sheets SET received_at = NULL WHERE id = 3", "altered answer_sheets 3"),
    ("UPDATE answer_sheets SET replaced_at = NULL WHERE id = 1", "altered answer_sheets 1"),
    (f"UPDATE answer_sheets SET replaced_at = {NOW} WHERE id = 2", "altered answer_sheets 2"),
    ("UPDATE submissions SET state = 'withdrawn' WHERE id = 2", "altered submissions 2"),
    (f"UPDATE submissions SET state = 'withdrawn', withdrawn_at = {NOW} WHERE id = 2",
     "altered submissions 2"),
    ("UPDATE submissions SET state = 'received' WHERE id = 3", "altered submissions 3"),
    ("UPDATE submissions SET state = 'received', withdrawn_at = NULL WHERE id = 3",
     "altered submissions 3"),
]  # fmt: skip


def answer(round_id: int, author_id: int, chosen: dict[int, list[int]], *, send: bool) -> None:
    with transaction() as session:
        round_ = session.get_one(Consultation, round_id)
        key = f"{author_id}-{send}"
        told = answering.answer(Answer(round_, author_id, chosen, key, clock.now()))
        if send:
            submissions.send_basket(
                SendBasket(round_, author_id, told.reference, Identity.SEALED, clock.now())
            )


def test_every_edit_of_answers_is_named(app: Flask) -> None:
    missed: list[str] = []
    with app.app_context():
        agency = make.organisation()
        round_id = make.consultation(agency, make.version(agency))
        make.question(round_id, 1, "multiple", options=["Có", "Không", "Khác"])
        make.question(round_id, 2, "scale", low="Xấu", high="Tốt", steps=5)
        authors = [make.user(f"Người {n}", verified=True) for n in range(3)]
        answer(round_id, authors[0], {1: [2], 2: [4]}, send=True)
        answer(round_id, authors[0], {1: [2, 3]}, send=False)
        answer(round_id, authors[1], {1: [1], 2: [1]}, send=True)
        answer(round_id, authors[2], {1: [1]}, send=True)
        with transaction() as session:
            last = session.scalars(select(Submission).order_by(Submission.id.desc())).first()
            assert last
            at = clock.now()
            assert submissions.withdraw(last, author_id=authors[2], point_ids=None, at=at) == 1
        with transaction(write=False):
            assert audit().findings == []
        for statements, expected in EDITS:
            lines = after(statements)
            if not any(expected in line for line in lines):
                missed.append(f"{statements}: {expected} is not in {lines}")
        missed += unnamed(after, "answers")
        with transaction(write=False):
            assert audit().sound, "nothing of the edits is left"
    assert missed == []
