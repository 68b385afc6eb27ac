"""What passes between agency and author: one objection, questions asked back, replies."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from consult.core import clock
from consult.core.audit import AuditEntry
from consult.core.db import transaction
from consult.jobs.runner import tick
from consult.ledger.models import Leaf
from consult.notifications.models import Notification
from consult.responses import queries, reply_queries, reply_services
from consult.responses.models import Response
from consult.responses.reply_models import Inquiry, Objection
from consult.submissions.models import Identity, Point
from tests.integration.responses.test_answers import Round, a_round, drafted, statements
from tests.support import factories as make
from tests.support.browsing import post, signed_in

MISSED = "Chưa nói đến mức hỗ trợ ở vùng biên."
QUESTION = "Đề nghị cho biết số liệu lấy từ đâu?"
REPLY = "Số liệu lấy từ báo cáo năm 2025."


@pytest.fixture
def case(app: Flask) -> Round:
    with app.app_context():
        return a_round()


def published(app: Flask, case: Round, *points: int, reason: str = "Đã ghi nhận") -> int:
    response = drafted(app, case, *points, reason=reason)
    official = signed_in(app, case.official_id)
    post(official, f"/office/rounds/{case.id}/answers/publish", {"all": "1"})
    return response


def object_to(app: Flask, case: Round, point: int, response: int, text: str = MISSED) -> str:
    author = signed_in(app, case.author_id)
    data = {"action": "object", "response": str(response), "text": text}
    return post(author, f"/points/{point}/dialogue", data).text


def ask(app: Flask, case: Round, point: int, question: str = QUESTION) -> str:
    official = signed_in(app, case.official_id)
    return post(official, f"/office/points/{point}/dialogue", {"question": question}).text


def reply(app: Flask, user_id: int, point: int, inquiry: int, text: str = REPLY) -> str:
    data = {"action": "reply", "inquiry": str(inquiry), "reply": text}
    return post(signed_in(app, user_id), f"/points/{point}/dialogue", data).text


def inquiries(app: Flask) -> list[tuple[int, str, str]]:
    with app.app_context(), transaction(write=False) as session:
        rows = session.scalars(select(Inquiry).order_by(Inquiry.id))
        return [(row.point_id, row.question, row.reply) for row in rows]


def leaves(app: Flask) -> list[tuple[str, int]]:
    with app.app_context(), transaction(write=False) as session:
        rows = session.execute(select(Leaf.kind, Leaf.subject_id).order_by(Leaf.index))
        return [(k, s) for k, s in rows if k in ("response", "answer_objection", "inquiry",
                                                 "inquiry_reply")]  # fmt: skip


def notices(app: Flask, kind: str) -> list[tuple[int, str]]:
    with app.app_context():
        tick()
        with transaction(write=False) as session:
            rows = session.scalars(select(Notification).where(Notification.kind == kind))
            return [(row.user_id, row.url) for row in rows]


def table(app: Flask, case: Round, talk: str) -> set[int]:
    page = signed_in(app, case.official_id).get(f"/office/rounds/{case.id}/answers?talk={talk}")
    return {point for point in case.points if f'id="point-{point}"' in page.text}


# --- the objection -------------------------------------------------------------------------------


def test_the_author_says_once_that_an_answer_misses_and_is_answered_again(
    app: Flask, case: Round
) -> None:
    first, *_others = case.points
    response = published(app, case, *case.points)
    assert "Đã nhận phản hồi" in object_to(app, case, first, response)
    [(told, url)] = notices(app, "answer.objected")
    assert (told, url) == (case.official_id, f"/office/points/{first}/dialogue")
    assert table(app, case, "objected") == {first}
    assert table(app, case, "reanswered") == set()
    official = signed_in(app, case.official_id)
    assert MISSED in official.get(url).text
    page = official.get(f"/office/rounds/{case.id}/answers").text
    assert "Chưa trả lời đúng ý: 1, chưa giải trình lại: 1" in page
    # Once.
    again = object_to(app, case, first, response, "Lần thứ hai")
    assert "đã phản hồi một lần" in again
    assert "Lần thứ hai" in again, "nothing typed is lost"
    # The agency answers this point again: a new version with a leaf of its own.
    words = {"point": str(first), "disposition": "noted", "reason": "Giải trình lần hai"}
    post(official, f"/office/rounds/{case.id}/answer", words)
    assert table(app, case, "objected") == set()
    assert table(app, case, "reanswered") == {first}
    with app.app_context(), transaction(write=False) as session:
        now = queries.published_for([first])[first]
        assert now.id != response
        assert session.get_one(Response, response).reason == "Đã ghi nhận"
        new = now.id
    assert leaves(app) == [
        ("response", response), ("answer_objection", first), ("response", new),
    ]  # fmt: skip
    told_again = notices(app, "answers.published")
    assert [user for user, _ in told_again] == [case.author_id, case.author_id]
    own = signed_in(app, case.author_id).get(f"/points/{first}/dialogue").text
    assert "Giải trình lần hai" in own
    assert "Đã ghi nhận" in own, "the earlier answer stays to be read"
    assert "đã phản hồi một lần" in object_to(app, case, first, new)


def test_an_objection_is_only_to_the_published_answer_that_was_read(
    app: Flask, case: Round
) -> None:
    first, second, third = case.points
    draft = drafted(app, case, second)
    assert "Cơ quan vừa thay đổi" in object_to(app, case, second, draft)
    old = published(app, case, first)
    official = signed_in(app, case.official_id)
    words = {"point": str(first), "disposition": "noted", "reason": "Bản mới"}
    post(official, f"/office/rounds/{case.id}/answer", words)
    late = object_to(app, case, first, old)
    assert "Cơ quan vừa thay đổi" in late
    assert MISSED in late
    for bad in ("", "x", "999999999999"):
        author = signed_in(app, case.author_id)
        data = {"action": "object", "response": bad, "text": MISSED}
        assert post(author, f"/points/{third}/dialogue", data).status_code == 409
    author = signed_in(app, case.author_id)
    empty = post(author, f"/points/{first}/dialogue", {"action": "object", "text": " "})
    assert empty.status_code == 422
    assert "Xin nêu rõ giải trình chưa đúng ý" in empty.text
    with app.app_context(), transaction(write=False) as session:
        assert session.scalars(select(Objection)).all() == []


def test_nobody_objects_to_the_answer_to_anothers_point(app: Flask, case: Round) -> None:
    response = published(app, case, case.points[0])
    with app.app_context():
        stranger = make.user("Người Lạ", verified=True)
    for who in (stranger, case.official_id):
        client = signed_in(app, who)
        url = f"/points/{case.points[0]}/dialogue"
        assert client.get(url).status_code == 404
        data = {"action": "object", "response": str(response), "text": MISSED}
        assert post(client, url, data).status_code == 404
    assert signed_in(app, stranger).get(f"/points/{case.points[0]}").text.count(MISSED) == 0


# --- questions asked back ------------------------------------------------------------------------


def test_the_agency_asks_the_author_replies(app: Flask, case: Round) -> None:
    first, *_others = case.points
    assert "Đã gửi câu hỏi" in ask(app, case, first)
    assert notices(app, "inquiry.asked") == [(case.author_id, f"/points/{first}/dialogue")]
    assert table(app, case, "asked") == {first}
    assert "Không còn hỏi lại" in ask(app, case, first, "Câu hỏi thứ hai")
    author = signed_in(app, case.author_id)
    assert "Cơ quan hỏi lại ông/bà về ý kiến này" in author.get("/my/contributions").text
    assert QUESTION in author.get(f"/points/{first}/dialogue").text
    with app.app_context(), transaction(write=False) as session:
        before = session.get_one(Point, first).argument
        inquiry = session.scalars(select(Inquiry.id)).one()
    assert "Đã nhận nội dung trả lời" in reply(app, case.author_id, first, inquiry)
    assert notices(app, "inquiry.replied") == [
        (case.official_id, f"/office/points/{first}/dialogue")
    ]
    assert table(app, case, "replied") == {first}
    twice = reply(app, case.author_id, first, inquiry, "Trả lời nữa")
    assert "đã được trả lời" in twice
    assert "Trả lời nữa" in twice
    assert inquiries(app) == [(first, QUESTION, REPLY)]
    assert leaves(app) == [("inquiry", inquiry), ("inquiry_reply", inquiry)]
    official = signed_in(app, case.official_id)
    assert REPLY in official.get(f"/office/points/{first}/dialogue").text
    assert (
        "Xem trả lời của người góp ý"
        in official.get(f"/office/rounds/{case.id}/answer?point={first}").text
    )
    with app.app_context(), transaction(write=False) as session:
        assert session.get_one(Point, first).argument == before
        acts = session.execute(
            select(AuditEntry.action, AuditEntry.actor_id)
            .where(AuditEntry.action.in_(("point.asked", "point.replied")))
            .order_by(AuditEntry.id)
        ).all()
        assert list(map(tuple, acts)) == [
            ("point.asked", case.official_id), ("point.replied", None),
        ]  # fmt: skip


def test_an_answered_point_is_asked_about_only_when_the_answer_misses(
    app: Flask, case: Round
) -> None:
    first, *_others = case.points
    response = published(app, case, first)
    assert "Không còn hỏi lại" in ask(app, case, first)
    object_to(app, case, first, response)
    assert "Đã gửi câu hỏi" in ask(app, case, first)


def test_who_has_no_account_is_not_asked(app: Flask, case: Round) -> None:
    with app.app_context(), transaction() as session:
        session.get_one(Point, case.points[0]).submission.channel = "paper"
    page = ask(app, case, case.points[0])
    assert "Không hỏi lại qua cổng được" in page
    assert QUESTION not in page or inquiries(app) == []


def test_a_reply_is_to_ones_own_question_only(app: Flask, case: Round) -> None:
    first, second, _third = case.points
    ask(app, case, first)
    with app.app_context(), transaction(write=False) as session:
        inquiry = session.scalars(select(Inquiry.id)).one()
    # One's own point, but another one's question.
    assert "đã được trả lời" in reply(app, case.author_id, second, inquiry)
    assert inquiries(app) == [(first, QUESTION, "")]
    empty = reply(app, case.author_id, first, inquiry, "  ")
    assert "Xin nhập nội dung trả lời" in empty


def test_a_sealed_author_is_asked_and_replies_unseen(app: Flask, case: Round) -> None:
    with app.app_context():
        author = make.user("Kín Như Bưng", verified=True)
        point = make.point(case.id, author, identity=Identity.SEALED)
    ask(app, case, point)
    assert notices(app, "inquiry.asked") == []
    assert notices(app, "contribution.news") == [(author, "/my/contributions")]
    with app.app_context(), transaction(write=False) as session:
        inquiry = session.scalars(select(Inquiry.id)).one()
    assert "Đã nhận nội dung trả lời" in reply(app, author, point, inquiry)
    response = published(app, case, point)
    client = signed_in(app, author)
    data = {"action": "object", "response": str(response), "text": MISSED}
    assert "Đã nhận phản hồi" in post(client, f"/points/{point}/dialogue", data).text
    page = signed_in(app, case.official_id).get(f"/office/points/{point}/dialogue").text
    assert REPLY in page
    assert MISSED in page
    assert "Kín Như Bưng" not in page
    # No entry, notice or job of what he said names him.
    with app.app_context(), transaction(write=False) as session:
        actors = session.scalars(
            select(AuditEntry.actor_id).where(AuditEntry.subject_kind == "point")
        ).all()
        assert author not in actors


def test_the_pages_ask_a_fixed_number_of_questions(app: Flask, case: Round) -> None:
    response = published(app, case, *case.points)
    for point in case.points:
        object_to(app, case, point, response)
        ask(app, case, point)
    official, author = signed_in(app, case.official_id), signed_in(app, case.author_id)
    for client, url in (
        (official, f"/office/rounds/{case.id}/answers"),
        (official, f"/office/points/{case.points[0]}/dialogue"),
        (author, f"/points/{case.points[0]}/dialogue"),
        (author, f"/points/{case.points[0]}"),
        (author, "/my/contributions"),
    ):
        client.get(url)
        assert statements(app, client, url) <= 12, url


def test_two_objections_at_once_are_one(app: Flask, case: Round) -> None:
    first = case.points[0]
    response = published(app, case, first)
    with app.app_context(), transaction() as session:
        point = session.get_one(Point, first)
        reply_services.object_to(point, response, MISSED, at=clock.now())
        with pytest.raises(reply_services.AlreadyObjected):
            reply_services.object_to(point, response, MISSED, at=clock.now())
        assert reply_queries.facts(case.id) == reply_queries.Facts(2, 1, 1, 0, None)
