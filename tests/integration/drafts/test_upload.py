"""Uploading a draft: the tree before publication, corrected files, refusals that keep words."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from consult.core.db import transaction
from consult.core.files import StoredFile
from consult.drafts import queries, services, versioning
from consult.drafts.models import Draft, DraftVersion, Provision
from consult.drafts.parsing import parse_text
from tests.support import factories
from tests.support.browsing import post, signed_in
from tests.support.statements import counted

DRAFTS = Path(__file__).resolve().parents[2] / "data" / "drafts"
PROGRAMME = DRAFTS / "chuong-trinh-hanh-dong-NQ45-Binh-Phuoc.txt"
TITLE = "Dự thảo Chương trình hành động về trí thức"
TEXT = "Điều 1. Phạm vi điều chỉnh\n1. Một.\n2. Hai.\nĐiều 2. Hiệu lực\nTừ ngày ký."


def official(app: Flask) -> tuple[int, int, FlaskClient]:
    with app.app_context():
        agency = factories.organisation(name="Sở Khoa học và Công nghệ")
        user = factories.user(roles=(("official", agency),))
    return agency, user, signed_in(app, user)


def send(client: FlaskClient, agency: int, url: str = "/office/drafts/upload", **data: object):
    return post(client, url, {"title": TITLE, "agency": str(agency), **data})


def upload(client: FlaskClient, agency: int, content: bytes, name: str) -> TestResponse:
    return send(client, agency, file=(io.BytesIO(content), name))


def rows(app: Flask, model: type) -> int:
    with app.app_context():
        return factories.count(model)


def test_the_programme_is_read_and_shown_as_a_tree(app: Flask) -> None:
    agency, user, client = official(app)
    answer = upload(client, agency, PROGRAMME.read_bytes(), PROGRAMME.name)
    assert answer.status_code == 200
    assert TITLE in answer.text
    assert "gạch đầu dòng thứ nhất điểm 1.2 mục II" in answer.text
    assert "MỤC TIÊU, NHIỆM VỤ VÀ GIẢI PHÁP" in answer.text
    with app.app_context(), transaction(write=False) as session:
        version = session.scalars(select(DraftVersion)).one()
        assert (version.number, version.draft.title, version.created_by) == (1, TITLE, user)
        assert version.file is not None
        assert version.file.name == PROGRAMME.name
        assert version.file.path.read_bytes() == PROGRAMME.read_bytes()
        lines = queries.provisions(version.id)
        ids = {line.id: line for line in lines}
        assert [line.ordinal for line in lines] == list(range(1, len(lines) + 1))
        for line in lines:
            parent = ids.get(line.parent_id or 0)
            assert (parent.depth if parent else -1) == line.depth - 1


def test_a_docx_is_read(app: Flask) -> None:
    agency, _user, client = official(app)
    path = DRAFTS / "ke-hoach-thuc-hien-de-an-08.docx"
    assert "Mục tiêu tổng quát" in upload(client, agency, path.read_bytes(), path.name).text


def test_pasted_text_is_kept_as_a_file(app: Flask) -> None:
    agency, _user, client = official(app)
    answer = send(client, agency, text=TEXT)
    assert "2 điều" in answer.text
    with app.app_context(), transaction(write=False) as session:
        stored = session.scalars(select(StoredFile)).one()
        assert stored.name == "du-thao-chuong-trinh-hanh-dong-ve-tri-thuc.txt"
        version_id = session.scalars(select(DraftVersion.id)).one()
    original = client.get(f"/office/versions/{version_id}/file")
    assert "Phạm vi điều chỉnh" in original.text
    assert original.headers["Content-Disposition"].startswith("attachment")
    assert original.headers["X-Content-Type-Options"] == "nosniff"


def docx_with(member: str, content: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(member, content)
    return target.getvalue()


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"", "rong.txt", "không có nội dung"),
        (b"%PDF-1.7\nnothing", "hong.pdf", "hỏng"),
        (b"PK\x03\x04 broken", "hong.docx", "hỏng"),
        (b"\x7fELF\x02\x01\x01" + bytes(100), "phan-mem.docx", "nội dung tệp"),
        ("Điều 1. Một".encode(), "bai.odt", ".docx"),
        (docx_with("word/document.xml", bytes(60_000_000)), "bom.docx", "dung lượng"),
    ],
)
def test_what_cannot_be_read_is_refused_beside_its_field(
    app: Flask, content: bytes, name: str, sentence: str
) -> None:
    agency, _user, client = official(app)
    answer = upload(client, agency, content, name)
    assert answer.status_code == 422
    assert 'id="file-error"' in answer.text
    assert sentence.casefold() in answer.text.casefold()
    assert TITLE in answer.text, "the title that was typed is still there"
    assert [rows(app, m) for m in (Draft, DraftVersion, StoredFile)] == [0, 0, 0]


def test_a_file_over_the_limit_is_named_beside_its_field(app: Flask) -> None:
    agency, _user, client = official(app)
    answer = upload(client, agency, b"a" * 22_000_000, "lon.txt")
    assert answer.status_code == 422
    assert "20 MB" in answer.text
    assert TITLE in answer.text
    assert rows(app, Draft) == 0


def test_neither_or_both_is_said(app: Flask) -> None:
    agency, _user, client = official(app)
    nothing = send(client, agency)
    assert nothing.status_code == 422
    assert "Xin chọn tệp hoặc dán nội dung" in nothing.text
    both = send(client, agency, text=TEXT, file=(io.BytesIO(TEXT.encode()), "a.txt"))
    assert both.status_code == 422
    assert "không dùng cả hai" in both.text
    assert "Phạm vi điều chỉnh" in both.text, "the pasted text is still there"


def test_the_title_is_asked_for_and_the_text_kept(app: Flask) -> None:
    agency, _user, client = official(app)
    answer = send(client, agency, title="  ", text=TEXT)
    assert answer.status_code == 422
    assert "Phạm vi điều chỉnh" in answer.text
    assert rows(app, Draft) == 0


def test_a_corrected_file_becomes_the_next_version(app: Flask) -> None:
    agency, _user, client = official(app)
    send(client, agency, text=TEXT)
    with app.app_context(), transaction(write=False) as session:
        first = session.scalars(select(DraftVersion.id)).one()
    answer = post(client, f"/office/versions/{first}/correct", {"text": TEXT + "\nĐiều 3. Ba"})
    assert "3 điều" in answer.text
    assert "Phiên bản 2" in answer.text
    assert "Đến phiên bản 2" in client.get(f"/office/versions/{first}").text
    assert (rows(app, Draft), rows(app, DraftVersion)) == (1, 2)


def test_after_a_round_a_new_file_is_the_revised_draft(app: Flask) -> None:
    agency, _user, client = official(app)
    send(client, agency, text=TEXT)
    with app.app_context(), transaction() as session:
        version = session.scalars(select(DraftVersion)).one()
        services.freeze(version, at=version.created_at)
        version_id = version.id
    url = f"/office/versions/{version_id}/correct"
    assert "Tải lên dự thảo đã chỉnh lý" in client.get(f"/office/versions/{version_id}").text
    assert "Phiên bản 1 đã được công bố nên được giữ nguyên" in client.get(url).text
    answer = post(client, url, {"text": TEXT + "\nĐiều 3. Ba"})
    assert "Phiên bản 2" in answer.text
    with app.app_context(), transaction(write=False) as session:
        texts = dict(session.execute(select(DraftVersion.number, DraftVersion.text)).all())
    assert texts[1] == TEXT
    assert "Tải tệp đã sửa lên" in client.get(url).text, "version 2 can still be replaced"


def test_a_final_draft_takes_no_further_text(app: Flask) -> None:
    agency, user, client = official(app)
    send(client, agency, text=TEXT)
    with app.app_context(), transaction() as session:
        version = session.scalars(select(DraftVersion)).one()
        versioning.publish(version, final=True, actor_id=user, at=version.created_at)
        version_id = version.id
    answer = post(client, f"/office/versions/{version_id}/correct", {"text": TEXT})
    assert "bản cuối cùng nên không nhận thêm văn bản" in answer.text
    assert rows(app, DraftVersion) == 1
    assert "/correct" not in client.get(f"/office/versions/{version_id}").text


def test_unassigned_text_and_warnings_are_shown(app: Flask) -> None:
    with app.app_context():
        agency = factories.organisation()
        user = factories.user(roles=(("official", agency),))
        above = "Lời không thuộc đâu\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\n"
        document = parse_text(f"{above}{TEXT}\nĐiều 2. Lặp lại")
        assert document.remainder == "Lời không thuộc đâu"
        with transaction():
            command = services.CreateVersion(document, TITLE, agency, created_by=user)
            version_id = services.create_version(command).id
    page = signed_in(app, user).get(f"/office/versions/{version_id}").text
    assert f"/office/versions/{version_id}/unassigned?line=1" in page
    assert "Lời không thuộc đâu" in page
    assert "Xin kiểm tra lại các vị trí sau" in page


def test_strangers_see_and_send_nothing(app: Flask) -> None:
    agency, _user, client = official(app)
    send(client, agency, text=TEXT)
    with app.app_context(), transaction(write=False) as session:
        version_id = session.scalars(select(DraftVersion.id)).one()
    with app.app_context():
        other = factories.user(roles=(("official", factories.organisation()),))
        reader = factories.user(verified=True)
    elsewhere, person = signed_in(app, other), signed_in(app, reader)
    for path in ("", "/file", "/correct", "/rounds/new"):
        assert elsewhere.get(f"/office/versions/{version_id}{path}").status_code == 404
    assert person.get("/office/drafts/upload").status_code == 403
    assert app.test_client().get("/office/drafts/upload").status_code == 302
    refused = send(elsewhere, agency, text=TEXT)
    assert refused.status_code == 422, "an official uploads for the own agency only"
    assert rows(app, Draft) == 1


def test_reading_holds_no_lock(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """While one upload is being read, another request can write."""
    agency, _user, client = official(app)
    seen: list[int] = []
    read = services.parse_upload

    def meanwhile(*args: object, **options: object):
        import threading

        def write() -> None:
            with app.app_context():
                seen.append(factories.organisation())

        other = threading.Thread(target=write)
        other.start()
        other.join(timeout=10)
        assert seen, "the other writer had to wait"
        return read(*args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(services, "parse_upload", meanwhile)
    assert send(client, agency, text=TEXT).status_code == 200


def test_a_long_law_costs_as_many_statements_as_a_short_text(app: Flask) -> None:
    agency, _user, client = official(app)
    for content in (TEXT.encode(), (DRAFTS / "LBH-2025.txt").read_bytes()):
        upload(client, agency, content, "luat.txt")
    with app.app_context(), transaction(write=False) as session:
        short, long = session.scalars(select(DraftVersion.id).order_by(DraftVersion.id))
        assert (
            session.scalar(
                select(func.count()).select_from(Provision).where(Provision.version_id == long)
            )
            > 500
        )
    counts: list[int] = []
    for version_id in (short, long):
        with counted(app) as statements:
            assert client.get(f"/office/versions/{version_id}").status_code == 200
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 12
