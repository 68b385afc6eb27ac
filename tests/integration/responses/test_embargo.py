"""Answers held back until an instant: published together, once, as they are then."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, select

from consult.consultations.models import Consultation, Stage
from consult.core import clock
from consult.core.audit import AuditEntry
from consult.core.db import transaction
from consult.core.i18n import local
from consult.jobs.models import Job
from consult.jobs.runner import tick
from consult.ledger.models import Leaf
from consult.notifications.models import Notification
from consult.responses import embargo_queries, embargo_services, queries, services
from consult.responses.embargo_models import Embargo, EmbargoedPoint
from consult.submissions.models import Point
from tests.integration.responses.test_answers import (
    Round,
    a_round,
    answers,
    command,
    drafted,
    statements,
)
from tests.support import factories as make
from tests.support.browsing import post, signed_in

WAIT = timedelta(hours=3)


@pytest.fixture
def case(app: Flask) -> Round:
    with app.app_context():
        return a_round()


def typed(app: Flask, instant: datetime) -> str:
    with app.app_context():
        return f"{local(instant):%d/%m/%Y %H:%M}"


def hold(app: Flask, case: Round, *points: int, after: timedelta = WAIT) -> str:
    data = {"publish_at": typed(app, clock.now() + after), "point": [str(p) for p in points]}
    return post(signed_in(app, case.official_id), f"/office/rounds/{case.id}/embargo", data).text


def waiting(app: Flask, case: Round) -> list[embargo_queries.Waiting]:
    with app.app_context(), transaction(write=False) as session:
        found = embargo_queries.of_round(case.id)
        session.expunge_all()
        return found


def later(app: Flask, by: timedelta = WAIT) -> None:
    clock.shift(by)
    with app.app_context():
        tick()


def out(app: Flask, case: Round) -> set[int]:
    return {point for point, answer in answers(app, case).items() if answer[2]}


def notices(app: Flask, user_id: int) -> list[Notification]:
    with app.app_context(), transaction(write=False) as session:
        found = list(session.scalars(select(Notification).where(Notification.user_id == user_id)))
        session.expunge_all()
        return found


def test_held_answers_are_published_together_at_their_instant(app: Flask, case: Round) -> None:
    first, second, third = case.points
    drafted(app, case, first, second, reason="Giữ đến giờ họp báo")
    drafted(app, case, third, reason="Giữ đến giờ họp báo")
    assert "Giải trình sẽ được công bố lúc" in hold(app, case)
    [held] = waiting(app, case)
    assert (held.answers, held.points) == (2, 3)
    official = signed_in(app, case.official_id)
    table = official.get(f"/office/rounds/{case.id}/answers?state=held").text
    assert table.count("Chờ đến ") == 3
    assert "Công bố mọi giải trình đã soạn" not in table
    # Nobody else sees any of it, and nobody is told.
    later(app, WAIT - timedelta(minutes=5))
    author = signed_in(app, case.author_id)
    for path in (f"/rounds/{case.id}/answers", f"/points/{first}", "/my/contributions"):
        page = author.get(path).text
        assert "họp báo" not in page
        assert "giờ hẹn" not in page
        assert "Chờ đến" not in page
    assert author.get(f"/office/rounds/{case.id}/embargo/{held.embargo.id}").status_code == 404
    assert out(app, case) == set()
    assert notices(app, case.author_id) == []
    later(app, timedelta(minutes=6))
    assert out(app, case) == set(case.points)
    assert waiting(app, case) == []
    assert [n.kind for n in notices(app, case.author_id)] == ["answers.published"]
    [told] = notices(app, case.official_id)
    assert (told.kind, told.params["count"]) == ("embargo.ended", 2)
    with app.app_context(), transaction(write=False) as session:
        assert session.get_one(Consultation, case.id).stage is Stage.ANSWERED
        acts = session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
        assert [a for a in acts if a.startswith(("embargo", "answers"))] == [
            "embargo.set", "answers.published", "embargo.ended",
        ]  # fmt: skip


def test_it_happens_once_whoever_asks_and_however_often(app: Flask, case: Round) -> None:
    drafted(app, case, *case.points)
    hold(app, case)
    [held] = waiting(app, case)
    with app.app_context(), transaction():
        assert embargo_services.release(held.embargo.id) == []
    assert out(app, case) == set()
    clock.shift(WAIT + timedelta(minutes=1))
    # Its own job is lost, as with a database put back from a copy: the minute's job finds it.
    with app.app_context(), transaction() as session:
        session.execute(delete(Job).where(Job.name == "responses.release"))
    with app.app_context():
        tick()
        for _again in range(2):
            with transaction():
                assert embargo_services.release(held.embargo.id) == []
        tick()
    with app.app_context(), transaction(write=False) as session:
        assert session.query(Leaf).filter_by(kind="response").count() == 1
    assert len(notices(app, case.author_id)) == 1


def test_drafts_are_published_as_they_are_then(app: Flask, case: Round) -> None:
    first, second, third = case.points
    drafted(app, case, first, second, reason="Bản đầu")
    drafted(app, case, third, reason="Bản đầu")
    hold(app, case)
    drafted(app, case, first, reason="Bản sau")
    later(app, WAIT + timedelta(minutes=1))
    assert {p: a[1:] for p, a in answers(app, case).items()} == {
        first: ("Bản sau", True), second: ("Bản đầu", True), third: ("Bản đầu", True),
    }  # fmt: skip


def test_what_is_for_discussion_or_withdrawn_is_left_out(app: Flask, case: Round) -> None:
    first, second, third = case.points
    drafted(app, case, first, second)
    drafted(app, case, third)
    hold(app, case)
    with app.app_context(), transaction() as session:
        session.get_one(Point, second).withdrawn_at = clock.now()
        discussed = services.AnswerPoints(
            case.id, frozenset({third}), command(case).disposition, "", None, for_discussion=True
        )
        services.answer(discussed)
    [held] = waiting(app, case)
    page = signed_in(app, case.official_id).get(
        f"/office/rounds/{case.id}/embargo/{held.embargo.id}"
    )
    assert f"YK-{second}<" in page.text
    assert f"YK-{third}<" in page.text
    assert f"YK-{first}<" not in page.text
    later(app, WAIT + timedelta(minutes=1))
    assert out(app, case) == {first}
    [told] = notices(app, case.official_id)
    assert told.kind == "embargo.left_out"
    assert told.params["left"] == f"YK-{second}, YK-{third}"
    assert [n.params["count"] for n in notices(app, case.author_id)] == [1]


def test_publishing_now_leaves_what_waits_alone(app: Flask, case: Round) -> None:
    first, second, third = case.points
    drafted(app, case, first)
    drafted(app, case, second)
    hold(app, case, first)
    official = signed_in(app, case.official_id)
    url = f"/office/rounds/{case.id}/answers/publish"
    assert "đang chờ đến giờ hẹn" in post(official, url, {"point": str(first)}).text
    drafted(app, case, third)
    with app.app_context(), transaction(write=False):
        assert queries.progress(case.id).ready == 2
    assert "Đã công bố 2 giải trình" in post(official, url, {"all": "1"}).text
    assert out(app, case) == {second, third}


def test_the_instant_is_changed_and_given_up(app: Flask, case: Round) -> None:
    drafted(app, case, *case.points)
    hold(app, case)
    [held] = waiting(app, case)
    url = f"/office/rounds/{case.id}/embargo/{held.embargo.id}"
    official = signed_in(app, case.official_id)
    moved = {"publish_at": typed(app, clock.now() + 2 * WAIT)}
    assert "Giải trình sẽ được công bố lúc" in post(official, url, moved).text
    later(app, WAIT + timedelta(minutes=1))
    assert out(app, case) == set()
    official = signed_in(app, case.official_id)
    assert "Đã hủy hẹn giờ" in post(official, url, {"action": "lift"}).text
    later(app, WAIT)
    assert out(app, case) == set()
    official = signed_in(app, case.official_id)
    assert "đã hủy hẹn giờ" in post(official, url, {"action": "lift"}).text
    with app.app_context(), transaction(write=False) as session:
        assert session.scalars(select(EmbargoedPoint)).all() == []
        assert session.get_one(Embargo, held.embargo.id).ended_at is not None
        assert queries.progress(case.id).ready == 3


def test_an_answer_waits_for_one_instant_only(app: Flask, case: Round) -> None:
    first, second, third = case.points
    drafted(app, case, first)
    drafted(app, case, second, third)
    hold(app, case, first, after=WAIT)
    hold(app, case, second, after=2 * WAIT)
    assert [(w.answers, w.points) for w in waiting(app, case)] == [(1, 1), (1, 2)]
    hold(app, case, first, third, after=3 * WAIT)
    assert [(w.answers, w.points) for w in waiting(app, case)] == [(2, 3)]
    later(app, 2 * WAIT + timedelta(minutes=1))
    assert out(app, case) == set()


@pytest.mark.parametrize(
    ("instant", "said"),
    [
        ("", "Xin cho biết thời điểm công bố giải trình"),
        ("mai", "dd/mm/yyyy"),
        ("01/01/2020 08:00", "Xin chọn một thời điểm còn ở phía trước"),
    ],
)
def test_a_wrong_instant_is_told(app: Flask, case: Round, instant: str, said: str) -> None:
    drafted(app, case, *case.points)
    official = signed_in(app, case.official_id)
    url = f"/office/rounds/{case.id}/embargo"
    page = post(official, url, {"publish_at": instant, "point": str(case.points[0])})
    assert page.status_code == 422
    assert said in page.text or "ngày/tháng/năm" in page.text
    assert instant in page.text
    assert waiting(app, case) == []
    hold(app, case)
    [held] = waiting(app, case)
    page = post(official, f"{url}/{held.embargo.id}", {"publish_at": instant})
    assert page.status_code == 422
    assert waiting(app, case)[0].embargo.publish_at == held.embargo.publish_at


def test_nothing_is_held_where_nothing_is_drafted(app: Flask, case: Round) -> None:
    assert "Không có giải trình đã soạn nào" in hold(app, case)
    with app.app_context():
        other = a_round()
    drafted(app, other, *other.points)
    assert "Không có giải trình đã soạn nào" in hold(app, case, *other.points)
    assert waiting(app, other) == []
    official = signed_in(app, case.official_id)
    assert official.get(f"/office/rounds/{other.id}/embargo").status_code == 404
    url = f"/office/rounds/{case.id}/embargo/999"
    assert "Trong lúc đó" in official.get(url, follow_redirects=True).text


def test_the_pages_cost_the_same_for_many_points(sqlite_app: Flask) -> None:
    with sqlite_app.app_context():
        case = a_round(points=1)
        make.many_points(case.id, 999, user_ids=(case.author_id,))
    with sqlite_app.app_context(), transaction() as session:
        ids = [row.id for row in session.query(Point).filter_by(consultation_id=case.id)]
        for point in ids[:200]:
            services.answer(command(case, point))
    official = signed_in(sqlite_app, case.official_id)
    assert statements(sqlite_app, official, f"/office/rounds/{case.id}/embargo") <= 12
    hold(sqlite_app, case)
    [held] = waiting(sqlite_app, case)
    assert held.answers == 200
    url = f"/office/rounds/{case.id}/embargo/{held.embargo.id}"
    assert statements(sqlite_app, official, url) <= 12
    assert "Và 150 giải trình khác" in official.get(url).text
    assert statements(sqlite_app, official, f"/office/rounds/{case.id}/answers") <= 12
