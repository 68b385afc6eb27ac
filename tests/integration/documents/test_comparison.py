"""The comparison table as a Word file and a workbook: complete, marked, harmless, for whom."""

from __future__ import annotations

import io
import re
import zipfile

import pytest
from docx import Document
from flask import Flask
from openpyxl import load_workbook

from consult.core.db import transaction
from consult.documents import comparisons
from consult.documents.comparison_model import COLUMNS, TITLE
from consult.drafts import change_queries, versioning
from tests.support import factories, versions
from tests.support.browsing import signed_in
from tests.support.said import said
from tests.support.statements import counted
from tests.support.versions import AFTER, Revised

REASON = "=HYPERLINK nâng mức hỗ trợ theo ý kiến góp ý."


@pytest.fixture
def case(app: Flask) -> Revised:
    found = versions.revised(
        app, after=AFTER.replace("một lần 200 triệu", "một lần =200 triệu & <b>")
    )
    with app.app_context(), transaction():
        record = change_queries.compared(found.old, found.new)
        assert record is not None
        rows = [c.first for c in change_queries.changes(record.id) if c.kind == "renumbered"]
        for row in rows:
            where = versioning.OnChange(record, row.old_key, row.new_key, None)
            versioning.give_reason(where, REASON)
    return found


def url(case: Revised, extension: str) -> str:
    return f"/versions/{case.new}/comparison.{extension}?against={case.old}"


def parts(data: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def test_word_file(app: Flask, case: Revised) -> None:
    answer = signed_in(app, case.official).get(url(case, "docx"))
    assert answer.status_code == 200
    document = Document(io.BytesIO(answer.data))
    section = document.sections[0]
    assert section.page_width > section.page_height
    assert TITLE in "\n".join(p.text for p in document.paragraphs)
    table = next(t for t in document.tables if t.rows[0].cells[0].text == COLUMNS[0])
    assert tuple(cell.text for cell in table.rows[0].cells) == COLUMNS
    texts = [[cell.text for cell in row.cells] for row in table.rows[1:]]
    assert [row[0] for row in texts] == [str(n) for n in range(1, len(texts) + 1)]
    [raised] = [row for row in texts if "=200 triệu & <b>" in row[2]]
    assert "100 triệu" in raised[1]
    assert any(row[1].startswith("(Không có)") and "Giải thích từ ngữ" in row[2] for row in texts)
    assert any("Bản sao văn bằng" in row[1] and "(Không có)" in row[2] for row in texts)
    assert any(REASON in row[3] for row in texts)
    assert not any("Thạc sĩ được hỗ trợ" in row[1] for row in texts)
    body = parts(answer.data)["word/document.xml"]
    assert "<w:tblHeader/>" in body
    assert re.search(r"<w:strike/></w:rPr><w:t[^>]*>[^<]*100", body)
    assert re.search(r'<w:b/><w:u w:val="single"/></w:rPr><w:t[^>]*>[^<]*200', body)


def test_workbook(app: Flask, case: Revised) -> None:
    answer = signed_in(app, case.official).get(url(case, "xlsx"))
    assert answer.status_code == 200
    sheet = load_workbook(io.BytesIO(answer.data)).active
    assert sheet is not None
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert all(cell.data_type != "f" for cell in cells)
    texts = [cell.value for cell in cells if isinstance(cell.value, str)]
    assert not any(text.startswith("=") for text in texts)
    assert any("=200 triệu & <b>" in text for text in texts)
    assert sheet.print_title_rows == "$4:$4"
    assert sheet.page_setup.orientation == "landscape"
    strings = parts(answer.data)["xl/sharedStrings.xml"]
    assert re.search(r"<strike/>.*?100", strings)
    assert re.search(r"<b/><u/>.*?200", strings)


def test_readers_get_it_when_the_version_is_public(app: Flask, case: Revised) -> None:
    with app.app_context():
        stranger = factories.user(verified=True)
        other = factories.user(roles=(("official", factories.organisation()),))
    for user_id in (stranger, other):
        for extension in ("docx", "xlsx"):
            assert signed_in(app, user_id).get(url(case, extension)).status_code == 404
    assert app.test_client().get(url(case, "docx")).status_code in (302, 401)
    versions.freeze(app, case.new)
    for extension in ("docx", "xlsx"):
        assert app.test_client().get(url(case, extension)).status_code == 200


def test_only_with_an_earlier_version(app: Flask, case: Revised) -> None:
    official = signed_in(app, case.official)
    for path in (
        f"/versions/{case.new}/comparison.docx?against={case.new}",
        f"/versions/{case.new}/comparison.docx?against=nonsense",
        f"/versions/{case.old}/comparison.docx",
        "/versions/999999/comparison.xlsx",
    ):
        assert official.get(path).status_code == 404, path
    assert official.get(f"/versions/{case.new}/comparison.docx").status_code == 200


def test_same_bytes_and_few_statements(app: Flask, case: Revised) -> None:
    official = signed_in(app, case.official)
    for extension in ("docx", "xlsx"):
        first = official.get(url(case, extension)).data
        with counted(app) as statements:
            assert official.get(url(case, extension)).data == first
        assert len(statements) <= 14


def test_changes_are_called_as_on_the_pages(app: Flask) -> None:
    names = {kind: kind.capitalize() for kind in comparisons.KINDS}
    assert {kind: said(app, name) for kind, name in names.items()} == comparisons.KINDS
