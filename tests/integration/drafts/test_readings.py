"""Recovered texts: scans read in the background, readings confirmed before anything is public."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from consult.consultations.checks import missing
from consult.consultations.models import Consultation
from consult.core import clock
from consult.core.audit import AuditEntry
from consult.core.db import transaction
from consult.core.files import StoredFile
from consult.drafts import queries, readings, tasks
from consult.drafts.models import Draft, DraftVersion, ParsedGuess, Provision
from consult.drafts.parsing import helpers
from consult.drafts.parsing.helpers import Helpers
from consult.jobs.models import Job
from consult.jobs.runner import tick
from tests.support import factories
from tests.support.browsing import post, signed_in
from tests.support.statements import counted
from tests.unit.drafts import old_fonts
from tests.unit.drafts.files import DATA, scanned

TITLE = "Dự thảo Quyết định về tổ chức lấy ý kiến"
LAW = (
    "Điều 1. Phạm vi điều chỉnh\nQuyết định này quy định việc tổ chức lấy ý kiến của các cơ quan, "
    "tổ chức, cá nhân về dự thảo.\nĐiều 2. Hiệu lực\nQuyết định có hiệu lực từ ngày ký; các sở, "
    "ngành, ủy ban nhân dân các xã thực hiện."
)


def official(app: Flask) -> tuple[int, int, FlaskClient]:
    with app.app_context():
        agency = factories.organisation(name="Sở Khoa học và Công nghệ")
        user = factories.user(roles=(("official", agency),))
    return agency, user, signed_in(app, user)


def upload(client: FlaskClient, agency: int, content: bytes, name: str) -> TestResponse:
    fields = {"title": TITLE, "agency": str(agency), "file": (io.BytesIO(content), name)}
    return post(client, "/office/drafts/upload", fields)


def only_version(app: Flask) -> DraftVersion:
    with app.app_context(), transaction(write=False) as session:
        version = session.scalars(select(DraftVersion)).one()
        session.expunge_all()
        return version


def test_an_old_font_is_shown_before_and_after_and_confirmed(app: Flask) -> None:
    agency, user, client = official(app)
    typed = old_fonts.tcvn3(LAW)
    page = upload(client, agency, typed.encode("latin-1"), "cu.txt")
    assert "QuyÕt ®Þnh nµy" in page.text
    assert "Quyết định này quy định" in page.text
    version = only_version(app)
    assert (version.reading, version.reading_confirmed_at) == ("tcvn3", None)
    with app.app_context(), transaction(write=False):
        round_ = Consultation(title="", summary="", responsible_name="", shortened_reason="")
        assert "reading" in missing(round_, version.id, clock.now())
        assert not queries.reading_stands(version.id)
    answer = post(client, f"/office/versions/{version.id}/reading", {})
    assert "Đã xác nhận kết quả đọc văn bản" in answer.text
    again = post(client, f"/office/versions/{version.id}/reading", {})
    assert "Đã xác nhận kết quả đọc văn bản." not in again.text
    confirmed = only_version(app)
    assert confirmed.reading_confirmed_by == user
    with app.app_context(), transaction(write=False) as session:
        assert "reading" not in missing(round_, version.id, clock.now())
        entries = session.scalars(
            select(AuditEntry).where(AuditEntry.action == "draft.reading_confirmed")
        ).all()
        assert [entry.actor_id for entry in entries] == [user]


def test_a_text_read_as_it_stands_needs_no_confirmation(app: Flask) -> None:
    agency, _user, client = official(app)
    page = upload(client, agency, LAW.encode(), "moi.txt")
    version = only_version(app)
    assert version.reading == ""
    assert "/reading" not in page.text
    post(client, f"/office/versions/{version.id}/reading", {})
    assert only_version(app).reading_confirmed_at is None
    with app.app_context(), transaction(write=False):
        assert queries.reading_stands(version.id)


def test_the_pages_of_a_pdf_stand_beside_its_provisions(app: Flask) -> None:
    agency, _user, client = official(app)
    upload(client, agency, (DATA / "ND-293-2025-luong-toi-thieu.pdf").read_bytes(), "nd.pdf")
    place = f"/office/versions/{only_version(app).id}"
    plain = client.get(place).text
    assert f'href="{place}?beside=pages#desk"' in plain
    assert "page-picture" not in plain
    page = client.get(f"{place}?beside=pages").text
    begun = re.findall(r'id="page-(\d)"\s+data-first="(\d+)"', page)
    assert [number for number, _line in begun] == ["1", "2", "3", "4"]
    assert begun[0][1] == "1"
    third = re.search(r'data-first="(\d+)"[^>]*>\s*<a [^>]*>\s*<span[^>]*>khoản 3 Điều 4<', page)
    assert third
    assert begun[2][1] == third[1], "the third page begins with this clause"
    assert f'src="{place}/pages/4.png"' in page
    assert "On the page" not in page
    with counted(app) as statements:
        client.get(f"{place}?beside=pages")
    assert len(statements) <= 12, statements

    drawn = client.get(f"{place}/pages/2.png")
    assert (drawn.status_code, drawn.mimetype) == (200, "image/png")
    assert drawn.data.startswith(b"\x89PNG")
    assert drawn.headers["Cache-Control"] == "private, no-cache"
    again = client.get(f"{place}/pages/2.png", headers={"If-None-Match": drawn.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    for number in (0, 5, 99999):
        assert client.get(f"{place}/pages/{number}.png").status_code == 404
    with app.app_context():
        stranger = signed_in(app, factories.user(verified=True))
    assert stranger.get(f"{place}/pages/2.png").status_code == 404


def test_a_text_file_has_no_pages(app: Flask) -> None:
    agency, _user, client = official(app)
    upload(client, agency, LAW.encode(), "moi.txt")
    place = f"/office/versions/{only_version(app).id}"
    assert "beside=pages" not in client.get(place).text
    assert "page-picture" not in client.get(f"{place}?beside=pages").text
    assert client.get(f"{place}/pages/1.png").status_code == 404


def test_a_scan_is_checked_against_its_pages_and_corrected(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(monkeypatch, Helpers(ocr="/usr/bin/tesseract"))
    agency, _user, client = official(app)
    content = scanned("ND-293-2025-luong-toi-thieu.pdf", pages=1, dpi=50)
    upload(client, agency, content, "quét 1.pdf")
    with app.app_context():
        with transaction() as session:
            payload = session.scalars(select(Job.payload).where(Job.name == readings.PAGE)).one()
        record = tasks.read_page([{**payload, "words": [LAW.replace("lấy", "lầy")]}])
        with transaction():
            record()
    version = only_version(app)
    assert version.reading == "ocr"
    place = f"/office/versions/{version.id}"
    page = client.get(place).text
    assert f'href="{place}/scan"' in page
    assert f'href="{place}/recognised"' in page
    shown = client.get(f"{place}/scan")
    assert (shown.data, shown.mimetype) == (content, "application/pdf")
    assert "attachment" not in shown.headers["Content-Disposition"]
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    assert f'href="{place}?beside=pages#desk"' in page
    beside = client.get(f"{place}?beside=pages").text
    assert re.findall(r'id="page-(\d)"\s+data-first="(\d+)"', beside) == [("1", "1")]
    assert client.get(f"{place}/pages/1.png").data.startswith(b"\x89PNG")
    with app.app_context(), transaction(write=False) as session:
        assert session.get_one(ParsedGuess, version.id).document["pages"] == [0]
    text = client.get(f"{place}/recognised")
    assert text.mimetype == "text/plain"
    assert text.headers["Content-Disposition"].startswith("attachment")
    corrected = text.data.replace("lầy".encode(), "lấy".encode())
    answer = post(client, f"{place}/correct", {"file": (io.BytesIO(corrected), "sua.txt")})
    assert answer.status_code == 200
    with app.app_context(), transaction(write=False) as session:
        newest = session.scalars(select(DraftVersion).order_by(DraftVersion.id.desc())).first()
        assert newest is not None
        assert (newest.number, newest.reading, newest.text) == (2, "", LAW)


def test_what_is_no_scan_has_no_pages_to_check(app: Flask) -> None:
    agency, _user, client = official(app)
    upload(client, agency, LAW.encode(), "moi.txt")
    place = f"/office/versions/{only_version(app).id}"
    for page in ("scan", "recognised"):
        assert client.get(f"{place}/{page}").status_code == 404
        assert f"{place}/{page}" not in client.get(place).text


def test_only_the_agency_confirms(app: Flask) -> None:
    agency, _user, client = official(app)
    upload(client, agency, old_fonts.vni(LAW).encode("latin-1"), "cu.txt")
    version = only_version(app)
    assert version.reading == "vni"
    with app.app_context():
        other = factories.user(roles=(("official", factories.organisation()),))
    assert (
        post(signed_in(app, other), f"/office/versions/{version.id}/reading", {}).status_code == 404
    )
    assert only_version(app).reading_confirmed_at is None


def install(monkeypatch: pytest.MonkeyPatch, installed: Helpers) -> None:
    """What is installed is a fact of the machine: here it is said for both outcomes."""
    monkeypatch.setattr(helpers, "found", lambda: installed)


def test_the_upload_page_says_what_can_be_sent_here(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    _agency, _user, client = official(app)
    install(monkeypatch, Helpers())
    page = client.get("/office/drafts/upload").text
    assert "Tệp .docx, .doc, .pdf hoặc .txt" in page
    assert "không đọc được tệp PDF chỉ gồm ảnh quét" in page
    install(monkeypatch, Helpers(office="/usr/bin/soffice", ocr="/usr/bin/tesseract"))
    page = client.get("/office/drafts/upload").text
    assert ".odt, .rtf" in page
    assert "máy nhận dạng chữ, tối đa 40 trang" in page


def test_a_scan_without_ocr_is_refused_and_nothing_kept(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    agency, _user, client = official(app)
    install(monkeypatch, Helpers())
    answer = upload(client, agency, scanned("ND-293-2025-luong-toi-thieu.pdf", pages=1), "quet.pdf")
    assert answer.status_code == 422
    assert "tesseract-ocr-vie" in answer.text
    assert TITLE in answer.text
    with app.app_context():
        assert [factories.count(m) for m in (Draft, DraftVersion, StoredFile)] == [0, 0, 0]


def need_ocr() -> None:
    if not helpers.found().ocr:
        pytest.skip("tesseract with Vietnamese is not installed")


def test_a_scan_is_read_page_by_page_in_the_background(app: Flask) -> None:
    need_ocr()
    agency, user, client = official(app)
    content = scanned("ND-293-2025-luong-toi-thieu.pdf", pages=1, dpi=150)
    page = upload(client, agency, content, "quet.pdf")
    assert page.status_code == 200
    assert "Đã đọc 0/1 trang" in page.text
    with app.app_context(), transaction(write=False) as session:
        assert session.scalars(select(DraftVersion)).all() == []
        file_id = session.scalars(select(StoredFile.id)).one()
    with app.app_context():
        tick()
    assert "Đã đọc xong bản quét" in client.get(f"/office/scans/{file_id}").text
    version = only_version(app)
    assert (version.reading, version.file_id, version.created_by) == ("ocr", file_id, user)
    shown = client.get(f"/office/versions/{version.id}")
    assert "Chữ do máy nhận dạng" in shown.text or "máy nhận dạng" in shown.text
    assert "Tôi đã đối chiếu" in shown.text
    with app.app_context():
        other = factories.user(roles=(("official", factories.organisation()),))
    assert signed_in(app, other).get(f"/office/scans/{file_id}").status_code == 404


def received(app: Flask, client: FlaskClient, agency: int) -> dict[str, object]:
    """A scan that waits for its first page, and its job's payload."""
    upload(client, agency, scanned("ND-293-2025-luong-toi-thieu.pdf", pages=2, dpi=50), "quet.pdf")
    with app.app_context(), transaction(write=False) as session:
        return session.scalars(select(Job.payload).where(Job.name == readings.PAGE)).one()


def test_pages_are_read_in_turn_and_progress_is_shown(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(monkeypatch, Helpers(ocr="/usr/bin/tesseract"))
    agency, _user, client = official(app)
    payload = received(app, client, agency)
    with app.app_context(), transaction():
        readings.go_on(payload, "Điều 1. Một\nNội dung thứ nhất của điều một.")
    page = client.get(f"/office/scans/{payload['file_id']}")
    assert "Đã đọc 1/2 trang" in page.text
    assert 'hx-trigger="every 3s"' in page.text


def test_a_scan_without_words_is_refused_on_its_page(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(monkeypatch, Helpers(ocr="/usr/bin/tesseract"))
    agency, _user, client = official(app)
    payload = received(app, client, agency)
    with app.app_context():
        with transaction():
            readings.go_on({**payload, "words": [" "]}, "  ")
        record = tasks.read_page([{**payload, "words": [" ", "  "]}])
        with transaction():
            record()
        assert factories.count(DraftVersion) == 0
    page = client.get(f"/office/scans/{payload['file_id']}")
    assert "Không nhận dạng được chữ nào trong bản quét (2 trang)" in page.text
    assert "hx-get" not in page.text


def test_a_scan_for_a_draft_that_became_final_is_not_kept(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(monkeypatch, Helpers(ocr="/usr/bin/tesseract"))
    agency, _user, client = official(app)
    upload(client, agency, LAW.encode(), "moi.txt")
    version = only_version(app)
    content = scanned("ND-293-2025-luong-toi-thieu.pdf", pages=1, dpi=50)
    post(client, f"/office/versions/{version.id}/correct",
         {"file": (io.BytesIO(content), "quet.pdf")})  # fmt: skip
    with app.app_context():
        with transaction() as session:
            payload = session.scalars(select(Job.payload).where(Job.name == readings.PAGE)).one()
            session.get_one(DraftVersion, version.id).final_at = clock.now()
            readings.go_on(payload, LAW)
        record = tasks.read_page([{**payload, "words": [LAW]}])
        with transaction():
            record()
        assert factories.count(DraftVersion) == 1
    page = client.get(f"/office/scans/{payload['file_id']}")
    assert "không" in page.text
    assert "hx-get" not in page.text


LEGACY = (DATA / "danh-sach-tu-dong.doc").read_bytes()
MEMBERS = {"[Content_Types].xml": "<Types/>", "word/document.xml": "<x/>"}


def archive(**members: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as target:
        for name, text in {**MEMBERS, **members}.items():
            target.writestr(name, text)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("mat-khau.docx", LEGACY[:512] + "EncryptedPackage".encode("utf-16-le"), "mật khẩu"),
        ("macro.docm", b"PK", "macro"),
        ("macro.docx", archive(**{"word/vbaProject.bin": "x"}), "macro"),
        ("cut.doc", LEGACY[: len(LEGACY) // 2], "bị hỏng hoặc bị cắt cụt"),
        ("cut.docx", archive()[:60], "bị hỏng hoặc bị cắt cụt"),
        ("web.doc", b"<html><body>x</body></html>", "thực chất là tệp loại HTML"),
        ("cu.docx", LEGACY, "Chỉ cần đổi đuôi tên tệp thành .doc"),
        ("rong.doc", b"", "không có nội dung"),
        ("a.odt", archive(mimetype="application/vnd.oasis.opendocument.text"), "Word (.docx)"),
        ("a.rtf", b"{\\rtf1}", "libreoffice-writer-nogui"),
        ("lon.doc", LEGACY[:8] + bytes(22_000_000), "20 MB"),
    ],
)
def test_what_is_refused_leaves_the_round_as_it_was(
    app: Flask, monkeypatch: pytest.MonkeyPatch, name: str, content: bytes, sentence: str
) -> None:
    install(monkeypatch, Helpers())
    with app.app_context():
        agency = factories.organisation()
        version_id = factories.version(agency)
        round_id = factories.consultation(agency, version_id=version_id)
        user = factories.user(roles=(("official", agency),))

    def state() -> tuple[object, ...]:
        with app.app_context(), transaction(write=False) as session:
            version = session.get_one(DraftVersion, version_id)
            consultation = session.get_one(Consultation, round_id)
            rows = [session.scalar(select(func.count()).select_from(m)) for m in KEPT]
            return (version.text, version.frozen_at, consultation.stage,
                    consultation.version_id, *rows)  # fmt: skip

    before = state()
    client = signed_in(app, user)
    answer = post(
        client, f"/office/versions/{version_id}/correct", {"file": (io.BytesIO(content), name)}
    )
    assert answer.status_code == 422
    assert sentence in answer.text
    assert state() == before


KEPT = (Draft, DraftVersion, Provision, StoredFile, Job, AuditEntry)


def test_an_old_word_file_is_read_like_any_other(app: Flask) -> None:
    agency, _user, client = official(app)
    path = Path(DATA / "QD-07-2025-UBND-Thai-Nguyen.doc")
    page = upload(client, agency, path.read_bytes(), path.name)
    assert page.status_code == 200
    assert "Chương III" in page.text
    assert only_version(app).reading == ""
