"""The staff's pages of versions: what changed, decisions, reasons, publication and its refusals."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from consult.consultations.models import Stage
from consult.core.audit import AuditEntry
from consult.core.db import transaction
from consult.drafts import change_queries, comparing
from consult.drafts.models import DraftVersion, ProvisionChange
from consult.jobs.services import enqueue
from consult.notifications.models import Notification
from consult.responses import services
from consult.responses.models import Disposition
from consult.submissions.models import SubmissionState
from tests.support import factories as make
from tests.support.browsing import post, signed_in
from tests.support.statements import counted
from tests.support.versions import AFTER, BEFORE, Revised, revised, version, work

SECRET = {"no_state_secret": "y"}


@pytest.fixture
def case(app: Flask) -> Revised:
    return revised(app)


def official(app: Flask, r: Revised) -> FlaskClient:
    return signed_in(app, r.official)


def page(client: FlaskClient, r: Revised, query: str = "") -> str:
    answer = client.get(f"/office/versions/{r.new}/comparison{query}")
    assert answer.status_code == 200
    return answer.text


def cards(text: str) -> list[str]:
    return re.findall(r'<article class="change[^"]*"\s+id="c-([^"]+)"', text)


def doubtful(app: Flask, r: Revised, key: str = "d3.k1") -> None:
    with app.app_context(), transaction() as session:
        for row in session.scalars(select(ProvisionChange).where(ProvisionChange.old_key == key)):
            row.doubtful, row.similarity = True, 0.42


def rows(app: Flask, r: Revised) -> dict[tuple[str | None, str | None], bool]:
    """Return for each pair whether it is decided."""
    with app.app_context(), transaction(write=False):
        record = change_queries.compared(r.old, r.new)
        assert record is not None
        return {
            (row.old_key, row.new_key): row.decided_at is not None
            for row in comparing.rows(record.id)
        }


def answered(app: Flask, r: Revised, *points: int, reason: str = "Nâng mức hỗ trợ") -> None:
    with app.app_context(), transaction():
        command = services.AnswerPoints(
            r.round, frozenset(points), Disposition.ACCEPTED, reason, r.official
        )
        services.answer(command)
        services.publish(r.round, actor_id=r.official)


# --- the comparison ------------------------------------------------------------------------------


def test_the_page_shows_what_changed_and_filters_it(app: Flask, case: Revised) -> None:
    client = official(app, case)
    text = page(client, case)
    assert cards(text) == ["d2", "d3", "d4", "d4.k1", "d5", "old-d4.k2"]
    assert "Phiên bản 2 so với phiên bản 1" in text
    assert re.search(r"<del\b[^>]*>.*?100.*?</del>", text, re.S)
    assert re.search(r"<ins\b[^>]*>.*?200.*?</ins>", text, re.S)
    assert cards(page(client, case, "?show=changed")) == ["d4.k1"]
    assert cards(page(client, case, "?show=deleted")) == ["old-d4.k2"]
    assert len(cards(page(client, case, "?show=all"))) == 15
    assert cards(page(client, case, "?show=doubtful")) == []
    nonsense = page(client, case, f"?show=nonsense&page=99&against={case.new}")
    assert len(cards(nonsense)) == 6
    assert "Phiên bản 2 chỉ so sánh được với phiên bản trước đó" in nonsense
    assert "chỉ so sánh được" not in page(client, case, f"?against={case.old}")
    side = page(client, case, "?layout=side&show=changed")
    assert side.count('<div class="diff">') == 2


def test_points_and_their_answers_stand_beside_the_change(app: Flask, case: Revised) -> None:
    with app.app_context():
        author = make.user(verified=True)
        first = make.point(case.round, author, provision="d3.k1")
        make.point(case.round, author, provision="d3.k1")
    answered(app, case, first, reason="Nâng mức hỗ trợ theo ý kiến chuyên gia")
    text = page(official(app, case), case, "?show=changed")
    assert "2 ý kiến về quy định này" in text
    assert "1 ý kiến chưa có giải trình được công bố" in text
    assert f"Tiếp thu (YK-{first}): Nâng mức hỗ trợ theo ý kiến chuyên gia</textarea>" in text


def test_the_number_of_statements_does_not_grow(app: Flask, case: Revised) -> None:
    with app.app_context():
        author = make.user(verified=True)
        make.many_points(case.round, 60, user_ids=(author,))
    client = official(app, case)
    client.get(f"/office/versions/{case.new}/comparison?show=all")
    for path, most in (
        (f"/office/versions/{case.new}/comparison?show=all", 12),
        (f"/office/versions/{case.new}/publish", 20),
        (f"/office/drafts/{case.draft}/versions", 12),
        (f"/office/rounds/{case.round}/answers?changed={case.new}", 12),
    ):
        with counted(app) as statements:
            assert client.get(path).status_code == 200
        assert len(statements) <= most, path
    with counted(app) as statements:
        decide(client, case, "part", "d3.k1", "d4.k1", follow_redirects=False)
    assert len([s for s in statements if "sign_in" not in s]) <= 20


def test_long_comparisons_have_pages(app: Flask) -> None:
    articles = "\n".join(f"Điều {n}. Nội dung {n}\nQuy định riêng thứ {n}." for n in range(1, 121))
    r = revised(app, articles, articles.replace("riêng", "chung"))
    client = official(app, r)
    assert len(cards(page(client, r))) == 50
    last = page(client, r, "?page=3")
    assert cards(last) == [f"d{n}" for n in range(101, 121)]
    assert "page=2" in last


def test_while_it_is_being_compared_the_page_says_so(app: Flask, case: Revised) -> None:
    other = version(app, BEFORE, agency=case.agency, official=case.official, draft=case.draft)
    client = official(app, case)
    url = f"/office/versions/{other}/comparison"
    waiting = client.get(url).text
    assert "Đang so sánh các phiên bản" in waiting
    assert f"{url}/state" in waiting
    state = client.get(f"{url}/state?empty=1")
    assert "hx-get" in state.text
    assert "HX-Refresh" not in state.headers
    work(app)
    state = client.get(f"{url}/state?empty=1")
    assert state.headers["HX-Refresh"] == "true"
    assert "HX-Refresh" not in client.get(f"{url}/state").headers, "typed words stay"
    assert "Đang so sánh" not in client.get(url).text


def test_strangers_do_not_find_it(app: Flask, case: Revised) -> None:
    with app.app_context():
        stranger = make.user(roles=(("official", make.organisation()),))
    client = signed_in(app, stranger)
    for path in ("comparison", "comparison/state", "comparison/counterpart", "publish"):
        assert client.get(f"/office/versions/{case.new}/{path}").status_code == 404
    assert client.get(f"/office/drafts/{case.draft}/versions").status_code == 404
    for path in ("comparison/decide", "comparison/confirm", "comparison/reason", "publish"):
        assert post(client, f"/office/versions/{case.new}/{path}").status_code == 404
    assert official(app, case).get("/office/drafts/999/versions").status_code == 404


# --- decisions -----------------------------------------------------------------------------------


def decide(client: FlaskClient, r: Revised, action: str, old: str, new: str, **options: object):
    data = {"action": action, "against": r.old, "old": old, "new": new}
    return post(client, f"/office/versions/{r.new}/comparison/decide", data, **options)


def test_a_doubtful_mapping_is_confirmed_and_undone(app: Flask, case: Revised) -> None:
    doubtful(app, case)
    client = official(app, case)
    text = page(client, case, "?show=doubtful")
    assert cards(text) == ["d4.k1"]
    assert "xin ông/bà quyết định" in text
    answer = decide(client, case, "confirm", "d3.k1", "d4.k1")
    assert "Phạm Cán Bộ quyết định lúc" in answer.text
    assert rows(app, case)["d3.k1", "d4.k1"]
    decide(client, case, "undo", "d3.k1", "d4.k1")
    assert not rows(app, case)["d3.k1", "d4.k1"]


def test_all_that_are_alike_enough_are_confirmed_at_once(app: Flask, case: Revised) -> None:
    doubtful(app, case)
    client = official(app, case)
    text = page(client, case)
    counts = dict(re.findall(r'<option value="(\d+)"[^>]*>\d+ % trở lên: (\d+) cặp<', text))
    assert counts == dict.fromkeys(("90", "80", "70", "60", "50"), "0") | {"40": "1", "0": "1"}
    assert re.search(r'<option value="80" selected>', text)
    url = f"/office/versions/{case.new}/comparison/confirm"
    for percent, sentence in (
        ("abc", "từ 0 đến 100"),
        ("101", "từ 0 đến 100"),
        ("43", "Không có cặp cần xác nhận nào"),
        ("42", "Đã xác nhận 1 cặp"),
    ):
        assert sentence in post(client, url, {"against": case.old, "percent": percent}).text
    assert rows(app, case)["d3.k1", "d4.k1"]


def test_another_counterpart_is_searched_and_chosen(app: Flask, case: Revised) -> None:
    client = official(app, case)
    url = f"/office/versions/{case.new}/comparison/counterpart?against={case.old}"
    text = client.get(f"{url}&old=d4.k2").text
    assert "Điều 2" in text
    assert "Giải thích từ ngữ" in text, "the added article is the only candidate"
    assert "khoản 1 Điều 5" not in text
    assert "Không có quy định nào" in client.get(f"{url}&old=d4.k2&q=khong+co+dau").text
    assert "Giải thích từ ngữ" in client.get(f"{url}&old=d4.k2&q=giai+thich").text
    assert "khoản 2 Điều 4" in client.get(f"{url}&new=d2").text, "and the other way round"
    assert client.get(f"{url}&old=d99").status_code == 404
    assert client.get(f"{url.split('?')[0]}?against=99&old=d4.k2").status_code == 404
    decide(client, case, "pair", "d4.k2", "d2")
    assert rows(app, case)["d4.k2", "d2"]


def test_what_changed_meanwhile_is_said(app: Flask, case: Revised) -> None:
    client = official(app, case)
    answer = decide(client, case, "part", "d3.k1", "d4.k1")
    assert "một quy định được lược bỏ" in answer.text
    again = decide(client, case, "part", "d3.k1", "d4.k1")
    assert "Kết quả so sánh vừa thay đổi" in again.text
    assert decide(client, case, "nonsense", "d3.k1", "d4.k1").status_code == 400
    nothing = decide(client, case, "pair", "d3.k1", "d99")
    assert "Kết quả so sánh vừa thay đổi" in nothing.text


def test_a_reason_is_kept_and_nothing_typed_is_lost(app: Flask, case: Revised) -> None:
    client = official(app, case)
    url = f"/office/versions/{case.new}/comparison/reason"
    data = {"against": case.old, "old": "d3.k1", "new": "d4.k1"}
    answer = post(client, url, {**data, "reason": "Bảo đảm tính khả thi"})
    assert "Bảo đảm tính khả thi</textarea>" in answer.text
    long = post(client, url, {**data, "reason": "Dài " * 2_501})
    assert long.status_code == 422
    assert "Dài Dài" in long.text
    gone = post(client, url, {**data, "new": "d99", "reason": "Không mất chữ nào"})
    assert gone.status_code == 409
    assert "Không mất chữ nào" in gone.text


# --- publication ---------------------------------------------------------------------------------


def publish(client: FlaskClient, r: Revised, what: str, **more: str):
    return post(client, f"/office/versions/{r.new}/publish", {"as_what": what, **SECRET, **more})


def published(app: Flask, r: Revised) -> tuple[bool, bool, bool]:
    with app.app_context(), transaction(write=False) as session:
        found = session.get_one(DraftVersion, r.new)
        return found.frozen_at is not None, found.published_at is not None, bool(found.final_at)


def chosen(client: FlaskClient, url: str) -> set[int]:
    """Return the points that the table of answers lists."""
    return {int(p) for p in re.findall(r'name="point"\s+value="(\d+)"', client.get(url).text)}


def test_open_points_on_changed_provisions_keep_the_final_version_back(
    app: Flask, case: Revised
) -> None:
    with app.app_context():
        author = make.user(verified=True)
        open_ones = [
            make.point(case.round, author, provision=key)
            for key in ("d3.k1", "d4.k2", "d3", "c2", "c1")  # c1: an article was added to it
        ]
        for key in ("d1.k1", "d3.k2", "d2", None):  # unchanged, renumbered, whole draft
            make.point(case.round, author, provision=key)
        make.point(case.round, author, provision="d3.k1", state=SubmissionState.DRAFT)
    client = official(app, case)
    refused = publish(client, case, "final")
    assert refused.status_code == 422
    assert "5 ý kiến của" in refused.text
    link = f"/office/rounds/{case.round}/answers?changed={case.new}"
    assert link in refused.text
    assert chosen(client, link) == set(open_ones)
    answered(app, case, open_ones[0])
    assert chosen(client, link) == set(open_ones[1:]), "what is answered is no longer listed"
    assert published(app, case) == (False, False, False)
    for path in (f"/office/versions/{case.new}", f"/office/drafts/{case.draft}/versions"):
        told = " ".join(client.get(path).text.split())
        assert f'{link}">4 ý kiến của đợt “' in told, "before anybody presses anything"
    ready = client.get(f"/office/versions/{case.new}/publish").text
    assert ready.count("Đã đủ điều kiện.") == 1, "as the revised draft it could be published"
    answered(app, case, *open_ones[1:])
    assert link not in client.get(f"/office/versions/{case.new}").text
    assert publish(client, case, "final").status_code == 200
    assert published(app, case) == (True, True, True)


def test_the_revised_draft_may_leave_points_open(app: Flask, case: Revised) -> None:
    with app.app_context():
        author, other = make.user(verified=True), make.user(verified=True)
        make.point(case.round, author, provision="d3.k1")
        make.point(case.round, other, provision="d1.k1")
    client = official(app, case)
    answer = publish(client, case, "revised")
    assert "Đã công bố phiên bản 2 là dự thảo đã chỉnh lý" in answer.text
    assert published(app, case) == (True, True, False)
    work(app)
    with app.app_context(), transaction(write=False) as session:
        [notice] = session.scalars(select(Notification)).all()
        assert (notice.user_id, notice.kind, notice.url) == (
            author,
            "version.published",
            "/my/contributions",
        )
        acts = {e.action: e for e in session.scalars(select(AuditEntry))}
        assert acts["version.published"].details == {"version": 2, "no_state_secret": True}
        assert acts["version.published"].actor_id == case.official
    inbox = signed_in(app, author).get("/notices").text
    assert "Đã công bố dự thảo được chỉnh lý" in inbox
    assert publish(client, case, "revised").status_code == 422, "once is enough"


def test_a_published_comparison_stays_as_it_is(app: Flask, case: Revised) -> None:
    client = official(app, case)
    url = f"/office/versions/{case.new}/comparison"
    pair = {"against": case.old, "old": "d3.k1", "new": "d4.k1"}
    post(client, f"{url}/reason", {**pair, "reason": "Lý do ban đầu"})
    publish(client, case, "revised")
    public = f"/drafts/{case.draft}/compare?old={case.old}&new={case.new}"
    before, shown = rows(app, case), app.test_client().get(public).text
    sentence = "các cặp quy định tương ứng và lý do thay đổi không sửa được nữa"
    for action in ("confirm", "part", "pair", "undo"):
        assert sentence in decide(client, case, action, "d3.k1", "d4.k1").text
    confirmed = post(client, f"{url}/confirm", {"against": case.old, "percent": "0"})
    assert sentence in confirmed.text
    late = post(client, f"{url}/reason", {**pair, "reason": "Lý do viết sau"})
    assert late.status_code == 409
    assert sentence in late.text
    assert "Lý do viết sau" in late.text, "nothing typed is lost"
    chosen = client.get(f"{url}/counterpart?against={case.old}&old=d4.k2", follow_redirects=True)
    assert sentence in chosen.text
    with app.app_context(), transaction():
        enqueue("drafts.compare", {"version_id": case.new})
        record = change_queries.compared(case.old, case.new)
        assert record is not None
        made = record.computed_at
    work(app)
    assert rows(app, case) == before
    with app.app_context(), transaction(write=False):
        record = change_queries.compared(case.old, case.new)
        assert record is not None
        assert record.computed_at == made
    assert app.test_client().get(public).text == shown
    text = page(client, case)
    assert "Lý do ban đầu" in text
    for control in ("comparison/decide", "comparison/reason", "comparison/counterpart"):
        assert control not in text


def test_changes_without_a_reason_are_counted_and_listed(app: Flask, case: Revised) -> None:
    client = official(app, case)
    url = f"/office/versions/{case.new}/publish"
    assert "3 thay đổi chưa ghi lý do" in client.get(url).text
    link = f"/office/versions/{case.new}/comparison?against={case.old}&amp;show=unexplained"
    assert link in client.get(url).text
    assert cards(page(client, case, "?show=unexplained")) == ["d2", "d4.k1", "old-d4.k2"]
    for old, new in (("", "d2"), ("d3.k1", "d4.k1"), ("d4.k2", "")):
        data = {"against": case.old, "old": old, "new": new, "reason": "Theo góp ý"}
        post(client, f"/office/versions/{case.new}/comparison/reason", data)
    assert "chưa ghi lý do. Vẫn" not in client.get(url).text


def test_a_text_that_seems_to_be_of_another_draft_is_pointed_at(app: Flask, case: Revised) -> None:
    client = official(app, case)
    question = "Đây có đúng là văn bản cần công bố không?"
    assert question not in client.get(f"/office/versions/{case.new}/publish").text
    another = """Điều 1. Kiểm dịch động vật thủy sản
Cơ quan thú y cấp giấy chứng nhận kiểm dịch trước khi vận chuyển con giống.
Điều 2. Lấy mẫu xét nghiệm
Mẫu nước ao nuôi được niêm phong và gửi đến phòng thử nghiệm trong 24 giờ.
"""
    new = version(app, another, agency=case.agency, official=case.official, draft=case.draft)
    work(app)
    text = client.get(f"/office/versions/{new}/publish").text
    assert question in text
    assert re.search(r"Chỉ \d trong số 14 quy định của phiên bản 1", text)


def test_each_obstacle_is_named(app: Flask, case: Revised) -> None:
    client = official(app, case)
    url = f"/office/versions/{case.new}/publish"
    nothing = post(client, url, {})
    assert nothing.status_code == 422
    assert "Xin chọn hình thức công bố" in nothing.text
    assert "Không thể công bố" in nothing.text
    doubtful(app, case)
    assert "1 cặp quy định tương ứng cần ông/bà xác nhận" in publish(client, case, "revised").text
    decide(client, case, "confirm", "d3.k1", "d4.k1")
    with app.app_context(), transaction() as session:
        session.get_one(DraftVersion, case.new).reading = "ocr"
    assert "bản quét hoặc chuyển từ phông chữ cũ" in publish(client, case, "revised").text
    assert published(app, case) == (False, False, False)
    old = client.get(f"/office/versions/{case.old}/publish").text
    assert "Dự thảo đã có phiên bản mới hơn" in old
    newer = version(app, AFTER, agency=case.agency, official=case.official, draft=case.draft)
    url = f"/office/versions/{newer}/publish"
    assert "Chưa so sánh xong" in post(client, url, {"as_what": "revised", **SECRET}).text


def test_a_round_that_is_open_keeps_only_the_final_version_back(app: Flask) -> None:
    r = revised(app, stage=Stage.OPEN)
    client = official(app, r)
    refused = publish(client, r, "final")
    assert refused.status_code == 422
    assert "chưa kết thúc" in refused.text
    assert publish(client, r, "revised").status_code == 200


def test_a_draft_without_a_round_is_not_published(app: Flask) -> None:
    with app.app_context():
        agency = make.organisation()
        user = make.user(roles=(("official", agency),))
    only = version(app, BEFORE, agency=agency, official=user)
    client = signed_in(app, user)
    answer = post(client, f"/office/versions/{only}/publish", {"as_what": "final", **SECRET})
    assert answer.status_code == 422
    assert "chưa có đợt lấy ý kiến nào" in answer.text


def test_the_list_of_versions_leads_on(app: Flask, case: Revised) -> None:
    client = official(app, case)
    text = client.get(f"/office/drafts/{case.draft}/versions").text
    for path in (
        f"/office/versions/{case.new}/publish",
        f"/office/versions/{case.new}/comparison",
        f"/office/versions/{case.new}/correct",
        f"/office/rounds/{case.round}",
    ):
        assert path in text
    assert f"/office/versions/{case.old}/comparison" not in text
    manage = client.get(f"/office/rounds/{case.round}").text
    assert f"/office/drafts/{case.draft}/versions" in manage
    assert "Công bố là dự thảo cuối cùng" not in text
    publish(client, case, "revised")
    text = client.get(f"/office/drafts/{case.draft}/versions").text
    assert "đã được công bố là dự thảo chỉnh lý" in text
    assert "Công bố là dự thảo cuối cùng" in text
    assert "Công bố phiên bản 2" not in text
    publish(client, case, "final")
    text = client.get(f"/office/drafts/{case.draft}/versions").text
    assert "không còn phiên bản nào tiếp theo" in text
    assert "/publish" not in text
    assert "/correct" not in text
