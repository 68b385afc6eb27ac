"""The Front's documents of a summary: its words and numbers, its readers, refusals, drafts."""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from dataclasses import dataclass
from xml.etree import ElementTree

import pypdfium2
import pytest
from docx import Document
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from consult.core import clock
from consult.core.db import transaction
from consult.core.plain import plain
from consult.core.portal import save_portal
from consult.documents import summary_services
from consult.documents.summary_list import FILES
from consult.jobs.work_models import Work
from consult.submissions.models import Identity, Point, Stance
from consult.summaries import decision_services as deciding
from consult.summaries import queries, services
from consult.summaries.commands import SaveSummary
from consult.summaries.decision_models import Reason
from consult.summaries.models import Summary
from tests.integration.summaries.test_workspace import Round, closed_round
from tests.support import factories as make
from tests.support.browsing import post, signed_in
from tests.support.exports import download
from tests.support.statements import counted
from tests.support.summaries import release

SEALED = "Hoàng Văn Giấu Tên"
HIDDEN = "Lời lẽ đã bị ẩn khỏi trang công khai của cổng."
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@dataclass
class Case:
    """A closed round of which every part of the accounting has something."""

    round: Round
    summary_id: int
    duplicate_id: int
    aside_id: int
    public_id: int

    def url(self, name: str) -> str:
        return f"/summaries/{self.summary_id}/documents/{name}"


@pytest.fixture
def case(app: Flask) -> Case:
    with app.app_context():
        return a_summary()


def a_summary() -> Case:
    round_ = closed_round()
    a, b, c, d, e = round_.writers
    leader = make.point(round_.id, a, argument="Đồng ý vì mức hỗ trợ **sát** với giá cả vùng biên.")
    duplicate = make.point(round_.id, b, argument="Đồng ý vì mức hỗ trợ sát với giá cả vùng biên.")
    make.point(round_.id, b, argument="Nhất trí, đề nghị làm ngay trong năm nay cho kịp.")
    make.point(round_.id, e, argument="Tán thành mức hỗ trợ dự kiến; tỉnh nên công bố rộng rãi.")
    make.point(
        round_.id,
        c,
        stance=Stance.DISAGREE,
        argument="Ngân sách tỉnh không kham nổi khoản chi này.",
        proposed_wording="Hỗ trợ một lần, không theo năm.",
    )
    make.point(
        round_.id,
        make.user(SEALED, verified=True, email="giau@example.org"),
        provision=None,
        stance=Stance.NONE,
        identity=Identity.SEALED,
        argument="Dự thảo nên có phụ lục giải thích từ ngữ cho người đọc.",
    )
    hidden = make.point(round_.id, d, provision="d2.k1", argument=HIDDEN)
    withdrawn = make.point(round_.id, d, provision="d2.k2", argument="Điều này đã rút lại.")
    aside = make.point(round_.id, e, provision="d3.k1", argument="Chào cả nhà.")
    with transaction() as session:
        session.get_one(Point, withdrawn).withdrawn_at = clock.now()
        point = session.get_one(Point, hidden)
        point.hidden_at, point.hidden_reason = clock.now(), "Quảng cáo"
    repeats = deciding.Decide(round_.id, frozenset([duplicate]), round_.front_id, leader)
    empty = deciding.Decide(round_.id, frozenset([aside]), round_.front_id, reason=Reason.EMPTY)
    with transaction():
        deciding.decide(repeats)
        deciding.decide(empty)
    with transaction():
        summary_id = services.start(round_.id, actor_id=round_.front_id).id
    with transaction():
        services.save(
            SaveSummary(
                summary_id,
                round_.front_id,
                introduction="Mở đầu của báo cáo.",
                conclusion="Kiến nghị sửa mức hỗ trợ.",
            )
        )
    return Case(round_, summary_id, duplicate, aside, a)


def released(case: Case) -> None:
    with transaction():
        release(case.summary_id, actor_id=case.round.front_id, approver_id=case.round.approver_id)


def text_of(data: bytes, name: str) -> str:
    """Return all words of a file with single blanks between them."""
    if name.endswith("pdf"):
        pages = [page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(data)]
        text = unicodedata.normalize("NFC", "\n".join(pages))
    else:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = ("word/document.xml", "word/footnotes.xml")
            found = [archive.read(part) for part in parts if part in archive.namelist()]
        paragraphs = [p for xml in found for p in ElementTree.fromstring(xml).iter(f"{W}p")]
        text = "\n".join("".join(t.text or "" for t in p.iter(f"{W}t")) for p in paragraphs)
    return " ".join(text.split())


def fetched(app: Flask, case: Case, name: str, user_id: int) -> str:
    answer = download(signed_in(app, user_id), case.url(name))
    assert answer.status_code == 200, name
    return text_of(answer.data, name)


def made(app: Flask, case: Case, name: str) -> bytes:
    """Return the file as the work makes it, without the pages before and after."""
    key, form = name.split(".")
    with app.app_context(), transaction(write=False):
        summary = queries.summary(case.summary_id)
        assert summary
        return summary_services.render(summary_services.document(summary, key), form)


def quoted(case: Case) -> list[str]:
    with transaction(write=False):
        passages = queries.evidence(case.summary_id, only_quoted=True)
        return [plain(one.text) for one in passages if one.point.hidden_at is None]


@pytest.mark.parametrize("form", ["docx", "pdf"])
def test_the_report_says_what_the_summary_says(app: Flask, case: Case, form: str) -> None:
    with app.app_context():
        released(case)
        passages = quoted(case)
        with transaction(write=False) as session:
            kept = session.get_one(Summary, case.summary_id).manifest
    text = fetched(app, case, f"report.{form}", case.round.front_id)
    assert len(passages) >= 3
    for words in (
        *passages,
        "Mở đầu của báo cáo.",
        "Kiến nghị sửa mức hỗ trợ.",
        f"Trích nguyên văn trong báo cáo {len(kept['body'])}",
        f"Liệt kê tại phụ lục {len(kept['appendix'])}",
        "Trùng với một ý kiến đã trích hoặc liệt kê 1",
        "Không đưa vào tổng hợp, có nêu lý do 1",
        "Đã được người góp ý rút 1",
        f"Tổng số ý kiến nhận được {kept['received']}",
        "tán thành: 4; không tán thành: 1",
        "Không có nội dung.",
        "Ý kiến được bảo mật",
        "Ý kiến đã bị ẩn khỏi trang công khai. Lý do: Quảng cáo.",
        f"mã băm {kept['leaf']['hash'][:20]}" if form == "docx" else "mã băm",
    ):
        assert words in text, words
    for point_id in (*kept["body"], *kept["appendix"], case.duplicate_id, case.aside_id):
        assert re.search(rf"YK-{point_id}\b", text), point_id
    assert "DỰ THẢO - chưa được duyệt" not in text
    assert HIDDEN not in text


def test_no_file_names_a_sealed_author_or_has_hidden_words(sqlite_app: Flask) -> None:
    with sqlite_app.app_context():
        case = a_summary()
        released(case)
    for name in FILES:
        data = made(sqlite_app, case, name)
        text = text_of(data, name)
        assert f"YK-{case.duplicate_id - 1}" in text or name.startswith("brief"), name
        for secret in (SEALED, "giau@example.org"):
            assert secret not in text, name
            assert secret.encode() not in data, name
        assert HIDDEN not in text, name


@pytest.mark.parametrize("form", ["docx", "pdf"])
def test_the_annex_has_every_point_once(app: Flask, case: Case, form: str) -> None:
    with app.app_context():
        released(case)
        with transaction(write=False) as session:
            received = session.get_one(Summary, case.summary_id).manifest["received"]
            known = session.query(Point.id).filter(Point.received_at.is_not(None)).all()
    text = fetched(app, case, f"annex.{form}", case.public_id)
    codes = re.findall(r"YK-(\d+)\b", text)
    leader = [code for code in codes if codes.count(code) > 1]
    assert {int(code) for code in codes} == {point_id for (point_id,) in known}
    assert len(set(codes)) == received
    assert len(set(leader)) == 1  # the repeated point stands before its duplicates again
    assert "Ngân sách tỉnh không kham nổi khoản chi này." in text
    assert HIDDEN not in text


def test_the_brief_has_two_pages_and_the_chart_its_numbers(app: Flask, case: Case) -> None:
    with app.app_context():
        released(case)
    client = signed_in(app, case.round.council_id)
    data = download(client, case.url("brief.pdf")).data
    assert len(pypdfium2.PdfDocument(data)) <= 2
    # Four for and one against in the chapter, the duplicate counted; one hidden point agrees.
    assert "6 (5 / 0 / 1 / 0)" in text_of(data, "brief.pdf")
    with zipfile.ZipFile(io.BytesIO(download(client, case.url("brief.docx")).data)) as archive:
        body = archive.read("word/document.xml").decode()
    chart = body[body.index("Quy định chung") :]
    shaded = re.findall(r'<w:gridSpan w:val="(\d+)"/><w:shd [^>]*w:fill="(\w+)"', chart)
    first = {fill: int(span) for span, fill in shaded[:2]}
    assert first == {"1B4F72": 50, "C0392B": 10}


def test_the_letter_names_codes_and_wordings_but_no_people(app: Flask, case: Case) -> None:
    with app.app_context():
        released(case)
    text = fetched(app, case, "letter.docx", case.round.official_id)
    for words in (
        "Kính gửi:",
        "“Hỗ trợ một lần, không theo năm.”",
        "Trí thức được hỗ trợ 11 triệu đồng mỗi năm.",
        "Ý KIẾN CÒN KHÁC NHAU",
        "ĐỀ NGHỊ PHẢN HỒI",
    ):
        assert words in text, words
    assert "Trí thức A" not in text
    assert "Trí thức C" not in text


def test_who_gets_what(app: Flask, case: Case) -> None:
    stranger = case.public_id
    front = signed_in(app, case.round.front_id)
    for user_id in (case.round.council_id, case.round.official_id, stranger):
        for name in FILES:  # nothing of a draft
            assert post(signed_in(app, user_id), case.url(name)).status_code == 404
    assert post(front, case.url("nothing.pdf")).status_code == 404
    with app.app_context():
        released(case)
    allowed = {
        user_id: {name for name in FILES if may(signed_in(app, user_id), case, name)}
        for user_id in (case.round.council_id, case.round.official_id, stranger)
    }
    annex = {"annex.docx", "annex.pdf"}
    assert allowed == {
        case.round.council_id: {*FILES},
        case.round.official_id: {*FILES},
        stranger: annex,
    }
    page = app.test_client().get(f"/summaries/{case.summary_id}/documents").text
    assert "Phụ lục công khai" in page
    assert "Văn bản phản biện xã hội" not in page
    assert post(app.test_client(), case.url("annex.pdf")).status_code == 401


def may(client: FlaskClient, case: Case, name: str) -> bool:
    return post(client, case.url(name), follow_redirects=False).status_code == 303


def test_a_file_goes_to_who_asked_as_long_as_he_may(app: Flask, case: Case) -> None:
    with app.app_context():
        released(case)
    council = signed_in(app, case.round.council_id)
    assert download(council, case.url("report.pdf")).status_code == 200
    with app.app_context(), transaction() as session:
        [work_id] = session.scalars(select(Work.id))
        session.get_one(Summary, case.summary_id).for_council = False
    assert council.get(f"/works/{work_id}/file").status_code == 404
    assert signed_in(app, case.round.front_id).get(f"/works/{work_id}/file").status_code == 404


def test_a_draft_is_marked_until_it_is_approved(sqlite_app: Flask) -> None:
    with sqlite_app.app_context():
        case = a_summary()
    for name in FILES:
        text = text_of(made(sqlite_app, case, name), name)
        assert "DỰ THẢO - chưa được duyệt" in text, name
        assert "mã băm" not in text


def test_an_accounting_that_does_not_hold_is_refused(app: Flask, case: Case) -> None:
    front = signed_in(app, case.round.front_id)
    with app.app_context(), transaction() as session:
        # The one that others repeat is withdrawn: its duplicate is nowhere.
        leader = min(one.id for one in session.query(Point))
        session.get_one(Point, leader).withdrawn_at = clock.now()
    page = post(front, case.url("report.docx"), follow_redirects=True).text
    assert "Chưa lập được văn bản." in page
    assert f"YK-{case.duplicate_id}" in page
    with app.app_context(), transaction(write=False) as session:
        assert session.query(Work).count() == 0


def test_a_released_accounting_is_checked_too(app: Flask, case: Case) -> None:
    with app.app_context():
        released(case)
        with transaction() as session:
            summary = session.get_one(Summary, case.summary_id)
            lost = summary.manifest["body"][0]
            rest = [one for one in summary.manifest["body"] if one != lost]
            summary.manifest = summary.manifest | {"body": rest}
    page = post(
        signed_in(app, case.round.front_id), case.url("annex.pdf"), follow_redirects=True
    ).text
    assert f"YK-{lost}" in page
    assert "Chưa lập được văn bản." in page


def test_the_titles_are_settings(app: Flask, case: Case) -> None:
    with app.app_context(), transaction():
        save_portal({"report_title": "Báo cáo kết quả", "front_office": "Phó Chủ tịch"})
    text = fetched(app, case, "report.docx", case.round.front_id)
    assert "BÁO CÁO KẾT QUẢ" in text
    assert "PHÓ CHỦ TỊCH" in text


def test_the_word_file_has_footnotes_and_heads_that_repeat(app: Flask, case: Case) -> None:
    answer = download(signed_in(app, case.round.front_id), case.url("report.docx"))
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        body = archive.read("word/document.xml").decode()
        notes = ElementTree.fromstring(archive.read("word/footnotes.xml"))
        types = archive.read("[Content_Types].xml").decode()
    marks = re.findall(r'<w:footnoteReference w:id="(\d+)"/>', body)
    ids = [note.get(f"{W}id") for note in notes]
    assert ids == ["-1", "0", *marks]
    assert len(marks) >= 3
    assert "footnotes+xml" in types
    assert body.count("<w:tblHeader/>") >= 3
    assert Document(io.BytesIO(answer.data)).paragraphs  # opens


def test_asking_costs_few_statements_whatever_the_number_of_points(app: Flask, case: Case) -> None:
    client = signed_in(app, case.round.front_id)
    page = f"/summaries/{case.summary_id}/documents"
    taken: list[tuple[int, int]] = []
    for more in (0, 30):
        with app.app_context():
            for number in range(more):
                make.point(case.round.id, case.public_id, argument=f"Ý kiến thứ {number}.")
        client.get(page)
        with counted(app) as shown:
            assert client.get(page).status_code == 200
        with counted(app) as asked:
            assert post(client, case.url("report.pdf"), follow_redirects=False).status_code == 303
        taken.append((len(shown), len(asked)))
    few, many = taken
    assert few[0] == many[0] <= 12
    assert max(few[1], many[1]) <= 20
