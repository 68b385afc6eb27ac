"""Exports: complete, in the draft's order, without protected names, in constant queries."""

from __future__ import annotations

import csv
import io
import unicodedata
import zipfile
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import quote

import pypdfium2
import pytest
from docx import Document
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook

from consult.consultations.models import Stage
from consult.core import clock
from consult.core.db import transaction
from consult.core.portal import save_portal
from consult.responses import services as responses
from consult.responses.models import Disposition
from consult.submissions.models import Identity, Point, Stance, SubmissionState
from tests.support import factories as make
from tests.support.browsing import signed_in, token
from tests.support.exports import download, exported
from tests.support.statements import counted

SEALED = "Hoàng Văn Giấu Tên"
CLUB_ONLY = "Bùi Thị Chỉ Hội"
FORMS = ("mau10.docx", "mau10.pdf", "mau10.xlsx", "points.xlsx", "points.csv", "points.json")


@dataclass
class Round:
    """A closed round and who may export it."""

    id: int
    official_id: int
    front_id: int
    author_id: int


@pytest.fixture
def case(app: Flask) -> Round:
    with app.app_context():
        return a_round()


def a_round() -> Round:
    parent = make.organisation("other", "Ủy ban nhân dân tỉnh Đồng Nai")
    agency = make.organisation(
        name="Sở Khoa học và Công nghệ", parent_id=parent, document_symbol="SKHCN"
    )
    front = make.organisation("front", "Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh")
    club = make.organisation("club", "Câu lạc bộ Trí thức")
    version = make.version(agency, title="Dự thảo Quyết định về đãi ngộ")
    round_id = make.consultation(
        agency, version, stage=Stage.CLOSED, closes=timedelta(days=-1), asked_count=46
    )
    author = make.user("Đỗ Thị Công Khai", verified=True, email="congkhai@example.org")
    make.point(round_id, author, provision=None, argument="Ý kiến về **toàn văn** dự thảo.")
    make.point(
        round_id,
        author,
        provision="d2.k1",
        argument="=HYPERLINK(1) đề nghị nâng mức hỗ trợ.",
        proposed_wording="Hỗ trợ 30 triệu đồng.",
    )
    make.point(
        round_id,
        make.user(SEALED, verified=True, email="giau@example.org"),
        provision="d1.k1",
        stance=Stance.DISAGREE,
        identity=Identity.SEALED,
        organisation_id=club,
        argument="Không nên quy định như vậy.",
    )
    make.point(
        round_id,
        make.user(CLUB_ONLY, verified=True),
        provision="d1.k1",
        identity=Identity.ORGANISATION,
        organisation_id=club,
        argument="Câu lạc bộ nhất trí.",
    )
    make.point(round_id, author, argument="Chưa gửi đi", state=SubmissionState.DRAFT)
    withdrawn = make.point(round_id, author, argument="Đã rút lại rồi")
    with transaction() as session:
        session.get_one(Point, withdrawn).withdrawn_at = clock.now()
    return Round(
        round_id,
        make.user("Phạm Cán Bộ", roles=(("official", agency),)),
        make.user("Trần Mặt Trận", roles=(("front", front),)),
        author,
    )


def docx_text(data: bytes) -> str:
    document = Document(io.BytesIO(data))
    parts = [p.text for p in document.paragraphs]
    for table in document.tables:
        parts += [cell.text for row in table.rows for cell in row.cells]
    return "\n".join(parts)


def everything_in(data: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return "\n".join(
            archive.read(name).decode("utf-8", "replace") for name in archive.namelist()
        )


def text_of(data: bytes, form: str) -> str:
    if form.endswith(("csv", "json")):
        return data.decode("utf-8")
    if form.endswith("pdf"):
        pages = pypdfium2.PdfDocument(data)
        read = "\n".join(page.get_textpage().get_text_bounded() for page in pages)
        return unicodedata.normalize("NFC", read) + data.decode("latin-1")
    return everything_in(data)


def test_mau10_is_complete_and_in_order(app: Flask, case: Round) -> None:
    answer(app, case, published=True)
    response = download(signed_in(app, case.official_id), f"/rounds/{case.id}/export/mau10.docx")
    text = docx_text(response.data)
    for words in (
        "ỦY BAN NHÂN DÂN TỈNH ĐỒNG NAI",
        "SỞ KHOA HỌC VÀ CÔNG NGHỆ",
        "/BTH-SKHCN",
        "Tổng số 46 cơ quan, tổ chức, cá nhân đã gửi xin ý kiến và tổng số 5 ý kiến",
        "4 ý kiến được tổng hợp dưới đây; 1 ý kiến đã được người góp ý rút",
        "Ý kiến được bảo mật",
        "Câu lạc bộ Trí thức",
        "Đỗ Thị Công Khai",
        "Không tiếp thu: Vượt thẩm quyền",
        "Hỗ trợ 30 triệu đồng.",
    ):
        assert words in text
    places = ["Khoản 1 Điều 1", "Khoản 1 Điều 2", "Ý kiến chung về toàn văn dự thảo"]
    assert sorted(places, key=text.index) == places
    assert "toàn văn dự thảo." in text
    assert "**" not in text
    assert "Chưa gửi đi" not in text
    assert "Đã rút lại rồi" not in text


def answer(app: Flask, case: Round, *, published: bool) -> None:
    with app.app_context(), transaction() as session:
        point = session.query(Point).filter(Point.argument.contains("HYPERLINK")).one()
        responses.answer(
            responses.AnswerPoints(
                case.id,
                frozenset([point.id]),
                Disposition.NOT_ACCEPTED,
                "Vượt thẩm quyền của tỉnh.",
                None,
            )
        )
        if published:
            responses.publish(case.id, actor_id=None)


@pytest.mark.parametrize("form", FORMS)
def test_protected_names_and_addresses_are_in_no_part(app: Flask, case: Round, form: str) -> None:
    answer(app, case, published=False)
    data = download(signed_in(app, case.front_id), f"/rounds/{case.id}/export/{form}").data
    text = text_of(data, form)
    assert "Đỗ Thị Công Khai" in text
    for secret in (SEALED, CLUB_ONLY, "example.org", "Vượt thẩm quyền"):
        assert secret not in text


def test_the_tables_hold_every_standing_point(app: Flask, case: Round) -> None:
    official = signed_in(app, case.official_id)
    rows = list(
        csv.reader(
            download(official, f"/rounds/{case.id}/export/points.csv")
            .data.decode("utf-8-sig")
            .splitlines()
        )
    )
    assert len(rows) == 1 + 4
    assert any("'=HYPERLINK(1)" in cell for row in rows for cell in row)
    book = load_workbook(
        io.BytesIO(download(official, f"/rounds/{case.id}/export/points.xlsx").data),
        read_only=True,
    )
    sheet = book.worksheets[0]
    assert [row[0] for row in sheet.iter_rows(min_row=2, values_only=True)] == [
        r[0] for r in rows[1:]
    ]


def test_the_name_of_the_file_is_vietnamese_with_an_ascii_one(app: Flask, case: Round) -> None:
    response = download(signed_in(app, case.official_id), f"/rounds/{case.id}/export/mau10.docx")
    disposition = response.headers["Content-Disposition"]
    assert disposition.isascii()
    assert disposition.startswith('attachment; filename="mau-so-10-lay-y-kien')
    assert f"filename*=UTF-8''{quote('Mẫu số 10 - Lấy ý kiến')}" in disposition
    assert response.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("form", FORMS)
def test_only_the_agency_and_the_front_export(
    app: Flask, client: FlaskClient, case: Round, form: str
) -> None:
    with app.app_context():
        stranger = make.user("X", roles=(("official", make.organisation()),))
    url = f"/rounds/{case.id}/export/{form}"
    assert client.get(url).status_code == 302
    assert client.post(url, data={"csrf_token": token(client)}).status_code == 401
    for user_id in (case.author_id, stranger):
        assert signed_in(app, user_id).get(url).status_code == 403
        assert download(signed_in(app, user_id), url).status_code == 403
    assert download(signed_in(app, case.front_id), url).status_code == 200


def test_wording_follows_the_settings(app: Flask, case: Round) -> None:
    with app.app_context(), transaction():
        save_portal({"mau10_column_contributor": "Người góp ý", "agency_symbol": "BC"})
    with app.app_context():
        text = docx_text(exported("mau10.docx", case.id))
    assert "Người góp ý" in text
    assert "/BC-SKHCN" in text


def test_an_unknown_round_has_no_document(app: Flask) -> None:
    with app.app_context(), pytest.raises(LookupError):
        exported("mau10.docx", 1)


@pytest.mark.parametrize("form", FORMS)
def test_the_number_of_queries_does_not_grow(sqlite_app: Flask, form: str) -> None:
    with sqlite_app.app_context():
        case = a_round()
        users = tuple(make.user(f"Người {n}", verified=True) for n in range(20))
        make.many_points(case.id, 100, user_ids=users)
        exported(form, case.id)  # what a process reads only once has been read
    numbers = []
    for more in (0, 1900):
        with sqlite_app.app_context():
            make.many_points(case.id, more, user_ids=users) if more else None
            with counted(sqlite_app) as found:
                exported(form, case.id)
        numbers.append(len(found))
    assert numbers[0] == numbers[1] <= 12
