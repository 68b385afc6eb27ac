"""Authors see how an approved summary records their points, and object once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from consult.core import clock
from consult.core.audit import AuditEntry
from consult.core.db import db, transaction
from consult.jobs.models import Job
from consult.submissions.models import Identity, Point, Stance
from consult.summaries import commands, objection_queries, release_services, services, steps
from consult.summaries import objection_services as objecting
from consult.summaries.models import Summary
from consult.summaries.objection_models import Objection, Outcome
from tests.integration.summaries.test_review import approved
from tests.integration.summaries.test_workspace import Round, closed_round, started, statements
from tests.support import factories as make
from tests.support.browsing import post, signed_in


@pytest.fixture
def case(app: Flask) -> Round:
    with app.app_context():
        found = closed_round()
        a, b, c, *_ = found.writers
        make.point(found.id, a, argument="Đồng ý vì mức hỗ trợ sát với giá cả ở vùng biên giới.")
        make.point(
            found.id,
            b,
            stance=Stance.DISAGREE,
            identity=Identity.SEALED,
            argument="Ngân sách tỉnh không kham nổi khoản này.",
        )
        make.point(found.id, c, argument="Nhất trí.")
        return found


def points_of(summary_id: int, user_id: int) -> list[objection_queries.Recorded]:
    return objection_queries.own_points(db.session.get_one(Summary, summary_id), user_id)


def test_authors_are_told_and_nothing_says_who_is_sealed(app: Flask, case: Round) -> None:
    summary_id = started(app, case)
    with app.app_context():
        approved(case, summary_id)
        with transaction(write=False) as session:
            jobs = [(job.name, job.payload) for job in session.query(Job)]
        [open_] = [p for name, p in jobs if p.get("kind") == "summary.recorded"]
        assert open_["user_ids"] == sorted([case.writers[0], case.writers[2]])
        [sealed] = [p for name, p in jobs if name == "notifications.tell_sealed"]
        assert sealed["kind"] == "contribution.news"
        assert case.writers[1] not in sealed.values()


def test_an_author_objects_once_and_is_answered(app: Flask, case: Round) -> None:
    summary_id = started(app, case)
    with app.app_context():
        step_id = approved(case, summary_id)
        with transaction(write=False):
            point_id = points_of(summary_id, case.writers[1])[0].point.id
    author = signed_in(app, case.writers[1])
    page = author.get(f"/summaries/{summary_id}/own").text
    assert "không kham nổi khoản này" in page
    assert "mức hỗ trợ sát" not in page  # another's point
    url = f"/summaries/{summary_id}/points/{point_id}/object"
    assert post(author, url, {"reason": " "}).status_code == 422
    kept = post(author, url, {"reason": "Trích thiếu vế sau."})
    assert "Trích thiếu vế sau." in kept.text
    again = post(author, url, {"reason": "Lần nữa."})
    assert "đã đề nghị xem lại" in again.text
    assert post(signed_in(app, case.writers[0]), url, {"reason": "Kẻ khác."}).status_code == 404
    with app.app_context():
        with pytest.raises(commands.ObjectionsOpen), transaction():
            release_services.release(
                commands.Release(summary_id, case.front_id, step_id, early="Gấp.")
            )
        with transaction(write=False) as session:
            objection_id = session.query(Objection.id).scalar()
            entry = session.query(AuditEntry).filter_by(action="summary.objected").one()
            assert entry.actor_id is None
    front, answer = signed_in(app, case.front_id), f"/front/rounds/{case.id}/summary/objections/"
    assert "Trích thiếu vế sau." in front.get(f"/front/rounds/{case.id}/summary/review").text
    claimed = post(front, f"{answer}{objection_id}", {"outcome": "changed", "words": "Đã sửa."})
    assert claimed.status_code == 422
    assert "chưa được sửa gì" in claimed.text
    done = post(front, f"{answer}{objection_id}", {"outcome": "kept", "words": "Vế sau ở phụ lục."})
    assert "Vế sau ở phụ lục." in done.text
    assert "Vế sau ở phụ lục." in author.get(f"/summaries/{summary_id}/own").text
    with app.app_context(), transaction():
        release_services.release(commands.Release(summary_id, case.front_id, step_id, early="Gấp."))


def test_a_release_waits_for_the_authors_or_says_why_not(app: Flask, case: Round) -> None:
    summary_id = started(app, case)
    with app.app_context():
        step_id = approved(case, summary_id)
        with pytest.raises(commands.TooEarly) as refusal, transaction():
            release_services.release(commands.Release(summary_id, case.front_id, step_id))
        days = refusal.value.until - clock.now()
        assert timedelta(days=2) < days < timedelta(days=7)
        clock.move_to(refusal.value.until + timedelta(minutes=1))
        with transaction():
            release_services.release(
                commands.Release(summary_id, case.front_id, step_id, early="Không cần nữa.")
            )
            summary = db.session.get_one(Summary, summary_id)
            # The time was over: there is nothing to excuse.
            assert steps.last(summary).words == ""


def test_nobody_objects_out_of_time(app: Flask, case: Round) -> None:
    summary_id = started(app, case)
    with app.app_context():
        with transaction(write=False) as session:
            point_id = session.query(Point.id).order_by(Point.id).first()[0]
        assert tries_to_object(summary_id, point_id) is objecting.TooLate  # not approved yet
        approved(case, summary_id)
        with transaction():
            services.save(commands.SaveSummary(summary_id, case.front_id, introduction="Khác."))
        assert tries_to_object(summary_id, point_id) is objecting.TooLate  # being changed
        approved(case, summary_id)
        clock.shift(timedelta(days=30))
        assert tries_to_object(summary_id, point_id) is objecting.TooLate


def tries_to_object(summary_id: int, point_id: int) -> type[Exception] | None:
    try:
        with transaction() as session:
            objecting.object_to(
                objecting.Object(
                    session.get_one(Summary, summary_id),
                    session.get_one(Point, point_id),
                    "Sai.",
                    clock.now(),
                )
            )
    except (objecting.TooLate, objecting.AlreadyObjected) as error:
        return type(error)
    return None


def test_changing_the_summary_answers_an_objection(app: Flask, case: Round) -> None:
    summary_id = started(app, case)
    with app.app_context():
        approved(case, summary_id)
        with transaction(write=False) as session:
            point_id = session.query(Point.id).order_by(Point.id).first()[0]
        assert tries_to_object(summary_id, point_id) is None
        with transaction():
            services.save(commands.SaveSummary(summary_id, case.front_id, introduction="Rõ hơn."))
        with transaction() as session:
            row = objecting.answer(
                objecting.AnswerObjection(
                    session.query(Objection).one(), Outcome.CHANGED, "Đã sửa.", case.front_id
                )
            )
            assert row.outcome is Outcome.CHANGED
            told = [j.payload for j in session.query(Job).filter_by(name="notifications.tell")]
        [notice] = [one for one in told if one["kind"] == "summary.objection_answered"]
        assert notice["user_ids"] == [case.writers[0]]


def test_who_comes_in(app: Flask, case: Round) -> None:
    summary_id = started(app, case)
    author, stranger = signed_in(app, case.writers[0]), signed_in(app, case.writers[4])
    assert author.get(f"/summaries/{summary_id}/own").status_code == 404  # not approved
    with app.app_context():
        approved(case, summary_id)
    assert author.get(f"/summaries/{summary_id}/own").status_code == 200
    assert f"/summaries/{summary_id}/own" in author.get("/my/contributions").text
    assert stranger.get(f"/summaries/{summary_id}/own").status_code == 404
    assert signed_in(app, case.council_id).get(f"/summaries/{summary_id}/own").status_code == 404


def test_the_statements_of_the_authors_page_do_not_grow(sqlite_app: Flask) -> None:
    with sqlite_app.app_context():
        case = closed_round()
        make.many_points(case.id, 60, user_ids=(case.writers[0],))
    summary_id = started(sqlite_app, case)
    with sqlite_app.app_context():
        approved(case, summary_id)
    author, path = signed_in(sqlite_app, case.writers[0]), f"/summaries/{summary_id}/own"
    assert statements(sqlite_app, author, path) <= 12
    assert statements(sqlite_app, author, "/my/contributions") <= 12
    front = signed_in(sqlite_app, case.front_id)
    assert statements(sqlite_app, front, f"/front/rounds/{case.id}/summary/review") <= 12
