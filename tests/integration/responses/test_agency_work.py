"""The agency's own work on its answers: assigning, drafts for discussion, internal notes."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlalchemy import select

from consult.consultations.models import Consultation
from consult.core.audit import AuditEntry
from consult.core.db import transaction
from consult.jobs.models import Job
from consult.jobs.runner import tick
from consult.notifications.models import Notification, OutgoingEmail
from consult.responses import queries, services, work_queries, work_services
from consult.responses.models import Disposition, Response
from consult.responses.work_models import AnswerNote, Assignment, NotedPoint
from consult.submissions.models import Stance
from tests.integration.responses.test_answers import Round, a_round, drafted, statements
from tests.integration.test_sealed import readable
from tests.support import factories as make
from tests.support.browsing import post, signed_in
from tests.support.exports import download

NOTE = "Hỏi lại Sở Chim Cắt trước khi trả lời"


@pytest.fixture
def case(app: Flask) -> Round:
    with app.app_context():
        return a_round()


def colleague(app: Flask, case: Round, name: str = "Lê Thị Đồng Nghiệp") -> int:
    with app.app_context(), transaction(write=False) as session:
        agency_id = session.get_one(Consultation, case.id).agency_id
    with app.app_context():
        return make.user(name, roles=(("official", agency_id),))


def assignees(app: Flask, case: Round) -> list[int | None]:
    with app.app_context(), transaction(write=False) as session:
        rows = dict(session.execute(select(Assignment.point_id, Assignment.assignee_id)).all())
        return [rows.get(point) for point in case.points]


def assign(app: Flask, case: Round, *points: int, to: object) -> str:
    official = signed_in(app, case.official_id)
    url = f"/office/rounds/{case.id}/answers/assign"
    return post(official, url, {"point": [str(p) for p in points], "assignee": str(to)}).text


def shown(text: str, case: Round) -> set[int]:
    return {point for point in case.points if f"YK-{point}<" in text}


def test_points_are_assigned_taken_back_and_filtered(app: Flask, case: Round) -> None:
    first, second, third = case.points
    other = colleague(app, case)
    assert "Đã phân công 2 ý kiến" in assign(app, case, first, second, to=other)
    assert "Đã phân công 1 ý kiến" in assign(app, case, second, to="me")
    assert assignees(app, case) == [other, case.official_id, None]
    official = signed_in(app, case.official_id)
    url = f"/office/rounds/{case.id}/answers"
    assert "Phân công: Lê Thị Đồng Nghiệp" in official.get(url).text
    for asked, wanted in (
        ("me", {second}),
        (other, {first}),
        ("none", {third}),
        ("x", {*case.points}),
    ):
        assert shown(official.get(f"{url}?assigned={asked}").text, case) == wanted, asked
    theirs = signed_in(app, other).get(f"{url}?assigned=me").text
    assert shown(theirs, case) == {first}
    assert "Đã thôi phân công 1 ý kiến" in assign(app, case, first, third, to="none")
    assert assignees(app, case) == [None, case.official_id, None]
    with app.app_context(), transaction(write=False) as session:
        acts = session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
        assert [a for a in acts if a.startswith("answer.")] == [
            "answer.assigned", "answer.assigned", "answer.unassigned",
        ]  # fmt: skip


def test_the_colleague_is_told_once_for_a_batch(app: Flask, case: Round) -> None:
    other = colleague(app, case)
    assign(app, case, *case.points, to=other)
    assert "vốn đã được phân công" in assign(app, case, *case.points, to=other)
    assign(app, case, case.points[0], to="me")
    with app.app_context():
        tick()
        with transaction(write=False) as session:
            [notice] = session.scalars(
                select(Notification).where(Notification.kind == "answer.assigned")
            ).all()
            assert (notice.user_id, notice.params["count"]) == (other, 3)
            assert notice.url == f"/office/rounds/{case.id}/answers?assigned=me"


def test_nobody_outside_the_agency_is_assigned(app: Flask, case: Round) -> None:
    with app.app_context():
        stranger = make.user(
            "Người Ngoài", roles=(("official", make.organisation(name="Sở Khác")),)
        )
    assert "Chỉ phân công được cho cán bộ" in assign(app, case, *case.points, to=stranger)
    assert "Xin chọn người được phân công" in assign(app, case, *case.points, to="")
    assert "Xin chọn ít nhất một ý kiến" in assign(app, case, to="me")
    assert assignees(app, case) == [None, None, None]
    with app.app_context():
        elsewhere = a_round()
    assert "vốn đã được phân công" in assign(app, case, *elsewhere.points, to="me")
    assert assignees(app, elsewhere) == [None, None, None]


def test_a_draft_for_discussion_is_not_published(app: Flask, case: Round) -> None:
    first, second, third = case.points
    official = signed_in(app, case.official_id)
    url = f"/office/rounds/{case.id}/answer"
    words = {"point": str(first), "disposition": "noted", "reason": "Còn bàn"}
    post(official, url, {**words, "for_discussion": "y"})
    drafted(app, case, second)
    table = f"/office/rounds/{case.id}/answers"
    page = official.get(table).text
    assert "dự thảo để trao đổi" in page
    assert "Công bố mọi giải trình đã soạn (1 ý kiến)" in page
    for state, wanted in (
        ("discussed", {first}), ("drafted", {first, second}), ("unanswered", {third}),
    ):  # fmt: skip
        assert shown(official.get(f"{table}?state={state}").text, case) == wanted
    assert shown(official.get(f"{table}?disposition=noted").text, case) == {first}
    chosen = post(official, f"{table}/publish", {"point": str(first)}).text
    assert "không có giải trình nào chờ công bố" in chosen
    post(official, f"{table}/publish", {"all": "1"})
    with app.app_context(), transaction(write=False):
        assert set(queries.published_for(case.points)) == {second}
        assert queries.progress(case.id) == queries.Progress(3, 1, 1, 1)
    form = official.get(f"{url}?point={first}").text
    assert re.search(r'<input [^>]*\bchecked\b[^>]* id="for_discussion"', form)
    post(official, url, words)  # ready now
    post(official, f"{table}/publish", {"point": str(first)})
    with app.app_context(), transaction(write=False):
        assert set(queries.published_for(case.points)) == {first, second}


def test_notes_are_a_thread_that_stays_while_drafts_come_and_go(app: Flask, case: Round) -> None:
    first, second, _third = case.points
    official = signed_in(app, case.official_id)
    other = colleague(app, case)
    url = f"/office/rounds/{case.id}/answer"
    both = {"point": [str(first), str(second)], "action": "note"}
    typed = {"disposition": "noted", "reason": "Câu trả lời viết dở"}
    page = post(official, url, {**both, **typed, "note": NOTE})
    assert page.status_code == 200
    assert NOTE in page.text
    assert "Câu trả lời viết dở" in page.text
    post(official, url, {**both, "note": NOTE})  # the form sent twice
    post(signed_in(app, other), url, {"point": str(first), "action": "note", "note": "Đã hỏi."})
    with app.app_context(), transaction(write=False) as session:
        assert session.query(Response).count() == 0
        notes = work_queries.notes_on([first])
        assert [(n.author_id, n.text) for n in notes] == [
            (case.official_id, NOTE), (other, "Đã hỏi."),
        ]  # fmt: skip
        assert [n.text for n in work_queries.notes_on([second])] == [NOTE]
        assert session.query(AnswerNote).count() == 2
        assert session.query(NotedPoint).count() == 3
    assert "2 nội dung trao đổi" in official.get(f"/office/rounds/{case.id}/answers").text


def test_an_empty_or_endless_note_is_refused_and_nothing_typed_is_lost(
    app: Flask, case: Round
) -> None:
    official = signed_in(app, case.official_id)
    url = f"/office/rounds/{case.id}/answer"
    fields = {"point": str(case.points[0]), "action": "note", "reason": "Lý do viết dở"}
    empty = post(official, url, {**fields, "note": " "})
    assert empty.status_code == 422
    assert "Xin nhập nội dung trao đổi" in empty.text
    assert "Lý do viết dở" in empty.text
    endless = post(official, url, {**fields, "note": "dài " * 2000})
    assert endless.status_code == 422
    assert "dài dài dài" in endless.text
    with app.app_context(), transaction(write=False) as session:
        assert session.query(AnswerNote).count() == 0


def test_a_note_reaches_nobody_else(app: Flask, case: Round) -> None:
    point = case.points[0]
    drafted(app, case, *case.points)
    with app.app_context(), transaction():
        work_services.note(case.points, NOTE, author_id=case.official_id)
        services.publish(case.id, actor_id=case.official_id)
    assign(app, case, point, to=colleague(app, case))
    with app.app_context():
        tick()
        front = make.user("Mặt Trận", roles=(("front", make.organisation("front")),))
        stranger = make.user("Cán Bộ Khác", roles=(("official", make.organisation(name="Sở B")),))
        with transaction(write=False) as session:
            told = [
                *session.scalars(select(Job.payload)),
                *session.scalars(select(AuditEntry.details)),
                *session.scalars(select(Notification.params)),
                *session.scalars(select(OutgoingEmail.body)),
            ]
            assert len(told) > 4
            assert not [one for one in told if "Chim Cắt" in str(one)]
    pages = [f"/points/{point}", f"/rounds/{case.id}/points", f"/rounds/{case.id}/answers"]
    files = [f"/rounds/{case.id}/export/{name}" for name in ("points.csv", "mau10.docx")]
    for user_id in (front, stranger, case.author_id):
        client = signed_in(app, user_id)
        for page in pages:
            assert "chim cat" not in readable(client.get(page).data)
        for file in files:
            assert "chim cat" not in readable(download(client, file).data)
        form = f"/office/rounds/{case.id}/answer?point={point}"
        assert client.get(form).status_code == 404
        refused = post(client, f"/office/rounds/{case.id}/answers/assign", {"assignee": "me"})
        assert refused.status_code == 404
    assert "Chim Cắt" in signed_in(app, case.official_id).get(form).text


def test_the_number_of_queries_does_not_grow_with_the_work(sqlite_app: Flask) -> None:
    with sqlite_app.app_context():
        case = a_round(points=40)
    official = signed_in(sqlite_app, case.official_id)
    pages = [f"/office/rounds/{case.id}/answers?assigned=me"]
    pages += [f"/office/rounds/{case.id}/answer?point={case.points[0]}"]
    assign(sqlite_app, case, case.points[0], to="me")
    few = [statements(sqlite_app, official, page) for page in pages]
    assign(sqlite_app, case, *case.points, to="me")
    with sqlite_app.app_context(), transaction():
        for n in range(20):
            work_services.note(case.points, f"Ghi chú {n}", author_id=case.official_id)
        command = services.AnswerPoints(
            case.id, frozenset(case.points), Disposition.NOTED, "Đã rõ", case.official_id
        )
        services.answer(command)
    many = [statements(sqlite_app, official, page) for page in pages]
    assert many == few
    assert max(many) <= 12


def test_all_points_of_a_provision_and_stance_are_answered_at_once(
    app: Flask, case: Round, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        against = [
            make.point(case.id, case.author_id, stance=Stance.DISAGREE, argument=f"Không {n}")
            for n in range(60)
        ]
        elsewhere = make.point(case.id, case.author_id, provision=None, stance=Stance.DISAGREE)
    drafted(app, case, against[0])
    with app.app_context(), transaction():
        services.publish(case.id, actor_id=case.official_id)
    official = signed_in(app, case.official_id)
    office, query = f"/office/rounds/{case.id}", "provision=d1.k1&stance=disagree"
    table = official.get(f"{office}/answers?{query}").text
    [link] = re.findall(r'href="([^"]*every=1[^"]*)"', table)
    form = official.get(link.replace("&amp;", "&")).text
    named = {int(id_) for id_ in re.findall(r'name="point" value="(\d+)"', form)}
    assert named == {*against[1:]}
    assert elsewhere not in named
    assert "every=1" not in official.get(f"{office}/answers?stance=agree").text
    words = {"point": [str(id_) for id_ in named], "disposition": "noted", "reason": "Chung"}
    post(official, f"{office}/answer", words)
    with app.app_context(), transaction(write=False):
        answered = queries.current_for([*named])
        assert len(answered) == 59
        assert len({response.id for response in answered.values()}) == 1
    monkeypatch.setattr("consult.responses.table_views.AT_ONCE", 58)
    refused = official.get(f"{office}/answer?every=1&{query}", follow_redirects=True).text
    assert "Mỗi lần giải trình tối đa 58 ý kiến" in refused
    assert "Thu hẹp bộ lọc còn tối đa 58 ý kiến" in official.get(f"{office}/answers?{query}").text
