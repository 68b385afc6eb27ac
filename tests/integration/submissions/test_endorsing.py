"""Readers agree or disagree with points, once each, until the closing; and report points."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from consult.consultations.models import Consultation, PointsVisibility, Stage
from consult.core import clock
from consult.core.db import transaction
from consult.submissions.models import Identity, Point
from consult.submissions.voices import queries as voice_queries
from consult.submissions.voices.models import Endorsement, Report, Voice
from consult.submissions.voices.services import Endorse, endorse
from tests.support import factories
from tests.support.browsing import post, signed_in, token
from tests.support.statements import counted


@dataclass
class Scene:
    """An open round with one point of an author, and a reader who may answer it."""

    app: Flask
    agency_id: int
    round_id: int
    author_id: int
    reader_id: int
    point_id: int

    def answer(self, value: str, user_id: int | None = None, **options: Any) -> Any:
        browser = signed_in(self.app, user_id or self.reader_id)
        url = f"/points/{self.point_id}/endorse"
        return post(browser, url, {"value": value}, **options)

    def rows(self) -> list[tuple[int, str]]:
        with self.app.app_context(), transaction(write=False) as session:
            found = session.execute(select(Endorsement.user_id, Endorsement.value)).all()
            return sorted((user_id, value.value) for user_id, value in found)

    def change_round(self, **values: Any) -> None:
        with self.app.app_context(), transaction() as session:
            round_ = session.get_one(Consultation, self.round_id)
            for name, value in values.items():
                setattr(round_, name, value)

    def change_point(self, **values: Any) -> None:
        with self.app.app_context(), transaction() as session:
            point = session.get_one(Point, self.point_id)
            for name, value in values.items():
                setattr(point, name, value)


@pytest.fixture
def scene(app: Flask) -> Scene:
    with app.app_context():
        agency = factories.organisation()
        round_id = factories.consultation(agency, factories.version(agency))
        author = factories.user("Phạm Thị Hồng Đào", verified=True)
        reader = factories.user("Lê Văn Đọc", verified=True)
        point = factories.point(round_id, author)
    return Scene(app, agency, round_id, author, reader, point)


def test_one_answer_that_can_be_changed_and_taken_back(scene: Scene) -> None:
    answer = scene.answer("agree", follow_redirects=False)
    assert answer.status_code == 303
    assert answer.location == f"/points/{scene.point_id}#voices-{scene.point_id}"
    scene.answer("agree")
    assert scene.rows() == [(scene.reader_id, "agree")]
    page = scene.answer("disagree").text
    assert scene.rows() == [(scene.reader_id, "disagree")]
    assert 'value="disagree" aria-pressed="true"' in " ".join(page.split())
    scene.answer("none")
    scene.answer("none")
    assert scene.rows() == []


def test_counts_are_public_and_names_are_not(scene: Scene) -> None:
    with scene.app.app_context():
        other = factories.user("Trần Không Lộ Tên", verified=True)
    scene.answer("agree")
    scene.answer("disagree", other)
    for url in (f"/points/{scene.point_id}", f"/rounds/{scene.round_id}/points"):
        page = scene.app.test_client().get(url).text
        assert "Người đồng tình: <strong>1</strong>" in page
        assert "Người không đồng tình: <strong>1</strong>" in page
        assert "Không Lộ Tên" not in page
        assert "/endorse" not in page


def test_the_script_gets_the_buttons_alone(scene: Scene) -> None:
    browser = signed_in(scene.app, scene.reader_id)
    answer = browser.post(
        f"/points/{scene.point_id}/endorse",
        data={"value": "agree", "csrf_token": token(browser)},
        headers={"HX-Request": "true"},
    )
    assert answer.status_code == 200
    assert answer.text.strip().startswith(f'<div class="voices" id="voices-{scene.point_id}">')
    assert "<html" not in answer.text


@pytest.mark.parametrize("identity", [Identity.PUBLIC, Identity.SEALED])
def test_nobody_endorses_his_own_point(scene: Scene, identity: Identity) -> None:
    with scene.app.app_context():
        scene.point_id = factories.point(scene.round_id, scene.author_id, identity=identity)
    assert scene.answer("agree", scene.author_id).status_code == 403
    assert scene.rows() == []
    browser = signed_in(scene.app, scene.author_id)
    assert f"/points/{scene.point_id}/endorse" not in browser.get(f"/points/{scene.point_id}").text
    listed = browser.get(f"/rounds/{scene.round_id}/points").text
    assert f"/points/{scene.point_id}/endorse" not in listed


@pytest.mark.parametrize(
    "visibility", [PointsVisibility.AFTER_CLOSING, PointsVisibility.STAFF_ONLY]
)
def test_what_readers_do_not_see_they_do_not_endorse(
    scene: Scene, visibility: PointsVisibility
) -> None:
    scene.change_round(points_visibility=visibility)
    assert scene.answer("agree").status_code == 403
    assert scene.rows() == []


def test_only_verified_people_endorse(scene: Scene) -> None:
    with scene.app.app_context():
        newcomer = factories.user("Mai Chưa Duyệt")
        official = factories.user(roles=(("official", scene.agency_id),))
    for user_id in (newcomer, official):
        assert scene.answer("agree", user_id).status_code == 403
    nobody = scene.app.test_client()
    data = {"value": "agree", "csrf_token": token(nobody)}
    assert nobody.post(f"/points/{scene.point_id}/endorse", data=data).status_code == 401
    assert scene.rows() == []


def test_after_the_closing_an_answer_is_refused_with_the_instant(scene: Scene) -> None:
    scene.answer("agree")
    scene.change_round(closes_at=clock.now() - timedelta(seconds=1), stage=Stage.CLOSED)
    page = scene.answer("disagree").text
    assert "Đợt lấy ý kiến đã kết thúc lúc" in page
    assert scene.rows() == [(scene.reader_id, "agree")]
    assert "/endorse" not in page


def test_the_arrival_decides_and_a_late_repeat_changes_nothing(scene: Scene) -> None:
    """Presses that overtake one another: the one that arrived last counts."""
    now = clock.now()
    with scene.app.app_context():
        for value, at in (
            (Voice.AGREE, now - timedelta(seconds=9)),
            (Voice.DISAGREE, now - timedelta(seconds=3)),
            (Voice.AGREE, now - timedelta(seconds=9)),
            (None, now - timedelta(seconds=6)),
        ):
            with transaction():
                point = voice_queries.point(scene.point_id)
                assert point
                endorse(Endorse(point, scene.reader_id, value, at))
    assert scene.rows() == [(scene.reader_id, "disagree")]


@pytest.mark.parametrize("gone", ["withdrawn_at", "hidden_at"])
def test_what_is_withdrawn_or_hidden_is_not_endorsed(scene: Scene, gone: str) -> None:
    scene.change_point(**{gone: clock.now()})
    page = scene.answer("agree")
    assert "vừa được rút hoặc bị ẩn" in page.text
    assert scene.rows() == []


@pytest.mark.parametrize("value", ["", "AGREE", "agree\x00", "1", "neutral"])
def test_nonsense_is_refused(scene: Scene, value: str) -> None:
    assert scene.answer(value).status_code == 400
    assert scene.rows() == []


def test_fifty_clicks_at_once_are_one_answer(scene: Scene) -> None:
    browser = signed_in(scene.app, scene.reader_id)
    csrf = token(browser)
    cookie = browser.get_cookie("consult_session")
    assert cookie

    def click(number: int) -> int:
        one = scene.app.test_client()
        one.set_cookie("consult_session", cookie.value)
        data = {"value": "agree" if number % 2 else "disagree", "csrf_token": csrf}
        return one.post(f"/points/{scene.point_id}/endorse", data=data).status_code

    with ThreadPoolExecutor(10) as pool:
        assert set(pool.map(click, range(50))) == {303}
    assert len(scene.rows()) == 1


def test_the_way_back_stays_on_this_site(scene: Scene) -> None:
    browser = signed_in(scene.app, scene.reader_id)
    data = {"value": "agree", "csrf_token": token(browser), "next": "https://evil.example/"}
    url = f"/points/{scene.point_id}/endorse"
    assert browser.post(url, data=data).location.startswith("/points/")
    data["next"] = f"/rounds/{scene.round_id}/points?stance=agree"
    assert browser.post(url, data=data).location == f"{data['next']}#voices-{scene.point_id}"


def test_the_list_is_sorted_by_what_readers_say(scene: Scene) -> None:
    with scene.app.app_context():
        liked = factories.point(scene.round_id, scene.author_id)
        disputed = factories.point(scene.round_id, scene.author_id)
        factories.point(scene.round_id, scene.author_id)
        for point_id, agree, disagree in ((liked, 2, 0), (disputed, 1, 3)):
            for n in range(agree + disagree):
                value = Voice.AGREE if n < agree else Voice.DISAGREE
                reader = factories.user(verified=True)
                with transaction() as session:
                    session.add(
                        Endorsement(point_id=point_id, user_id=reader, value=value, at=clock.now())
                    )
    client = scene.app.test_client()
    for order, first in (("agreed", liked), ("answered", disputed)):
        page = client.get(f"/rounds/{scene.round_id}/points?order={order}").text
        assert page.index(f"YK-{first}<") == page.index("YK-")
    assert client.get(f"/rounds/{scene.round_id}/points?order=x").status_code == 200


def test_a_list_takes_the_same_few_statements(scene: Scene) -> None:
    browser = signed_in(scene.app, scene.reader_id)
    taken: list[int] = []
    for more in (10, 300):
        with scene.app.app_context():
            factories.many_points(scene.round_id, more, user_ids=(scene.author_id,))
        with counted(scene.app) as statements:
            assert "/endorse" in browser.get(f"/rounds/{scene.round_id}/points").text
        taken.append(len(statements))
    assert taken[0] == taken[1] <= 12
    with counted(scene.app) as statements:
        scene.answer("agree", follow_redirects=False)
    assert len(statements) <= 20


# --- reports -------------------------------------------------------------------------------------

REASON = "Quảng cáo"


def report(scene: Scene, user_id: int | None = None, **values: str) -> Any:
    browser = signed_in(scene.app, user_id or scene.reader_id)
    data = {"reason": REASON, "note": "Bán hàng."} | values
    return post(browser, f"/points/{scene.point_id}/report", data)


def reports(scene: Scene) -> list[Report]:
    with scene.app.app_context(), transaction(write=False) as session:
        found = list(session.scalars(select(Report)))
        session.expunge_all()
        return found


def test_a_reader_reports_a_point_once_and_staff_see_how_many(scene: Scene) -> None:
    assert "Đã chuyển báo cáo" in report(scene).text
    assert "đã báo cáo ý kiến này" in report(scene, note="Lần nữa").text
    [kept] = reports(scene)
    assert (kept.reason, kept.note) == (REASON, "Bán hàng.")
    with scene.app.app_context():
        front = factories.user(roles=(("front", None),))
    queue = signed_in(scene.app, front).get("/moderation/queue?show=reported").text
    assert "1 báo cáo" in queue
    page = signed_in(scene.app, front).get(f"/points/{scene.point_id}/moderation").text
    assert "Bán hàng." in page
    assert "Lê Văn Đọc" not in page
    staff = signed_in(scene.app, front)
    post(staff, f"/points/{scene.point_id}/reports/settle")
    assert reports(scene)[0].settled_at
    assert "1 báo cáo" not in staff.get("/moderation/queue?show=reported").text


def test_a_wrong_report_keeps_what_was_typed(scene: Scene) -> None:
    page = report(scene, reason="Không có trong danh mục", note="Giữ lại lời này")
    assert page.status_code == 422
    assert "Giữ lại lời này" in page.text
    page = report(scene, note="x" * 2001)
    assert page.status_code == 422
    assert "2.001" in page.text
    assert reports(scene) == []
    assert report(scene, scene.author_id).status_code == 403
