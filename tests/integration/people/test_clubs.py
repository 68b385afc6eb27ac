"""Clubs and associations: asking to join, deciding, leaving, speaking for them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from consult.core.db import db, transaction
from consult.jobs.models import Job
from consult.people import queries
from tests.support import factories
from tests.support.browsing import post, signed_in
from tests.support.statements import counted


@pytest.fixture
def club(app: Flask) -> int:
    with app.app_context():
        return factories.organisation("club", "Câu lạc bộ Trí thức trẻ")


@pytest.fixture
def chair(app: Flask, club: int) -> FlaskClient:
    with app.app_context():
        user_id = factories.user("Võ Thị Sáu", verified=True)
        factories.member(user_id, club, role="chair")
    return signed_in(app, user_id)


@pytest.fixture
def person(app: Flask) -> int:
    with app.app_context():
        return factories.user("Trần Đại Nghĩa", verified=True)


def accepted(app: Flask, user_id: int) -> list[int]:
    with app.app_context(), transaction(write=False):
        return [club.id for club in queries.accepted_clubs(user_id)]


def told(app: Flask) -> list[tuple[str, list[int]]]:
    with app.app_context(), transaction(write=False):
        jobs = db.session.query(Job).filter_by(name="notifications.tell").order_by(Job.id)
        return [(job.payload["kind"], job.payload["user_ids"]) for job in jobs]


def test_joining_and_leaving(app: Flask, club: int, chair: FlaskClient, person: int) -> None:
    client = signed_in(app, person)
    assert "Đề nghị gia nhập" in client.get(f"/clubs/{club}").text
    post(client, f"/clubs/{club}/join")
    assert accepted(app, person) == []
    page = chair.get(f"/clubs/{club}").text
    assert "TS. Trần Đại Nghĩa" in page
    assert page.index("đề nghị lúc") < page.index("Võ Thị Sáu</strong>")
    post(chair, f"/clubs/{club}/requests/{person}", {"decision": "accept"})
    assert accepted(app, person) == [club]
    assert [kind for kind, _ in told(app)] == ["club.requested", "club.accepted"]
    assert told(app)[1][1] == [person]
    assert "2 thành viên" in client.get("/clubs").text
    post(client, f"/clubs/{club}/leave")
    assert accepted(app, person) == []
    assert "1 thành viên" in client.get("/clubs").text


def test_asking_twice_asks_once(app: Flask, club: int, chair: FlaskClient, person: int) -> None:
    client = signed_in(app, person)
    for _ in range(2):
        post(client, f"/clubs/{club}/join")
    assert len(told(app)) == 1
    post(chair, f"/clubs/{club}/requests/{person}", {"decision": "decline"})
    assert "chưa được chấp nhận" in client.get(f"/clubs/{club}").text
    post(client, f"/clubs/{club}/join")
    kinds = [kind for kind, _ in told(app)]
    assert kinds == ["club.requested", "club.declined", "club.requested"]


def test_deciding_what_is_decided_says_so(
    app: Flask, club: int, chair: FlaskClient, person: int
) -> None:
    post(signed_in(app, person), f"/clubs/{club}/join")
    url = f"/clubs/{club}/requests/{person}"
    post(chair, url, {"decision": "accept"})
    assert "không còn chờ quyết định" in post(chair, url, {"decision": "decline"}).text
    assert accepted(app, person) == [club]
    assert post(chair, url, {"decision": "maybe"}).status_code == 400


def test_only_verified_people_join(app: Flask, club: int) -> None:
    with app.app_context():
        unverified = factories.user()
    client = signed_in(app, unverified)
    assert "Chỉ người có hồ sơ đã xác minh" in client.get(f"/clubs/{club}").text
    assert post(client, f"/clubs/{club}/join").status_code == 403


@pytest.mark.parametrize("role", ["member", "secretary"])
def test_officers_decide_and_members_do_not(app: Flask, club: int, person: int, role: str) -> None:
    with app.app_context():
        decider = factories.user("Lý Thường Kiệt", verified=True)
        factories.member(decider, club, role=role)
    post(signed_in(app, person), f"/clubs/{club}/join")
    url = f"/clubs/{club}/requests/{person}"
    answer = post(signed_in(app, decider), url, {"decision": "accept"})
    assert answer.status_code == (403 if role == "member" else 200)
    assert accepted(app, person) == ([] if role == "member" else [club])


def test_an_officer_of_another_club_decides_nothing_here(
    app: Flask, club: int, chair: FlaskClient, person: int
) -> None:
    with app.app_context():
        other = factories.organisation("association")
        factories.member(person, other, state="requested")
    answer = post(chair, f"/clubs/{other}/requests/{person}", {"decision": "accept"})
    assert answer.status_code == 403
    assert accepted(app, person) == []


def test_the_secretariat_decides_where_a_club_has_no_officers(
    app: Flask, club: int, person: int
) -> None:
    with app.app_context():
        secretary = factories.user(roles=(("secretariat", None),))
    post(signed_in(app, person), f"/clubs/{club}/join")
    assert told(app) == [("club.requested", [secretary])]
    client = signed_in(app, secretary)
    post(client, f"/clubs/{club}/requests/{person}", {"decision": "accept"})
    post(client, f"/clubs/{club}/members/{person}/role", {"role": "chair"})
    with app.app_context(), transaction(write=False):
        assert queries.is_club_officer(person, club)
        assert queries.officers(club) == [person]
    bad = post(client, f"/clubs/{club}/members/{person}/role", {"role": "king"})
    assert bad.status_code == 400


def test_members_names_are_for_members(
    app: Flask, club: int, chair: FlaskClient, person: int
) -> None:
    with app.app_context():
        member = factories.user("Phan Châu Trinh", verified=True)
        factories.member(member, club)
    outside = signed_in(app, person).get(f"/clubs/{club}").text
    assert "Phan Châu Trinh" not in outside
    assert "Võ Thị Sáu" in outside
    assert "Phan Châu Trinh" in signed_in(app, member).get(f"/clubs/{club}").text


def test_members_are_sorted_by_given_name(app: Flask, club: int) -> None:
    names = ["Lê Văn Đức", "Nguyễn Thị Ẩn", "Trần Văn Dũng", "Đỗ Thị Ân", "Bùi Văn An"]
    with app.app_context():
        for name in names:
            factories.member(factories.user(name), club)
        with transaction(write=False):
            order = [row.user.full_name for row in queries.members(club)]
    assert [name.split()[-1] for name in order] == ["An", "Ân", "Ẩn", "Dũng", "Đức"]


def test_a_club_that_is_no_more_speaks_for_nobody(app: Flask, person: int) -> None:
    with app.app_context():
        gone = factories.organisation("club", valid_to=queries.today() - timedelta(days=1))
        last_day = factories.organisation("club", valid_to=queries.today())
        not_yet = factories.organisation("club", valid_from=queries.today() + timedelta(days=1))
        for club in (gone, last_day, not_yet):
            factories.member(person, club)
    assert accepted(app, person) == [last_day]
    assert signed_in(app, person).get(f"/clubs/{gone}").status_code == 404


def test_agencies_are_no_clubs(app: Flask, person: int) -> None:
    with app.app_context():
        agency = factories.organisation("agency")
    client = signed_in(app, person)
    assert client.get(f"/clubs/{agency}").status_code == 404
    assert post(client, f"/clubs/{agency}/join").status_code == 404


def test_organisations_bear_the_name_of_the_day(app: Flask) -> None:
    merged = date(2025, 7, 1)
    with app.app_context():
        factories.organisation("union", "Cũ", valid_to=merged - timedelta(days=1))
        factories.organisation("union", "Mới", valid_from=merged)
        factories.organisation("agency", "Sở")
        with transaction(write=False):

            def names(day: date, *kinds: str) -> list[str]:
                return [row.name for row in queries.organisations(*kinds, on=day)]

            assert names(date(2025, 6, 30), "union") == ["Cũ"]
            assert names(merged, "union") == ["Mới"]
            assert names(merged) == ["Mới", "Sở"]


def test_pages_run_few_statements_however_many_members(
    app: Flask, club: int, chair: FlaskClient
) -> None:
    def statements(url: str) -> int:
        with counted(app) as found:
            assert chair.get(url).status_code == 200
        return len(found)

    urls = ("/clubs", f"/clubs/{club}")
    few = [statements(url) for url in urls]
    with app.app_context():
        for _ in range(12):
            factories.member(factories.user(verified=True), club)
            factories.organisation("club")
    assert [statements(url) for url in urls] == few
    assert max(few) <= 12
