"""The room's pages: who gets where, the whole course by clicks, bad input, statements."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from consult.core import clock
from consult.core.db import transaction
from consult.critiques import queries
from consult.critiques.models import PanelRole
from consult.critiques.review_models import Review
from tests.support import panels
from tests.support.browsing import post, signed_in
from tests.support.inside import Inside
from tests.support.panels import Story
from tests.support.said import said
from tests.support.statements import counted

NATIVE = "%Y-%m-%dT%H:%M"


@pytest.fixture
def tell(app: Flask) -> Inside:
    """The story's steps, each in a context of its own."""
    return Inside(app, panels, Looks)


class Looks:
    """What tests look up between requests."""

    @staticmethod
    def intake_ids(commission_id: int) -> list[int]:
        with transaction(write=False):
            return [item.id for item in queries.locked(commission_id).intake]

    @staticmethod
    def reviews() -> list[tuple[int, bool]]:
        with transaction(write=False) as session:
            rows = session.query(Review).order_by(Review.id)
            return [(len(row.remarks), row.sent_at is not None) for row in rows]

    @staticmethod
    def seat_id(commission_id: int, user_id: int) -> int:
        with transaction(write=False):
            seat = queries.locked(commission_id).seat_of(user_id)
            assert seat is not None
            return seat.id

    @staticmethod
    def recommendation_ids(commission_id: int) -> list[int]:
        with transaction(write=False):
            report = queries.report(commission_id)
            assert report is not None
            return [row.id for row in report.recommendations]


def in_days(days: float) -> str:
    return (clock.now() + timedelta(days=days)).strftime(NATIVE)


def order_fields(story: Story, **values: Any) -> dict[str, Any]:
    return {
        "orderer": f"official:{story.agency}",
        "consultation": str(story.round),
        "title": "Phản biện dự thảo đãi ngộ",
        "scope": "Toàn bộ",
        "field_code": "505",
        "deadline": in_days(20),
        "declared": ["1", "4"],
    } | values


def review_fields(story: Story, **values: Any) -> dict[str, Any]:
    fields: dict[str, Any] = {"conclusion": "approve", "general": "Nhìn chung tốt"}
    for n, criterion in enumerate(story.criteria):
        fields[f"ratings-{n}-criterion"] = str(criterion)
        fields[f"ratings-{n}-rating"] = "4"
        fields[f"ratings-{n}-argument"] = f"Lập luận {n}"
    fields |= {"remarks-0-provision": "d1.k1", "remarks-0-argument": "Nên sửa khoản 1"}
    fields |= {"remarks-1-provision": "", "remarks-1-argument": ""}
    return fields | values


def test_an_official_orders_and_the_union_takes_it_on(app: Flask, tell: Inside) -> None:
    story = tell.people()
    official, union = signed_in(app, story.official), signed_in(app, story.secretariat)
    url = f"/critiques/order/{story.version}?round={story.round}"
    assert "Đặt hàng phản biện" in official.get(url).text
    wrong = post(official, url, order_fields(story, title="", deadline="hôm nào đó"))
    assert wrong.status_code == 422
    assert "hôm nào đó" in wrong.text
    assert "Toàn bộ" in wrong.text
    fields = order_fields(story)
    assert "Đã gửi đặt hàng" in post(official, url, fields).text
    again = post(official, url, fields, follow_redirects=False)
    assert again.location.endswith("/critiques/1"), "a repeated post is the same order"
    ids = tell.intake_ids(1)
    fields = {f"items-{n}-item": str(number) for n, number in enumerate(ids)}
    fields["items-0-note"] = "ghi chú còn đây"
    refused = post(union, "/critiques/1/accept", fields)
    assert refused.status_code == 422
    assert "ghi chú còn đây" in refused.text
    fields |= {f"items-{n}-confirmed": "y" for n in range(len(ids))}
    assert "lập hội đồng" in post(union, "/critiques/1/accept", fields).text
    assert post(union, "/critiques/1/accept", fields).status_code == 200  # says how it stands


def test_the_front_orders_on_published_drafts_only(app: Flask, tell: Inside) -> None:
    from tests.support import factories

    story, make = tell.people(), Inside(app, factories)
    front = make.user("Mặt Trận", roles=(("front", make.organisation("front", "MTTQ tỉnh")),))
    url = f"/critiques/order/{story.version}"
    assert signed_in(app, front).get(url).status_code == 404
    with app.app_context(), transaction() as session:
        from consult.drafts.models import DraftVersion

        session.get_one(DraftVersion, story.version).frozen_at = clock.now()
    page = signed_in(app, front).get(url)
    assert page.status_code == 200
    assert "MTTQ tỉnh" in page.text
    assert signed_in(app, story.stranger).get(url).status_code == 404


def test_a_panel_is_formed_by_clicks(app: Flask, tell: Inside) -> None:
    story = tell.accepted()
    union = signed_in(app, story.secretariat)
    base = f"/critiques/{story.commission}"
    page = union.get(f"{base}/panel").text
    assert "Trần Chủ Tịch" in page
    assert "Đúng lĩnh vực đặt hàng" in page
    for role, user_id in story.members.items():
        post(union, f"{base}/invite", {"user_id": user_id, "role": role.value})
        member = signed_in(app, user_id)
        assert member.get(f"{base}/text").status_code == 404
        empty = post(member, f"{base}/invitation", {"action": "reply"})
        assert empty.status_code == 422
        post(member, f"{base}/invitation", {"action": "reply", "state": "accepted"})
        assert member.get(f"{base}/text").status_code == 404, "not before the declaration"
        declared = {"action": "declare", "declare-conflict": "none"}
        post(member, f"{base}/invitation", declared)
        assert member.get(f"{base}/text").status_code == 200
    taken = post(union, f"{base}/invite", {"user_id": story.stranger, "role": "chair"})
    assert "Chức danh này đã có người" in taken.text
    late = post(union, f"{base}/start", {"start-reviews_due_at": in_days(60)})
    assert late.status_code == 422
    started = post(union, f"{base}/start", {"start-reviews_due_at": in_days(5)})
    assert "Đã bắt đầu nhận xét" in started.text


def test_a_conflict_is_decided_on_its_page(app: Flask, tell: Inside) -> None:
    story = tell.accepted()
    union, member = signed_in(app, story.secretariat), signed_in(app, story.chair)
    base = f"/critiques/{story.commission}"
    post(union, f"{base}/invite", {"user_id": story.chair, "role": "chair"})
    post(member, f"{base}/invitation", {"action": "reply", "state": "accepted"})
    silent = post(
        member, f"{base}/invitation", {"action": "declare", "declare-conflict": "declared"}
    )
    assert silent.status_code == 422
    words = {"action": "declare", "declare-conflict": "declared", "declare-words": "Anh em"}
    post(member, f"{base}/invitation", words)
    seat = f"{base}/seats/{tell.seat_id(story.commission, story.chair)}"
    assert "Anh em" in union.get(seat).text
    assert post(union, seat, {"action": "decide", "decision": "clear"}).status_code == 422
    post(union, seat, {"action": "decide", "decision": "clear", "note": "Không sao"})
    assert member.get(f"{base}/text").status_code == 200


def test_a_review_is_kept_whatever_is_wrong(app: Flask, tell: Inside) -> None:
    story = tell.reviewing()
    member = signed_in(app, story.members[PanelRole.MEMBER])
    url = f"/critiques/{story.commission}/review"
    half = {"ratings-0-criterion": str(story.criteria[0]), "ratings-0-argument": "Nửa chừng"}
    refused = post(member, url, {**half, "action": "send"})
    assert refused.status_code == 422
    assert "Nửa chừng" in refused.text
    assert "Nửa chừng" in member.get(url).text, "saved all the same"
    long = post(member, url, {**half, "general": "x" * 20_001, "action": "save"})
    assert long.status_code == 422
    post(member, url, review_fields(story, action="save"))
    assert tell.reviews() == [(1, False)]
    quiet = post(member, url, review_fields(story, general="Tự lưu", action="autosave"))
    assert (quiet.status_code, quiet.text) == (204, "")
    assert "Tự lưu" in member.get(url).text
    sent = post(member, url, review_fields(story, action="send"))
    assert "Đã gửi trên 5" not in sent.text
    assert "Đã gửi 1 trên 5 phiếu nhận xét" in sent.text
    again = post(member, url, review_fields(story, general="Sửa lại", action="send"))
    assert again.status_code == 422
    assert "Sửa lại" in again.text


def test_an_answer_that_comes_too_late_is_told_and_kept(app: Flask, tell: Inside) -> None:
    story = tell.reviewing()
    guest = story.stranger
    browser, union = signed_in(app, guest), signed_in(app, story.secretariat)
    base = f"/critiques/{story.commission}"
    post(union, f"{base}/invite", {"user_id": guest, "role": "member"})
    words = {"action": "reply", "state": "declined", "words": "Tôi bận công tác dài ngày."}
    cancelled = post(union, f"{base}/cancel", {"cancel-reason": "Dự thảo đã được rút."})
    assert cancelled.status_code == 200
    late = post(browser, f"{base}/invitation", words)
    assert late.status_code == 409
    assert said(app, "The commission's stage no longer allows this. Here is how it stands.") in (
        late.text
    )
    assert "Tôi bận công tác dài ngày." in late.text


def test_a_seat_taken_back_while_its_holder_writes(app: Flask, tell: Inside) -> None:
    story = tell.reviewing()
    member = story.members[PanelRole.MEMBER]
    browser, union = signed_in(app, member), signed_in(app, story.secretariat)
    base = f"/critiques/{story.commission}"
    seat = tell.seat_id(story.commission, member)
    post(union, f"{base}/seats/{seat}", {"action": "release", "release-reason": "Đổi người"})
    words = review_fields(story, general="Nhận định chung đang viết dở.", action="send")
    refused = post(browser, f"{base}/review", words)
    assert refused.status_code in (403, 404)
    assert "Nhận định chung đang viết dở." in refused.text
    reply = {"action": "reply", "state": "declined", "words": "Tôi bận công tác dài ngày."}
    answer = post(browser, f"{base}/invitation", reply)
    assert answer.status_code in (403, 404, 409)
    assert "Tôi bận công tác dài ngày." in answer.text
    assert "csrf" not in answer.text.partition("<main")[2].partition("</main>")[0]


def test_who_sees_what_along_the_way(app: Flask, tell: Inside) -> None:
    story = tell.reviewing()
    base = f"/critiques/{story.commission}"
    tell.sends(story, PanelRole.MEMBER, 5, "Lời của ủy viên")
    clients = {
        "orderer": signed_in(app, story.official),
        "union": signed_in(app, story.secretariat),
        "chair": signed_in(app, story.chair),
        "stranger": signed_in(app, story.stranger),
    }
    pages = ["", "/panel", "/text", "/review", "/reviews", "/meeting", "/report", "/answers"]

    def seen(who: str) -> set[str]:
        answers = {page: clients[who].get(base + page) for page in pages}
        assert all(
            "Lời của ủy viên" not in answer.text or page in ("/reviews", "/report")
            for page, answer in answers.items()
        )
        return {page for page, answer in answers.items() if answer.status_code == 200}

    assert seen("orderer") == {""}
    assert seen("union") == {"", "/panel", "/text"}
    assert seen("chair") == {"", "/text", "/review"}
    assert seen("stranger") == set()
    assert "trên 5" not in clients["orderer"].get(base).text
    for role in panels.ROLES[:-1]:
        tell.sends(story, role, 2)
    assert seen("orderer") == {""}
    assert seen("union") == {"", "/panel", "/text", "/reviews", "/meeting", "/report"}
    assert "Lời của ủy viên" in clients["chair"].get(f"{base}/reviews").text
    assert seen("stranger") == set()


def test_from_the_meeting_to_the_answers(app: Flask, tell: Inside) -> None:
    story = tell.opened()
    base = f"/critiques/{story.commission}"
    chair, secretary = signed_in(app, story.chair), signed_in(app, story.secretary)
    member = signed_in(app, story.members[PanelRole.MEMBER])
    union, official = signed_in(app, story.secretariat), signed_in(app, story.official)
    called = {"held_at": in_days(2), "place": "Phòng 5"}
    assert post(member, f"{base}/meeting/call", called).status_code == 404
    assert "Phòng 5" in post(chair, f"{base}/meeting/call", called).text
    minutes = {**called, "revision": "1", "course": "Khai mạc", "conclusions": "Thống nhất"}
    early = post(secretary, f"{base}/meeting/minutes", {**minutes, "ended_at": in_days(1)})
    assert early.status_code == 422
    seat = tell.seat_id(story.commission, story.chair)
    minutes |= {"attendance-0-seat": str(seat), "attendance-0-present": "y"}
    assert "Khai mạc" in post(secretary, f"{base}/meeting/minutes", minutes).text
    stale = post(chair, f"{base}/meeting/minutes", {**minutes, "course": "Lời bị vượt"})
    assert stale.status_code == 422
    assert "Lời bị vượt" in stale.text
    for client in (chair, secretary):
        post(client, f"{base}/meeting/confirm", {"revision": "2"})
    report = {
        "revision": "0",
        "assessment": "Cần thiết",
        "findings": "Thống nhất",
        "conclusion": "approve_if_amended",
        "recommendations-0-provision": "d1.k1",
        "recommendations-0-text": "Nâng mức hỗ trợ",
        "recommendations-1-text": "",
    }
    assert post(member, f"{base}/report/edit", report).status_code == 404
    assert "Nâng mức hỗ trợ" in post(secretary, f"{base}/report/edit", report).text
    assert "Tôi bảo lưu" in post(member, f"{base}/dissent", {"text": "Tôi bảo lưu"}).text
    assert "đã ký báo cáo" in post(chair, f"{base}/sign", {"revision": "1"}).text
    refused = post(member, f"{base}/dissent", {"text": "Tôi bảo lưu nữa"})
    assert refused.status_code == 409
    assert "Tôi bảo lưu nữa" in refused.text
    assert official.get(f"{base}/report").status_code == 404
    post(union, f"{base}/deliver")
    delivered = official.get(f"{base}/report").text
    assert "Tôi bảo lưu" in delivered
    assert "Trần Chủ Tịch" not in delivered.split("<main")[1]
    [number] = tell.recommendation_ids(story.commission)
    answer = {"answers-0-recommendation": str(number), "answers-0-outcome": "not_accepted"}
    silent = post(official, f"{base}/answers", {**answer, "action": "publish"})
    assert silent.status_code == 422
    answer["answers-0-reason"] = "Ngân sách không đủ"
    assert "chưa xem được" in post(official, f"{base}/answers", {**answer, "action": "save"}).text
    assert "Ngân sách" not in union.get(f"{base}/report").text
    post(official, f"{base}/answers", {**answer, "action": "publish"})
    assert "Ngân sách không đủ" in member.get(f"{base}/report").text


def test_templates_are_edited_by_the_secretariat(app: Flask, tell: Inside) -> None:
    story = tell.people()
    union = signed_in(app, story.secretariat)
    assert signed_in(app, story.official).get("/critiques/templates").status_code == 403
    assert union.get("/critiques/templates/nothing").status_code == 404
    lines = {"lines-0-text": "Một mục", "lines-0-required": "y", "lines-1-text": ""}
    assert "Một mục" in post(union, "/critiques/templates/intake", lines).text
    assert "Tính khả thi" in union.get("/critiques/templates/criterion").text


def test_declining_and_cancelling_need_reasons(app: Flask, tell: Inside) -> None:
    story = tell.ordered()
    union, base = signed_in(app, story.secretariat), f"/critiques/{story.commission}"
    assert post(union, f"{base}/decline", {"decline-reason": ""}).status_code == 422
    assert post(signed_in(app, story.stranger), f"{base}/cancel").status_code == 404
    official = signed_in(app, story.official)
    page = post(official, f"{base}/cancel", {"cancel-reason": "Rút dự thảo"})
    assert "Rút dự thảo" in page.text
    assert (
        "không còn thực hiện được" in post(union, f"{base}/decline", {"decline-reason": "x"}).text
    )


def test_pages_ask_few_statements(app: Flask, tell: Inside) -> None:
    story = tell.signed()
    base = f"/critiques/{story.commission}"
    clients = {
        "union": signed_in(app, story.secretariat),
        "chair": signed_in(app, story.chair),
    }
    over: list[str] = []
    tried = [
        ("union", "/critiques"),
        ("union", base),
        ("union", f"{base}/panel"),
        ("chair", f"{base}/text"),
        ("chair", f"{base}/review"),
        ("chair", f"{base}/reviews"),
        ("chair", f"{base}/meeting"),
        ("chair", f"{base}/meeting/minutes"),
        ("chair", f"{base}/report"),
        ("chair", f"{base}/report/edit"),
        ("union", f"/critiques/order/{story.version}"),
    ]
    for who, url in tried:
        with counted(app) as statements:
            assert clients[who].get(url).status_code in (200, 404), url
        if len(statements) > 12:
            over.append(f"{url}: {len(statements)}\n" + "\n".join(s[:150] for s in statements))
    assert over == []


def test_sending_asks_few_statements(app: Flask, tell: Inside) -> None:
    story = tell.reviewing()
    member = signed_in(app, story.members[PanelRole.MEMBER])
    url = f"/critiques/{story.commission}/review"
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', member.get(url).text)
    assert found
    fields = review_fields(story, action="send", csrf_token=found.group(1))
    with counted(app) as statements:
        assert member.post(url, data=fields).status_code == 303
    assert len(statements) <= 20, "\n".join(s[:150] for s in statements)
