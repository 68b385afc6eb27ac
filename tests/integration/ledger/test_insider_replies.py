"""An insider edits what passed between agency and author, or an answer given again: named."""

from __future__ import annotations

from flask import Flask

from consult.core import clock
from consult.core.db import transaction
from consult.responses import reply_services, services
from consult.responses.models import Disposition
from consult.submissions.models import Point
from tests.integration.ledger.test_insider import NOW, after, audit
from tests.integration.responses.test_answers import a_round, command
from tests.support import factories as make
from tests.support.tampering import unnamed

# Point 1 was asked about and replied, answered, objected to and answered again (answers 1, 2);
# the question on point 2 waits.
EDITS = [
    ("UPDATE answer_objections SET text = 'Đúng ý.'", "altered answer_objections 1"),
    ("UPDATE answer_objections SET response_id = 2", "altered answer_objections 1"),
    (f"UPDATE answer_objections SET at = {NOW}", "altered answer_objections 1"),
    ("DELETE FROM answer_objections", "deleted answer_objections 1"),
    (f"INSERT INTO answer_objections (point_id, response_id, text, at) VALUES (2, 2, 'x', {NOW})",
     "inserted answer_objections 2"),
    ("UPDATE point_inquiries SET question = 'Khác?' WHERE id = 1", "altered point_inquiries 1"),
    ("UPDATE point_inquiries SET asked_by = 1 WHERE id = 2", "altered point_inquiries 2"),
    (f"UPDATE point_inquiries SET asked_at = {NOW} WHERE id = 2", "altered point_inquiries 2"),
    ("UPDATE point_inquiries SET point_id = 2 WHERE id = 1", "altered point_inquiries 1"),
    ("UPDATE point_inquiries SET reply = 'Khác.' WHERE id = 1", "altered point_inquiries 1"),
    (f"UPDATE point_inquiries SET replied_at = {NOW} WHERE id = 1", "altered point_inquiries 1"),
    ("UPDATE point_inquiries SET reply = '', replied_at = NULL WHERE id = 1",
     "altered point_inquiries 1"),
    ("UPDATE point_inquiries SET reply = 'x' WHERE id = 2", "altered point_inquiries 2 its reply"),
    ("DELETE FROM point_inquiries WHERE id = 1", "deleted point_inquiries 1"),
    ("INSERT INTO point_inquiries (point_id, question, asked_by, asked_at, reply)"
     f" VALUES (2, 'x', 1, {NOW}, '')", "inserted point_inquiries 3"),
    ("UPDATE responses SET reason = 'x' WHERE id = 1", "altered responses 1"),
    ("UPDATE responses SET reason = 'x' WHERE id = 2", "altered responses 2"),
    ("UPDATE answered_points SET response_id = 1 WHERE point_id = 1", "altered answered_points 1"),
]  # fmt: skip


def test_every_edit_of_what_passed_is_named(app: Flask) -> None:
    with app.app_context():
        case = a_round(points=2)
        make.user("Người thứ hai")
        first, second = case.points
        with transaction() as session:
            now, points = clock.now(), [session.get_one(Point, id_) for id_ in case.points]
            for point in points:
                asked = reply_services.ask(point, "Vì sao?", actor_id=case.official_id, at=now)
            assert asked.id == 2
            reply_services.reply(points[0], 1, "Vì thế.", at=now)
            services.answer(command(case, first))
            [response] = services.publish(case.id, actor_id=case.official_id)
            reply_services.object_to(points[0], response, "Chưa đúng ý.", at=now)
        with transaction():
            words = {"disposition": Disposition.NOTED, "reason": "Nói lại"}
            assert services.correct(command(case, first, **words)).id == 2
        with transaction(write=False):
            # The factory's points are in no log; all else is.
            assert {finding.table for finding in audit().findings} <= {"submissions", "points"}
        assert (first, second) == (1, 2)
        missed: list[str] = []
        for statements, expected in EDITS:
            lines = after(statements)
            if not any(expected in line for line in lines):
                missed.append(f"{statements}: {expected} is not in {lines}")
        missed += unnamed(after, "answer_objection", "inquiry", "inquiry_reply", "response")
    assert missed == []
