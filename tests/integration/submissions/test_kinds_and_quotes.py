"""Kinds of points, places of quotes, previews, and wordings begun from the draft's text."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from consult.core.db import transaction
from consult.drafts.models import DraftVersion, Provision
from consult.submissions.models import Point, PointKind, Stance
from consult.submissions.receipts import Recorded
from tests.integration.submissions.test_writing import Scene, rows, scene
from tests.support import factories
from tests.support.browsing import post
from tests.support.exports import download
from tests.support.said import said
from tests.support.statements import counted

assert scene  # the fixture
CURRENT = "Trí thức được hỗ trợ 11 triệu đồng mỗi năm."


def only(app: Flask) -> Point:
    [point] = rows(app, Point)
    return point


@pytest.mark.parametrize("kind", list(PointKind))
@pytest.mark.parametrize("action", ["save", "send"])
def test_every_kind_is_kept_and_shown(scene: Scene, kind: PointKind, action: str) -> None:
    answer = scene.write(kind=kind.value, action=action, identity="public")
    assert answer.status_code == 303
    assert only(scene.app).kind is kind
    if action == "save":
        answer = scene.send_basket()
    receipt = scene.browser.get(answer.location).text
    labels = {
        PointKind.REMARK: "Remark",
        PointKind.WORDING: "Wording proposal",
        PointKind.QUESTION: "Question",
        PointKind.OBJECTION: "Objection",
    }
    label = said(scene.app, labels[kind])
    assert (f">{label}<" in receipt) is (kind is not PointKind.REMARK)
    point = scene.browser.get(f"/points/{only(scene.app).id}").text
    assert (f">{label}<" in point) is (kind is not PointKind.REMARK)
    file = scene.browser.get(answer.location + ".txt").text
    assert (f'"kind":"{kind.value}"' in file) is (kind is not PointKind.REMARK)
    base = f"/rounds/{scene.round_id}/points?kind="
    code = f"YK-{only(scene.app).id}"
    found = {k for k in PointKind if code in scene.browser.get(base + k.value).text}
    assert found == {kind}
    assert code in scene.browser.get(base + "nonsense").text


def test_a_question_needs_no_stance(scene: Scene) -> None:
    assert scene.write(kind="question", stance="", proposed_wording="").status_code == 303
    assert only(scene.app).stance is Stance.NONE
    assert scene.write(kind="question", stance="perhaps", form_key="2").status_code == 422
    assert scene.write(kind="objection", stance="", form_key="3").status_code == 422


@pytest.mark.parametrize(
    ("changed", "id_"),
    [
        ({"kind": "wording", "proposed_wording": " "}, "proposed_wording"),
        ({"kind": "praise"}, "kind"),
        ({"quote": "a" * 4001}, "quote"),
    ],
)
def test_what_does_not_fit_the_kind_is_said_beside_the_field(
    scene: Scene, changed: dict[str, str], id_: str
) -> None:
    answer = scene.write(**changed)
    assert answer.status_code == 422
    assert f'id="{id_}-error"' in answer.text
    assert "chưa đủ" in answer.text
    assert rows(scene.app, Point) == []


def test_a_quote_has_its_place_in_the_versions_text(scene: Scene) -> None:
    scene.write(quote="được hỗ trợ  11\ntriệu", before="1. Trí thức")
    point = only(scene.app)
    assert point.quote_start is not None
    [version] = rows(scene.app, DraftVersion)
    with scene.app.app_context(), transaction(write=False) as session:
        text = session.get_one(DraftVersion, version.id).text
        own = session.query(Provision).filter_by(key="d1.k1").one()
        assert own.start <= point.quote_start < (point.quote_end or 0) <= own.end
    assert text[point.quote_start : point.quote_end] == "được hỗ trợ 11 triệu"
    scene.send_basket()
    page = scene.browser.get(f"/points/{point.id}").text
    marked = page.partition('<mark class="passage">')[2].partition("</mark>")[0]
    assert "được hỗ trợ 11 triệu" in marked
    assert "Trí thức" not in marked


def test_the_second_of_two_places(scene: Scene) -> None:
    with scene.app.app_context(), transaction() as session:
        own = session.query(Provision).filter_by(key="d1.k1").one()
        version = session.get_one(DraftVersion, own.version_id)
        words = "Hỗ trợ một lần. Hỗ trợ hai lần."
        version.text = version.text[: own.start] + words + version.text[own.end :]
        own.text, own.end = words, own.start + len(words)
        start = own.start
    scene.write(quote="Hỗ trợ", before="một lần.")
    point = only(scene.app)
    assert point.quote_start == start + 16
    edit = scene.url(f"basket/{point.id}")
    post(scene.browser, edit, scene.fill(quote="Hỗ trợ", argument="Chỗ này."))
    assert only(scene.app).quote_start == start + 16
    post(scene.browser, edit, scene.fill(quote="hai lần"))
    assert only(scene.app).quote_start == start + 23


def test_words_that_are_not_there_have_no_place(scene: Scene) -> None:
    scene.send_now(quote="được tặng xe")
    point = only(scene.app)
    assert (point.quote, point.quote_start, point.quote_end) == ("được tặng xe", None, None)
    assert "<mark" not in scene.browser.get(f"/points/{point.id}").text


def test_older_leaves_stay_what_they_are() -> None:
    old = Recorded("d1", None, "agree", "a", "b", "c")
    assert set(old.content()) == {
        "provision",
        "question",
        "stance",
        "argument",
        "proposed_wording",
        "quote",
    }
    new = Recorded("d1", None, "agree", "a", "b", "c", "question", 3, 4)
    assert new.content() == old.content() | {"kind": "question", "quote_start": 3, "quote_end": 4}


def test_a_wording_is_shown_as_a_redline(scene: Scene) -> None:
    scene.write(proposed_wording=CURRENT.replace("11", "20"))
    basket = scene.browser.get(scene.url("basket")).text
    receipt = scene.browser.get(scene.send_basket().location).text
    point = scene.browser.get(f"/points/{only(scene.app).id}").text
    for page in (basket, receipt, point):
        assert "</span>11<span" in page.partition("<del")[2].partition("</del>")[0]
        assert "</span>20<span" in page.partition("<ins")[2].partition("</ins>")[0]


def test_a_preview_is_safe_and_writes_nothing(scene: Scene) -> None:
    answer = post(
        scene.browser,
        scene.url("preview"),
        scene.fill(
            argument="**đậm** <script>x</script> [trang](https://example.org)",
            proposed_wording=CURRENT.replace("11", "20"),
        ),
    )
    assert answer.status_code == 200
    assert "<strong>đậm</strong>" in answer.text
    assert "<script>x" not in answer.text
    assert 'rel="nofollow' in answer.text
    assert "ugc" in answer.text
    assert "<ins" in answer.text
    assert "<html" not in answer.text
    assert rows(scene.app, Point) == []


def test_preview_and_start_without_script_lose_nothing(scene: Scene) -> None:
    typed = {"argument": "Ý **mới**", "stance": "agree", "kind": "wording"}
    page = scene.write(action="preview", **typed)
    assert page.status_code == 200
    assert "<strong>mới</strong>" in page.text
    assert "Ý **mới**" in page.text
    assert 'value="agree"' in page.text
    begun = scene.write(action="start", **typed, proposed_wording="")
    assert begun.text.count(CURRENT) >= 3  # the text itself, the button's, the field's
    kept = scene.write(action="start", **typed, proposed_wording="Câu của tôi.")
    assert ">Câu của tôi.</textarea>" in kept.text.replace("\r\n", "").replace(">\n", ">")
    quoted = scene.write(action="start", **typed, proposed_wording="", quote="11 triệu")
    assert quoted.text.replace(">\r\n", ">").count(">11 triệu</textarea>") == 2
    assert rows(scene.app, Point) == []
    assert CURRENT in scene.browser.get(scene.url("write?provision=d1.k1&start=text")).text


@pytest.mark.parametrize("form", ["points.csv", "points.xlsx"])
def test_exports_have_the_kind(scene: Scene, form: str) -> None:
    scene.send_now(kind="question")
    with scene.app.app_context(), transaction(write=False) as session:
        from consult.consultations.models import Consultation

        agency = session.get_one(Consultation, scene.round_id).agency_id
    with scene.app.app_context():
        from tests.support.browsing import signed_in

        official = signed_in(
            scene.app, factories.user("Cán bộ", roles=(("official", agency),), verified=True)
        )
    answer: Any = download(official, f"/rounds/{scene.round_id}/export/{form}")
    assert answer.status_code == 200
    if form == "points.csv":
        assert ",Câu hỏi," in answer.get_data().decode("utf-8-sig")


def test_writing_a_quote_takes_few_statements(scene: Scene) -> None:
    page = scene.browser.get(scene.url()).text
    token = page.partition('name="csrf_token" value="')[2].partition('"')[0]
    found = []
    for quote in ("", "11 triệu"):
        argument = f"Lý do với trích dẫn {quote or 'để trống'}."
        data = scene.fill(
            action="send", identity="public", quote=quote, form_key=f"k{quote}", argument=argument
        )
        with counted(scene.app) as seen:
            answer = scene.browser.post(scene.url(), data=data | {"csrf_token": token})
        assert answer.status_code == 303
        found.append(len(seen))
    assert found[1] <= found[0] + 1  # the one that asks whether to warn
