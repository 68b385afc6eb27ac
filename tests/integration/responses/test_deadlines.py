"""The answering period: its default, what is shown as overdue, who is reminded and how often."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from consult.consultations import services as rounds
from consult.consultations import stages
from consult.consultations.models import Consultation, Holiday, Stage, StageChange
from consult.core import clock
from consult.core.audit import AuditEntry
from consult.core.db import db, transaction
from consult.core.portal import save_portal
from consult.jobs.runner import tick
from consult.notifications.models import Notification
from consult.responses import deadlines
from consult.submissions.models import Identity
from tests.integration.responses.test_answers import Round, a_round, statements
from tests.integration.responses.test_replies import published
from tests.support import factories as make
from tests.support.browsing import post, signed_in

# A Thursday, 17:00 in Đồng Nai.
CLOSES = datetime(2026, 4, 23, 10, 0, tzinfo=UTC)


@pytest.fixture
def case(app: Flask) -> Round:
    with app.app_context():
        return a_round()


def closed(app: Flask, case: Round, *, days: str = "15") -> datetime | None:
    """Return until when the round is answered that closes at CLOSES."""
    with app.app_context(), transaction() as session:
        save_portal({"answer_days": days})
        round_ = session.get_one(Consultation, case.id)
        round_.stage, round_.closes_at, round_.answer_by = Stage.OPEN, CLOSES, None
        stages.apply(round_, "close", actor_id=None)
        return round_.answer_by


def set_due(app: Flask, case: Round, by: timedelta) -> None:
    with app.app_context(), transaction():
        db.session.execute(
            update(Consultation)
            .where(Consultation.id == case.id)
            .values(answer_by=clock.now() + by)
        )


def test_the_usual_period_counts_working_days(app: Flask, case: Round) -> None:
    # Friday, then Monday to Wednesday: five working days end on the Thursday after.
    assert closed(app, case, days="5") == datetime(2026, 4, 30, 16, 59, tzinfo=UTC)
    with app.app_context(), transaction() as session:
        session.add(Holiday(day=date(2026, 4, 30), name="Ngày Chiến thắng"))
        session.add(Holiday(day=date(2026, 5, 1), name="Ngày Quốc tế Lao động"))
    assert closed(app, case, days="5") == datetime(2026, 5, 4, 16, 59, tzinfo=UTC)
    assert closed(app, case, days="") is None


def test_what_the_agency_has_said_stands_unless_the_round_is_extended_past_it(
    app: Flask, case: Round
) -> None:
    with app.app_context(), transaction() as session:
        round_ = session.get_one(Consultation, case.id)
        now = clock.now()
        round_.stage, round_.closes_at = Stage.OPEN, now + timedelta(days=1)
        round_.answer_by = said = now + timedelta(days=4)
        rounds.extend(round_, now + timedelta(days=3), reason="Thêm ngày", actor_id=None)
        assert round_.answer_by == said
        rounds.extend(round_, now + timedelta(days=5), reason="Thêm ngày", actor_id=None)
        assert round_.answer_by is None
        stages.apply(round_, "close", actor_id=None)
        assert round_.answer_by is not None
        assert round_.answer_by > now + timedelta(days=20)


def test_overdue_is_shown_to_the_agency_the_front_and_everybody(app: Flask, case: Round) -> None:
    with app.app_context():
        front = make.user("Cán bộ Mặt trận", roles=(("front", make.organisation("front")),))
    set_due(app, case, timedelta(days=2))
    anybody, official = app.test_client(), signed_in(app, case.official_id)
    answers = f"/rounds/{case.id}/answers"
    assert "Còn 3 ý kiến chờ giải trình" in anybody.get(answers).text
    assert "Quá hạn" not in anybody.get(answers).text
    assert "Hạn giải trình" in official.get("/desk").text
    set_due(app, case, timedelta(minutes=-1))
    published(app, case, case.points[0])
    assert "còn 2 ý kiến chưa được giải trình" in anybody.get(answers).text
    assert "Quá hạn" in anybody.get(f"/rounds/{case.id}").text
    assert "2 giải trình quá hạn" in official.get("/desk").text
    assert "2 giải trình quá hạn" in signed_in(app, front).get("/desk").text
    page = official.get(f"/office/rounds/{case.id}/answers?state=overdue").text
    assert [f'id="point-{p}"' in page for p in case.points] == [False, True, True]
    published(app, case, *case.points[1:])
    for client, url in ((anybody, answers), (official, "/desk"), (anybody, f"/rounds/{case.id}")):
        assert "uá hạn" not in client.get(url).text, url
        assert statements(app, client, url) <= 12, url


def test_reminders_come_before_and_weekly_after(app: Flask, case: Round) -> None:
    with app.app_context():
        front = make.user("Cán bộ Mặt trận", roles=(("front", make.organisation("front")),))
        other = a_round()  # of another agency, without a period
    set_due(app, case, timedelta(days=4))

    def told(days: float) -> list[tuple[int, str]]:
        with app.app_context():
            for _time in range(2):  # it is called every hour
                with transaction():
                    deadlines.remind(clock.now() + timedelta(days=days))
                tick()
            with transaction(write=False) as session:
                rows = session.scalars(select(Notification).order_by(Notification.id)).all()
                return [(r.user_id, r.kind) for r in rows if r.kind.startswith("answers.")]

    official = case.official_id
    assert told(0) == []
    assert told(1.5) == [(official, "answers.due")]
    assert told(3.5) == [(official, "answers.due")]
    late = [(official, "answers.overdue"), (front, "answers.overdue")]
    assert sorted(told(4.5)[1:]) == sorted(late)
    assert len(told(9)) == 3
    assert len(told(11.5)) == 5
    assert other.official_id not in {user for user, _ in told(11.6)}
    published(app, case, *case.points)
    assert len([n for n in told(30) if n[1] == "answers.overdue"]) == 4


def test_the_administrator_sets_the_period(app: Flask) -> None:
    with app.app_context():
        admin = signed_in(app, make.user("Quản trị", roles=(("admin", None),)))
    for wrong in ("0", "366", "-1", "ba", "1.5"):
        page = post(admin, "/admin/settings", {"answer_days": wrong})
        assert page.status_code == 422, wrong
        assert "Xin nhập số ngày từ 1 đến 365" in page.text
    assert 'value="15"' in admin.get("/admin/settings").text


def test_a_period_before_the_closing_is_refused(app: Flask, case: Round) -> None:
    with app.app_context(), transaction() as session:
        session.get_one(Consultation, case.id).stage = Stage.PREPARING
    official = signed_in(app, case.official_id)
    data = {
        "title": "Đợt", "kind": "critique", "audience": "everyone", "points_visibility": "at_once",
        "closes_at": "01/03/2090 08:00", "answer_by": "01/03/2090 08:00", "action": "save",
    }  # fmt: skip
    data |= dict.fromkeys(
        ("summary", "can_change", "cannot_change", "legal_basis", "responsible_name",
         "responsible_contact", "opens_at", "shortened_reason", "period_rule_id"), ""
    )  # fmt: skip
    page = post(official, f"/office/rounds/{case.id}/edit", data)
    assert page.status_code == 422
    assert "Hạn giải trình phải sau khi kết thúc" in page.text
    post(official, f"/office/rounds/{case.id}/edit", {**data, "answer_by": "09/03/2090 08:00"})
    with app.app_context(), transaction(write=False) as session:
        by = session.get_one(Consultation, case.id).answer_by
        assert by == datetime(2090, 3, 9, 1, 0, tzinfo=UTC)


def change_due(app: Flask, case: Round, **words: str) -> tuple[int, str]:
    official = signed_in(app, case.official_id)
    page = post(official, f"/office/rounds/{case.id}/answers/due", words)
    return page.status_code, page.text


def due_of(app: Flask, case: Round) -> datetime | None:
    with app.app_context(), transaction(write=False) as session:
        return session.get_one(Consultation, case.id).answer_by


def test_the_day_is_changed_with_a_reason_that_authors_and_everybody_read(
    app: Flask, case: Round
) -> None:
    with app.app_context():
        sealed = make.user("Người Kín", verified=True)
        make.point(case.id, sealed, identity=Identity.SEALED)
    set_due(app, case, timedelta(hours=-1))
    words = {"answer_by": "05/03/2090 17:00", "reason": "Chờ ý kiến Bộ Tư pháp"}
    status, page = change_due(app, case, **words)
    assert status == 200
    assert "Hạn giải trình nay là" in page
    assert "Chờ ý kiến Bộ Tư pháp" in page
    assert due_of(app, case) == datetime(2090, 3, 5, 10, 0, tzinfo=UTC)
    public = app.test_client().get(f"/rounds/{case.id}/answers").text
    assert "Chờ ý kiến Bộ Tư pháp" in public
    assert "Quá hạn" not in public
    with app.app_context():
        tick()
        with transaction(write=False) as session:
            told = {
                (n.user_id, n.kind): n.params
                for n in session.scalars(select(Notification))
                if n.user_id in (case.author_id, sealed)
            }
            acts = session.scalars(
                select(AuditEntry).where(AuditEntry.action == "round.reschedule")
            ).all()
            assert [entry.details["reason"] for entry in acts] == ["Chờ ý kiến Bộ Tư pháp"]
    assert set(told) == {(case.author_id, "answers.rescheduled"), (sealed, "contribution.news")}
    assert told[case.author_id, "answers.rescheduled"]["reason"] == "Chờ ý kiến Bộ Tư pháp"
    # Back to an earlier instant is news again, and the same instant is none.
    assert change_due(app, case, **words)[0] == 422
    assert change_due(app, case, **words | {"answer_by": "06/03/2090 17:00"})[0] == 200
    assert change_due(app, case, **words)[0] == 200
    with app.app_context():
        tick()
        with transaction(write=False) as session:
            kinds = session.scalars(
                select(Notification.kind).where(Notification.user_id == case.author_id)
            ).all()
            assert list(kinds).count("answers.rescheduled") == 3


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"answer_by": "", "reason": "Lý do X"}, "Xin cho biết hạn giải trình"),
        ({"answer_by": "05/03/2020 17:00", "reason": "Lý do X"}, "còn ở phía trước"),
        ({"answer_by": "05/03/2090 17:00", "reason": " "}, "Hãy nêu lý do"),
    ],
)
def test_a_wrong_day_is_told(app: Flask, case: Round, words: dict[str, str], said: str) -> None:
    before = due_of(app, case)
    status, page = change_due(app, case, **words)
    assert (status, due_of(app, case)) == (422, before)
    assert said in page
    assert words["answer_by"] in page
    assert words["reason"].strip() in page


def test_only_a_closed_rounds_day_is_changed(app: Flask) -> None:
    with app.app_context():
        case = a_round(Stage.OPEN)
    _status, page = change_due(app, case, answer_by="05/03/2090 17:00", reason="Lý do X")
    assert "Chỉ đổi được hạn giải trình" in page
    with app.app_context(), transaction(write=False) as session:
        assert session.query(StageChange).filter_by(transition="reschedule").count() == 0
