"""A table of contributions in the browser: checked, looked at, received whole or not at all."""

from __future__ import annotations

import re
from html import unescape
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from consult.consultations.models import Stage
from consult.core.audit import AuditEntry
from consult.core.db import transaction
from consult.submissions.models import Point, Submission
from tests.integration.submissions.test_paper import Desk, opened
from tests.support.browsing import post
from tests.support.statements import counted

TABLE = """người góp ý,đơn vị,điều khoản,quan điểm,nội dung góp ý
Lò Văn Một,,Điều 1,không tán thành,Mức này thấp.
Lò Văn Một,,,tán thành,Nhất trí chung.
,Hội Nông dân xã,Điều 1,tán thành,Hội nhất trí.
"""


def url_of(desk: Desk) -> str:
    return f"/office/rounds/{desk.round_id}/paper/import"


def check(desk: Desk, table: str | bytes, name: str = "bảng.csv") -> Any:
    data = table if isinstance(table, bytes) else table.encode()
    return post(desk.browser, url_of(desk), {"file": (BytesIO(data), name), "action": "check"})


def receive(browser: FlaskClient, url: str, page: str, **changed: Any) -> Any:
    found = re.search(r'name="kept" value="([^"]+)"', page)
    assert found
    data = {"kept": unescape(found.group(1)), "action": "receive", "consented": "y"} | changed
    return post(browser, url, data, follow_redirects=False)


def points(app: Flask) -> list[str]:
    with app.app_context(), transaction(write=False) as session:
        return list(session.scalars(select(Point.argument).order_by(Point.id)))


def test_a_table_is_shown_first_and_received_once(app: Flask) -> None:
    desk = opened(app)
    preview = check(desk, TABLE)
    assert preview.status_code == 200
    assert "Hội Nông dân xã" in preview.text
    assert points(app) == []
    without = receive(desk.browser, url_of(desk), preview.text, consented="")
    assert without.status_code == 422
    assert points(app) == []
    again = receive(desk.browser, url_of(desk), without.text)
    assert again.status_code == 303
    assert len(points(app)) == 3
    receive(desk.browser, url_of(desk), preview.text)
    assert len(points(app)) == 3
    with app.app_context(), transaction(write=False) as session:
        assert session.scalars(select(Submission.channel)).all() == ["import", "import"]
        imported = select(AuditEntry.actor_id).where(AuditEntry.action == "submissions.imported")
        assert session.scalars(imported).all() == [desk.staff_id]


def test_wrong_rows_are_named_by_their_numbers_and_nothing_is_received(app: Flask) -> None:
    desk = opened(app)
    wrong = check(desk, TABLE + "Lò Văn Hai,,Điều 99,lửng lơ,Một câu.\n")
    assert wrong.status_code == 422
    assert wrong.text.count("Dòng 5") == 2
    assert "Điều 99" in wrong.text
    assert 'name="kept"' not in wrong.text
    assert points(app) == []


@pytest.mark.parametrize(
    ("data", "name"),
    [(b"", "a.csv"), (b"PK\x03\x04 no", "a.xlsx"), (b"x", "a.pdf"), (b"x" * 2_100_000, "a.csv")],
    ids=["empty", "broken", "pdf", "large"],
)
def test_what_is_no_table_gets_a_sentence(sqlite_app: Flask, data: bytes, name: str) -> None:
    desk = opened(sqlite_app)
    answer = check(desk, data, name)
    assert answer.status_code == 422
    assert "alert-danger" in answer.text


def test_a_forged_name_of_a_file_is_none(sqlite_app: Flask) -> None:
    desk = opened(sqlite_app)
    answer = receive(desk.browser, url_of(desk), 'name="kept" value="WzEsIngiXQ.x"')
    assert answer.status_code == 422
    assert points(sqlite_app) == []


@pytest.mark.parametrize(
    ("stage", "closes"), [(Stage.CLOSED, -1), (Stage.ANSWERED, -1), (Stage.PREPARING, 10)]
)
def test_a_round_that_is_not_open_takes_no_table(
    sqlite_app: Flask, stage: Stage, closes: int
) -> None:
    desk = opened(sqlite_app, stage=stage, closes=closes)
    assert check(desk, TABLE).status_code == 409
    assert points(sqlite_app) == []


def test_checking_asks_little_of_the_database(app: Flask) -> None:
    desk = opened(app)
    preview = check(desk, TABLE)
    with counted(app) as statements:
        assert desk.browser.get(url_of(desk)).status_code == 200
    assert len(statements) <= 12
    assert receive(desk.browser, url_of(desk), preview.text).status_code == 303
