"""Clubs: inviting, ending memberships, functions, exactly one chair, the history of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from consult.core import clock
from consult.core.db import db, transaction
from consult.core.i18n import format_datetime
from consult.jobs.models import Job
from consult.people import queries
from consult.people.club_models import MembershipEvent
from consult.people.models import INVITED_FOR
from tests.support import factories
from tests.support.browsing import post, signed_in


@dataclass
class Club:
    """A club with a chair and a member, and somebody outside of it."""

    app: Flask
    id: int
    chair: int
    member: int
    outsider: int

    def client(self, user_id: int) -> FlaskClient:
        return signed_in(self.app, user_id)

    def role(self, user_id: int) -> tuple[str, str]:
        with self.app.app_context(), transaction(write=False):
            return queries.standing(self.id, user_id)

    def steps(self) -> list[tuple[int, str]]:
        with self.app.app_context(), transaction(write=False):
            rows = db.session.query(MembershipEvent).order_by(MembershipEvent.id)
            return [(row.user_id, row.step) for row in rows]

    def told(self) -> list[tuple[str, list[int]]]:
        with self.app.app_context(), transaction(write=False):
            jobs = db.session.query(Job).filter_by(name="notifications.tell").order_by(Job.id)
            return [(job.payload["kind"], job.payload["user_ids"]) for job in jobs]


@pytest.fixture
def club(app: Flask) -> Club:
    with app.app_context():
        club_id = factories.organisation("club", "Câu lạc bộ Trí thức trẻ")
        chair = factories.user("Võ Thị Sáu", verified=True)
        member = factories.user("Lê Hồng Phong", verified=True)
        outsider = factories.user("Trần Đại Nghĩa", verified=True, email="nghia@example.org")
        factories.user("Chưa Xác Minh", email="chua@example.org")
        factories.member(chair, club_id, role="chair")
        factories.member(member, club_id)
    return Club(app, club_id, chair, member, outsider)


def test_the_invited_person_decides(club: Club) -> None:
    chair, url = club.client(club.chair), f"/clubs/{club.id}"
    for _ in range(2):
        post(chair, f"{url}/invite", {"email": " Nghia@Example.org "})
    assert club.told() == [("club.invited", [club.outsider])]
    assert club.role(club.outsider)[0] == "invited"
    guest = club.client(club.outsider)
    assert "Nhận lời mời" in guest.get(url).text
    post(guest, f"{url}/invitation", {"decision": "accept"})
    assert club.role(club.outsider) == ("accepted", "member")
    assert club.steps() == [(club.outsider, "invited"), (club.outsider, "accepted")]
    again = post(guest, f"{url}/invitation", {"decision": "decline"})
    assert "không còn chờ trả lời" in again.text
    assert club.role(club.outsider)[0] == "accepted"


def test_an_invitation_lapses_and_is_given_anew(club: Club) -> None:
    url = f"/clubs/{club.id}"
    post(club.client(club.chair), f"{url}/invite", {"email": "nghia@example.org"})
    with club.app.app_context(), transaction(write=False):
        invited = queries.membership(club.id, club.outsider)
        assert invited
        until = format_datetime(invited.requested_at + INVITED_FOR)
    clock.shift(INVITED_FOR - timedelta(minutes=1))
    guest = club.client(club.outsider)
    assert f"có hiệu lực đến {until}" in guest.get(url).text
    clock.shift(timedelta(minutes=2))
    late = post(guest, f"{url}/invitation", {"decision": "accept"})
    assert f"hết hạn lúc {until}" in late.text
    assert club.role(club.outsider)[0] == "invited"
    assert "Nhận lời mời" not in late.text
    assert "Ông/bà được mời" not in guest.get("/clubs").text
    chair = club.client(club.chair)
    assert f"hết hạn lúc {until}: xin mời lại" in chair.get(url).text
    post(chair, f"{url}/invite", {"email": "nghia@example.org"})
    assert "Nhận lời mời" in guest.get(url).text
    clock.shift(INVITED_FOR)
    post(club.client(club.outsider), f"{url}/join")
    assert club.role(club.outsider)[0] == "requested", "one asks like anybody else"


def test_an_invitation_is_taken_back(club: Club) -> None:
    chair, guest, url = club.client(club.chair), club.client(club.outsider), f"/clubs/{club.id}"
    decide = f"{url}/requests/{club.outsider}"
    post(chair, f"{url}/invite", {"email": "nghia@example.org"})
    assert post(club.client(club.member), decide, {"decision": "take_back"}).status_code == 403
    assert "Đã rút lại lời mời" in post(chair, decide, {"decision": "take_back"}).text
    assert "không còn chờ trả lời" in post(chair, decide, {"decision": "take_back"}).text
    assert club.steps() == [(club.outsider, "invited"), (club.outsider, "uninvited")]
    answer = post(guest, f"{url}/invitation", {"decision": "accept"})
    assert "không còn chờ trả lời" in answer.text
    assert club.role(club.outsider)[0] == "left"


def test_an_invitation_is_declined(club: Club) -> None:
    post(club.client(club.chair), f"/clubs/{club.id}/invite", {"email": "nghia@example.org"})
    guest = club.client(club.outsider)
    post(guest, f"/clubs/{club.id}/invitation", {"decision": "decline"})
    assert club.role(club.outsider)[0] == "declined"
    assert club.told()[-1] == ("club.refused", [club.chair])


@pytest.mark.parametrize("email", ["chua@example.org", "ai@example.org", ""])
def test_only_verified_people_are_invited(club: Club, email: str) -> None:
    answer = post(club.client(club.chair), f"/clubs/{club.id}/invite", {"email": email})
    assert answer.status_code == 422
    assert email in answer.text
    assert club.told() == []


def test_members_invite_and_remove_nobody(club: Club) -> None:
    member = club.client(club.member)
    for path in ("invite", f"members/{club.chair}/remove", f"members/{club.member}/hand-over"):
        assert post(member, f"/clubs/{club.id}/{path}").status_code == 403


def test_a_membership_is_ended_with_a_reason(club: Club) -> None:
    chair, url = club.client(club.chair), f"/clubs/{club.id}/members/{club.member}/remove"
    assert post(chair, url, {"reason": ""}).status_code == 422
    post(chair, url, {"reason": "Chuyển công tác."})
    assert club.role(club.member)[0] == "removed"
    assert club.told() == [("club.removed", [club.member])]
    assert "không còn là thành viên" in post(chair, url, {"reason": "Nữa."}).text
    assert club.steps() == [(club.member, "removed")]
    post(club.client(club.member), f"/clubs/{club.id}/join")
    assert club.role(club.member)[0] == "requested"


def test_the_chair_hands_over_before_leaving(club: Club) -> None:
    chair, url = club.client(club.chair), f"/clubs/{club.id}"
    assert "đúng một chủ tịch" in post(chair, f"{url}/leave").text
    assert club.role(club.chair) == ("accepted", "chair")
    post(chair, f"{url}/members/{club.member}/hand-over")
    assert club.role(club.chair) == ("accepted", "member")
    assert club.role(club.member) == ("accepted", "chair")
    assert club.told() == [("club.chair", [club.member])]
    post(chair, f"{url}/leave")
    assert club.role(club.chair)[0] == "left"
    assert club.steps() == [
        (club.chair, "member"),
        (club.member, "chair"),
        (club.chair, "left"),
    ]


def test_the_last_person_may_leave(club: Club) -> None:
    post(club.client(club.member), f"/clubs/{club.id}/leave")
    post(club.client(club.chair), f"/clubs/{club.id}/leave")
    assert club.role(club.chair)[0] == "left"


def test_there_is_one_chair(club: Club) -> None:
    with club.app.app_context():
        secretary = factories.user("Thư Ký", verified=True)
        factories.member(secretary, club.id, role="secretary")
    client, url = club.client(secretary), f"/clubs/{club.id}/members"
    answer = post(client, f"{url}/{club.member}/role", {"role": "chair"})
    assert "đúng một chủ tịch" in answer.text
    post(client, f"{url}/{club.chair}/role", {"role": "member"})
    assert post(client, f"{url}/{club.member}/hand-over").status_code == 403
    assert post(client, f"{url}/{club.chair}/remove", {"reason": "Không được."}).status_code == 422
    assert club.role(club.chair) == ("accepted", "chair")
    assert club.role(club.member) == ("accepted", "member")


def test_officers_see_the_history(club: Club) -> None:
    post(club.client(club.outsider), f"/clubs/{club.id}/join")
    assert "đề nghị gia nhập" in club.client(club.chair).get(f"/clubs/{club.id}").text
    assert "Lịch sử thành viên" not in club.client(club.member).get(f"/clubs/{club.id}").text
