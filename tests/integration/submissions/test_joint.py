"""Joint submissions of clubs: suggesting, signing, dissent, quorum, signing off, sending."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text

from consult.consultations.models import Consultation
from consult.core import clock
from consult.core.db import db, transaction
from consult.jobs.models import Job
from consult.submissions.joint import reminding as joint_reminding
from consult.submissions.joint.models import (
    JointPoint,
    JointSignature,
    JointSubmission,
    JointSuggestion,
)
from consult.submissions.models import Authorship, Identity, Submission
from tests.support import factories
from tests.support.browsing import post, signed_in
from tests.support.statements import counted

WORDS = {
    "form_key": "một",
    "provision": "d1.k1",
    "kind": "remark",
    "stance": "agree_with_changes",
    "argument": "Mức hỗ trợ cần gắn với kết quả.",
}


@dataclass
class Club:
    """A club with a chair, a secretary and two members, and an open round."""

    app: Flask
    id: int
    round_id: int
    people: dict[str, int]
    joint_id: int = 0

    def client(self, who: str) -> FlaskClient:
        return signed_in(self.app, self.people[who])

    def post(self, who: str, path: str, data: dict[str, object] | None = None, **options: object):
        return post(self.client(who), f"/joint/{self.joint_id}{path}", data, **options)

    def page(self, who: str) -> str:
        return self.client(who).get(f"/joint/{self.joint_id}").text

    def first(self, model: type) -> int:
        with self.app.app_context(), transaction(write=False) as session:
            return session.scalars(select(model.id).order_by(model.id.desc())).first() or 0

    def told(self, kind: str) -> list[int]:
        with self.app.app_context(), transaction(write=False):
            jobs = db.session.query(Job).filter_by(name="notifications.tell").order_by(Job.id)
            return [
                u for job in jobs if job.payload["kind"] == kind for u in job.payload["user_ids"]
            ]


def bare(app: Flask) -> Club:
    with app.app_context():
        agency = factories.organisation("agency")
        round_id = factories.consultation(agency, factories.version(agency))
        club = factories.organisation("club", "Câu lạc bộ Trí thức trẻ")
        people = {
            "chair": factories.user("Võ Thị Chủ", verified=True, academic_title="PGS"),
            "secretary": factories.user("Lê Văn Thư", verified=True),
            "an": factories.user("Nguyễn Văn An", verified=True, degree="ThS"),
            "binh": factories.user("Trần Thị Bình", verified=True),
        }
        for name, user_id in people.items():
            role = name if name in ("chair", "secretary") else "member"
            factories.member(user_id, club, role=role)
        people["stranger"] = factories.user("Phan Châu Trinh", verified=True)
    return Club(app, club, round_id, people)


def opened(club: Club, **fields: object) -> Club:
    data = {
        "consultation": club.round_id,
        "title": "Ý kiến của câu lạc bộ",
        "note": "Kính gửi cơ quan soạn thảo.",
        "quorum_kind": "share",
        "quorum_value": "50",
    } | fields
    answer = post(club.client("secretary"), f"/clubs/{club.id}/joint/new", data)
    assert answer.status_code == 200, answer.text
    club.joint_id = club.first(JointSubmission)
    return club


def drafted(club: Club) -> Club:
    opened(club)
    club.post("an", "/suggest", WORDS)
    club.post("secretary", f"/suggestions/{club.first(JointSuggestion)}/take")
    return club


def signing(club: Club) -> Club:
    drafted(club)
    club.post("secretary", "/signing")
    return club


def signed(club: Club) -> Club:
    signing(club)
    for who in ("an", "secretary"):
        club.post(who, "/sign", {"text_number": 1})
    club.post(
        "binh",
        "/dissent",
        {"text_number": 1, "text": "Tôi không tán thành mức chi.", "named": "no"},
    )
    return club


def state(club: Club) -> str:
    with club.app.app_context(), transaction(write=False) as session:
        return session.get_one(JointSubmission, club.joint_id).state.value


@pytest.fixture
def club(app: Flask) -> Club:
    return bare(app)


def test_from_opening_to_sending(club: Club) -> None:
    signed(club)
    assert sorted(club.told("joint.opened")) == sorted(
        club.people[name] for name in ("chair", "an", "binh")
    )
    assert club.told("joint.taken") == [club.people["an"]]
    page = club.page("chair")
    assert "ThS. Nguyễn Văn An" in page
    assert "Tôi không tán thành mức chi." in page
    assert "Trần Thị Bình" not in page
    club.post("chair", "/approve", {"text_number": 1})
    assert state(club) == "approved"
    answer = club.post("chair", "/send")
    assert "Biên nhận" in answer.text
    assert state(club) == "sent"
    with club.app.app_context(), transaction(write=False) as session:
        submission = session.scalars(select(Submission)).one()
        authorship = session.scalars(select(Authorship)).one()
        assert submission.channel == "joint"
        assert authorship.identity is Identity.ORGANISATION
        assert authorship.organisation_id == club.id
        assert [point.argument for point in submission.points] == [WORDS["argument"]]
    assert club.people["binh"] in club.told("joint.sent")


def test_what_was_sent_shows_who_stands_behind_it(club: Club) -> None:
    signed(club)
    club.post("chair", "/approve", {"text_number": 1})
    receipt = club.post("chair", "/send").text
    with club.app.app_context(), transaction(write=False) as session:
        point_id = session.execute(text("SELECT id FROM points")).scalar_one()
    public = club.app.test_client().get(f"/points/{point_id}").text
    for page in (receipt, public):
        assert "Đồng ký:" in page
        assert "ThS. Nguyễn Văn An" in page
        assert "Ý kiến bảo lưu (1)" in page
        assert "Tôi không tán thành mức chi." in page
        assert "Trần Thị Bình" not in page
    reader = club.client("stranger").get(f"/clubs/{club.id}/contributions").text
    assert "Đồng ký:" in reader


def test_staff_read_the_dissents(club: Club) -> None:
    signed(club)
    club.post("chair", "/approve", {"text_number": 1})
    club.post("chair", "/send")
    with club.app.app_context():
        front = factories.user("Cán bộ Mặt trận", roles=(("front", None),))
        with transaction(write=False) as session:
            agency = session.get_one(Consultation, club.round_id).agency_id
            point_id = session.execute(text("SELECT id FROM points")).scalar_one()
        official = factories.user("Chuyên viên", roles=(("official", agency),))
    cell = f"/front/rounds/{club.round_id}/cell?provision=d1.k1"
    answer = f"/office/rounds/{club.round_id}/answer?point={point_id}"
    for who, url in ((front, cell), (official, answer)):
        page = signed_in(club.app, who).get(url).text
        assert "Tôi không tán thành mức chi." in page
        assert "Trần Thị Bình" not in page
    writing = f"/front/rounds/{club.round_id}/summary"
    post(signed_in(club.app, front), writing, {"action": "start"})
    page = signed_in(club.app, front).get(writing).text
    assert "Tôi không tán thành mức chi." in page


def test_a_signed_text_is_not_revised(club: Club) -> None:
    signed(club)
    club.post("chair", "/approve", {"text_number": 1})
    club.post("chair", "/send")
    with club.app.app_context(), transaction(write=False) as session:
        point_id = session.execute(text("SELECT id FROM points")).scalar_one()
    data = WORDS | {"argument": "Bản sửa của chủ tịch.", "base": "0", "action": "revise"}
    answer = post(club.client("chair"), f"/points/{point_id}/revise", data)
    assert answer.status_code == 409
    assert "Bản sửa của chủ tịch." in answer.text
    assert "Bản sửa" not in club.app.test_client().get(f"/points/{point_id}").text


def test_only_members_of_the_club_see_it(club: Club) -> None:
    signing(club)
    assert club.client("stranger").get(f"/joint/{club.joint_id}").status_code == 404
    assert club.client("stranger").get(f"/clubs/{club.id}/joint").status_code == 404
    for path in ("/suggest", "/sign", "/signing", "/approve", "/send", "/reopen", "/drop"):
        assert club.post("stranger", path, WORDS).status_code == 404, path
    for path in ("/signing", "/approve", "/send", "/reopen", "/drop"):
        assert club.post("an", path).status_code == 404, path
    assert club.post("secretary", "/approve").status_code == 404
    assert state(club) == "signing"


def test_members_do_not_open_one(club: Club) -> None:
    assert club.client("an").get(f"/clubs/{club.id}/joint/new").status_code == 404


def test_one_at_a_time_for_a_club_in_a_round(club: Club) -> None:
    opened(club)
    first = club.joint_id
    answer = opened(club, title="Lần thứ hai")
    assert club.joint_id == first
    assert "Lần thứ hai" not in answer.page("chair")


@pytest.mark.parametrize(
    ("kind", "value", "good"),
    [("number", "5", False), ("number", "4", True), ("share", "101", False), ("share", "0", False)],
)
def test_a_rule_that_can_never_be_met_is_refused(
    club: Club, kind: str, value: str, good: bool
) -> None:
    data = {"consultation": club.round_id, "title": "Giữ lại", "quorum_kind": kind}
    url = f"/clubs/{club.id}/joint/new"
    answer = post(club.client("chair"), url, data | {"quorum_value": value})
    assert answer.status_code == (200 if good else 422)
    assert "Giữ lại" in answer.text
    assert (factories_count(club, JointSubmission) == 1) is good


def factories_count(club: Club, model: type) -> int:
    with club.app.app_context():
        return factories.count(model)


def test_the_suggesters_words_stay_beside_the_edited_ones(club: Club) -> None:
    drafted(club)
    point_id = club.first(JointPoint)
    edited = WORDS | {"argument": "Cần gắn mức hỗ trợ với sản phẩm.", "base": "0"}
    club.post("secretary", f"/points/{point_id}", edited)
    page = club.page("an")
    assert "Cần gắn mức hỗ trợ với sản phẩm." in page
    assert "Mức hỗ trợ cần gắn với kết quả." in page
    late = WORDS | {"argument": "Bản của chủ tịch.", "base": "0"}
    answer = club.post("chair", f"/points/{point_id}", late)
    assert answer.status_code == 422
    assert "Bản của chủ tịch." in answer.text
    assert "Cần gắn mức hỗ trợ với sản phẩm." in answer.text
    assert "Bản của chủ tịch." not in club.page("an")


def test_points_are_ordered_and_taken_out(club: Club) -> None:
    drafted(club)
    club.post("binh", "/suggest", WORDS | {"argument": "Ý thứ hai.", "provision": ""})
    club.post("chair", f"/suggestions/{club.first(JointSuggestion)}/take")
    second = club.first(JointPoint)
    club.post("chair", f"/points/{second}/move", {"direction": "up"})
    page = club.page("an")
    assert page.index("Ý thứ hai.") < page.index(str(WORDS["argument"]))
    club.post("chair", f"/points/{second}/put-back")
    assert factories_count(club, JointPoint) == 1
    assert "1 đề xuất đang chờ" in club.page("an")


def test_a_suggestion_is_declined_with_a_reason(club: Club) -> None:
    opened(club)
    club.post("an", "/suggest", WORDS)
    path = f"/suggestions/{club.first(JointSuggestion)}/decline"
    assert club.post("secretary", path, {"reason": ""}).status_code == 422
    club.post("secretary", path, {"reason": "Ngoài phạm vi dự thảo."})
    assert "Ngoài phạm vi dự thảo." in club.page("an")
    assert club.told("joint.declined") == [club.people["an"]]
    assert club.post("secretary", path, {"reason": "Lần nữa."}).status_code == 200
    assert len(club.told("joint.declined")) == 1


def test_double_clicks_do_nothing_twice(club: Club) -> None:
    opened(club)
    for _ in range(2):
        club.post("an", "/suggest", WORDS)
    assert factories_count(club, JointSuggestion) == 1
    for _ in range(2):
        club.post("secretary", f"/suggestions/{club.first(JointSuggestion)}/take")
    assert factories_count(club, JointPoint) == 1
    club.post("secretary", "/signing")
    for _ in range(2):
        club.post("an", "/sign", {"text_number": 1})
        club.post("binh", "/sign", {"text_number": 1})
    assert factories_count(club, JointSignature) == 2
    club.post("chair", "/approve", {"text_number": 1})
    for _ in range(2):
        club.post("chair", "/send")
    assert factories_count(club, Submission) == 1


def test_nobody_both_signs_and_dissents(club: Club) -> None:
    signing(club)
    club.post("an", "/sign", {"text_number": 1})
    data = {"text_number": 1, "text": "Bảo lưu của tôi.", "named": "yes"}
    answer = club.post("an", "/dissent", data)
    assert answer.status_code == 422
    assert "Bảo lưu của tôi." in answer.text
    club.post("an", "/unsign")
    assert club.post("an", "/dissent", data).status_code == 200
    assert "ThS. Nguyễn Văn An" in club.page("chair")


def test_changing_the_text_voids_what_was_signed(club: Club) -> None:
    signed(club)
    club.post("secretary", "/reopen", {"reason": "Bổ sung số liệu."})
    told = {club.people["an"], club.people["binh"]}
    assert set(club.told("joint.voided")) == told
    club.post("secretary", "/signing")
    page = club.page("chair")
    assert "Tôi không tán thành" not in page
    old = club.post("an", "/sign", {"text_number": 1})
    assert "đã thay đổi từ khi ông/bà mở" in old.text
    club.post("chair", "/approve", {"text_number": 2})
    assert state(club) == "signing"
    again = club.client("binh").get(f"/joint/{club.joint_id}/dissent").text
    assert "Tôi không tán thành mức chi." in again


def test_without_the_quorum_the_chair_cannot_sign_off(club: Club) -> None:
    signing(club)
    club.post("an", "/sign", {"text_number": 1})
    answer = club.post("chair", "/approve", {"text_number": 1})
    assert "Cần 2 thành viên ký; mới có 1" in answer.text
    assert state(club) == "signing"


def test_who_leaves_no_longer_counts_and_loses_no_words(club: Club) -> None:
    signed(club)
    post(club.client("an"), f"/clubs/{club.id}/leave")
    club.post("chair", "/approve", {"text_number": 1})
    assert state(club) == "signing"
    answer = club.post("an", "/suggest", WORDS)
    assert answer.status_code == 403
    assert str(WORDS["argument"]) in answer.text
    assert "không còn là thành viên" in answer.text
    assert club.client("an").get(f"/joint/{club.joint_id}").status_code == 404
    club.post("chair", "/sign", {"text_number": 1})
    club.post("chair", "/approve", {"text_number": 1})
    assert state(club) == "approved"


def test_nothing_changes_a_text_that_is_being_signed(club: Club) -> None:
    signing(club)
    point_id = club.first(JointPoint)
    answer = club.post("chair", f"/points/{point_id}", WORDS | {"argument": "Khác", "base": "0"})
    assert answer.status_code == 422
    assert "Khác" in answer.text
    club.post("chair", f"/points/{point_id}/put-back")
    assert factories_count(club, JointPoint) == 1
    assert club.post("an", "/suggest", WORDS | {"argument": "Muộn"}).status_code == 422


def test_after_the_deadline_it_is_not_received(club: Club) -> None:
    signed(club)
    club.post("chair", "/approve", {"text_number": 1})
    with club.app.app_context(), transaction() as session:
        round_ = session.get_one(Consultation, club.round_id)
        round_.closes_at = clock.now() - timedelta(seconds=5)
    answer = club.post("chair", "/send")
    assert "kết thúc" in answer.text
    assert state(club) == "approved"
    assert factories_count(club, Submission) == 0


def test_giving_up_keeps_the_words(club: Club) -> None:
    drafted(club)
    club.post("chair", "/drop", {"reason": "Hội trên đã góp ý."})
    assert state(club) == "dropped"
    late = club.post("secretary", "/reopen", {"reason": "Bổ sung số liệu mới."})
    assert late.status_code == 422
    assert "Bổ sung số liệu mới." in late.text
    assert "Góp ý tập thể đã dừng" in late.text
    page = club.page("an")
    assert str(WORDS["argument"]) in page
    assert "Hội trên đã góp ý." in page
    opened(club, title="Lần sau")
    assert state(club) == "drafting"


def test_bad_input_is_named_and_kept(club: Club) -> None:
    opened(club)
    answer = club.post("an", "/suggest", WORDS | {"stance": ""})
    assert answer.status_code == 422
    assert str(WORDS["argument"]) in answer.text
    answer = club.post("an", "/suggest", WORDS | {"provision": "khong-co"})
    assert answer.status_code == 422
    assert "không có quy định này" in answer.text
    assert factories_count(club, JointSuggestion) == 0


def test_reminders_go_out_once_each(club: Club) -> None:
    signing(club)
    club.post("an", "/sign", {"text_number": 1})
    with club.app.app_context(), transaction(write=False) as session:
        closes = session.get_one(Consultation, club.round_id).closes_at
    assert closes is not None
    counts: list[int] = []
    for before in (timedelta(days=4), timedelta(days=3), timedelta(days=2), timedelta(hours=20)):
        for _ in range(2):
            with club.app.app_context(), transaction():
                counts.append(joint_reminding.remind(closes - before))
    assert counts == [0, 0, 1, 0, 0, 0, 1, 0]
    others = sorted(club.people[name] for name in ("chair", "secretary", "binh"))
    assert sorted(club.told("joint.due")) == sorted(others * 2)


def test_pages_run_few_statements(club: Club) -> None:
    signed(club)
    client, url = club.client("chair"), f"/joint/{club.joint_id}"

    def statements() -> int:
        with counted(club.app) as found:
            assert client.get(url).status_code == 200
        return len(found)

    few = statements()
    assert few <= 12
    with club.app.app_context():
        for n in range(8):
            factories.member(factories.user(f"Người {n}", verified=True), club.id)
    assert statements() == few
