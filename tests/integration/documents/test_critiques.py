"""Documents of a commissioned critique: the same words in both forms, for those they are for."""

from __future__ import annotations

import io
import re
import unicodedata
from typing import Any

import pypdfium2
import pytest
from docx import Document
from flask import Flask
from flask.testing import FlaskClient

from consult.core.db import transaction
from consult.critiques import report_services, review_services
from consult.critiques.models import PanelRole
from tests.support import panels
from tests.support.browsing import signed_in
from tests.support.inside import Inside
from tests.support.panels import NAMES, Story
from tests.support.statements import counted

FORMS = ("docx", "pdf")
HOSTILE = r'<&{}#$\ *đậm* _nghiêng_ @nhãn [a] // `mã` = $x$ "trích" &amp; #image("x") </w:t>'


@pytest.fixture
def tell(app: Flask) -> Inside:
    """The story's steps, each in a context of its own."""
    return Inside(app, panels, Steps)


class Steps:
    """What the shared story does not do."""

    @staticmethod
    def dissents(story: Story, role: PanelRole, text: str) -> None:
        with transaction():
            report_services.dissent(story.commission, story.members[role], text)

    @staticmethod
    def saves(story: Story) -> None:
        with transaction():
            review_services.save(story.commission, story.chair, panels.words(story, 3))


def words_of(form: str, data: bytes) -> str:
    """Return the document's text with every run of white space as one space."""
    text = " ".join(pdf_pages(data)) if form == "pdf" else docx_text(data)
    # The typesetter lets long words break at invisible places; a PDF's reader may see them.
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", text.replace("\u200b", "")))


def pdf_pages(data: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(data)
    return [page.get_textpage().get_text_bounded() for page in document]


def docx_text(data: bytes) -> str:
    document = Document(io.BytesIO(data))
    return " ".join(node.text or "" for node in document.element.body.iter() if is_text(node))


def is_text(node: Any) -> bool:
    return str(node.tag).endswith("}t")


def get(client: FlaskClient, url: str) -> bytes:
    answer = client.get(url)
    assert answer.status_code == 200, url
    return answer.data


@pytest.mark.parametrize("form", FORMS)
def test_the_report_tells_everything_and_names_only_its_signer(
    app: Flask, tell: Inside, form: str
) -> None:
    story = tell.delivered()
    url = f"/critiques/{story.commission}/report.{form}"
    data = get(signed_in(app, story.official), url)
    text = words_of(form, data)
    for said in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "LIÊN HIỆP CÁC HỘI HỘI ĐỒNG PHẢN BIỆN",
        "BÁO CÁO TƯ VẤN, PHẢN BIỆN",
        "Mức hỗ trợ đã hợp lý chưa?",
        "5/5 thành viên gửi phiếu nhận xét",
        "III. ĐÁNH GIÁ CHUNG Dự thảo cần thiết.",
        "Hội đồng thống nhất về sự cần thiết.",
        "1. Sự cần thiết 1 1 1 1 1 0 3 1–5",
        "Phản biện 1: Tôi không đồng ý với kiến nghị 1.",
        "1. Khoản 1 Điều 1 Nâng mức hỗ trợ.",
        "2. Toàn văn dự thảo Bổ sung đánh giá tác động.",
        "Hội đồng kết luận: tán thành với điều kiện chỉnh sửa.",
        "không tán thành: 0",
        "TM. HỘI ĐỒNG CHỦ TỊCH",
        "Bản chốt sổ:",
    ):
        assert said in text
    assert "Dự thảo: chủ tịch" not in text
    assert [name for name in NAMES if name in text] == ["Trần Chủ Tịch"]
    again = get(signed_in(app, story.chair), url)
    assert again == data


@pytest.mark.parametrize("form", FORMS)
def test_what_is_unfinished_says_so(app: Flask, tell: Inside, form: str) -> None:
    story = tell.minuted()
    chair = signed_in(app, story.chair)
    report = words_of(form, get(chair, f"/critiques/{story.commission}/report.{form}"))
    assert "(Dự thảo: chủ tịch hội đồng chưa ký)" in report
    assert "Không có thành viên nào bảo lưu ý kiến." in report
    minutes = words_of(form, get(chair, f"/critiques/{story.commission}/minutes.{form}"))
    assert "chưa cùng xác nhận" not in minutes


@pytest.mark.parametrize("form", FORMS)
def test_the_minutes_and_the_reviews(app: Flask, tell: Inside, form: str) -> None:
    story = tell.minuted()
    member = signed_in(app, story.members[PanelRole.MEMBER])
    minutes = words_of(form, get(member, f"/critiques/{story.commission}/minutes.{form}"))
    for said in (
        "Có mặt 5/5 thành viên hội đồng:",
        "5 Vũ Ủy Viên Ủy viên hội đồng Có mặt",
        "Địa điểm: Phòng họp 1.",
        "III. DIỄN BIẾN CUỘC HỌP Chủ tịch khai mạc.",
        "IV. KẾT LUẬN Thống nhất kiến nghị sửa.",
        "THƯ KÝ",
        "Chủ tịch hội đồng xác nhận trên hệ thống lúc",
    ):
        assert said in minutes
    review = words_of(form, get(member, f"/critiques/reviews/1.{form}"))
    for said in (
        "Người nhận xét: Trần Chủ Tịch.",
        "1 Sự cần thiết 1",
        "1. Sự cần thiết Ý kiến của chair",
        "1. Khoản 1 Điều 1 Ý kiến của chair tại khoản 1 Đề nghị sửa thành: Sửa thành 5",
        "V. KẾT LUẬN Tán thành với điều kiện chỉnh sửa.",
        "NGƯỜI NHẬN XÉT Trần Chủ Tịch",
    ):
        assert said in review


@pytest.mark.parametrize("form", FORMS)
def test_what_people_write_is_never_markup(app: Flask, tell: Inside, form: str) -> None:
    story = tell.reviewing()
    for role in story.members:
        tell.sends(story, role, 3, f"{HOSTILE}\n\n{'x' * 400}")
    tell.dissents(story, PanelRole.MEMBER, f"{HOSTILE}\nDòng hai.")
    chair = signed_in(app, story.chair)
    review = words_of(form, get(chair, f"/critiques/reviews/1.{form}"))
    assert f"1. Sự cần thiết {HOSTILE} {'x' * 60}" in review.replace("x ", "x")
    report = words_of(form, get(chair, f"/critiques/{story.commission}/report.{form}"))
    assert f"Ủy viên hội đồng: {HOSTILE} Dòng hai." in report


def test_a_long_review_fills_pages_with_nothing_lost(sqlite_app: Flask) -> None:
    tell = Inside(sqlite_app, panels)
    story = tell.reviewing()
    long = "\n".join(f"Đoạn {n}: " + "nguồn kinh phí chưa rõ " * 50 for n in range(20))
    tell.sends(story, PanelRole.CHAIR, 4, long)
    data = get(signed_in(sqlite_app, story.chair), "/critiques/reviews/1.pdf")
    pages = pdf_pages(data)
    assert 20 < len(pages) < 80
    assert words_of("pdf", data).count("nguồn kinh phí chưa rõ") > 3 * 20 * 50
    assert [page.split()[0] for page in pages[1:]] == [str(n) for n in range(2, len(pages) + 1)]
    # The signature never stands alone on a page.
    assert "Trên đây là ý kiến nhận xét của tôi" in next(p for p in pages if "NGƯỜI NHẬN XÉT" in p)


def test_files_carry_nobody_and_no_time(sqlite_app: Flask) -> None:
    tell = Inside(sqlite_app, panels)
    story = tell.delivered()
    chair = signed_in(sqlite_app, story.chair)
    pdf = pypdfium2.PdfDocument(get(chair, f"/critiques/{story.commission}/report.pdf"))
    about = pdf.get_metadata_dict()
    assert about["Title"].startswith("Báo cáo tư vấn, phản biện")
    assert [about[k] for k in ("Author", "Subject", "Keywords", "CreationDate", "ModDate")] == [
        ""
    ] * 5
    docx = Document(io.BytesIO(get(chair, f"/critiques/{story.commission}/report.docx")))
    assert (docx.core_properties.author, docx.core_properties.last_modified_by) == ("", "")


def test_before_the_opening_everybody_gets_only_what_is_his(app: Flask, tell: Inside) -> None:
    story = tell.reviewing()
    first = tell.sends(story, PanelRole.CHAIR, 4)
    for user_id, status in (
        (story.chair, 200),
        (story.secretary, 404),
        (story.secretariat, 404),
        (story.official, 404),
    ):
        client = signed_in(app, user_id)
        assert client.get(f"/critiques/reviews/{first}.docx").status_code == status
        for name in ("minutes.docx", "report.pdf"):
            assert client.get(f"/critiques/{story.commission}/{name}").status_code == 404


def test_after_the_opening_panel_and_union_read_and_the_orderer_the_report(
    app: Flask, tell: Inside
) -> None:
    story = tell.signed()
    paths = (
        "reviews/1.docx",
        f"{story.commission}/minutes.docx",
        f"{story.commission}/report.docx",
    )
    seen = {
        "chair": (story.chair, [200, 200, 200]),
        "union": (story.secretariat, [200, 200, 200]),
        "orderer": (story.official, [404, 404, 404]),
        "stranger": (story.stranger, [404, 404, 404]),
    }
    for who, (user_id, wanted) in seen.items():
        client = signed_in(app, user_id)
        got = [client.get(f"/critiques/{path}").status_code for path in paths]
        assert got == wanted, who
    assert app.test_client().get(f"/critiques/{paths[0]}").status_code == 302


def test_a_draft_of_a_review_is_no_document(app: Flask, tell: Inside) -> None:
    story = tell.reviewing()
    tell.saves(story)
    assert signed_in(app, story.chair).get("/critiques/reviews/1.pdf").status_code == 404


def test_pages_lead_to_the_documents(sqlite_app: Flask) -> None:
    tell = Inside(sqlite_app, panels)
    story = tell.delivered()
    chair = signed_in(sqlite_app, story.chair)
    base = f"/critiques/{story.commission}"
    for page, document in (
        ("report", f"{base}/report.pdf"),
        ("meeting", f"{base}/minutes.docx"),
        ("reviews", "/critiques/reviews/1.pdf"),
        ("review", "/critiques/reviews/1.docx"),
    ):
        assert f'href="{document}"' in get(chair, f"{base}/{page}").decode()
    orderer = get(signed_in(sqlite_app, story.official), f"{base}/report").decode()
    assert f'href="{base}/report.docx"' in orderer


def test_few_statements(sqlite_app: Flask) -> None:
    tell = Inside(sqlite_app, panels)
    story = tell.delivered()
    client = signed_in(sqlite_app, story.chair)
    for path in (
        "reviews/1.pdf",
        f"{story.commission}/minutes.pdf",
        f"{story.commission}/report.pdf",
    ):
        with counted(sqlite_app) as statements:
            get(client, f"/critiques/{path}")
        assert len(statements) <= 12, (path, statements)
