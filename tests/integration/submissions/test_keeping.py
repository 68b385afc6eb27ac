"""Words kept while they are written: what survives, what is never overwritten or brought back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from consult.accounts.models import User
from consult.core import clock
from consult.core.db import transaction
from consult.core.settings import settings
from consult.submissions import keeping
from consult.submissions.models import KeptWords, Point
from consult.submissions.tasks import forget_kept
from tests.integration.submissions.test_writing import ARGUMENT, Scene, rows, scene
from tests.support import factories
from tests.support.browsing import post, signed_in
from tests.support.said import said
from tests.support.statements import counted

assert scene  # the fixture
FORM = "tM3_form-key"


def keep(scene: Scene, *, browser: FlaskClient | None = None, **changed: Any) -> Any:
    data = {
        "place": "d1.k1",
        "form_key": FORM,
        "kind": "wording",
        "stance": "agree",
        "argument": ARGUMENT,
        "proposed_wording": "",
        "quote": "được hỗ trợ",
        "base": 0,
        "writer": "a",
        "sequence": 1,
    } | changed
    return post(browser or scene.browser, scene.url("keep"), data)


def form_of(scene: Scene, browser: FlaskClient | None = None, query: str = "") -> str:
    page = (browser or scene.browser).get(scene.url(f"write?provision=d1.k1{query}"))
    assert page.status_code == 200
    return page.text


def only(app: Flask) -> KeptWords:
    [row] = rows(app, KeptWords)
    return row


def test_words_are_there_on_another_device(scene: Scene) -> None:
    answer = keep(scene)
    assert (answer.status_code, answer.json["state"], answer.json["revision"]) == (200, "kept", 1)
    other = signed_in(scene.app, scene.author_id)
    page = form_of(scene, other)
    assert ARGUMENT in page
    assert f'name="form_key" type="hidden" value="{FORM}"' in page
    assert 'data-keep-place="d1.k1"' in page
    checked = [part[:200] for part in page.split("<input") if " checked" in part[:200]]
    assert any('value="wording"' in part for part in checked)
    assert any('value="agree"' in part for part in checked)
    with scene.app.app_context():
        stranger = signed_in(scene.app, factories.user("Lê Văn Bình", verified=True))
    assert ARGUMENT not in form_of(scene, stranger)
    assert ARGUMENT not in scene.browser.get(scene.url("write?provision=d2.k1")).text


def test_the_rows_name_nobody(scene: Scene) -> None:
    keep(scene)
    row = only(scene.app)
    assert {c.name for c in KeptWords.__table__.foreign_keys for c in [c.column.table]} == {
        "consultations"
    }
    scene.send_now(identity="sealed", form_key=FORM, kept="1")
    [point] = rows(scene.app, Point)
    assert FORM not in point.form_key
    assert row.owner not in (point.form_key, str(scene.author_id))


def test_the_same_twice_and_the_later_of_one_page(scene: Scene) -> None:
    keep(scene, sequence=2, argument="Mới hơn")
    assert keep(scene, sequence=2, argument="Mới hơn").json["state"] == "kept"
    late = keep(scene, sequence=1, argument="Cũ hơn")
    assert late.json["state"] == "kept"
    assert only(scene.app).fields["argument"] == "Mới hơn"
    # The answer to the first was lost, so the page does not know of its revision.
    assert keep(scene, sequence=3, argument="Mới nhất").json["revision"] == 2
    assert only(scene.app).fields["argument"] == "Mới nhất"


def test_a_stale_page_never_overwrites_a_newer_one(scene: Scene) -> None:
    keep(scene)
    assert keep(scene, writer="b", base=1, argument="Ở máy khác").json["revision"] == 2
    stale = keep(scene, sequence=2, base=1, argument="Ở máy cũ")
    assert (stale.status_code, stale.json["state"]) == (409, "newer")
    assert only(scene.app).fields["argument"] == "Ở máy khác"
    chosen = keep(scene, sequence=3, base=stale.json["revision"], argument="Ở máy cũ")
    assert chosen.json["state"] == "kept"
    assert only(scene.app).fields["argument"] == "Ở máy cũ"


@pytest.mark.parametrize("action", ["save", "send"])
def test_what_was_saved_or_sent_does_not_come_back(scene: Scene, action: str) -> None:
    keep(scene)
    scene.write(form_key=FORM, kept="1", action=action, identity="public")
    assert (only(scene.app).closed, only(scene.app).fields) == (True, {})
    late = keep(scene, sequence=9)
    assert (late.status_code, late.json["state"]) == (410, "closed")
    assert len(late.json["key"]) >= 20
    assert only(scene.app).fields == {}
    assert ARGUMENT not in form_of(scene)
    # Writing on is another point, under the key that the answer brought.
    assert keep(scene, form_key=late.json["key"], argument="Ý khác").json["state"] == "kept"
    assert "Ý khác" in form_of(scene)


def test_the_first_attempt_may_arrive_after_the_point_was_sent(scene: Scene) -> None:
    scene.send_now(form_key=FORM, kept="1")
    assert keep(scene).json["state"] == "closed"
    assert only(scene.app).fields == {}


def test_the_same_point_sent_from_two_devices_is_one(scene: Scene) -> None:
    keep(scene)
    other = signed_in(scene.app, scene.author_id)
    first = scene.send_now(form_key=FORM, kept="1")
    data = scene.fill(form_key=FORM, kept="1", action="send", identity="public")
    second = post(other, scene.url(), data, follow_redirects=False)
    assert first.location == second.location
    assert len(rows(scene.app, Point)) == 1


def test_a_refused_form_goes_on_being_kept(scene: Scene) -> None:
    keep(scene)
    page = scene.write(form_key=FORM, kept="1", stance="")
    assert page.status_code == 422
    assert f'value="{FORM}"' in page.text
    assert not only(scene.app).closed


def test_too_late_a_point_is_in_the_basket_and_no_longer_kept(scene: Scene) -> None:
    keep(scene)
    clock.shift(timedelta(days=10, minutes=1))
    scene.send_now(form_key=FORM, kept="1")
    assert len(rows(scene.app, Point)) == 1
    assert only(scene.app).closed


def test_changing_a_point_keeps_its_words_apart(scene: Scene) -> None:
    scene.write()
    [point] = rows(scene.app, Point)
    edit = scene.url(f"basket/{point.id}")
    keep(scene, place=f"point:{point.id}", argument="Đang sửa dở")
    assert "Đang sửa dở" in scene.browser.get(edit).text
    assert "Đang sửa dở" not in form_of(scene)
    post(scene.browser, edit, scene.fill(form_key=FORM, kept="1", argument="Đã sửa"))
    assert "Đang sửa dở" not in scene.browser.get(edit).text
    keep(scene, place=f"point:{point.id}", form_key="another", argument="Sửa lần hai")
    assert "Sửa lần hai" in scene.browser.get(edit).text


def test_another_passage_is_offered_the_words_not_given_them(scene: Scene) -> None:
    keep(scene)
    for query in ("&fresh=1", "&quote=m%E1%BB%97i+n%C4%83m"):
        page = form_of(scene, query=query)
        assert f">{ARGUMENT}</textarea>" not in page.replace(">\r\n", ">")
        assert f'href="{scene.url("write?provision=d1.k1")}"' in page
    same = form_of(scene, query="&quote=%C4%91%C6%B0%E1%BB%A3c+h%E1%BB%97+tr%E1%BB%A3")
    assert ARGUMENT in same


def test_discarding(scene: Scene) -> None:
    keep(scene)
    scene.write(action="discard", form_key=FORM)
    assert ARGUMENT not in form_of(scene)
    assert keep(scene, sequence=5).json["state"] == "closed"
    assert rows(scene.app, Point) == []


def test_too_much_is_refused(scene: Scene) -> None:
    answer = keep(scene, argument="a" * (keeping.LONGEST_KEPT + 1))
    assert (answer.status_code, answer.json["state"]) == (413, "too_long")
    assert rows(scene.app, KeptWords) == []
    # What is too long for a point may still be kept, to be shortened later.
    assert keep(scene, argument="a" * 30_000).json["state"] == "kept"


def test_forms_beyond_the_most_push_out_the_oldest(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "MOST_FORMS", 2)
    for number in range(4):
        keep(scene, form_key=f"form-{number}")
    assert sorted(row.form_key for row in rows(scene.app, KeptWords)) == ["form-2", "form-3"]


def test_only_who_may_write_keeps(scene: Scene) -> None:
    with scene.app.app_context():
        unverified = signed_in(scene.app, factories.user("Người lạ"))
    assert keep(scene, browser=unverified).status_code == 403
    assert keep(scene, browser=scene.app.test_client()).status_code == 401
    assert rows(scene.app, KeptWords) == []


def test_a_right_lost_while_writing_shows_what_was_typed(scene: Scene) -> None:
    with scene.app.app_context(), transaction() as session:
        session.get_one(User, scene.author_id).verified_at = None
    answer = scene.write(action="send", identity="public", quote="được hỗ trợ")
    assert answer.status_code == 403
    assert said(scene.app, "What you typed") in answer.text
    for words in (ARGUMENT, "được hỗ trợ", "20 triệu đồng"):
        assert words in answer.text
    assert "csrf_token" not in answer.text.partition("<main")[2].partition("</main>")[0]


def test_without_the_vaults_key_writing_goes_on(scene: Scene) -> None:
    with scene.app.app_context():
        path = settings().vault_key
    keep(scene)
    moved = path.rename(path.with_suffix(".away"))
    try:
        path.write_text("damaged")
        assert keep(scene, sequence=2).json["state"] == "unkept"
        assert form_of(scene)
    finally:
        moved.rename(path)


def test_kept_words_are_forgotten_after_three_months(scene: Scene) -> None:
    keep(scene)
    clock.shift(timedelta(days=89))
    with scene.app.app_context(), transaction():
        forget_kept([])
    assert len(rows(scene.app, KeptWords)) == 1
    clock.shift(timedelta(days=2))
    with scene.app.app_context(), transaction():
        forget_kept([])
    assert rows(scene.app, KeptWords) == []


def test_keeping_and_opening_take_few_statements(scene: Scene) -> None:
    keep(scene)
    page = form_of(scene)
    token = page.partition('name="csrf_token" value="')[2].partition('"')[0]
    data = {"form_key": FORM, "place": "d1.k1", "writer": "a", "sequence": 7, "csrf_token": token}
    with counted(scene.app) as seen:
        assert scene.browser.post(scene.url("keep"), data=data).status_code == 200
    assert len(seen) <= 6, "\n".join(seen)
    with counted(scene.app) as seen:
        form_of(scene)
    assert len(seen) <= 12, "\n".join(seen)
