"""Mẫu số 10 as a Word file, read back with python-docx."""

from __future__ import annotations

import io
import subprocess
import sys
import time
import zipfile
from datetime import date

import pytest
from docx import Document
from docx.oxml.ns import qn
from msgspec.structs import replace

from consult.documents.mau10 import render_docx
from consult.documents.model import (
    Labels,
    Letterhead,
    Mau10,
    Mau10Dissent,
    Mau10Opinion,
    Mau10Response,
    Mau10Row,
    Signature,
)
from tests.support.untraced import untraced

OPINION = Mau10Opinion(
    "TS. Nguyễn Thị Hồng Hạnh", "Nhất trí với dự thảo.", None, None, None, "GY-0001"
)


def opinions(count: int, **changes) -> tuple[Mau10Opinion, ...]:
    return tuple(
        replace(OPINION, point_code=f"GY-{number:04d}", **changes) for number in range(1, count + 1)
    )


def provision(order: int, heading: str, count: int = 1, *, general: bool = False, **changes):
    return Mau10Row(f"d{order}", heading, order, general, opinions(count, **changes))


def document(*rows: Mau10Row, **changes) -> Mau10:
    base = Mau10(
        letterhead=Letterhead(
            "Ủy ban nhân dân tỉnh Đồng Nai",
            "Sở Khoa học và Công nghệ",
            "Số: 12/BTH-SKHCN",
            "Đồng Nai",
            date(2026, 3, 5),
        ),
        subject="dự thảo Chương trình hành động",
        legal_basis_sentence="Căn cứ Luật Ban hành văn bản quy phạm pháp luật, kết quả như sau:",
        asked_count=1234,
        received_count=56,
        rows=rows,
        signature=Signature("KT. Giám đốc", "Phó Giám đốc", "Nguyễn Văn Thành"),
        recipients=("Như trên", "Lưu: VT"),
    )
    return replace(base, **changes)


def reopened(doc: Mau10):
    return Document(io.BytesIO(render_docx(doc)))


def opinion_table(doc: Mau10):
    return reopened(doc).tables[1]


def merges(table) -> list[str | None]:
    """Say for each row whether its first cell opens ("restart") or goes on (None) a merge."""
    return [tr.tc_lst[0].tcPr.find(qn("w:vMerge")).get(qn("w:val")) for tr in table._tbl.tr_lst[1:]]


def first_cells(table) -> list[str]:
    texts = (row.cells[0].text for row in table.rows[1:])
    return list(dict.fromkeys(texts))


def test_wording_before_the_table() -> None:
    texts = [p.text for p in reopened(document(provision(1, "Điều 1"))).paragraphs]
    assert texts[:2] == [
        "BẢN TỔNG HỢP Ý KIẾN, TIẾP THU, GIẢI TRÌNH Ý KIẾN GÓP Ý, PHẢN BIỆN XÃ HỘI ĐỐI VỚI",
        "dự thảo Chương trình hành động",
    ]
    assert (
        "1. Tổng số 1.234 cơ quan, tổ chức, cá nhân đã gửi xin ý kiến "
        "và tổng số 56 ý kiến nhận được."
    ) in texts
    assert texts.index("2. Kết quả cụ thể như sau:") > 3


def test_columns_and_repeated_header_row() -> None:
    table = opinion_table(document(provision(1, "Điều 1")))
    assert [cell.text for cell in table.rows[0].cells] == [
        "NHÓM VẤN ĐỀ / ĐIỀU / KHOẢN",
        "CHỦ THỂ GÓP Ý",
        "NỘI DUNG GÓP Ý",
        "Ý KIẾN TIẾP THU, GIẢI TRÌNH",
    ]
    flags = [tr.find(f".//{qn('w:tblHeader')}") is not None for tr in table._tbl.tr_lst]
    assert flags == [True, False]


def test_draft_order_with_general_remarks_last() -> None:
    rows = (
        provision(0, "Ý kiến chung", general=True),
        provision(10, "Điều 10"),
        provision(2, "Điều 2"),
        provision(9, "Điều 9", 0),
    )
    assert first_cells(opinion_table(document(*rows))) == ["Điều 2", "Điều 10", "Ý kiến chung"]


def test_cells_of_one_provision_are_merged() -> None:
    table = opinion_table(document(provision(1, "Điều 1", 3), provision(2, "Điều 2")))
    assert merges(table) == ["restart", None, None, "restart"]
    assert first_cells(table) == ["Điều 1", "Điều 2"]


def test_two_rows_of_one_provision_become_one() -> None:
    first = Mau10Row("d1", "Điều 1", 1, False, opinions(1))
    again = Mau10Row("d1", "Điều 1", 1, False, opinions(2))
    assert merges(opinion_table(document(first, provision(0, "Điều 0"), again))) == [
        "restart",
        "restart",
        None,
        None,
    ]


def test_a_provision_longer_than_a_page_names_itself_again() -> None:
    table = opinion_table(document(provision(1, "Điều 1", 40)))
    opened = [index for index, merge in enumerate(merges(table)) if merge == "restart"]
    assert first_cells(table) == ["Điều 1", "Điều 1 (tiếp theo)"]
    gaps = [after - before for before, after in zip(opened, [*opened[1:], 40], strict=True)]
    # A row of two lines is about 11 mm high; the page holds some 155 mm under the column names.
    assert max(gaps) * 11 <= 155
    assert min(gaps[:-1]) >= 4, "so short a merge would be noise"


def test_short_rows_stay_whole_and_long_rows_may_break() -> None:
    rows = provision(1, "Điều 1"), provision(2, "Điều 2", content="Một câu khá dài. " * 200)
    table = opinion_table(document(*rows))
    whole = [tr.find(f".//{qn('w:cantSplit')}") is not None for tr in table._tbl.tr_lst[1:]]
    assert whole == [True, False]


def test_opinion_cell() -> None:
    row = provision(
        1,
        "Điều 1",
        content="Đoạn một.\r\n\nĐoạn hai.",
        quote="05 ngày",
        proposed_wording="10 ngày làm việc\nkể từ ngày nhận",
    )
    cell = opinion_table(document(row)).rows[1].cells[2]
    assert [p.text for p in cell.paragraphs] == [
        "Nội dung dự thảo: 05 ngày",
        "Đoạn một.",
        "Đoạn hai.",
        "Đề nghị sửa thành: 10 ngày làm việc",
        "kể từ ngày nhận",
        "Mã ý kiến: GY-0001",
    ]
    code = cell.paragraphs[-1].style.font.size
    assert code.pt < cell.paragraphs[1].style.font.size.pt


def test_answer_begins_with_the_disposition_in_bold() -> None:
    answer = Mau10Response("Không tiếp thu", "Đã quy định tại Điều 12.\nSẽ hướng dẫn thêm.")
    cell = opinion_table(document(provision(1, "Điều 1", response=answer))).rows[1].cells[3]
    assert [p.text for p in cell.paragraphs] == [
        "Không tiếp thu: Đã quy định tại Điều 12.",
        "Sẽ hướng dẫn thêm.",
    ]
    assert [bool(run.bold) for run in cell.paragraphs[0].runs] == [True, False]


@pytest.mark.parametrize(
    ("answer", "words"),
    [(None, "Chưa trả lời"), (Mau10Response("Tiếp thu", ""), "Tiếp thu.")],
)
def test_answer_without_a_reason(answer: Mau10Response | None, words: str) -> None:
    doc = document(
        provision(1, "Điều 1", response=answer), labels=Labels(unanswered="Chưa trả lời")
    )
    assert opinion_table(doc).rows[1].cells[3].text == words


def test_wording_with_stray_braces_is_printed_as_it_stands() -> None:
    labels = Labels(counts="{received} / {asked} {x} {", point_code="{code} {")
    doc = document(provision(1, "Điều 1"), labels=labels)
    assert "56 / 1.234 {x} {" in [p.text for p in reopened(doc).paragraphs]
    assert opinion_table(doc).rows[1].cells[2].text.endswith("GY-0001 {")


def test_no_opinions() -> None:
    table = opinion_table(document())
    assert {cell.text for cell in table.rows[1].cells} == {"Không nhận được ý kiến góp ý."}


def test_closing_parts_stand_in_order() -> None:
    doc = document(
        provision(1, "Điều 1"),
        accounting_lines=("Trong đó: 20 ý kiến tiếp thu.",),
        dissents=(Mau10Dissent("TS. Lê Kim Ngân", "Tôi bảo lưu.\nVì chưa đủ.", "GY-0099"),),
        checkpoint_line="Dấu kiểm: 1284",
    )
    opened = reopened(doc)
    texts = [p.text for p in opened.paragraphs if p.text]
    assert texts.index("Trong đó: 20 ý kiến tiếp thu.") < texts.index("2. Kết quả cụ thể như sau:")
    assert texts[-6:] == [
        "3. Ý kiến bảo lưu (ghi nguyên văn):",
        "TS. Lê Kim Ngân (Mã ý kiến: GY-0099):",
        "Tôi bảo lưu.",
        "Vì chưa đủ.",
        Labels().closing.replace("{subject}", doc.subject),
        "Dấu kiểm: 1284",
    ]
    assert len(opened.tables) == 3


def test_the_same_content_gives_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    doc = document(provision(1, "Điều 1", 3), provision(2, "Điều 2"))
    first = render_docx(doc)
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 90_000)
    monkeypatch.setattr(time, "localtime", lambda *_: time.gmtime(now + 90_000))
    assert render_docx(doc) == first
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert {member.date_time[0] for member in archive.infolist()} == {1980}


def test_hostile_text_is_printed_as_text() -> None:
    bad = 'a\x00\x1b\ud800<w:br/>&amp; { HYPERLINK "http://x" } ]]>'
    row = provision(1, bad, content=bad, quote=bad, proposed_wording=bad, contributor=bad)
    table = opinion_table(document(row, subject=bad, checkpoint_line=bad))
    shown = 'a<w:br/>&amp; { HYPERLINK "http://x" } ]]>'
    assert [cell.text for cell in table.rows[1].cells[:2]] == [shown, shown]
    assert "instrText" not in table._tbl.xml


def test_two_thousand_opinions_in_time() -> None:
    answer = Mau10Response("Tiếp thu một phần", "Cơ quan soạn thảo tiếp thu. " * 10)
    rows = [
        provision(n, f"Điều {n}", 40, content="Đề nghị làm rõ. " * 30, response=answer)
        for n in range(50)
    ]
    started = time.process_time()
    with untraced():
        content = render_docx(document(*rows))
    assert time.process_time() - started < 8
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.read("word/document.xml").count("Mã ý kiến".encode()) == 2000


def test_the_signature_never_stands_alone_on_a_page() -> None:
    rows = opinion_table(document(provision(1, "Điều 1", 2)))._tbl.tr_lst
    for tr, held in zip(rows[1:], (False, True), strict=True):
        styled = [p for p in tr.iter(qn("w:p")) if p.find(f".//{qn('w:pStyle')}") is not None]
        assert {p.find(f".//{qn('w:keepNext')}") is not None for p in styled} == {held}
    body = reopened(document(provision(1, "Điều 1"))).element.body
    before = list(body)[-4:-2]  # the signature's table and the page's settings come last
    assert "Trên đây là" in "".join(before[0].itertext())
    assert all(block.find(f".//{qn('w:keepNext')}") is not None for block in before)


def test_importing_the_writers_loads_no_heavy_library() -> None:
    code = (
        "import sys, consult.documents.mau10, consult.documents.points_table;"
        "print(sorted({'docx', 'lxml', 'xlsxwriter'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
