"""An insider edits authors' objections to a summary, or what the Front answered: named."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask

from consult.core import clock
from consult.core.db import transaction
from consult.submissions.models import Point
from consult.summaries import objection_services as objecting
from consult.summaries.models import Summary
from consult.summaries.objection_models import Outcome
from tests.integration.ledger.test_insider import NOW, after, audit
from tests.integration.summaries.test_review import approved
from tests.integration.summaries.test_workspace import closed_round, started
from tests.support import factories as make

# Objection 1 on point 1 is answered, objection 2 on point 2 waits; nobody objected on point 3.
EDITS = [
    ("UPDATE summary_objections SET reason = 'Hài lòng.' WHERE id = 1", "altered {} 1"),
    ("UPDATE summary_objections SET point_id = 3 WHERE id = 2", "altered {} 2"),
    (f"UPDATE summary_objections SET made_at = {NOW} WHERE id = 2", "altered {} 2"),
    ("UPDATE summary_objections SET answer = 'Khác.' WHERE id = 1", "altered {} 1"),
    ("UPDATE summary_objections SET outcome = 'changed' WHERE id = 1", "altered {} 1"),
    (f"UPDATE summary_objections SET answered_at = {NOW} WHERE id = 1", "altered {} 1"),
    ("UPDATE summary_objections SET answered_by = 2 WHERE id = 1", "altered {} 1"),
    (
        f"UPDATE summary_objections SET answered_at = {NOW}, outcome = 'kept' WHERE id = 2",
        "altered {} 2 its answer",
    ),
    ("UPDATE summary_objections SET answer = 'x' WHERE id = 2", "altered {} 2 its answer"),
    ("DELETE FROM summary_objections WHERE id = 2", "deleted {} 2"),
    (
        "INSERT INTO summary_objections (summary_id, point_id, reason, made_at, answer)"
        f" VALUES (1, 3, 'x', {NOW}, '')",
        "inserted {} 3",
    ),
]


def test_every_edit_of_an_objection_is_named(app: Flask) -> None:
    with app.app_context():
        case = closed_round()
        for author in case.writers[:3]:
            make.point(case.id, author, argument=f"Ý kiến riêng của tác giả số {author}.")
    summary_id = started(app, case)
    with app.app_context():
        approved(case, summary_id)
        with transaction() as session:
            summary = session.get_one(Summary, summary_id)
            rows = [
                objecting.object_to(
                    objecting.Object(
                        summary, session.get_one(Point, point_id), "Thiếu.", clock.now()
                    )
                )
                for point_id in (1, 2)
            ]
            clock.shift(timedelta(minutes=1))
            objecting.answer(
                objecting.AnswerObjection(rows[0], Outcome.KEPT, "Đủ rồi.", case.front_id)
            )
        with transaction(write=False):
            # The factory's points are in no log.
            assert {finding.table for finding in audit().findings} <= {"submissions", "points"}
        missed: list[str] = []
        for statements, pattern in EDITS:
            expected, lines = pattern.format("summary_objections"), after(statements)
            if not any(expected in line for line in lines):
                missed.append(f"{statements}: {expected} is not in {lines}")
    assert missed == []
