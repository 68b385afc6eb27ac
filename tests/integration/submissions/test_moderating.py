"""Hiding a point from the public, the author's appeal, its decision, and who sees what."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from consult.consultations.models import Audience, Consultation
from consult.core import clock
from consult.core.audit import AuditEntry
from consult.core.db import transaction
from consult.jobs.models import Job
from consult.jobs.runner import tick
from consult.ledger.models import Leaf
from consult.notifications.models import Notification, OutgoingEmail
from consult.submissions import services as submissions
from consult.submissions.commands import NewPoint, SubmitPoints
from consult.submissions.models import Identity, Point, PointKind, Stance, Submission
from consult.submissions.moderation import services as moderating
from consult.submissions.moderation.services import Overtaken
from consult.submissions.voices.models import Moderation, Outcome
from tests.support import factories
from tests.support.browsing import post, signed_in
from tests.support.exports import download
from tests.support.statements import counted

WORDS = "bán thuốc gia truyền"
WORDING = "Mua hàng tại cửa hàng tôi."
AUTHOR = "Phạm Thị Hồng Đào"
REASON = "Quảng cáo"


@dataclass
class Scene:
    """A round with one sent point, its author, two of the staff and a reader."""

    app: Flask
    agency_id: int
    round_id: int
    author_id: int
    front_id: int
    secretariat_id: int
    point_id: int

    def staff(self) -> FlaskClient:
        return signed_in(self.app, self.front_id)

    def author(self) -> FlaskClient:
        return signed_in(self.app, self.author_id)

    def hide(self, user_id: int | None = None, **values: str) -> Any:
        data = {"reason": REASON, "note": "Lời giải thích cho tác giả."} | values
        browser = signed_in(self.app, user_id or self.front_id)
        return post(browser, f"/points/{self.point_id}/hide", data)

    def appeal(self, text: str = "Đây là kinh nghiệm, không phải quảng cáo.") -> Any:
        return post(self.author(), f"/points/{self.point_id}/appeal", {"text": text})

    def decide(self, outcome: str = "shown", user_id: int | None = None, **values: str) -> Any:
        data = {"outcome": outcome, "decision": "Đúng là kinh nghiệm."} | values
        browser = signed_in(self.app, user_id or self.secretariat_id)
        return post(browser, f"/points/{self.point_id}/decide", data)

    def take_back(self, user_id: int | None = None) -> Any:
        browser = signed_in(self.app, user_id or self.front_id)
        return post(browser, f"/points/{self.point_id}/take-back")

    def all(self, model: type[Any]) -> list[Any]:
        with self.app.app_context(), transaction(write=False) as session:
            found = list(session.scalars(select(model)).unique())
            session.expunge_all()
            return found

    def hidden(self) -> bool:
        [point] = self.all(Point)
        return point.hidden_at is not None


def send(app: Flask, round_id: int, author_id: int, identity: Identity = Identity.PUBLIC) -> int:
    with app.app_context(), transaction() as session:
        point = NewPoint(
            "d1.k1", Stance.AGREE, f"Xin {WORDS}.", "f", WORDING, kind=PointKind.REMARK
        )
        submissions.submit(
            SubmitPoints(
                session.get_one(Consultation, round_id), author_id, [point], identity,
                f"key-{author_id}", clock.now(),
            )
        )  # fmt: skip
        return session.scalars(select(Point.id).order_by(Point.id.desc()).limit(1)).one()


@pytest.fixture
def scene(app: Flask) -> Scene:
    with app.app_context():
        agency = factories.organisation()
        round_id = factories.consultation(agency, factories.version(agency))
        author = factories.user(AUTHOR, verified=True)
        front = factories.user("Cán bộ Mặt trận", roles=(("front", None),))
        secretariat = factories.user("Cán bộ Thư ký", roles=(("secretariat", None),))
    point = send(app, round_id, author)
    return Scene(app, agency, round_id, author, front, secretariat, point)


def run_jobs(scene: Scene) -> None:
    with scene.app.app_context():
        while tick():
            pass


def test_a_hidden_point_is_marked_for_all_and_read_by_author_and_staff(scene: Scene) -> None:
    page = scene.hide().text
    assert "Tác giả được thông báo" in page
    with scene.app.app_context():
        official = factories.user(roles=(("official", scene.agency_id),))
        reader = factories.user(verified=True)
    base = f"/rounds/{scene.round_id}"
    for client in (scene.app.test_client(), signed_in(scene.app, reader)):
        for url in (f"{base}/points", f"/points/{scene.point_id}", f"{base}/points?q=gia+truyen"):
            shown = client.get(url).text
            assert WORDS not in shown, url
            assert WORDING not in shown, url
            assert AUTHOR not in shown, url
        assert f"Ý kiến này đã bị ẩn: {REASON}" in client.get(f"{base}/points").text
        assert f"YK-{scene.point_id}" not in client.get(f"{base}/points?q=gia+truyen").text
    for user_id in (scene.author_id, scene.front_id, scene.secretariat_id, official):
        shown = signed_in(scene.app, user_id).get(f"/points/{scene.point_id}").text
        assert WORDS in shown
        assert f"Ý kiến này đã bị ẩn: {REASON}" in shown
    for user_id in (scene.front_id, official):
        found = signed_in(scene.app, user_id).get(f"{base}/points?q=gia+truyen").text
        assert WORDS in found


def test_it_still_counts(scene: Scene) -> None:
    def page(browser: FlaskClient, url: str) -> str:
        return re.sub(r'name="csrf_token"\s+value="[^"]*"', "", browser.get(url).text)

    before = page(scene.app.test_client(), f"/rounds/{scene.round_id}")
    matrix = page(scene.staff(), f"/front/rounds/{scene.round_id}")
    scene.hide()
    assert page(scene.app.test_client(), f"/rounds/{scene.round_id}") == before
    assert page(scene.staff(), f"/front/rounds/{scene.round_id}") == matrix
    cell = scene.staff().get(f"/front/rounds/{scene.round_id}/cell").text
    assert WORDS in cell
    assert f"Đã ẩn: {REASON}" in cell


def test_search_finds_it_no_more_and_again_when_shown(scene: Scene) -> None:
    def hits() -> bool:
        run_jobs(scene)
        return f"/points/{scene.point_id}" in scene.staff().get("/search?q=gia+truyen").text

    assert hits()
    scene.hide()
    # Even before the index knows.
    assert f"/points/{scene.point_id}" not in scene.staff().get("/search?q=gia+truyen").text
    assert not hits()
    scene.take_back()
    assert hits()


def test_exports_for_staff_mark_it_and_the_official_form_leaves_its_words_out(
    scene: Scene,
) -> None:
    scene.hide()
    table = download(scene.staff(), f"/rounds/{scene.round_id}/export/points.csv").data.decode()
    assert WORDS in table
    assert REASON in table
    from io import BytesIO

    from docx import Document

    form = download(scene.staff(), f"/rounds/{scene.round_id}/export/mau10.docx").data
    cells = [
        cell.text
        for table in Document(BytesIO(form)).tables
        for row in table.rows
        for cell in row.cells
    ]
    text = "\n".join(cells)
    assert f"Ý kiến đã bị ẩn khỏi trang công khai. Lý do: {REASON}." in text
    assert WORDS not in text
    assert AUTHOR not in text


def test_the_author_is_told_how_to_appeal(scene: Scene) -> None:
    scene.hide()
    run_jobs(scene)
    [notice] = [n for n in scene.all(Notification) if n.kind == "point.hidden"]
    assert notice.user_id == scene.author_id
    [mail] = [m for m in scene.all(OutgoingEmail) if "bị ẩn" in m.subject]
    assert REASON in mail.body
    assert "xem xét lại" in mail.body
    page = scene.author().get(f"/points/{scene.point_id}/appeal").text
    assert "Lời giải thích cho tác giả." in page
    assert f"/points/{scene.point_id}/appeal" in scene.author().get("/my/contributions").text


def test_an_appeal_is_decided_by_another_person(scene: Scene) -> None:
    scene.hide()
    assert "Đã nhận đề nghị" in scene.appeal().text
    assert scene.decide(user_id=scene.front_id).status_code == 403
    assert scene.decide(user_id=scene.author_id).status_code == 403
    assert scene.hidden()
    staff = signed_in(scene.app, scene.secretariat_id)
    assert f"YK-{scene.point_id}" in staff.get("/moderation/queue?show=appealed").text
    page = staff.get(f"/points/{scene.point_id}/moderation").text
    assert "không phải quảng cáo" in page
    scene.decide("shown")
    assert not scene.hidden()
    assert WORDS in scene.app.test_client().get(f"/points/{scene.point_id}").text
    run_jobs(scene)
    kinds = {(n.kind, n.user_id) for n in scene.all(Notification)}
    assert ("appeal.received", scene.secretariat_id) in kinds
    assert ("appeal.received", scene.front_id) not in kinds
    assert ("point.shown", scene.author_id) in kinds
    assert "Đúng là kinh nghiệm." in scene.author().get(f"/points/{scene.point_id}/appeal").text
    assert [leaf.kind for leaf in scene.all(Leaf)] == [
        "submission",
        "moderation",
        "moderation_appeal",
        "moderation_outcome",
    ]


def test_an_appeal_that_is_refused_leaves_it_hidden_for_good(scene: Scene) -> None:
    scene.hide()
    scene.appeal()
    scene.decide("upheld", decision="Vẫn là quảng cáo.")
    assert scene.hidden()
    page = scene.author().get(f"/points/{scene.point_id}/appeal").text
    assert "Vẫn là quảng cáo." in page
    assert "<textarea" not in page
    scene.appeal("Lần nữa.")
    scene.decide("shown")
    [moderation] = scene.all(Moderation)
    assert moderation.outcome is Outcome.UPHELD
    assert moderation.appeal == "Đây là kinh nghiệm, không phải quảng cáo."
    run_jobs(scene)
    assert "appeal.upheld" in {n.kind for n in scene.all(Notification)}


def test_a_moderator_takes_back_only_his_own_and_only_before_an_appeal(scene: Scene) -> None:
    scene.hide()
    assert scene.take_back(scene.secretariat_id).status_code == 403
    scene.take_back()
    scene.take_back()
    assert not scene.hidden()
    assert [m.outcome for m in scene.all(Moderation)] == [Outcome.TAKEN_BACK]
    scene.hide()
    scene.appeal()
    assert "đã có đề nghị xem xét lại" in scene.take_back().text
    assert scene.hidden()


def test_acts_that_are_repeated_are_done_once(scene: Scene) -> None:
    scene.hide()
    assert "vừa được rút hoặc bị ẩn" in scene.hide(scene.secretariat_id).text
    scene.appeal()
    scene.appeal("Lời khác.")
    scene.decide("shown")
    assert "đã có quyết định" in scene.decide("upheld").text
    [moderation] = scene.all(Moderation)
    assert (moderation.hidden_by, moderation.outcome) == (scene.front_id, Outcome.SHOWN)
    acts = [e.action for e in scene.all(AuditEntry) if e.action.startswith("point.")]
    assert acts == ["point.hidden", "point.appealed", "point.appeal_granted"]


def test_only_standing_points_are_hidden(scene: Scene) -> None:
    with scene.app.app_context(), transaction() as session:
        [submission] = session.scalars(select(Submission)).all()
        submissions.withdraw(submission, author_id=scene.author_id, point_ids=None, at=clock.now())
    assert "vừa được rút hoặc bị ẩn" in scene.hide().text
    assert not scene.all(Moderation)


def test_wrong_forms_keep_what_was_typed(scene: Scene) -> None:
    page = scene.hide(reason="Không thích", note="Giữ lời này")
    assert page.status_code == 422
    assert "Giữ lời này" in page.text
    assert scene.hide(note="x" * 4001).status_code == 422
    assert not scene.hidden()
    scene.hide()
    page = scene.appeal("")
    assert page.status_code == 422
    assert "Xin nêu lý do" in page.text
    assert scene.appeal("y" * 4001).status_code == 422
    scene.appeal()
    page = scene.decide("upheld", decision="")
    assert page.status_code == 422
    page = scene.decide("maybe", decision="Giữ quyết định này")
    assert page.status_code == 422
    assert "Giữ quyết định này" in page.text


@pytest.mark.parametrize("role", [(), (("official", 1),), (("council", None),), (("admin", None),)])
def test_nobody_else_moderates(scene: Scene, role: tuple[Any, ...]) -> None:
    with scene.app.app_context():
        stranger = factories.user(verified=True, roles=role)
    browser = signed_in(scene.app, stranger)
    assert browser.get("/moderation/queue").status_code == 403
    assert browser.get(f"/points/{scene.point_id}/moderation").status_code == 403
    assert scene.hide(stranger).status_code == 403
    scene.hide()
    assert scene.take_back(stranger).status_code == 403
    assert browser.get(f"/points/{scene.point_id}/appeal").status_code == 404
    assert scene.hidden()


def test_the_public_log_has_neither_words_nor_names(scene: Scene) -> None:
    scene.hide()
    scene.appeal()
    scene.decide("upheld")
    page = scene.app.test_client().get("/moderation").text
    for told in (f"YK-{scene.point_id}", REASON, "Không chấp nhận đề nghị: vẫn ẩn"):
        assert told in page
    for silent in (WORDS, AUTHOR, "Cán bộ", "Lời giải thích", "kinh nghiệm"):
        assert silent not in page


def test_the_log_of_a_restricted_round_is_for_its_readers(scene: Scene) -> None:
    with scene.app.app_context(), transaction() as session:
        session.get_one(Consultation, scene.round_id).audience = Audience.VERIFIED
    scene.hide()
    assert f"YK-{scene.point_id}" not in scene.app.test_client().get("/moderation").text
    assert f"YK-{scene.point_id}" in scene.author().get("/moderation").text


def test_what_is_written_for_a_sealed_author_does_not_say_what_it_is_about(
    scene: Scene,
) -> None:
    with scene.app.app_context():
        author = factories.user("Người Kín Tiếng", verified=True, email="kin@example.org")
    point_id = send(scene.app, scene.round_id, author, Identity.SEALED)
    run_jobs(scene)
    scene.point_id = point_id
    seen = {job.id for job in scene.all(Job)}, {n.id for n in scene.all(Notification)}
    letters = {m.id for m in scene.all(OutgoingEmail)}
    scene.hide()
    payloads = [job.payload for job in scene.all(Job) if job.id not in seen[0]]
    assert all("user_ids" not in payload for payload in payloads)
    run_jobs(scene)
    [notice] = [n for n in scene.all(Notification) if n.id not in seen[1]]
    assert (notice.user_id, notice.params) == (author, {})
    [letter] = [m for m in scene.all(OutgoingEmail) if m.id not in letters]
    assert f"YK-{point_id}" not in letter.body + letter.subject
    assert REASON not in letter.body
    browser = signed_in(scene.app, author)
    assert REASON in browser.get("/my/contributions").text
    page = post(browser, f"/points/{point_id}/appeal", {"text": "Xin xem lại."}).text
    assert "Đã nhận đề nghị" in page
    appealed = [e for e in scene.all(AuditEntry) if e.action == "point.appealed"]
    assert [e.actor_id for e in appealed] == [None]


def test_the_queue_filters_and_takes_few_statements(scene: Scene) -> None:
    taken: list[int] = []
    for more in (10, 300):
        with scene.app.app_context():
            factories.many_points(scene.round_id, more, user_ids=(scene.author_id,))
        browser = scene.staff()
        for url in (
            "/moderation/queue",
            f"/moderation/queue?round={scene.round_id}&show=hidden&page=1",
            f"/points/{scene.point_id}/moderation",
            "/moderation",
        ):
            with counted(scene.app) as statements:
                assert browser.get(url).status_code == 200
            assert len(statements) <= 12, (url, statements)
            taken.append(len(statements))
    assert taken[:4] == taken[4:]
    for odd in ("?round=x&show=%00", "?round=99999999999&show=drop", "?page=-1"):
        assert scene.staff().get(f"/moderation/queue{odd}").status_code in (200, 400)
    with counted(scene.app) as statements:
        scene.hide()
    hiding = [s for s in statements if "UPDATE points" in s]
    assert len(hiding) == 1


def test_the_reasons_are_the_administrators(scene: Scene) -> None:
    with scene.app.app_context():
        admin = factories.user(roles=(("admin", None),))
    browser = signed_in(scene.app, admin)
    page = browser.get("/admin/settings").text
    assert "Thư rác" in page
    from consult.core.portal import save_portal

    with scene.app.app_context(), transaction():
        save_portal({"hiding_reasons": "Lý do duy nhất\n\n  Lý do duy nhất \n"})
    assert scene.hide().status_code == 422
    assert scene.hide(reason="Lý do duy nhất").status_code == 200
    assert scene.hidden()
    public = scene.app.test_client().get("/moderation").text
    assert public.count("<li>Lý do duy nhất</li>") == 1


def test_of_two_appeals_at_once_the_second_is_refused(scene: Scene) -> None:
    scene.hide()
    with scene.app.app_context(), transaction() as session:
        [moderation] = session.scalars(select(Moderation)).all()
        moderating.appeal(moderation, "Thứ nhất.", at=clock.now())
        with pytest.raises(Overtaken):
            moderating.appeal(moderation, "Thứ hai.", at=clock.now())
    assert scene.all(Moderation)[0].appeal == "Thứ nhất."
