"""Draft replies asked of experts: asked, masked, kept, sent, taken over; declined, lapsed."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from consult.consultations.models import Consultation, PointsVisibility
from consult.core import clock
from consult.core.audit import AuditEntry
from consult.core.db import transaction
from consult.jobs.runner import tick
from consult.notifications.models import Notification
from consult.responses import expert_queries, expert_services
from consult.responses.expert_models import DraftRequest, DraftState
from consult.submissions.models import Identity, Point
from tests.integration.responses.test_answers import Round, a_round, answers, statements
from tests.integration.responses.test_embargo import typed
from tests.support import factories as make
from tests.support.browsing import post, signed_in

DRAFT = "Theo tôi, mức hỗ trợ nên gắn với lương tối thiểu vùng."
WAIT = timedelta(days=5)


@pytest.fixture
def case(app: Flask) -> Round:
    with app.app_context():
        return a_round()


@pytest.fixture
def expert(app: Flask) -> int:
    with app.app_context():
        return an_expert("Trần Thị Chuyên Gia", "Kinh tế nông hộ")


def an_expert(name: str, speciality: str = "") -> int:
    return make.user(name, verified=True, field_code="502", speciality=speciality)


def ask(app: Flask, case: Round, expert_id: int, *points: int, **other: Any) -> tuple[int, str]:
    data = {
        "point": [str(p) for p in points or case.points],
        "expert": str(expert_id),
        "until": typed(app, clock.now() + WAIT),
        "words": "Xin ông/bà cho ý kiến về mức hỗ trợ",
        "action": "ask",
    }
    page = post(
        signed_in(app, case.official_id),
        f"/office/rounds/{case.id}/experts",
        {**data, **other},
        follow_redirects=False,
    )
    return page.status_code, page.text


def asked(app: Flask) -> DraftRequest:
    with app.app_context(), transaction(write=False) as session:
        row = session.scalars(select(DraftRequest).order_by(DraftRequest.id.desc())).first()
        assert row is not None
        session.expunge_all()
        return row


def write(app: Flask, expert: int, action: str, text: str = DRAFT, **other: str) -> Any:
    data = {"text": text, "disposition": "partly_accepted", "action": action, **other}
    return post(
        signed_in(app, expert), f"/draft-replies/{asked(app).id}", data, follow_redirects=False
    )


def told(app: Flask, user_id: int) -> list[str]:
    with app.app_context():
        tick()
        with transaction(write=False) as session:
            return list(
                session.scalars(
                    select(Notification.kind)
                    .where(
                        Notification.user_id == user_id, Notification.kind.startswith("draft_reply")
                    )
                    .order_by(Notification.id)
                )
            )


def test_a_draft_is_asked_written_sent_and_taken_over(app: Flask, case: Round, expert: int) -> None:
    first, second, third = case.points
    assert ask(app, case, expert, first, second)[0] == 303
    assert told(app, expert) == ["draft_reply.asked"]
    page = signed_in(app, expert).get(f"/draft-replies/{asked(app).id}").text
    assert f"YK-{first}<" in page
    assert f"YK-{third}<" not in page
    assert "Xin ông/bà cho ý kiến" in page
    # Kept while typed; the agency reads nothing of it before it is sent.
    assert write(app, expert, "autosave").status_code == 204
    assert write(app, expert, "save").status_code == 303
    assert DRAFT in signed_in(app, expert).get(f"/draft-replies/{asked(app).id}").text
    official = signed_in(app, case.official_id)
    office = f"/office/rounds/{case.id}"
    for path in (f"{office}/answer?point={first}", f"{office}/experts", f"{office}/answers"):
        assert DRAFT not in official.get(path).text
    assert write(app, expert, "send").status_code == 303
    assert told(app, case.official_id) == ["draft_reply.sent"]
    assert told(app, expert) == ["draft_reply.asked", "draft_reply.thanks"]
    assert "1 dự thảo trả lời của chuyên gia" in official.get(f"{office}/answers").text
    form = official.get(f"{office}/answer?point={second}").text
    assert DRAFT in form
    assert DRAFT not in official.get(f"{office}/answer?point={third}").text
    # Taken over into what was typed already, and saved only by the official.
    taken = post(
        official,
        f"{office}/answer",
        {"point": str(second), "reason": "Cơ quan cho rằng:", "take": str(asked(app).id)},
    ).text
    reason = re.search(r"<textarea[^>]*name=\"reason\"[^>]*>([^<]*)<", taken)
    assert reason
    assert reason[1].split() == f"Cơ quan cho rằng: {DRAFT}".split()
    assert re.search(r"checked[^>]*value=\"partly_accepted\"", taken)
    assert answers(app, case) == {}
    with app.app_context(), transaction(write=False) as session:
        acts = session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
        assert [a for a in acts if a.startswith("draft_reply")] == [
            "draft_reply.asked", "draft_reply.sent",
        ]  # fmt: skip


def test_access_ends_with_the_draft(app: Flask, case: Round, expert: int) -> None:
    ask(app, case, expert)
    write(app, expert, "send")
    page = signed_in(app, expert).get(f"/draft-replies/{asked(app).id}").text
    assert "Ý kiến thứ" not in page
    assert "Chỉ đọc được các ý kiến" in page
    assert DRAFT in signed_in(app, expert).get("/draft-replies").text
    late = write(app, expert, "save", "Viết thêm sau khi gửi")
    assert late.status_code == 409
    assert "Viết thêm sau khi gửi" in late.text
    assert asked(app).text == DRAFT


def test_it_lapses_at_its_day(app: Flask, case: Round, expert: int) -> None:
    ask(app, case, expert)
    clock.shift(WAIT + timedelta(minutes=1))
    assert "Đã quá hạn" in signed_in(app, expert).get("/draft-replies").text
    page = write(app, expert, "send")
    assert page.status_code == 409
    assert DRAFT in page.text
    assert "Ý kiến thứ" not in page.text
    assert (asked(app).state, asked(app).text) == (DraftState.ASKED, "")
    # Whoever let it lapse may be asked again.
    assert ask(app, case, expert)[0] == 303


def test_it_is_declined_or_cancelled_and_the_other_side_is_told(
    app: Flask, case: Round, expert: int
) -> None:
    ask(app, case, expert)
    assert write(app, expert, "decline").status_code == 303
    assert asked(app).state is DraftState.DECLINED
    assert told(app, case.official_id) == ["draft_reply.declined"]
    ask(app, case, expert)
    official = signed_in(app, case.official_id)
    url = f"/office/rounds/{case.id}/experts/{asked(app).id}/cancel"
    assert "Đã hủy lời mời" in post(official, url).text
    assert "đã kết thúc từ trước" in post(official, url).text
    assert asked(app).state is DraftState.CANCELLED
    assert told(app, expert) == ["draft_reply.asked", "draft_reply.asked", "draft_reply.cancelled"]
    with app.app_context():
        other = a_round()
    assert ask(app, case, expert)[0] == 303
    url = f"/office/rounds/{other.id}/experts/{asked(app).id}/cancel"
    assert "đã kết thúc" in post(signed_in(app, other.official_id), url).text
    assert asked(app).state is DraftState.ASKED


def test_the_expert_sees_points_as_the_public_does(app: Flask, case: Round, expert: int) -> None:
    with app.app_context():
        sealed_author = make.user("Người Giấu Tên", verified=True)
        sealed = make.point(case.id, sealed_author, identity=Identity.SEALED, argument="Ý kín")
        hidden = make.point(case.id, case.author_id, argument="Ý bị ẩn")
        with transaction() as session:
            session.get_one(Point, hidden).hidden_at = clock.now()
    ask(app, case, expert, *case.points, sealed, hidden)
    url = f"/draft-replies/{asked(app).id}"
    page = signed_in(app, expert).get(url).text
    assert "Ý kín" in page
    assert "Người Giấu Tên" not in page
    assert "Ý bị ẩn" not in page
    assert "Đỗ Thị Tác Giả" in page
    # Where the public reads no points, no author is named to the expert either.
    with app.app_context(), transaction() as session:
        session.get_one(Consultation, case.id).points_visibility = PointsVisibility.STAFF_ONLY
        session.get_one(Point, case.points[0]).withdrawn_at = clock.now()
    page = signed_in(app, expert).get(url).text
    assert "Đỗ Thị Tác Giả" not in page
    assert f"YK-{case.points[0]}<" not in page
    assert f"YK-{case.points[1]}<" in page


def test_nobody_else_reads_it(app: Flask, case: Round, expert: int) -> None:
    ask(app, case, expert)
    write(app, expert, "save")
    url = f"/draft-replies/{asked(app).id}"
    for user_id in (case.author_id, case.official_id):
        assert signed_in(app, user_id).get(url).status_code == 404
        assert DRAFT not in signed_in(app, user_id).get("/draft-replies").text
    assert app.test_client().get(url).status_code in (302, 404)
    assert (
        signed_in(app, case.author_id).get(f"/office/rounds/{case.id}/experts").status_code == 404
    )
    write(app, expert, "send")
    for path in (f"/points/{case.points[0]}", f"/rounds/{case.id}/answers"):
        assert DRAFT not in app.test_client().get(path).text


def test_whom_nobody_may_ask(app: Flask, case: Round, expert: int) -> None:
    with app.app_context():
        unverified = make.user("Chưa Xác Minh")
    said = ask(app, case, case.author_id)
    assert said[0] == 422
    assert "tác giả của một trong các ý kiến" in said[1]
    assert ask(app, case, unverified)[0] == 422
    assert ask(app, case, expert)[0] == 303
    again = ask(app, case, expert, case.points[0])
    assert again[0] == 422
    assert "đang chờ kết quả" in again[1]
    with app.app_context(), transaction() as session:
        round_ = session.get_one(Consultation, case.id)
        for points, until, person, error in (
            (case.points, clock.now(), expert, expert_services.NotAhead),
            ([999], clock.now() + WAIT, expert, expert_services.NoPoints),
            (case.points, clock.now() + WAIT, unverified, expert_services.NoExpert),
        ):
            command = expert_services.Ask(
                round_, frozenset(points), person, until, "", case.official_id, clock.now()
            )
            with pytest.raises(error):
                expert_services.ask(command)


def test_a_refusal_tells_of_no_sealed_author(app: Flask, case: Round) -> None:
    with app.app_context():
        sealed_author = an_expert("Người Giấu Tên")
        sealed = make.point(case.id, sealed_author, identity=Identity.SEALED)
    assert ask(app, case, sealed_author, sealed)[0] == 303


def test_searching_and_mistakes_lose_nothing(app: Flask, case: Round, expert: int) -> None:
    with app.app_context():
        other = an_expert("Lê Văn Khác", "Thủy lợi")
    found = ask(app, case, expert, action="search", q="Kinh tế nông")
    assert found[0] == 200
    assert "Xin ông/bà cho ý kiến" in found[1]
    assert f'value="{expert}"' in found[1]
    assert f'value="{other}"' not in found[1]
    mistakes: tuple[tuple[dict[str, Any], str], ...] = (
        ({"expert": []}, "Xin chọn chuyên gia"),
        ({"until": "01/01/2020 08:00"}, "còn ở phía trước"),
        ({"until": ""}, "thời hạn"),
    )
    for words, said in mistakes:
        status, page = ask(app, case, expert, **words)
        assert status == 422, words
        assert said in page, words
        assert "Xin ông/bà cho ý kiến" in page
    ask(app, case, expert)
    empty = write(app, expert, "send", " ")
    assert empty.status_code == 422
    assert "Xin soạn dự thảo trả lời" in empty.text


def test_the_pages_cost_the_same_for_many_points(sqlite_app: Flask) -> None:
    with sqlite_app.app_context():
        case = a_round(points=1)
        make.many_points(case.id, 40, user_ids=(case.author_id,))
        expert = an_expert("Trần Thị Chuyên Gia")
        with transaction() as session:
            ids = list(session.scalars(select(Point.id).where(Point.consultation_id == case.id)))
    chosen = "&".join(f"point={id_}" for id_ in ids)
    official = signed_in(sqlite_app, case.official_id)
    office = f"/office/rounds/{case.id}"
    assert statements(sqlite_app, official, f"{office}/experts?{chosen}") <= 12
    ask(sqlite_app, case, expert, *ids)
    url = f"/draft-replies/{asked(sqlite_app).id}"
    assert statements(sqlite_app, signed_in(sqlite_app, expert), url) <= 12
    assert statements(sqlite_app, signed_in(sqlite_app, expert), "/draft-replies") <= 12
    write(sqlite_app, expert, "send")
    assert statements(sqlite_app, official, f"{office}/answer?{chosen}") <= 12
    assert statements(sqlite_app, official, f"{office}/answers") <= 12
    with sqlite_app.app_context(), transaction(write=False):
        assert expert_queries.on_points(ids)[0].points == len(ids)
