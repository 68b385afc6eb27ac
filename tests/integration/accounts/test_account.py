"""Passwords, names, devices and language of one's own account; roles that others grant."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from consult.accounts import passwords, roles, services
from consult.accounts.models import RoleGrant, SignInSession, User
from consult.accounts.tokens import issue_token
from consult.core import clock
from consult.core.audit import AuditEntry
from consult.core.db import db, transaction
from consult.jobs.models import Job
from tests.support import factories
from tests.support.browsing import post, signed_in

NEW = "nước chảy đá mòn mãi"


@pytest.fixture
def person(app: Flask) -> int:
    with app.app_context():
        return factories.user("Lê Thị Ánh", email="anh@example.org")


def password_of(app: Flask, user_id: int) -> str:
    with app.app_context(), transaction(write=False) as session:
        return session.get_one(User, user_id).password_hash


def purposes(app: Flask) -> list[str]:
    with app.app_context(), transaction(write=False):
        return [
            j.payload["purpose"] for j in db.session.query(Job).filter_by(name="notifications.link")
        ]


@pytest.mark.parametrize(
    ("email", "letters"), [("ANH@example.org", ["reset"]), ("khong-co@example.org", [])]
)
def test_forgetting_tells_strangers_nothing(
    app: Flask, client: FlaskClient, person: int, email: str, letters: list[str]
) -> None:
    answer = post(client, "/password/forgot", {"email": email}, follow_redirects=False)
    assert (answer.status_code, answer.location) == (303, "/letter-sent/reset")
    assert purposes(app) == letters


def test_a_wrong_address_is_named(client: FlaskClient) -> None:
    answer = post(client, "/password/forgot", {"email": "anh@"})
    assert answer.status_code == 422
    assert 'value="anh@"' in answer.text


def test_a_new_password_by_link_ends_every_session(
    app: Flask, client: FlaskClient, person: int
) -> None:
    signed_in(app, person)
    with app.app_context(), transaction() as session:
        token = issue_token(session.get_one(User, person), "reset")
        other = issue_token(session.get_one(User, person), "reset")
    link = f"/password/reset/{token}"
    weak = post(client, link, {"new_password": "Lê Thị Ánh"})
    assert weak.status_code == 422
    assert "dễ đoán" in weak.text
    assert post(client, link, {"new_password": NEW}).status_code == 200
    assert passwords.verify(password_of(app, person), NEW)
    with app.app_context():
        assert factories.count(SignInSession) == 0
    for used in (link, f"/password/reset/{other}"):
        assert post(client, used, {"new_password": NEW}).status_code == 410


def test_the_reset_link_dies_after_an_hour(app: Flask, client: FlaskClient, person: int) -> None:
    with app.app_context(), transaction() as session:
        token = issue_token(session.get_one(User, person), "reset")
    clock.shift(timedelta(hours=1))
    assert client.get(f"/password/reset/{token}").status_code == 410


def test_changing_the_password_keeps_this_device_only(app: Flask, person: int) -> None:
    here, there = signed_in(app, person), signed_in(app, person)
    data = {"current_password": factories.PASSWORD, "new_password": NEW}
    assert "Đã đặt mật khẩu mới" in post(here, "/account/password", data).text
    assert passwords.verify(password_of(app, person), NEW)
    assert here.get("/account").status_code == 200
    assert there.get("/account").status_code == 302


def test_a_wrong_present_password_changes_nothing_and_is_counted(app: Flask, person: int) -> None:
    clock.move_to(clock.now().replace(minute=1))
    client = signed_in(app, person)
    before = password_of(app, person)
    data = {"current_password": "sai", "new_password": NEW}
    for _ in range(10):
        answer = post(client, "/account/password", data)
        assert answer.status_code == 422
    assert "Mật khẩu hiện tại không đúng" in answer.text
    right = {"current_password": factories.PASSWORD, "new_password": NEW}
    assert post(client, "/account/password", right).status_code == 429
    assert password_of(app, person) == before


def test_devices_are_listed_and_signed_out(app: Flask, person: int) -> None:
    here = signed_in(app, person)
    there = signed_in(app, person)
    assert here.get("/account").text.count("Thiết bị không xác định") == 2
    assert post(here, "/account/sessions/end").status_code == 200
    assert here.get("/account").status_code == 200
    assert there.get("/account").status_code == 302


def test_a_name_changes_until_it_is_verified(app: Flask, person: int) -> None:
    with app.app_context():
        admin = factories.user(roles=(("admin", None),))
    client = signed_in(app, person)
    assert post(client, "/account/name", {"full_name": ""}).status_code == 422
    post(client, "/account/name", {"full_name": "Lê Thị Ánh Tuyết"})
    with app.app_context(), transaction() as session:
        user = session.get_one(User, person)
        assert (user.full_name, user.name_folded) == ("Lê Thị Ánh Tuyết", "le thi anh tuyet")
        services.mark_verified(person)
    assert post(client, "/account/name", {"full_name": "GS Khác"}).status_code == 422
    with app.app_context(), transaction() as session:
        assert session.get_one(User, person).full_name == "Lê Thị Ánh Tuyết"
        services.rename(person, "Lê Ánh Tuyết", actor_id=admin)
    assert "Lê Ánh Tuyết" in client.get("/account").text


def test_the_language_stays_with_browser_and_person(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        person = factories.user()
    assert 'lang="vi"' in client.get("/sign-in").text
    answer = client.post("/language", data={"locale": "en", "next": "/rounds?page=2"})
    assert (answer.status_code, answer.location) == (303, "/rounds?page=2")
    assert '<html lang="en">' in client.get("/sign-in").text
    signed_in(app, person).post("/language", data={"locale": "en"})
    assert '<html lang="en">' in signed_in(app, person).get("/account").text


def test_a_language_that_is_none_or_a_strangers_page_is_refused(client: FlaskClient) -> None:
    assert client.post("/language", data={"locale": "xx"}).status_code == 400
    assert client.post("/language").status_code == 400
    foreign = {"Sec-Fetch-Site": "cross-site"}
    assert client.post("/language", data={"locale": "en"}, headers=foreign).status_code == 400
    answer = client.post("/language", data={"locale": "en", "next": "//ke-gian.example"})
    assert answer.location == "/"


# --- roles -------------------------------------------------------------------------------------


def test_granting_is_recorded_told_and_done_once(app: Flask, person: int) -> None:
    with app.app_context():
        agency = factories.organisation()
        for _ in range(2):
            with transaction():
                roles.grant_role(person, "official", agency, actor_id=None)
        with transaction(write=False):
            grant = db.session.query(RoleGrant).one()
            assert (grant.role, grant.organisation_id) == ("official", agency)
            jobs = db.session.query(Job).filter_by(name="notifications.tell").all()
            assert [(j.payload["kind"], j.payload["user_ids"]) for j in jobs] == [
                ("role.changed", [person])
            ]
            assert db.session.query(AuditEntry).filter_by(action="role.granted").count() == 1


def test_an_official_acts_for_an_agency_and_roles_are_known(app: Flask, person: int) -> None:
    with app.app_context():
        with pytest.raises(roles.OrganisationNeeded), transaction():
            roles.grant_role(person, "official", None, actor_id=None)
        with pytest.raises(ValueError, match="king"), transaction():
            roles.grant_role(person, "king", None, actor_id=None)
        assert factories.count(RoleGrant) == 0


def test_the_last_administrator_stays(app: Flask, person: int) -> None:
    with app.app_context():
        with transaction():
            roles.grant_role(person, "admin", None, actor_id=None)
        with transaction(write=False):
            grant_id = db.session.query(RoleGrant.id).scalar()
        with pytest.raises(roles.LastAdmin), transaction():
            roles.revoke_role(grant_id, actor_id=person)
        with pytest.raises(roles.LastAdmin), transaction():
            roles.disable_user(person, actor_id=person)
        second = factories.user(roles=(("admin", None),))
        with transaction():
            roles.disable_user(second, actor_id=person)
        with pytest.raises(roles.LastAdmin), transaction():
            roles.revoke_role(grant_id, actor_id=person)
        with transaction():
            roles.enable_user(second, actor_id=person)
        with transaction():
            roles.revoke_role(grant_id, actor_id=second)
            roles.revoke_role(grant_id, actor_id=second)
        with transaction(write=False) as session:
            assert session.get_one(User, person).roles == []


def test_disabling_ends_the_sessions(app: Flask, person: int) -> None:
    client = signed_in(app, person)
    with app.app_context(), transaction():
        roles.disable_user(person, actor_id=None)
    assert client.get("/account").status_code == 302
    with app.app_context(), transaction():
        roles.enable_user(person, actor_id=None)
    assert client.get("/account").status_code == 302
    assert signed_in(app, person).get("/account").status_code == 200
