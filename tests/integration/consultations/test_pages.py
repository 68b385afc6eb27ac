"""The agency's pages of a round: forms that keep what was typed, acts, refusals, statements."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from consult.consultations.fields import read_instant
from consult.consultations.models import Audience, Consultation, Kind, PeriodRule, Stage
from consult.core import clock
from consult.core.db import transaction
from tests.support import factories, rounds
from tests.support.browsing import post, signed_in, token
from tests.support.inside import Inside
from tests.support.statements import counted

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


@pytest.fixture
def make(app: Flask) -> Inside:
    """What a test does to the database, between requests."""
    return Inside(app, factories, rounds, Rows)


def words(**changed: str) -> dict[str, str]:
    now = clock.now()
    return {
        "title": "Lấy ý kiến về đãi ngộ trí thức",
        "kind": "critique",
        "summary": "Tóm tắt viết cho mọi người.",
        "can_change": "Mức hỗ trợ\nThời hạn",
        "cannot_change": "Ngân sách đã quyết định",
        "legal_basis": "Luật số 64/2025/QH15",
        "questions-0-text": "Mức hỗ trợ hợp lý chưa?",
        "questions-1-text": "",
        "questions-2-text": "Cần thêm gì?",
        "period_rule_id": "",
        "opens_at": typed(now + timedelta(days=1)),
        "closes_at": typed(now + timedelta(days=20)),
        "shortened_reason": "",
        "audience": "verified",
        "points_visibility": "after_closing",
        "responsible_name": "Trần Thị Bình",
        "responsible_contact": "0251 3 000 000",
        "asked_count": "1.046",
    } | changed


class Rows:
    """What these tests read and add besides."""

    @staticmethod
    def only_round() -> Consultation:
        with transaction(write=False) as session:
            row = session.scalars(select(Consultation)).one()
            session.refresh(row, ["questions"])
            session.expunge_all()
            return row

    @staticmethod
    def rule(days: int) -> str:
        with transaction() as session:
            row = PeriodRule(name=f"{days} ngày", days=days, unit="calendar", legal_basis="Ví dụ")
            session.add(row)
            session.flush()
            return str(row.id)


def typed(instant: datetime) -> str:
    return f"{instant.astimezone(ZONE):%d/%m/%Y %H:%M}"


def agency_with_text(make: Inside) -> tuple[int, FlaskClient]:
    agency = make.organisation()
    user = make.user("Lê Thị Hoa", roles=(("official", agency),))
    return make.version(agency), signed_in(make.app, user)


def create(make: Inside, **changed: str) -> tuple[int, FlaskClient, TestResponse]:
    version, client = agency_with_text(make)
    answer = post(client, f"/office/versions/{version}/rounds/new", words(**changed))
    return version, client, answer


def test_a_round_is_prepared_previewed_and_published(make: Inside) -> None:
    _version, client, answer = create(make)
    assert answer.status_code == 200
    row = make.only_round()
    assert (row.stage, row.kind, row.audience) == (
        Stage.PREPARING,
        Kind.CRITIQUE,
        Audience.VERIFIED,
    )
    assert [q.text for q in row.questions] == ["Mức hỗ trợ hợp lý chưa?", "Cần thêm gì?"]
    assert row.asked_count == 1046
    preview = client.get(f"/office/rounds/{row.id}/preview").text
    for text in ("Tóm tắt viết cho mọi người.", "Thời hạn", "Cần thêm gì?", "0251 3 000 000"):
        assert text in preview
    without = post(client, f"/office/rounds/{row.id}/publish")
    assert without.status_code == 422
    assert "Không thể công bố nếu chưa có xác nhận này." in without.text
    assert make.stage(row.id) is Stage.PREPARING
    done = post(client, f"/office/rounds/{row.id}/publish", {"no_state_secret": "y"})
    assert "sẽ mở lúc" in done.text
    assert make.stage(row.id) is Stage.SCHEDULED
    again = post(client, f"/office/rounds/{row.id}/publish", {"no_state_secret": "y"})
    assert "đã chuyển giai đoạn" in again.text


def test_an_empty_opening_opens_at_once(make: Inside) -> None:
    _version, client, _answer = create(make, opens_at="")
    round_id = make.only_round().id
    page = client.get(f"/office/rounds/{round_id}").text
    assert "Công bố và mở ngay" in page
    answer = post(client, f"/office/rounds/{round_id}/publish", {"no_state_secret": "y"})
    assert "Đợt lấy ý kiến đã mở." in answer.text
    assert make.stage(round_id) is Stage.OPEN


def test_only_a_title_is_needed_and_the_list_says_what_is_missing(make: Inside) -> None:
    version, client = agency_with_text(make)
    nothing = post(client, f"/office/versions/{version}/rounds/new", words(title=""))
    assert nothing.status_code == 422
    assert "Tóm tắt viết cho mọi người." in nothing.text
    title_only = {"title": "Chỉ có tên", "kind": "advice", "audience": "everyone",
                  "points_visibility": "at_once", "period_rule_id": ""}  # fmt: skip
    answer = post(client, f"/office/versions/{version}/rounds/new", title_only)
    assert answer.text.count("còn thiếu</span>") == 3
    assert "no_state_secret" not in answer.text


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        (
            {"opens_at": "05/03/2090 08:00", "closes_at": "04/03/2090 08:00"},
            "phải sau thời điểm bắt đầu",
        ),
        ({"closes_at": "05/03/2020 08:00"}, "đã qua"),
        ({"closes_at": "31/02/2090 08:00"}, "ngày/tháng/năm giờ:phút"),
        ({"opens_at": "mai"}, "ngày/tháng/năm giờ:phút"),
        ({"closes_at": "05/03/9999 08:00"}, "ngày/tháng/năm giờ:phút"),
        ({"asked_count": "nhiều"}, "số nguyên"),
        ({f"questions-{n}-text": f"Câu {n}?" for n in range(11)}, "Tối đa 10 câu hỏi"),
        ({"title": "x" * 501}, "Tối đa 500 ký tự"),
    ],
)
def test_what_is_wrong_is_said_and_everything_typed_stays(
    make: Inside, changed: dict[str, str], sentence: str
) -> None:
    typed = words(**changed)
    _version, _client, answer = create(make, **typed)
    assert answer.status_code == 422
    assert sentence in answer.text
    for value in typed.values():
        for line in value.splitlines():
            assert line in answer.text
    assert make.count(Consultation) == 0


def test_a_rule_is_explained_and_can_be_shortened_with_a_reason(make: Inside) -> None:
    rule_id = make.rule(30)
    version, client, answer = create(make, period_rule_id=rule_id)
    assert answer.status_code == 422
    earliest = (clock.now() + timedelta(days=31)).astimezone(ZONE)
    assert f"23:59 {earliest:%d/%m/%Y}" in answer.text
    shortened = words(period_rule_id=rule_id, shortened_reason="Theo trình tự rút gọn")
    answer = post(client, f"/office/versions/{version}/rounds/new", shortened)
    assert answer.status_code == 200
    assert make.only_round().shortened_reason == "Theo trình tự rút gọn"


def test_editing_shows_what_was_said_and_keeps_it(make: Inside) -> None:
    _version, client, _answer = create(make)
    row = make.only_round()
    page = client.get(f"/office/rounds/{row.id}/edit").text
    assert "Cần thêm gì?" in page
    assert f"{row.closes_at.astimezone(ZONE):%Y-%m-%dT%H:%M}" in page  # type: ignore[arg-type]
    post(client, f"/office/rounds/{row.id}/edit", words(title="Tên mới", kind="advice"))
    assert (make.only_round().title, make.only_round().kind) == ("Tên mới", Kind.ADVICE)


def test_an_open_round_is_not_edited(make: Inside) -> None:
    round_id, user = make.published(opens_at=None)
    client = signed_in(make.app, user)
    assert client.get(f"/office/rounds/{round_id}/edit").status_code == 303
    answer = post(client, f"/office/rounds/{round_id}/edit", words(title="Khác"))
    assert "đã chuyển giai đoạn" in answer.text
    assert make.only_round().title != "Khác"


def test_a_scheduled_round_keeps_its_summary(make: Inside) -> None:
    round_id, user = make.published()
    answer = post(signed_in(make.app, user), f"/office/rounds/{round_id}/edit", words(summary=""))
    assert answer.status_code == 422
    assert "đã được công bố nên" in answer.text
    assert make.only_round().summary


def test_extending_and_its_refusals(make: Inside) -> None:
    round_id, user = make.published(opens_at=None, closes_at=clock.now() + timedelta(days=3))
    client = signed_in(make.app, user)
    closes = make.only_round().closes_at
    assert closes is not None
    url = f"/office/rounds/{round_id}/extend"
    bare = post(client, url, {"extend-reason": "Lý do dài của tôi"})
    assert bare.status_code == 422
    assert "Lý do dài của tôi" in bare.text
    early = {"extend-closes_at": typed(closes - timedelta(days=1)), "extend-reason": "Cần thêm"}
    answer = post(client, url, early)
    assert answer.status_code == 422
    assert "Xin chọn thời điểm sau" in answer.text
    assert "Cần thêm" in answer.text
    later = closes + timedelta(days=3)
    answer = post(client, url, early | {"extend-closes_at": typed(later)})
    assert "được gia hạn đến" in answer.text
    assert make.only_round().closes_at == later.replace(second=0, microsecond=0)
    clock.move_to(later + timedelta(minutes=1))
    late = post(client, url, {"extend-closes_at": "01/01/2099 00:00", "extend-reason": "x"})
    assert late.status_code == 422
    assert "không thể gia hạn" in late.text


def test_cancelling_needs_a_reason(make: Inside) -> None:
    round_id, user = make.published()
    client = signed_in(make.app, user)
    url = f"/office/rounds/{round_id}/cancel"
    assert post(client, url, {"cancel-reason": " "}).status_code == 422
    assert "Rút dự thảo để sửa" in post(client, url, {"cancel-reason": "Rút dự thảo để sửa"}).text
    assert make.stage(round_id) is Stage.CANCELLED
    again = post(client, url, {"cancel-reason": "x"})
    assert "đã chuyển giai đoạn" in again.text


def test_a_corrected_text_is_offered(make: Inside) -> None:
    round_id, user = make.prepared()
    client = signed_in(make.app, user)
    version = make.only_round().version_id
    post(client, f"/office/versions/{version}/correct", {"text": "Điều 1. Mới\nĐiều 2. Hai"})
    assert "Dùng phiên bản 2" in client.get(f"/office/rounds/{round_id}").text
    answer = post(client, f"/office/rounds/{round_id}/version")
    assert "đã chuyển sang dùng phiên bản 2" in answer.text
    assert make.only_round().version_id != version
    make.publish(round_id, user)
    assert "đã chuyển giai đoạn" in post(client, f"/office/rounds/{round_id}/version").text


def test_others_find_nothing(make: Inside) -> None:
    round_id, _user = make.prepared()
    agency = make.organisation()
    stranger = signed_in(make.app, make.user(roles=(("official", agency), ("front", None))))
    for path in ("", "/edit", "/preview"):
        assert stranger.get(f"/office/rounds/{round_id}{path}").status_code == 404
    for path in ("/publish", "/extend", "/cancel", "/version"):
        assert post(stranger, f"/office/rounds/{round_id}{path}").status_code == 404
    assert make.app.test_client().get(f"/office/rounds/{round_id}").status_code == 302
    assert make.stage(round_id) is Stage.PREPARING


@pytest.mark.parametrize("points", [1, 40])
def test_the_pages_cost_few_statements(make: Inside, points: int) -> None:
    round_id, user = make.published(opens_at=None)
    author = make.user(verified=True)
    for _number in range(points):
        make.point(round_id, author)
    other, other_user = make.prepared()
    for client, path in (
        (signed_in(make.app, user), f"/office/rounds/{round_id}"),
        (signed_in(make.app, other_user), f"/office/rounds/{other}"),
        (signed_in(make.app, other_user), f"/office/rounds/{other}/edit"),
        (signed_in(make.app, other_user), f"/office/rounds/{other}/preview"),
    ):
        with counted(make.app) as statements:
            assert client.get(path).status_code == 200
        assert len(statements) <= 12, path


def test_publishing_costs_few_statements(make: Inside) -> None:
    round_id, user = make.prepared(opens_at=None)
    make.user(roles=(("front", None),))
    client = signed_in(make.app, user)
    data = {"csrf_token": token(client), "no_state_secret": "y"}
    with counted(make.app) as statements:
        answer = client.post(f"/office/rounds/{round_id}/publish", data=data)
    assert answer.status_code == 303
    assert make.stage(round_id) is Stage.OPEN
    assert len(statements) <= 30, statements


@pytest.mark.parametrize(
    "text", ["2026-03-05T08:00", "2026-03-05T08:00:00", "05/03/2026 08:00", "08:00 05/03/2026"]
)
def test_instants_are_read_in_the_portals_zone(sqlite_app: Flask, text: str) -> None:
    with sqlite_app.app_context():
        found = read_instant(text)
    assert found.isoformat() == "2026-03-05T01:00:00+00:00"


def test_a_typed_instant_that_is_no_picker_value_stays_visible(make: Inside) -> None:
    _version, _client, answer = create(make, closes_at="tuần sau")
    assert 'type="text" value="tuần sau"' in " ".join(answer.text.split())
