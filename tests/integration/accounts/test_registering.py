"""Registering and confirming the address, as the person at the browser meets them."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from consult.accounts import passwords, queries
from consult.accounts.models import OneTimeToken, SignInSession, User
from consult.accounts.tokens import DeadLink, issue_token, use_token
from consult.core import clock
from consult.core.audit import AuditEntry
from consult.core.db import db, transaction
from consult.jobs.models import Job
from tests.support import factories
from tests.support.browsing import post, signed_in

GOOD = {
    "full_name": "Đỗ Thị Ánh Nguyệt",
    "email": "Nguyet@Example.org",
    "password": "cầu tre lắc lẻo gập ghềnh",
    "consent": "y",
}


def register(client: FlaskClient, **changed: Any) -> TestResponse:
    data = {key: value for key, value in (GOOD | changed).items() if value is not None}
    return post(client, "/register", data, follow_redirects=False)


def letters(app: Flask) -> list[str]:
    with app.app_context(), transaction(write=False):
        rows = db.session.query(Job).filter_by(name="notifications.link").order_by(Job.id)
        return [job.payload["purpose"] for job in rows]


def user(app: Flask, email: str = "nguyet@example.org") -> User:
    with app.app_context(), transaction(write=False) as session:
        found = queries.user_by_email(email)
        assert found is not None
        session.expunge_all()
        return found


def new_token(app: Flask, user_id: int, purpose: str = "confirm") -> str:
    with app.app_context(), transaction() as session:
        return issue_token(session.get_one(User, user_id), purpose)


def test_a_new_account_waits_for_its_address_to_be_confirmed(
    app: Flask, client: FlaskClient
) -> None:
    answer = register(client)
    assert answer.status_code == 303
    assert answer.location == "/letter-sent/confirm"
    assert letters(app) == ["confirm"]
    made = user(app)
    assert made.email_confirmed_at is None
    assert made.name_folded == "do thi anh nguyet"
    assert passwords.verify(made.password_hash, GOOD["password"])
    with app.app_context(), transaction(write=False):
        entry = db.session.query(AuditEntry).filter_by(action="account.registered").one()
        assert entry.details["consent"]


def test_a_password_is_the_same_however_its_letters_are_composed(app: Flask) -> None:
    import unicodedata

    hashed = passwords.hash_password(unicodedata.normalize("NFD", GOOD["password"]))
    assert passwords.verify(hashed, GOOD["password"])


@pytest.mark.parametrize(
    ("changed", "complaint"),
    [
        ({"consent": None}, "đồng ý để dữ liệu"),
        ({"email": "khong-phai-dia-chi"}, "chưa đúng"),
        ({"email": ""}, "Xin nhập địa chỉ"),
        ({"full_name": " "}, "Xin nhập họ và tên"),
        ({"full_name": "Đ" * 121}, "120"),
        ({"password": "ngắn quá"}, "ít nhất 10"),
        ({"password": "Mật khẩu 123"}, "dễ đoán"),
        ({"password": "nguyet@example.org"}, "dễ đoán"),
        ({"password": ""}, "Xin đặt mật khẩu"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    sqlite_app: Flask, changed: dict[str, Any], complaint: str
) -> None:
    answer = register(sqlite_app.test_client(), **changed)
    assert answer.status_code == 422
    assert complaint in answer.text
    for name in ("full_name", "email"):
        assert f'value="{str((GOOD | changed)[name]).strip()}"' in answer.text
    assert letters(sqlite_app) == []


def test_consent_is_not_given_by_default(client: FlaskClient) -> None:
    box = re.search(r"<input[^>]*consent[^>]*>", client.get("/register").text)
    assert box is not None
    assert "checked" not in box.group(0)


def test_a_known_address_gets_the_same_answer_and_another_letter(app: Flask) -> None:
    with app.app_context():
        factories.user(email="nguyet@example.org")
    known = register(app.test_client())
    unknown = register(app.test_client(), email="khac@example.org")
    assert (known.status_code, known.location) == (unknown.status_code, unknown.location)
    assert letters(app) == ["exists", "confirm"]
    assert user(app).full_name == "Nguyễn Văn An"


def test_nobody_keeps_a_password_of_an_address_that_another_registers(
    app: Flask, client: FlaskClient
) -> None:
    register(app.test_client(), password="kẻ gian đặt trước mật khẩu")
    register(client)
    assert letters(app) == ["confirm", "confirm"]
    assert user(app).password_hash == ""
    answer = post(client, f"/confirm/{new_token(app, user(app).id)}", follow_redirects=False)
    assert answer.location.startswith("/password/reset/")
    data = {"new_password": "nước chảy đá mòn mãi"}
    assert "đăng nhập" in post(client, answer.location, data).text
    assert passwords.verify(user(app).password_hash, data["new_password"])


def test_letters_to_one_address_are_limited_and_the_form_keeps_its_words(
    app: Flask, client: FlaskClient
) -> None:
    for _ in range(5):
        assert register(client).status_code == 303
    answer = register(client)
    assert answer.status_code == 429
    assert "Xin đợi một giờ" in answer.text
    assert GOOD["full_name"] in answer.text
    clock.shift(timedelta(hours=1))
    assert register(client).status_code == 303


def test_looking_at_the_link_confirms_nothing_and_pressing_does_once(
    app: Flask, client: FlaskClient
) -> None:
    register(client)
    link = f"/confirm/{new_token(app, user(app).id)}"
    assert client.get(link).status_code == 200
    assert user(app).email_confirmed_at is None
    answer = post(client, link, follow_redirects=False)
    assert (answer.status_code, answer.location) == (303, "/sign-in")
    assert user(app).email_confirmed_at is not None
    assert client.get(link).status_code == 410
    assert post(client, link).status_code == 410


def test_a_link_dies_after_a_day_and_serves_one_purpose(app: Flask, client: FlaskClient) -> None:
    register(client)
    token = new_token(app, user(app).id)
    assert client.get(f"/password/reset/{token}").status_code == 410
    clock.shift(timedelta(hours=24))
    assert client.get(f"/confirm/{token}").status_code == 410
    assert post(client, f"/confirm/{token}").status_code == 410
    assert user(app).email_confirmed_at is None


def test_tokens_are_kept_as_hashes(app: Flask) -> None:
    with app.app_context():
        user_id = factories.user()
    token = new_token(app, user_id)
    with app.app_context(), transaction(write=False):
        kept = [row.token_hash for row in db.session.query(OneTimeToken)]
    assert kept == [queries.token_hash(token)]
    assert token not in kept


def test_of_many_presses_at_once_one_succeeds(app: Flask) -> None:
    with app.app_context():
        user_id = factories.user()
    token = new_token(app, user_id)

    def press(_number: int) -> bool:
        with app.app_context():
            try:
                with transaction():
                    use_token(token, "confirm")
            except DeadLink:
                return False
            return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(press, range(16))) == 1


def test_the_letter_can_be_asked_for_again(app: Flask, client: FlaskClient) -> None:
    register(client)
    person = signed_in(app, user(app).id)
    assert "chưa được xác nhận" in person.get("/account").text
    assert post(person, "/account/confirm", follow_redirects=False).status_code == 303
    assert letters(app) == ["confirm", "confirm"]


def test_a_taken_away_password_ends_the_sessions_too(app: Flask, client: FlaskClient) -> None:
    register(client)
    signed_in(app, user(app).id)
    register(client)
    with app.app_context():
        assert factories.count(SignInSession) == 0
