"""Signing in and out: who may, how often, and what becomes of words typed before."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from consult.accounts import passwords, queries
from consult.accounts.models import SignInSession, User
from consult.core import clock
from consult.core.db import db, transaction
from tests.support import factories
from tests.support.browsing import post, signed_in, token
from tests.support.statements import counted

EMAIL = "an@example.org"


@pytest.fixture
def person(app: Flask) -> int:
    with app.app_context():
        return factories.user(email=EMAIL)


def sign_in(client: FlaskClient, password: str = factories.PASSWORD, **more: Any) -> TestResponse:
    data = {"email": EMAIL, "password": password, **more}
    return post(client, "/sign-in", data, follow_redirects=False)


def test_address_and_password_open_a_session(client: FlaskClient, person: int) -> None:
    answer = sign_in(client, email=f" {EMAIL.upper()} ")
    assert (answer.status_code, answer.location) == (303, "/desk")
    assert client.get("/account").status_code == 200


def test_the_cookie_outlives_the_browser_and_its_token_is_kept_as_a_hash(
    app: Flask, client: FlaskClient, person: int
) -> None:
    assert "Expires=" in sign_in(client).headers["Set-Cookie"]
    with client.session_transaction() as cookie:
        kept = cookie["_user_id"]
    with app.app_context(), transaction(write=False):
        row = db.session.query(SignInSession).one()
        assert row.token_hash == queries.token_hash(kept) != kept


@pytest.mark.parametrize("email", [EMAIL, "khong-co@example.org"])
def test_a_wrong_password_and_an_unknown_address_look_alike(
    client: FlaskClient, person: int, email: str
) -> None:
    answer = sign_in(client, "sai rồi nhé", email=email)
    assert answer.status_code == 422
    assert "Địa chỉ thư điện tử hoặc mật khẩu không đúng." in answer.text
    assert f'value="{email}"' in answer.text
    assert "sai rồi nhé" not in answer.text


def test_an_unknown_address_takes_as_long_as_a_known_one(app: Flask, person: int) -> None:
    with app.app_context(), transaction() as session:
        session.get_one(User, person).password_hash = passwords.hash_password("đường xa vạn dặm")

    def shortest(email: str) -> float:
        times: list[float] = []
        for _ in range(3):
            client = app.test_client()
            data = {"email": email, "password": "sai", "csrf_token": token(client)}
            begin = time.process_time()
            client.post("/sign-in", data=data)
            times.append(time.process_time() - begin)
        return min(times)

    assert shortest("khong-co@example.org") > shortest(EMAIL) / 2


@pytest.mark.parametrize("missing", ["email", "password"])
def test_an_empty_field_is_named(client: FlaskClient, person: int, missing: str) -> None:
    answer = sign_in(client, **{missing: ""})
    assert answer.status_code == 422
    assert f'href="#{missing}"' in answer.text


def test_ten_failures_close_the_address_for_a_quarter(client: FlaskClient, person: int) -> None:
    clock.move_to(clock.now().replace(minute=1))
    for _ in range(10):
        assert sign_in(client, "sai").status_code == 422
    answer = sign_in(client)
    assert answer.status_code == 429
    assert "Xin đợi 15 phút" in answer.text
    clock.shift(timedelta(minutes=15))
    assert sign_in(client).status_code == 303


def test_right_sign_ins_are_not_counted(client: FlaskClient, person: int) -> None:
    for _ in range(11):
        assert sign_in(client).status_code == 303


def test_one_place_is_limited_over_all_addresses(app: Flask, person: int) -> None:
    from consult.accounts.limits import FAILED_SIGN_IN, TooManyAttempts

    with app.app_context(), transaction():
        for number in range(FAILED_SIGN_IN.total):
            FAILED_SIGN_IN.count(f"{number}@example.org", "here")
        FAILED_SIGN_IN.check(EMAIL, "elsewhere")
        with pytest.raises(TooManyAttempts):
            FAILED_SIGN_IN.check(EMAIL, "here")


def test_an_old_hash_is_renewed_at_sign_in(app: Flask, client: FlaskClient, person: int) -> None:
    sign_in(client)
    with app.app_context(), transaction(write=False) as session:
        hashed = session.get_one(User, person).password_hash
    assert "m=47104,t=1,p=1" in hashed
    assert passwords.verify(hashed, factories.PASSWORD)


def test_a_disabled_account_is_told_so_only_with_its_password(
    app: Flask, client: FlaskClient, person: int
) -> None:
    inside = signed_in(app, person)
    with app.app_context(), transaction() as session:
        session.get_one(User, person).disabled_at = clock.now()
    assert "đã bị khóa" in sign_in(client).text
    assert "không đúng" in sign_in(client, "sai").text
    assert inside.get("/account").status_code == 302


@pytest.mark.parametrize(
    ("target", "place"),
    [
        ("/rounds?page=2", "/rounds?page=2"),
        ("https://ke-gian.example/", "/desk"),
        ("//ke-gian.example/", "/desk"),
        ("/\\ke-gian.example", "/desk"),
        ("", "/desk"),
    ],
)
def test_one_comes_back_to_where_one_wanted_but_never_elsewhere(
    client: FlaskClient, person: int, target: str, place: str
) -> None:
    assert sign_in(client, next=target).location == place


def test_asking_for_a_closed_page_leads_there_after_signing_in(
    client: FlaskClient, person: int
) -> None:
    answer = client.get("/account")
    assert answer.location.endswith("/sign-in?next=/account")
    page = client.get(answer.location).text
    assert '<input type="hidden" name="next" value="/account">' in page


def test_words_typed_before_survive_a_wrong_password_and_are_shown_to_be_sent(
    client: FlaskClient, person: int
) -> None:
    words = (
        "Đề nghị sửa “hỗ trợ” thành “bảo đảm” ở khoản 2 <để rõ trách nhiệm của cơ quan chủ trì>."
    )
    kept = {"kept_url": "/account/name", "kept.full_name": words, "kept.tag": "a"}
    wrong = sign_in(client, "sai", **kept)
    escaped = words.replace("<", "&lt;").replace(">", "&gt;")
    assert wrong.status_code == 422
    assert escaped in wrong.text
    assert 'name="kept.full_name"' in wrong.text
    right = sign_in(client, **kept)
    assert right.status_code == 200
    assert 'action="/account/name"' in right.text
    assert escaped in right.text
    assert 'name="full_name"' in right.text
    assert 'type="hidden" name="tag" value="a"' in right.text


def test_a_post_without_session_goes_through_sign_in_to_its_end(
    app: Flask, client: FlaskClient, person: int
) -> None:
    first = post(client, "/account/name", {"full_name": "Nguyễn Văn Ân"})
    assert first.status_code == 401
    assert 'name="kept.full_name" value="Nguyễn Văn Ân"' in first.text
    kept = {"kept_url": "/account/name", "kept.full_name": "Nguyễn Văn Ân"}
    again = sign_in(client, **kept)
    found = again.text.split('name="csrf_token" value="')
    last = client.post(
        "/account/name",
        # The first form of the page is the banner's sign-out; all share one token.
        data={"csrf_token": found[1].split('"')[0], "full_name": "Nguyễn Văn Ân"},
    )
    assert last.status_code == 303
    assert "Nguyễn Văn Ân" in client.get("/account").text


def test_an_open_redirect_hides_in_no_kept_address(client: FlaskClient, person: int) -> None:
    answer = sign_in(client, kept_url="https://ke-gian.example/", **{"kept.a": "b"})
    assert answer.status_code == 303
    assert answer.location == "/desk"


def test_a_stale_sign_in_form_still_carries_the_words(client: FlaskClient, person: int) -> None:
    answer = client.post(
        "/sign-in",
        data={
            "csrf_token": "stale",
            "email": EMAIL,
            "password": factories.PASSWORD,
            "kept_url": "/account/name",
            "kept.full_name": "Nguyễn Văn Ân",
        },
    )
    assert answer.status_code == 400
    assert 'name="kept.full_name" value="Nguyễn Văn Ân"' in answer.text
    assert factories.PASSWORD not in answer.text


def test_signing_out_deletes_the_session(app: Flask, person: int) -> None:
    client = signed_in(app, person)
    with client.session_transaction() as cookie:
        before = dict(cookie)
    assert post(client, "/sign-out").status_code == 200
    with app.app_context():
        assert factories.count(SignInSession) == 0
    with client.session_transaction() as cookie:
        cookie.update(before)
    assert client.get("/account").status_code == 302


def test_a_session_ends_by_itself(app: Flask, person: int) -> None:
    client = signed_in(app, person)
    clock.shift(timedelta(days=14, seconds=-2))
    assert client.get("/account").status_code == 200
    clock.shift(timedelta(seconds=2))
    assert client.get("/account").status_code == 302


def test_sessions_that_ran_out_are_cleared_at_the_next_sign_in(
    app: Flask, client: FlaskClient, person: int
) -> None:
    signed_in(app, person)
    clock.shift(timedelta(days=15))
    sign_in(client)
    with app.app_context():
        assert factories.count(SignInSession) == 1


def test_signing_in_anew_replaces_session_and_form_token(
    app: Flask, client: FlaskClient, person: int
) -> None:
    sign_in(client)
    with client.session_transaction() as cookie:
        old = dict(cookie)
    sign_in(client)
    with client.session_transaction() as cookie:
        assert cookie["_user_id"] != old["_user_id"]
        assert cookie.get("csrf_token") != old.get("csrf_token", "none")
    with app.app_context():
        assert factories.count(SignInSession) == 1


def test_demonstration_accounts_are_offered_only_where_there_are_some(
    app: Flask, client: FlaskClient, person: int
) -> None:
    assert passwords.DEMO_PASSWORD not in client.get("/sign-in").text
    with app.app_context(), transaction() as session:
        session.get_one(User, person).is_demo = True
    page = client.get("/sign-in").text
    assert passwords.DEMO_PASSWORD in page
    assert EMAIL in page
    kept = {"kept_url": "/account/name", "kept.full_name": "Ân", "password": ""}
    filled = post(client, "/sign-in", {"demo": EMAIL, **kept})
    assert filled.status_code == 200
    assert f'type="password" value="{passwords.DEMO_PASSWORD}"' in filled.text
    assert 'name="kept.full_name" value="Ân"' in filled.text
    other = post(client, "/sign-in", {"demo": "khac@example.org"})
    assert f'type="password" value="{passwords.DEMO_PASSWORD}"' not in other.text


def test_signing_in_runs_few_statements(app: Flask, client: FlaskClient, person: int) -> None:
    data = {"email": EMAIL, "password": factories.PASSWORD, "csrf_token": token(client)}
    with counted(app) as statements:
        assert client.post("/sign-in", data=data).status_code == 303
    assert len(statements) <= 12, statements
    with counted(app) as statements:
        client.get("/account")
    assert len(statements) <= 8, statements
