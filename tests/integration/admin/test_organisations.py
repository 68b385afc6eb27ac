"""The administrator keeps the organisations: names with dates, parents, successors."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from consult.core.audit import AuditEntry
from consult.core.db import transaction
from consult.people.models import Organisation
from tests.support import factories
from tests.support.browsing import post, signed_in

TYPED = {
    "name": "Sở Khoa học và  Công nghệ",
    "short_name": "Sở KH&CN",
    "kind": "agency",
    "document_symbol": "SKHCN-QLKH",
    "place": "Đồng Nai",
    "valid_from": "01/07/2025",
}


@pytest.fixture
def browser(app: Flask) -> FlaskClient:
    with app.app_context():
        admin = factories.user(roles=(("admin", None),))
    return signed_in(app, admin)


def rows(app: Flask) -> list[Organisation]:
    with app.app_context(), transaction(write=False) as session:
        found = session.scalars(select(Organisation).order_by(Organisation.id)).all()
        session.expunge_all()
    return list(found)


def add(app: Flask, **values: Any) -> int:
    with app.app_context():
        return factories.organisation(**values)


def test_an_organisation_is_added_and_found(app: Flask, browser: FlaskClient) -> None:
    page = post(browser, "/admin/organisations/new", TYPED)
    assert "Đã thêm cơ quan, tổ chức." in page.text
    (row,) = rows(app)
    assert (row.name, row.valid_from) == ("Sở Khoa học và Công nghệ", date(2025, 7, 1))
    for query in ("q=so khoa hoc", "q=KH%26CN", "kind=agency"):
        assert "Sở Khoa học và Công nghệ" in browser.get(f"/admin/organisations?{query}").text
    assert "SKHCN-QLKH" not in browser.get("/admin/organisations?kind=club").text


def test_an_edit_is_saved_and_audited_by_field(app: Flask, browser: FlaskClient) -> None:
    post(browser, "/admin/organisations/new", TYPED)
    (row,) = rows(app)
    page = browser.get(f"/admin/organisations/{row.id}").text
    assert 'value="2025-07-01"' in page
    post(browser, f"/admin/organisations/{row.id}", TYPED | {"place": "Biên Hòa"})
    post(browser, f"/admin/organisations/{row.id}", TYPED | {"place": "Biên Hòa"})
    assert rows(app)[0].place == "Biên Hòa"
    with app.app_context(), transaction(write=False) as session:
        entries = session.execute(
            select(AuditEntry.action, AuditEntry.details).order_by(AuditEntry.id)
        ).all()
    assert [tuple(entry) for entry in entries] == [
        ("organisation.added", {}),
        ("organisation.changed", {"fields": ["place"]}),
    ]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": ""}, "Xin điền mục này."),
        ({"name": "a" * 201}, "Tối đa 200 ký tự"),
        ({"kind": "ministry of magic"}, "Xin chọn một mục trong danh sách."),
        ({"valid_from": "31/02/2025"}, "Xin ghi ngày theo dạng ngày/tháng/năm"),
        ({"valid_to": "30/06/2025"}, "Ngày cuối không được trước ngày đầu."),
        ({"parent": "424242"}, "Xin chọn một mục trong danh sách."),
    ],
)
def test_bad_input_is_explained_and_kept(
    app: Flask, browser: FlaskClient, changes: dict[str, str], sentence: str
) -> None:
    page = post(browser, "/admin/organisations/new", TYPED | changes)
    assert page.status_code == 422
    assert sentence in page.text
    assert "SKHCN-QLKH" in page.text
    if "valid_from" in changes:
        assert 'value="31/02/2025"' in page.text
    assert rows(app) == []


def test_one_name_is_borne_once_at_a_time(app: Flask, browser: FlaskClient) -> None:
    post(browser, "/admin/organisations/new", TYPED)
    page = post(browser, "/admin/organisations/new", TYPED | {"name": "SỞ KHOA HỌC VÀ CÔNG NGHỆ"})
    assert "Đã có cơ quan, tổ chức cùng loại mang tên này." in page.text
    earlier = {"valid_from": "01/01/2000", "valid_to": "30/06/2025"}
    assert post(browser, "/admin/organisations/new", TYPED | earlier).status_code == 200
    assert len(rows(app)) == 2


def test_a_successor_needs_a_last_day(app: Flask, browser: FlaskClient) -> None:
    heir = add(app, name="Ban Tuyên giáo và Dân vận")
    typed = TYPED | {"name": "Ban Tuyên giáo", "successor": str(heir)}
    page = post(browser, "/admin/organisations/new", typed)
    assert "Đã có tổ chức kế tiếp thì phải ghi ngày cuối cùng dùng tên này." in page.text
    post(browser, "/admin/organisations/new", typed | {"valid_to": "2025-12-31"})
    assert "Ban Tuyên giáo</a>" not in browser.get("/admin/organisations").text
    former = browser.get("/admin/organisations?former=1").text
    assert "Ban Tuyên giáo</a>" in former
    assert "Kế tiếp: " in former


@pytest.mark.parametrize("relation", ["parent", "successor"])
def test_nothing_stands_above_or_follows_itself(
    app: Flask, browser: FlaskClient, relation: str
) -> None:
    top = add(app, name="A", valid_to=date(2020, 1, 1))
    middle = add(app, name="B", valid_to=date(2020, 1, 1), **{f"{relation}_id": top})
    bottom = add(app, name="C", valid_to=date(2020, 1, 1), **{f"{relation}_id": middle})
    typed = {"name": "A", "short_name": "A", "kind": "agency", "valid_to": "01/01/2020"}
    page = post(browser, f"/admin/organisations/{top}", typed | {relation: str(bottom)})
    assert page.status_code == 422
    assert "Một tổ chức không thể là cấp trên hoặc kế tiếp của chính mình." in page.text
    assert f'<option value="{top}"' not in page.text, "it is not offered itself"


def test_an_unknown_organisation_is_not_found(browser: FlaskClient) -> None:
    assert browser.get("/admin/organisations/999").status_code == 404
