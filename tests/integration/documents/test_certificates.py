"""The record of contributions, the person's own extract, certificates and who may check them."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pypdfium2 as pdfium
import pytest
from flask import Flask
from flask.testing import FlaskClient

from consult.consultations.models import Stage
from consult.core.db import db, transaction
from consult.documents import certificate_queries
from consult.documents.certificate_models import Certificate
from consult.jobs.models import Job
from consult.responses import services as responses
from consult.responses.models import Disposition
from consult.submissions.models import Identity
from tests.support import factories as make
from tests.support.browsing import post, signed_in
from tests.support.statements import counted

TITLE = "Dự thảo Quyết định về đãi ngộ trí thức"


class Case:
    """An author with one point of each identity, one of them answered, and the secretariat."""

    def __init__(self, app: Flask) -> None:
        agency = make.organisation(name="Sở Khoa học và Công nghệ")
        union = make.organisation(
            "union", "Liên hiệp các Hội Khoa học và Kỹ thuật", document_symbol="LHH"
        )
        self.club = make.organisation("club", "Câu lạc bộ Cơ điện")
        version = make.version(agency, title=TITLE)
        self.round = make.consultation(
            agency, version, stage=Stage.CLOSED, closes=timedelta(days=-1)
        )
        self.author = make.user(
            "Lê Thị Ánh",
            verified=True,
            degree="TS",
            verified_facts={"degree": "TS", "academic_title": "PGS"},
        )
        official = make.user(roles=(("official", agency),))
        self.public = make.point(self.round, self.author)
        self.sealed = make.point(self.round, self.author, identity=Identity.SEALED)
        self.of_club = make.point(
            self.round, self.author, identity=Identity.ORGANISATION, organisation_id=self.club
        )
        with transaction():
            responses.answer(
                responses.AnswerPoints(
                    self.round,
                    frozenset([self.public]),
                    Disposition.ACCEPTED,
                    "Tiếp thu.",
                    actor_id=official,
                )
            )
            responses.publish(self.round, actor_id=official)
        self.client = signed_in(app, self.author)
        self.secretary = signed_in(app, make.user("Bùi Văn Tường", roles=(("secretariat", union),)))


@pytest.fixture
def case(app: Flask) -> Case:
    with app.app_context():
        return Case(app)


def text_of(data: bytes) -> str:
    document = pdfium.PdfDocument(data)
    words = "\n".join(page.get_textpage().get_text_bounded() for page in document)
    return re.sub(r"\s+", " ", words)


def codes(text: str) -> set[int]:
    return {int(number) for number in re.findall(r"YK-(\d+)", text)}


def newest(app: Flask) -> Certificate:
    with app.app_context(), transaction(write=False) as session:
        row = session.query(Certificate).order_by(Certificate.id.desc()).first()
        assert row
        session.expunge_all()
        return row


def told(app: Flask) -> list[str]:
    with app.app_context(), transaction(write=False):
        jobs = db.session.query(Job).filter_by(name="notifications.tell").order_by(Job.id)
        kinds = [str(job.payload["kind"]) for job in jobs]
    return [kind for kind in kinds if kind.startswith("certificate")]


def issued(app: Flask, case: Case, **asked: Any) -> Certificate:
    assert post(case.client, "/my/record/certificate", asked).status_code == 200
    row = newest(app)
    post(case.secretary, f"/secretariat/certificates/{row.id}/issue")
    return newest(app)


def test_the_record_tells_what_became_of_each_point(case: Case) -> None:
    page = case.client.get("/my/record").text
    assert codes(page) == {case.public, case.sealed, case.of_club}
    assert "Tiếp thu" in page
    assert "Danh tính được bảo mật" in page or "bảo mật" in page
    assert "Câu lạc bộ Cơ điện" in page


def test_the_own_extract_has_sealed_points_only_when_asked_for(case: Case) -> None:
    plain = case.client.get("/my/record/extract.pdf")
    assert plain.mimetype == "application/pdf"
    assert "no-store" in plain.headers["Cache-Control"]
    words = text_of(plain.data)
    assert codes(words) == {case.public, case.of_club}
    assert "PGS.TS. Lê Thị Ánh" in words
    assert "không có giá trị xác nhận" in words
    whole = text_of(case.client.get("/my/record/extract.pdf?sealed=1").data)
    assert codes(whole) == {case.public, case.sealed, case.of_club}
    assert "danh tính bảo mật" in whole


def test_a_certificate_from_the_request_to_the_public_page(app: Flask, case: Case) -> None:
    row = issued(app, case)
    assert (row.state, row.number) == ("issued", 1)
    data = case.client.get(f"/certificates/{row.id}.pdf").data
    words = text_of(data)
    assert codes(words) == {case.public}
    assert "Số: 01/GXN-LHH" in words
    assert "PGS.TS. Lê Thị Ánh" in words
    assert "Bùi Văn Tường" in words
    assert data == case.secretary.get(f"/certificates/{row.id}.pdf").data
    metadata = pdfium.PdfDocument(data).get_metadata_dict(skip_empty=True)
    assert set(metadata) == {"Title", "Creator"}
    assert row.code
    typed = f" {row.code[:5]}-{row.code[5:].lower()} "
    page = app.test_client().get("/certificates/check", query_string={"code": typed})
    assert "PGS.TS. Lê Thị Ánh" in page.text
    assert "đang có giá trị" in page.text
    assert page.headers["X-Robots-Tag"] == "noindex"
    assert TITLE not in page.text
    assert "YK-" not in page.text
    facts = re.sub(r"<[^>]*>", " ", page.text.split("<dl")[1].split("</dl>")[0])
    assert re.sub(r"\d\d/\d\d/\d{4}", "DAY", " ".join(facts.split())).split(" ", 1)[1] == (
        "Ngày cấp DAY Họ và tên PGS.TS. Lê Thị Ánh Ý kiến 1 Hội đồng phản biện 0 "
        "Góp ý tập thể đã ký 0"
    )
    assert told(app) == ["certificate.requested", "certificate.issued"]


def test_organisations_points_only_when_wanted(app: Flask, case: Case) -> None:
    row = issued(app, case, with_organisations="y")
    words = text_of(case.client.get(f"/certificates/{row.id}.pdf").data)
    assert codes(words) == {case.public, case.of_club}
    assert "thay mặt Câu lạc bộ Cơ điện" in words


def test_nothing_of_a_sealed_point_is_kept_in_a_certificate(app: Flask, case: Case) -> None:
    row = issued(app, case, with_organisations="y")
    assert f"YK-{case.sealed}" not in str(row.contents)
    assert not any(point["sealed"] for point in row.contents["points"])


def test_a_revoked_certificate_says_so(app: Flask, case: Case) -> None:
    row = issued(app, case)
    url = f"/secretariat/certificates/{row.id}/end"
    assert post(case.secretary, url, {"note": " "}).status_code == 422
    post(case.secretary, url, {"note": "Cấp nhầm tên."})
    assert newest(app).state == "revoked"
    page = app.test_client().get(f"/certificates/check?code={row.code}").text
    assert "đã bị thu hồi" in page
    assert "Cấp nhầm tên." not in page
    assert "Cấp nhầm tên." in case.client.get("/my/record").text
    again = post(case.secretary, url, {"note": "Lần nữa."})
    assert "đã được quyết định" in again.text
    assert told(app)[-1] == "certificate.revoked"


def test_asking_twice_asks_once_and_numbers_follow(app: Flask, case: Case) -> None:
    post(case.client, "/my/record/certificate")
    assert "đang chờ" in post(case.client, "/my/record/certificate").text
    row = newest(app)
    url = f"/secretariat/certificates/{row.id}"
    post(case.secretary, f"{url}/issue")
    assert "đã được quyết định" in post(case.secretary, f"{url}/issue").text
    assert issued(app, case).number == 2
    assert told(app).count("certificate.issued") == 2


def test_a_declined_request_has_its_reason(app: Flask, case: Case) -> None:
    post(case.client, "/my/record/certificate")
    row = newest(app)
    post(case.secretary, f"/secretariat/certificates/{row.id}/end", {"note": "Chưa đủ."})
    assert newest(app).state == "declined"
    assert case.client.get(f"/certificates/{row.id}.pdf").status_code == 404
    assert "Chưa đủ." in case.client.get("/my/record").text


def test_there_must_be_something_to_confirm(app: Flask) -> None:
    with app.app_context():
        client = signed_in(app, make.user(verified=True))
    assert "Chưa có đóng góp nào" in post(client, "/my/record/certificate").text
    assert told(app) == []


def test_who_may_have_and_issue_it(app: Flask, case: Case) -> None:
    with app.app_context():
        other = signed_in(app, make.user(verified=True))
        author_too = make.user(verified=True, roles=(("secretariat", None),))
        make.point(case.round, author_too)
    row = issued(app, case)
    assert other.get(f"/certificates/{row.id}.pdf").status_code == 404
    assert other.get("/secretariat/certificates").status_code == 403
    assert other.get("/certificates/check?code=ABCDE").status_code == 200
    # Nobody issues a certificate to himself.
    client: FlaskClient = signed_in(app, author_too)
    post(client, "/my/record/certificate")
    own = newest(app)
    assert own.user_id == author_too
    assert post(client, f"/secretariat/certificates/{own.id}/issue").status_code == 403
    assert newest(app).state == "requested"


def test_the_record_runs_few_statements_however_many_points(app: Flask, case: Case) -> None:
    def statements() -> int:
        with counted(app) as found:
            assert case.client.get("/my/record").status_code == 200
        return len(found)

    few = statements()
    with app.app_context():
        make.many_points(case.round, 60, user_ids=(case.author,))
    assert statements() == few <= 12
    with counted(app) as found:
        case.secretary.get("/secretariat/certificates")
    assert len(found) <= 9


def test_an_unknown_code_is_told(sqlite_app: Flask) -> None:
    page = sqlite_app.test_client().get("/certificates/check?code=<b>x</b>")
    assert "Không có giấy xác nhận nào" in page.text
    assert "<b>x" not in page.text
    with sqlite_app.app_context(), transaction(write=False):
        assert certificate_queries.by_code("") is None
