"""Profiles: filling in, asking, the secretariat's decision, changes afterwards."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from consult.accounts.models import User
from consult.core import clock
from consult.core.db import db, transaction
from consult.jobs.models import Job
from consult.people import queries, services
from consult.people.models import Profile
from tests.support import factories
from tests.support.browsing import post, signed_in
from tests.support.statements import counted

FULL = {
    "degree": "TS",
    "academic_title": "PGS",
    "field_code": "402",
    "speciality": "Chăn nuôi gia cầm",
    "post": "Trưởng khoa",
    "organisation_name": "Trường Đại học Lâm nghiệp",
    "locality": "Phường Trấn Biên",
    "year_of_birth": "1975",
    "gender": "female",
    "residence": "home",
    "languages": "Anh, Nhật",
    "associations": "Hội Chăn nuôi",
    "publications": "12 bài báo.",
    "patents": "Giải pháp hữu ích 1234",
    "critique_experience": "3 lần phản biện.",
    "about": "Nghỉ hưu từ năm 2024.",
}


@pytest.fixture
def person(app: Flask) -> int:
    with app.app_context():
        return factories.user("Lê Thị Ánh")


@pytest.fixture
def secretary(app: Flask) -> FlaskClient:
    with app.app_context():
        return signed_in(app, factories.user("Bùi Văn Tường", roles=(("secretariat", None),)))


def save(client: FlaskClient, **changed: Any) -> TestResponse:
    return post(client, "/profile", FULL | changed, follow_redirects=False)


def row(app: Flask, user_id: int) -> Profile:
    with app.app_context(), transaction(write=False) as session:
        found = session.get_one(Profile, user_id)
        session.expunge_all()
        return found


def told(app: Flask) -> list[tuple[str, list[int]]]:
    with app.app_context(), transaction(write=False):
        jobs = db.session.query(Job).filter_by(name="notifications.tell").order_by(Job.id)
        return [(job.payload["kind"], job.payload["user_ids"]) for job in jobs]


def verify(app: Flask, secretary: FlaskClient, user_id: int) -> TestResponse:
    """Check every fact as ``secretary``, and confirm as another person."""
    checked = post(secretary, f"/secretariat/profiles/{user_id}/verify", seen(secretary, user_id))
    if row(app, user_id).state != "checked":
        return checked
    with app.app_context():
        other = signed_in(app, factories.user(roles=(("secretariat", None),)))
    url = f"/secretariat/profiles/{user_id}/confirm"
    return post(other, url, seen(other, user_id))


def seen(secretary: FlaskClient, user_id: int) -> dict[str, str]:
    """Return a post that confirms every fact of the profile as it is shown now."""
    page = secretary.get(f"/secretariat/profiles/{user_id}").text
    return {
        "seen": page.split('name="seen" value="')[1].split('"')[0],
        "verdict_degree": "confirmed",
        "verdict_academic_title": "confirmed",
    }


def test_from_empty_to_verified(app: Flask, person: int, secretary: FlaskClient) -> None:
    client = signed_in(app, person)
    assert "Chưa đề nghị xác minh" in client.get("/profile").text
    assert save(client, degree="", ask=None).status_code == 303
    assert row(app, person).state == "draft"
    answer = save(client, ask="1")
    assert answer.status_code == 303
    assert row(app, person).state == "pending"
    waiting = secretary.get("/secretariat/profiles")
    assert "PGS.TS. Lê Thị Ánh" in waiting.text
    assert verify(app, secretary, person).status_code == 200
    assert row(app, person).state == "verified"
    assert "Đã xác minh" in client.get("/profile").text
    with app.app_context(), transaction(write=False) as session:
        assert session.get_one(User, person).verified_at is not None
    kinds = told(app)
    assert [kind for kind, _ in kinds] == [
        "profile.requested",
        "profile.checked",
        "profile.halfway",
        "profile.verified",
    ]
    assert person not in kinds[0][1]
    assert kinds[-1][1] == [person]


@pytest.mark.parametrize("missing", services.NEEDED)
def test_what_verification_needs_is_named_and_the_rest_is_saved(
    sqlite_app: Flask, missing: str
) -> None:
    app = sqlite_app
    with app.app_context():
        person = factories.user()
    client = signed_in(app, person)
    answer = save(client, ask="1", **{missing: ""})
    assert answer.status_code == 422
    assert f'href="#{missing}"' in answer.text
    assert FULL["about"] in answer.text
    saved = row(app, person)
    assert (saved.state, saved.about) == ("draft", FULL["about"])
    assert told(app) == []


def test_an_unconfirmed_address_cannot_be_verified(app: Flask, person: int) -> None:
    with app.app_context(), transaction() as session:
        session.get_one(User, person).email_confirmed_at = None
    answer = save(signed_in(app, person), ask="1")
    assert answer.location == "/account"
    assert row(app, person).state == "draft"


@pytest.mark.parametrize(
    ("field", "value", "complaint"),
    [
        ("year_of_birth", "1850", "1900 đến"),
        ("year_of_birth", "năm Ất Mão", "số nguyên"),
        ("degree", "GS", "không hợp lệ"),
        ("field_code", "999", "không hợp lệ"),
        ("post", "x" * 201, "200"),
    ],
)
def test_bad_values_are_refused_and_kept(
    sqlite_app: Flask, field: str, value: str, complaint: str
) -> None:
    with sqlite_app.app_context():
        person = factories.user()
    answer = save(signed_in(sqlite_app, person), **{field: value})
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert complaint in answer.text
    assert FULL["about"] in answer.text
    if not field.endswith(("degree", "code")):
        assert value in answer.text


def test_giving_back_needs_a_note_and_tells_it(
    app: Flask, person: int, secretary: FlaskClient
) -> None:
    client = signed_in(app, person)
    save(client, ask="1")
    url = f"/secretariat/profiles/{person}/return"
    assert post(secretary, url, {"note": "  "}).status_code == 422
    assert row(app, person).state == "pending"
    note = "Xin bổ sung bản chụp bằng tiến sĩ <số hiệu>."
    assert post(secretary, url, {"note": note}).status_code == 200
    assert row(app, person).state == "returned"
    page = client.get("/profile").text
    assert "Xin bổ sung bản chụp bằng tiến sĩ &lt;số hiệu&gt;." in page
    assert told(app)[-1] == ("profile.returned", [person])
    assert save(client, ask="1").status_code == 303
    assert row(app, person).state == "pending"


def test_deciding_twice_says_so(app: Flask, person: int, secretary: FlaskClient) -> None:
    save(signed_in(app, person), ask="1")
    verify(app, secretary, person)
    again = post(secretary, f"/secretariat/profiles/{person}/verify", {"seen": "x"})
    assert "không còn chờ xác minh" in again.text
    back = post(secretary, f"/secretariat/profiles/{person}/return", {"note": "muộn"})
    assert "không còn chờ xác minh" in back.text
    assert len(told(app)) == 4


def test_only_what_was_looked_at_is_verified(
    app: Flask, person: int, secretary: FlaskClient
) -> None:
    client = signed_in(app, person)
    save(client, ask="1")
    looked_at = seen(secretary, person)
    save(client, degree="TSKH")
    answer = post(secretary, f"/secretariat/profiles/{person}/verify", looked_at)
    assert answer.status_code == 409
    assert "Tiến sĩ khoa học" in answer.text
    assert row(app, person).state == "pending"


def test_other_changes_leave_a_verified_profile_alone(app: Flask) -> None:
    with app.app_context():
        person = factories.user(verified=True)
    client = signed_in(app, person)
    answer = save(client, degree="TS", academic_title="", locality="Long Thành")
    assert answer.status_code == 303
    saved = row(app, person)
    assert (saved.state, saved.locality) == ("verified", "Long Thành")
    assert told(app) == []


def test_a_new_degree_is_verified_again_while_the_person_stays_verified(
    app: Flask, secretary: FlaskClient
) -> None:
    with app.app_context():
        person = factories.user("Trần Văn Bảy", verified=True, degree="ThS")
    client = signed_in(app, person)
    answer = post(client, "/profile", FULL | {"degree": "TS", "academic_title": ""})
    assert "thường trực Liên hiệp hội xem xét" in answer.text
    assert row(app, person).state == "pending"
    assert "Thạc sĩ" in client.get("/profile").text
    page = secretary.get(f"/secretariat/profiles/{person}").text
    assert "đã xác minh trước đây: Thạc sĩ" in page
    with app.app_context(), transaction(write=False) as session:
        assert session.get_one(User, person).verified_at is not None
    post(secretary, f"/secretariat/profiles/{person}/return", {"note": "Chưa có bằng."})
    saved = row(app, person)
    assert (saved.state, saved.degree) == ("verified", "ThS")
    assert "Chưa có bằng." in client.get("/profile").text


def test_taking_the_change_back_ends_the_waiting(app: Flask) -> None:
    with app.app_context():
        person = factories.user(verified=True, degree="ThS")
    client = signed_in(app, person)
    save(client, degree="TS", academic_title="")
    assert row(app, person).state == "pending"
    save(client, degree="ThS", academic_title="")
    assert row(app, person).state == "verified"


def test_the_secretariat_alone_sees_profiles(app: Flask, person: int) -> None:
    save(signed_in(app, person), ask="1")
    with app.app_context():
        other = signed_in(app, factories.user(roles=(("admin", None),)))
    for url in ("/secretariat/profiles", f"/secretariat/profiles/{person}"):
        assert other.get(url).status_code == 403
        assert app.test_client().get(url).status_code == 302
    assert post(other, f"/secretariat/profiles/{person}/verify").status_code == 403
    assert row(app, person).state == "pending"


def test_a_missing_profile_is_not_found(app: Flask, person: int, secretary: FlaskClient) -> None:
    assert secretary.get(f"/secretariat/profiles/{person}").status_code == 404
    assert secretary.get("/secretariat/profiles/987654").status_code == 404


def test_names_are_found_without_diacritics(app: Flask, secretary: FlaskClient) -> None:
    with app.app_context():
        for name in ("Đặng Thị Kim Chi", "Đinh Công Tráng", "Nguyễn 100% Thật"):
            factories.user(name, state="pending", requested_at=clock.now())

    def found(name: str, state: str = "pending") -> int:
        query = {"name": name, "state": state}
        page = secretary.get("/secretariat/profiles", query_string=query)
        return page.text.count('class="round-card"')

    assert [found("dang thi"), found("ĐẶNG"), found("Chi Kim"), found("đ")] == [1, 1, 1, 2]
    assert [found("%"), found("_"), found("xyz"), found("dang", "verified")] == [1, 0, 0, 0]
    assert found("", "all") == 3
    assert found("", "nonsense") == 3


def test_those_who_wait_longest_come_first(app: Flask) -> None:
    with app.app_context():
        late = factories.user(state="pending", requested_at=clock.now())
        early = factories.user(state="pending", requested_at=clock.now() - timedelta(days=2))
        done = factories.user(state="verified", requested_at=clock.now() - timedelta(days=9))
        with transaction(write=False):
            rows = db.session.scalars(queries.profiles_statement()).unique().all()
            assert [row.user_id for row in rows] == [early, late, done]
            assert queries.counts_by_state() == {"pending": 2, "verified": 1}


def test_pages_run_few_statements_however_many_people(
    app: Flask, person: int, secretary: FlaskClient
) -> None:
    def statements() -> int:
        with counted(app) as found:
            assert secretary.get("/secretariat/profiles").status_code == 200
        return len(found)

    with app.app_context():
        factories.user(state="pending", requested_at=clock.now())
        few = statements()
        for _ in range(20):
            factories.user(state="pending", requested_at=clock.now())
    assert statements() == few <= 12
    client = signed_in(app, person)
    with counted(app) as found:
        client.get("/profile")
    assert len(found) <= 8, found
