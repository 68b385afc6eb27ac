"""The administrator finds users, gives and takes roles, disables, signs out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select, update

from consult.accounts.models import SignInSession, User
from consult.core import clock
from consult.core.audit import AuditEntry
from consult.core.db import db, transaction
from tests.support import factories
from tests.support.browsing import post, signed_in


@dataclass
class House:
    """An administrator's browser, and a person to administer."""

    app: Flask
    browser: FlaskClient
    admin: int
    person: int

    def roles(self, user_id: int) -> list[tuple[str, int | None]]:
        with self.app.app_context(), transaction(write=False) as session:
            held = session.get_one(User, user_id).roles
            return sorted((grant.role, grant.organisation_id) for grant in held)

    def grant_id(self, user_id: int) -> int:
        with self.app.app_context(), transaction(write=False) as session:
            return session.get_one(User, user_id).roles[0].id

    def acts(self) -> list[str]:
        with self.app.app_context(), transaction(write=False) as session:
            return list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


@pytest.fixture
def house(app: Flask) -> House:
    with app.app_context():
        admin = factories.user("Phạm Quản Trị", roles=(("admin", None),))
        person = factories.user("Đỗ Thị Ngọc Ánh", email="anh.do@example.org")
    return House(app, signed_in(app, admin), admin, person)


@pytest.fixture
def statements(app: Flask) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


PAGES = (
    "/admin/users",
    "/admin/users/1",
    "/admin/organisations",
    "/admin/organisations/new",
    "/admin/settings",
    "/admin/periods",
    "/admin/audit",
    "/admin/jobs",
    "/admin/mail",
)


@pytest.mark.parametrize("role", ["official", "front", "council", "secretariat"])
def test_other_roles_see_nothing_of_it(app: Flask, role: str) -> None:
    with app.app_context():
        where = factories.organisation() if role == "official" else None
        browser = signed_in(app, factories.user(roles=((role, where),)))
    for page in PAGES:
        assert browser.get(page).status_code == 403
        assert app.test_client().get(page).status_code == 302


@pytest.mark.parametrize("q", ["Ngọc Ánh", "ngoc anh", "ANH DO", "do thi", "anh.do@"])
def test_a_user_is_found_with_and_without_diacritics(house: House, q: str) -> None:
    page = house.browser.get("/admin/users", query_string={"q": q}).text
    assert "Đỗ Thị Ngọc Ánh" in page
    assert "Phạm Quản Trị</a>" not in page


def test_a_percent_sign_is_only_a_character(house: House) -> None:
    assert "anh.do@" not in house.browser.get("/admin/users?q=%25").text


def test_filters(house: House) -> None:
    with house.app.app_context():
        factories.user("Lê Văn Minh", verified=True)
        with transaction() as session:
            session.execute(
                update(User).where(User.id == house.person).values(disabled_at=clock.now())
            )

    def found(query: str) -> set[str]:
        page = house.browser.get(f"/admin/users?{query}").text
        names = ("Phạm Quản Trị", "Đỗ Thị Ngọc Ánh", "Lê Văn Minh")
        return {name for name in names if f">{name}</a>" in page}

    assert found("role=admin") == {"Phạm Quản Trị"}
    assert found("state=verified") == {"Lê Văn Minh"}
    assert found("state=disabled") == {"Đỗ Thị Ngọc Ánh"}
    assert found("state=unverified") == {"Phạm Quản Trị", "Đỗ Thị Ngọc Ánh"}
    assert found("role=nonsense&state=nonsense") == set()


def test_the_list_costs_the_same_whatever_its_length(house: House, statements: list[str]) -> None:
    house.browser.get("/admin/users")
    statements.clear()
    house.browser.get("/admin/users")
    few = len(statements)
    with house.app.app_context():
        agency = factories.organisation()
        for _ in range(40):
            factories.user(roles=(("official", agency), ("front", None)))
    statements.clear()
    house.browser.get("/admin/users")
    # One more for the names of the agencies.
    assert len(statements) <= few + 1 <= 12


def test_a_role_is_given_and_taken_away(house: House) -> None:
    with house.app.app_context():
        agency = factories.organisation(name="Sở Khoa học và Công nghệ")
    base = f"/admin/users/{house.person}"
    page = post(house.browser, f"{base}/roles", {"role": "official", "organisation": str(agency)})
    assert "Đã giao vai trò." in page.text
    assert "Sở Khoa học và Công nghệ" in page.text
    assert house.roles(house.person) == [("official", agency)]
    grant = house.grant_id(house.person)
    page = post(house.browser, f"{base}/roles/{grant}/revoke")
    assert "Đã thu hồi vai trò." in page.text
    assert house.roles(house.person) == []
    assert house.acts() == ["role.granted", "role.revoked"]


def test_an_official_needs_an_agency(house: House) -> None:
    page = post(house.browser, f"/admin/users/{house.person}/roles", {"role": "official"})
    assert page.status_code == 422
    assert "Xin chọn cơ quan, tổ chức nơi đảm nhiệm vai trò này." in page.text
    assert 'value="official" selected' in page.text or 'selected value="official"' in page.text
    assert house.roles(house.person) == []


@pytest.mark.parametrize(
    "data",
    [
        {"role": "emperor"},
        {"role": "official", "organisation": "999999"},
        {"role": "official", "organisation": "x"},
        {},
    ],
)
def test_what_is_not_on_the_list_is_refused(house: House, data: dict[str, str]) -> None:
    page = post(house.browser, f"/admin/users/{house.person}/roles", data)
    assert page.status_code == 422
    assert house.roles(house.person) == []


def test_a_role_of_somebody_else_is_not_taken_away_here(house: House) -> None:
    with house.app.app_context():
        other = factories.user(roles=(("front", None),))
    post(house.browser, f"/admin/users/{house.person}/roles/{house.grant_id(other)}/revoke")
    assert house.roles(other) == [("front", None)]


def test_the_last_administrator_stays(house: House) -> None:
    base = f"/admin/users/{house.admin}"
    for url in (f"{base}/roles/{house.grant_id(house.admin)}/revoke", f"{base}/disable"):
        page = post(house.browser, url)
        assert "Đây là quản trị viên cuối cùng." in page.text
    assert house.roles(house.admin) == [("admin", None)]
    assert house.browser.get("/admin/users").status_code == 200
    assert house.acts() == []


def test_a_disabled_account_is_out_at_once_and_may_come_back(house: House) -> None:
    browser = signed_in(house.app, house.person)
    assert browser.get("/desk").status_code == 200
    page = post(house.browser, f"/admin/users/{house.person}/disable")
    assert "Đã khóa tài khoản." in page.text
    assert browser.get("/desk").status_code == 302
    page = post(house.browser, f"/admin/users/{house.person}/enable")
    assert "Đã mở lại tài khoản." in page.text
    assert signed_in(house.app, house.person).get("/desk").status_code == 200
    assert house.acts() == ["account.disabled", "account.enabled"]


def test_sessions_are_ended(house: House) -> None:
    browsers = [signed_in(house.app, house.person) for _ in range(2)]
    page = post(house.browser, f"/admin/users/{house.person}/sessions/end")
    assert "Đã đăng xuất tài khoản khỏi 2 phiên." in page.text
    assert [browser.get("/desk").status_code for browser in browsers] == [302, 302]
    with house.app.app_context(), transaction(write=False) as session:
        assert session.scalars(select(SignInSession.user_id)).all() == [house.admin]


def test_no_page_shows_a_password(house: House) -> None:
    with house.app.app_context(), transaction(write=False) as session:
        hashes = session.scalars(select(User.password_hash)).all()
    for url in ("/admin/users", f"/admin/users/{house.person}"):
        page = house.browser.get(url).text
        assert 'type="password"' not in page
        assert not any(value in page for value in hashes)


def test_an_unknown_user_is_not_found(house: House) -> None:
    assert house.browser.get("/admin/users/999999").status_code == 404
    assert post(house.browser, "/admin/users/999999/disable").status_code == 404
