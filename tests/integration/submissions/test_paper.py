"""What staff enter from paper, letters and meetings: received and counted like others."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from html import unescape
from io import BytesIO
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from consult.cli.main import main
from consult.consultations.models import Stage
from consult.core import clock
from consult.core.audit import AuditEntry
from consult.core.db import transaction
from consult.core.i18n import local
from consult.submissions.models import Authorship, Identity, Point, SealedIdentity, Submission
from consult.submissions.paper.models import PaperEntry
from consult.submissions.queries import people_counts
from consult.submissions.revisions.models import PointRevision
from tests.support import factories
from tests.support.attachable import holds, jpg
from tests.support.browsing import post, signed_in, token
from tests.support.exports import download
from tests.support.inside import Inside
from tests.support.statements import counted

NAME = "Lò Văn Pâng"
WORDS = "Cán bộ xã không có mạng để gửi góp ý."


@dataclass
class Desk:
    """A round and a member of its agency's staff at the form."""

    app: Flask
    round_id: int
    staff_id: int
    browser: FlaskClient
    day: str

    @property
    def url(self) -> str:
        return f"/office/rounds/{self.round_id}/paper/new"

    def typed(self, **changed: Any) -> dict[str, Any]:
        return {
            "form_key": "key-1",
            "count": "1",
            "channel": "paper",
            "received_on": self.day,
            "register_number": "152/CV-ĐẾN",
            "name": NAME,
            "organisation": "",
            "consent": "public",
            "p1-place": "Điều 1",
            "p1-kind": "remark",
            "p1-stance": "disagree",
            "p1-argument": WORDS,
            "action": "enter",
        } | changed

    def enter(self, **changed: Any) -> Any:
        data = self.typed(**changed) | {"csrf_token": token(self.browser)}
        return self.browser.post(self.url, data=data)

    def entered(self) -> list[Submission]:
        with self.app.app_context(), transaction(write=False) as session:
            return list(session.scalars(select(Submission).order_by(Submission.id)))


def opened(app: Flask, *, stage: Stage = Stage.OPEN, closes: int = 10) -> Desk:
    here = Inside(app, factories)
    agency = here.organisation()
    round_id = here.consultation(
        agency, here.version(agency), stage=stage, closes=timedelta(days=closes)
    )
    staff = here.user("Hà Thị Mai", roles=(("official", agency),))
    with app.app_context():
        day = f"{local(clock.now() - timedelta(days=3)):%d/%m/%Y}"
    return Desk(app, round_id, staff, signed_in(app, staff), day)


@pytest.fixture
def desk(app: Flask) -> Desk:
    return opened(app)


def picture() -> BytesIO:
    """A picture that names its maker."""
    return BytesIO(jpg())


def test_a_letter_is_received_and_counted_like_any_contribution(desk: Desk) -> None:
    answer = desk.enter(
        count="3", **{"p2-stance": "agree", "p2-argument": "Nhất trí.", "p2-kind": "remark"}
    )
    assert answer.status_code == 303
    with desk.app.app_context(), transaction(write=False) as session:
        submission = session.scalars(select(Submission)).one()
        entry = session.scalars(select(PaperEntry)).one()
        points = session.scalars(select(Point).order_by(Point.ordinal)).all()
        assert submission.channel == "paper"
        assert submission.authorship.name == NAME
        assert [p.argument for p in points] == [WORDS, "Nhất trí."]
        assert [p.provision and p.provision.citation for p in points] == ["Điều 1", None]
        assert entry.transcriber_id == desk.staff_id
        assert f"{entry.received_on:%d/%m/%Y}" == desk.day
        assert entry.register_number == "152/CV-ĐẾN"
        counts = people_counts(desk.round_id)
        assert (counts.points, counts.submissions, counts.people) == (2, 1, 1)
        audited = session.scalars(
            select(AuditEntry.actor_id).where(AuditEntry.action == "submission.transcribed")
        ).all()
        assert audited == [desk.staff_id]
        shown = points[0].id
    public = desk.app.test_client().get(f"/points/{shown}")
    assert NAME in public.text
    assert "Tiếp nhận trên giấy" in public.text
    assert "152/CV" not in public.text
    for page in ("/rounds/{}/points", "/office/rounds/{}/answers"):
        assert "Trên giấy" in desk.browser.get(page.format(desk.round_id)).text, page
    table = download(desk.browser, f"/rounds/{desk.round_id}/export/points.csv").text
    assert "Trên giấy" in table


def test_the_receipt_says_all_and_is_proved_offline(desk: Desk, tmp_path: Any) -> None:
    there = desk.enter().location
    page = unescape(desk.browser.get(there).text)
    for words in (NAME, desk.day, "152/CV-ĐẾN", "Hà Thị Mai", WORDS, "Trên giấy"):
        assert words in page, words
    file = desk.browser.get(f"{there}/receipt.txt")
    assert file.mimetype == "text/plain"
    receipt = tmp_path / "receipt.txt"
    receipt.write_text(file.text, "utf-8")
    proved = CliRunner().invoke(main, ["ledger", "verify", str(receipt)])
    assert proved.exit_code == 0, proved.output
    assert "Lò" not in file.text


def test_sent_twice_it_is_entered_once_and_changed_it_is_another(desk: Desk) -> None:
    first, again = desk.enter(), desk.enter()
    assert first.location == again.location
    assert len(desk.entered()) == 1
    assert desk.enter(name="Người khác").location != first.location
    assert len(desk.entered()) == 2


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"channel": ""}, "chọn hình thức gửi đến"),
        ({"received_on": "hôm qua"}, "ghi ngày theo dạng"),
        ({"received_on": "01/01/2020"}, "Chỉ nhập được góp ý mà cơ quan tiếp nhận từ ngày"),
        ({"received_on": "01/01/2090"}, "Chỉ nhập được góp ý mà cơ quan tiếp nhận từ ngày"),
        ({"name": ""}, "ghi họ tên, tổ chức của người góp ý"),
        ({"consent": "organisation"}, "Chưa có tên tổ chức"),
        ({"consent": ""}, "chọn thông tin được công khai"),
        ({"p1-place": "Điều 99"}, "Điều 99"),
        ({"p1-stance": ""}, "chọn quan điểm"),
        ({"p1-argument": ""}, "ghi nội dung góp ý"),
        ({"p1-kind": "wording"}, "Vui lòng"),
        ({"p1-argument": "x" * 20_001}, "20.001"),
    ],
)
def test_bad_input_gets_a_sentence_and_loses_nothing(
    sqlite_app: Flask, changed: dict[str, str], sentence: str
) -> None:
    desk = opened(sqlite_app)
    answer = desk.enter(**{"register_number": "số 7 còn đây", **changed})
    assert answer.status_code == 422
    assert sentence in unescape(answer.text)
    assert "số 7 còn đây" in answer.text
    assert desk.entered() == []


def test_another_point_is_asked_for_without_a_script(sqlite_app: Flask) -> None:
    desk = opened(sqlite_app)
    answer = desk.enter(action="more")
    assert answer.status_code == 200
    assert 'name="p2-argument"' in answer.text
    assert WORDS in answer.text
    assert desk.entered() == []


def test_after_the_deadline_only_what_came_in_time_and_with_a_reason(app: Flask) -> None:
    desk = opened(app, stage=Stage.CLOSED, closes=-1)
    refused = desk.enter()
    assert refused.status_code == 422
    assert "lý do nhập sau thời hạn" in unescape(refused.text)
    with app.app_context():
        today = f"{local(clock.now()):%d/%m/%Y}"
    late = desk.enter(received_on=today, late_reason="Bưu điện chuyển chậm.")
    assert late.status_code == 422
    assert "Chỉ nhập được góp ý" in unescape(late.text)
    taken = desk.enter(late_reason="Bưu điện chuyển chậm.")
    assert taken.status_code == 303
    assert "Bưu điện chuyển chậm." in desk.browser.get(taken.location).text
    assert len(desk.entered()) == 1
    with app.app_context(), transaction(write=False) as session:
        point = session.scalars(select(Point.id)).one()
    assert "nhập sau thời hạn" in unescape(app.test_client().get(f"/points/{point}").text)


@pytest.mark.parametrize("stage", [Stage.PREPARING, Stage.ANSWERED, Stage.CANCELLED])
def test_other_rounds_take_nothing(sqlite_app: Flask, stage: Stage) -> None:
    desk = opened(sqlite_app, stage=stage)
    answer = desk.enter()
    assert answer.status_code == 409
    assert WORDS in answer.text
    assert "Hiện không nhập được" in unescape(answer.text)
    assert desk.entered() == []


def test_without_consent_the_name_lies_in_the_vault_alone(app: Flask) -> None:
    desk = opened(app)
    scanned = desk.enter(consent="sealed", scan=(picture(), "don.jpg"))
    assert scanned.status_code == 422
    assert "không được lưu trên cổng" in unescape(scanned.text)
    there = desk.enter(consent="sealed").location
    with app.app_context(), transaction(write=False) as session:
        authorship = session.scalars(select(Authorship)).one()
        assert authorship.identity is Identity.SEALED
        assert authorship.name == ""
        assert session.scalars(select(SealedIdentity)).one()
        point = session.scalars(select(Point.id)).one()
    for url in (there, f"{there}/receipt.txt", f"/points/{point}", f"/rounds/{desk.round_id}"):
        assert "Pâng" not in desk.browser.get(url).text, url
    assert "Danh tính được bảo mật" in desk.browser.get(there).text or "bảo mật" in unescape(
        desk.browser.get(there).text
    )


def test_a_scan_is_kept_without_metadata_and_not_chosen_twice(app: Flask) -> None:
    desk = opened(app)
    wrong = desk.enter(name="", scan=(picture(), f"{NAME}.jpg"))
    assert wrong.status_code == 422
    assert "không cần chọn lại" in unescape(wrong.text)
    found = re.search(r'name="kept"[^>]*value="([^"]+)"', wrong.text)
    assert found
    there = desk.enter(kept=found.group(1)).location
    scan = desk.browser.get(f"{there}/scan")
    assert scan.status_code == 200
    assert scan.data.startswith(b"\xff\xd8\xff")
    assert holds(jpg())
    assert not holds(scan.data)
    assert scan.headers["Content-Disposition"].startswith("attachment")
    assert "no-store" in scan.headers["Cache-Control"]
    assert app.test_client().get(f"{there}/scan").status_code == 302


@pytest.mark.parametrize(
    ("data", "sentence"),
    [(b"", "Tệp trống"), (b"MZ\x90", "Chỉ nhận"), (b"%PDF-1.4 no", "hỏng")],
)
def test_a_scan_that_is_none_gets_a_sentence(sqlite_app: Flask, data: bytes, sentence: str) -> None:
    desk = opened(sqlite_app)
    answer = desk.enter(scan=(BytesIO(data), "thư.pdf"))
    assert answer.status_code == 422
    assert sentence in unescape(answer.text)
    assert WORDS in answer.text
    assert desk.entered() == []


def test_a_forged_name_of_a_scan_is_none(sqlite_app: Flask) -> None:
    desk = opened(sqlite_app)
    assert desk.enter(kept='["pdf","' + "a" * 64 + '",5].forged').status_code == 303
    with sqlite_app.app_context(), transaction(write=False) as session:
        assert session.scalars(select(PaperEntry.scan_sha256)).one() is None


def test_a_correction_keeps_what_was_typed_before(app: Flask) -> None:
    desk = opened(app, stage=Stage.CLOSED, closes=-1)
    there = desk.enter(late_reason="Thư đến muộn.").location
    with app.app_context(), transaction(write=False) as session:
        point = session.scalars(select(Point.id)).one()
    url = f"/office/paper/points/{point}"
    typed = {
        "form_key": "c1",
        "base": "0",
        "kind": "remark",
        "stance": "disagree",
        "argument": "Cán bộ xã thường không có mạng để gửi góp ý.",
    }
    for _time in range(2):  # sent twice, it is one correction
        answer = desk.browser.post(url, data=typed | {"csrf_token": token(desk.browser)})
        assert (answer.status_code, answer.location) == (303, there)
    clash = typed | {"argument": "Khác.", "form_key": "c2", "csrf_token": token(desk.browser)}
    refused = desk.browser.post(url, data=clash)
    assert refused.status_code == 409
    assert "Khác." in refused.text
    with app.app_context(), transaction(write=False) as session:
        assert session.scalars(select(PointRevision.argument)).all() == [WORDS]
        actors = session.scalars(
            select(AuditEntry.actor_id).where(AuditEntry.action == "point.revised")
        )
        assert actors.all() == [desk.staff_id]
    page = unescape(desk.browser.get(there).text)
    assert "Đính chính lần 1" in page
    assert "thường không có mạng" in page
    assert "no longer what the log recorded" not in page
    assert "alert-danger" not in page


def test_a_second_person_compares_it_and_a_correction_asks_for_it_again(app: Flask) -> None:
    desk = opened(app)
    there = desk.enter().location
    front = Inside(app, factories).user("Cấn Thị Đối Chiếu", roles=(("front", None),))
    second = signed_in(app, front)
    own = post(desk.browser, f"{there}/check")
    assert "phải do người khác đối chiếu" in own.text
    assert "chưa đối chiếu" in own.text
    done = post(second, f"{there}/check")
    assert "Cấn Thị Đối Chiếu" in done.text
    assert "khớp với bản gốc</button>" not in done.text
    with app.app_context(), transaction(write=False) as session:
        compared = select(AuditEntry.actor_id).where(AuditEntry.action == "submission.compared")
        assert session.scalars(compared).all() == [front]
        point = session.scalars(select(Point.id)).one()
    typed = {"form_key": "c1", "base": "0", "kind": "remark", "stance": "agree"}
    post(second, f"/office/paper/points/{point}", typed | {"argument": "Khác bản đã đối chiếu."})
    for page in (there, f"/office/rounds/{desk.round_id}/paper"):
        assert "đã đính chính sau đó" in desk.browser.get(page).text, page
    again = post(second, f"{there}/check")
    assert "đã đính chính sau đó" not in again.text


def test_others_see_nothing_of_it(app: Flask) -> None:
    desk = opened(app)
    there = desk.enter().location
    here = Inside(app, factories)
    front = signed_in(app, here.user("Front", roles=(("front", None),)))
    other = signed_in(app, here.user("Khác", roles=(("official", here.organisation()),)))
    member = signed_in(app, here.user("Hội viên", verified=True))
    assert front.get(there).status_code == 200
    assert front.get(desk.url).status_code == 200
    for browser in (other, member):
        for url in (there, f"{there}/receipt.txt", f"{there}/scan", desk.url):
            assert browser.get(url).status_code == 404, url


def test_a_scan_of_an_organisations_letter_is_the_transcribers_alone(sqlite_app: Flask) -> None:
    desk = opened(sqlite_app)
    there = desk.enter(
        consent="organisation", organisation="Hội Nông dân xã", scan=(picture(), "a.jpg")
    ).location
    front = Inside(sqlite_app, factories).user("Front", roles=(("front", None),))
    assert desk.browser.get(f"{there}/scan").status_code == 200
    assert signed_in(sqlite_app, front).get(f"{there}/scan").status_code == 404


def test_pages_ask_the_database_little(app: Flask) -> None:
    desk = opened(app)
    theirs = f"/office/rounds/{desk.round_id}/paper"
    there = desk.enter().location
    numbers: list[list[int]] = []
    for round_ in range(2):
        row: list[int] = []
        for url in (theirs, desk.url, there):
            with counted(app) as statements:
                assert desk.browser.get(url).status_code == 200
            row.append(len(statements))
        numbers.append(row)
        for n in range(4 if round_ == 0 else 0):
            desk.enter(name=f"Người {n}")
    assert numbers[0] == numbers[1]
    assert max(numbers[0]) <= 12, numbers
    typed = desk.typed(name="Người nữa") | {"csrf_token": token(desk.browser)}
    with counted(app) as statements:
        assert desk.browser.post(desk.url, data=typed).status_code == 303
    assert len(statements) <= 20, statements
