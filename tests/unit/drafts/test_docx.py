"""Word files: numbers that stand only in the numbering part, tables, notes, changes."""

from __future__ import annotations

from pathlib import Path

import pytest

from consult.drafts.parsing import ParsedDocument, parse_file
from consult.drafts.parsing.readers.numbering import format_number
from tests.unit.drafts.files import NS, docx, numbering, paragraph, run, table
from tests.unit.drafts.test_real_documents import assert_sound


@pytest.fixture
def read(tmp_path: Path):
    def parse(data: bytes) -> ParsedDocument:
        path = tmp_path / "upload"
        path.write_bytes(data)
        document = parse_file(path, filename="mau.docx")
        assert_sound(document)
        return document

    return parse


def keys(document: ParsedDocument) -> list[str]:
    return [p.key for p in document.provisions]


LEVELS = [
    ("upperRoman", "Chương %1"),
    ("decimal", "Điều %2."),
    ("decimal", "%3."),
    ("lowerLetter", "%4)"),
]


def test_automatic_numbers_are_resolved(read) -> None:
    items = [
        paragraph("QUY ĐỊNH CHUNG", level=(1, 0)),
        paragraph("Phạm vi", level=(1, 1)),
        paragraph("Quy định này về mẫu."),
        paragraph("Đối tượng", level=(1, 1)),
        paragraph("Cơ quan.", level=(1, 2)),
        paragraph("Tổ chức, gồm:", level=(1, 2)),
        paragraph("Hội;", level=(1, 3)),
        paragraph("Câu lạc bộ.", level=(1, 3)),
    ]
    document = read(docx("".join(items), numbering=numbering(LEVELS)))
    assert keys(document) == ["c1", "d1", "d2", "d2.k1", "d2.k2", "d2.k2.a", "d2.k2.b"]
    assert document.provisions[1].title == "Phạm vi"
    assert "Điều 2. Đối tượng" in document.text


def test_articles_run_on_over_chapters_when_the_list_says_so(read) -> None:
    levels = numbering(LEVELS).replace(
        '<w:lvlText w:val="Điều %2."/>', '<w:lvlText w:val="Điều %2."/><w:lvlRestart w:val="0"/>'
    )
    items = [
        paragraph("MỘT", level=(1, 0)),
        paragraph("A", level=(1, 1)),
        paragraph("HAI", level=(1, 0)),
        paragraph("B", level=(1, 1)),
    ]
    assert keys(read(docx("".join(items), numbering=levels))) == ["c1", "d1", "c2", "d2"]


def test_numbers_through_styles_overrides_and_restarts(read) -> None:
    extra = (
        '<w:num w:numId="2"><w:abstractNumId w:val="7"/><w:lvlOverride w:ilvl="2">'
        '<w:startOverride w:val="1"/></w:lvlOverride></w:num>'
    )
    styles = (
        f'<w:styles {NS}><w:style w:styleId="Dieu"><w:pPr><w:numPr><w:ilvl w:val="1"/>'
        '<w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:styleId="DieuCon"><w:basedOn w:val="Dieu"/></w:style></w:styles>'
    )
    items = [
        paragraph("Một", style="Dieu"),
        paragraph("Khoản một.", level=(1, 2)),
        paragraph("Hai", style="DieuCon"),
        paragraph("Khoản một.", level=(2, 2)),
        paragraph("Khoản hai.", level=(2, 2)),
        paragraph("Không đánh số", level=(0, 0)),
    ]
    data = docx("".join(items), numbering=numbering(LEVELS, extra), styles=styles)
    assert keys(read(data)) == ["d1", "d1.k1", "d2", "d2.k1", "d2.k2"]


def test_bullets_and_mixed_decimal_levels(read) -> None:
    levels = [("decimal", "%1."), ("decimal", "%1.%2."), ("bullet", "\uf0b7"), ("bullet", "-")]
    items = [
        paragraph("I. NỘI DUNG"),
        paragraph("Chung", level=(1, 0)),
        paragraph("Cụ thể", level=(1, 1)),
        paragraph("Gạch một.", level=(1, 3)),
        paragraph("Chấm một.", level=(1, 2)),
        paragraph("Tiếp", level=(1, 1)),
    ]
    document = read(docx("".join(items), numbering=numbering(levels)))
    kinds = [(p.kind, p.number) for p in document.provisions]
    assert kinds == [
        ("roman", "I"), ("numeral", "1"), ("decimal", "1.1"), ("bullet", "1"), ("bullet", "2"),
        ("decimal", "1.2"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("number", "form", "expected"),
    [
        (4, "upperRoman", "IV"), (9, "lowerRoman", "ix"), (27, "lowerLetter", "aa"),
        (2, "upperLetter", "B"), (5, "decimalZero", "05"), (3, "ordinal", "3"),
    ],
)  # fmt: skip
def test_number_formats(number: int, form: str, expected: str) -> None:
    assert format_number(number, form) == expected


def test_headings_broken_inside_a_paragraph(read) -> None:
    document = read(docx(["Chương I\nQUY ĐỊNH CHUNG", "Điều 1. Một\n1. Thứ nhất.\n2. Thứ hai."]))
    assert keys(document) == ["c1", "d1", "d1.k1", "d1.k2"]
    assert document.provisions[0].title == "QUY ĐỊNH CHUNG"


def test_tracked_changes_are_read_as_accepted(read) -> None:
    body = (
        f"<w:p>{run('Điều 1. Tên ')}<w:del w:id='1'><w:r><w:delText>cũ</w:delText></w:r></w:del>"
        f"<w:ins w:id='2'>{run('mới')}</w:ins></w:p>"
        "<w:p><w:pPr><w:rPr><w:del w:id='3'/></w:rPr></w:pPr>"
        f"{run('Nội dung')}</w:p>" + paragraph("nối liền.")
    )
    document = read(docx(body))
    assert document.text == "Điều 1. Tên mới\nNội dung nối liền."
    assert [w.code for w in document.warnings] == ["tracked_changes"]


def test_hidden_text_is_left_out_and_told(read) -> None:
    document = read(docx(f"<w:p>{run('Điều 1. Tên')}{run(' ẩn', '<w:vanish/>')}</w:p>"))
    assert document.text == "Điều 1. Tên"
    assert [w.code for w in document.warnings] == ["hidden_text"]


def test_tables_stay_tables_and_hold_no_headings(read) -> None:
    rows = [["TT", "Nội dung"], ["1", "Điều 2. Không phải điều"], ["2", "Hai\nba"]]
    document = read(docx(["Điều 1. Một", "1. Bảng sau:", table(rows), "Đoạn sau bảng.", "2. Hai."]))
    assert keys(document) == ["d1", "d1.k1", "bang1", "d1.k1.p1", "d1.k2"]
    found = document.provisions[2]
    assert (found.kind, found.parent) == ("table", "d1.k1")
    assert found.text == "TT\tNội dung\n1\tĐiều 2. Không phải điều\n2\tHai ba"
    assert found.citation == "Bảng 1 khoản 1 Điều 1"


def test_frames_of_letterhead_and_signature(read) -> None:
    head = table([["UBND TỈNH\nSố: 1/QĐ", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập"]])
    foot = table([["Nơi nhận:\n- Như Điều 2;\n- Lưu: VT.", "CHỦ TỊCH\nNguyễn Văn An"]])
    items = [head, "QUYẾT ĐỊNH", "Điều 1. Việc.", "Điều 2. Thi hành.", foot]
    document = read(docx([*items, "DANH SÁCH", "(Kèm theo Quyết định số 1)"]))
    assert keys(document)[:5] == ["mo-dau", "d1", "d2", "noi-nhan", "chu-ky"]
    assert document.provisions[4].text == "CHỦ TỊCH\nNguyễn Văn An"
    assert len(document.parts) == 2


def test_footnotes_follow_their_paragraph(read) -> None:
    body = (
        paragraph("Điều 1. Một")
        + f"<w:p>{run('Nội dung')}<w:r><w:footnoteReference w:id='4'/></w:r>{run('.')}</w:p>"
        + paragraph("Đoạn hai.")
    )
    notes = (
        f"<w:footnotes {NS}><w:footnote w:id='0' w:type='separator'/>"
        f"<w:footnote w:id='4'>{paragraph('Ghi chú.')}</w:footnote></w:footnotes>"
    )
    document = read(docx(body, footnotes=notes))
    assert document.text == "Điều 1. Một\nNội dung[1].\n[1] Ghi chú.\nĐoạn hai."
    assert keys(document) == ["d1", "cn1", "d1.p1"]


def test_text_boxes_and_content_controls_are_read_once(read) -> None:
    box = (
        "<w:r><mc:AlternateContent><mc:Choice><w:txbxContent>"
        f"{paragraph('DỰ THẢO')}</w:txbxContent></mc:Choice><mc:Fallback><w:txbxContent>"
        f"{paragraph('DỰ THẢO')}</w:txbxContent></mc:Fallback></mc:AlternateContent></w:r>"
    )
    body = f"<w:p>{run('QUYẾT ĐỊNH')}{box}</w:p><w:sdt><w:sdtContent>" + (
        paragraph("Điều 1. Một") + "</w:sdtContent></w:sdt>"
    )
    space = "http://schemas.openxmlformats.org/markup-compatibility/2006"
    data = docx(body.replace("<mc:AlternateContent>", f'<mc:AlternateContent xmlns:mc="{space}">'))
    assert read(data).text == "DỰ THẢO\nQUYẾT ĐỊNH\nĐiều 1. Một"


def test_the_strict_form_of_the_format_is_read(read, tmp_path: Path) -> None:
    strict = NS.replace(
        "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "http://purl.oclc.org/ooxml/wordprocessingml/main",
    )
    import io
    import zipfile

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(
            "word/document.xml",
            f"<w:document {strict}><w:body>{paragraph('Điều 1. Một')}</w:body></w:document>",
        )
    assert keys(read(out.getvalue())) == ["d1"]


def tracked(kind: str, words: str, mark: str = "") -> str:
    """A paragraph whose words were inserted, deleted or moved; ``mark``: so was its end."""
    tag = "delText" if kind == "del" else "t"
    end = f"<w:pPr><w:rPr><w:{mark}/></w:rPr></w:pPr>" if mark else ""
    return f"<w:p>{end}<w:{kind}><w:r><w:{tag}>{words}</w:{tag}></w:r></w:{kind}></w:p>"


def lines(document: ParsedDocument) -> list[str]:
    return document.text.split("\n")


def codes(document: ParsedDocument) -> set[str]:
    return {w.code for w in document.warnings}


def test_a_paragraph_deleted_whole_joins_nothing(read) -> None:
    document = read(docx(["Điều 1. Một", tracked("del", "Bỏ.", "del"), "Điều 2. Hai"]))
    assert lines(document) == ["Điều 1. Một", "Điều 2. Hai"]
    assert "tracked_changes" in codes(document)


def test_moved_paragraphs_stand_where_they_went(read) -> None:
    away = tracked("moveFrom", "Điều 2. Hai", "moveFrom")
    document = read(docx(["Điều 1. Một", away, "Nội dung.", tracked("moveTo", "Điều 2. Hai")]))
    assert lines(document) == ["Điều 1. Một", "Nội dung.", "Điều 2. Hai"]
    assert "tracked_changes" in codes(document)


def test_an_end_deleted_between_paragraphs_joins_them(read) -> None:
    first = "<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>Điều 1. Một</w:t></w:r></w:p>"
    document = read(docx([first, tracked("del", "giữa", "del"), "và hai", "Điều 2. Ba"]))
    assert lines(document) == ["Điều 1. Một và hai", "Điều 2. Ba"]


def test_signs_of_symbol_fonts_are_characters(read) -> None:
    signs = "".join(
        f'<w:r><w:sym w:font="{font}" w:char="{code}"/></w:r>'
        for font, code in (
            ("Symbol", "F0B3"), ("Wingdings", "F0FC"), ("Symbol", "F061"), ("Wingdings", "F0A8"),
            ("Arial", "2265"), ("Wingdings 3", "F0EE"), ("Symbol", "x"), ("Symbol", "D800"),
        )
    )  # fmt: skip
    document = read(docx(f"<w:p>{run('Điều 1. Dấu ')}{signs}</w:p>"))
    assert document.text == "Điều 1. Dấu ≥✓α□≥□□□"


def test_what_nobody_sees_is_left_out(read) -> None:
    document = read(docx(["Đi\u00adều\u200b 1. Trí\u2060 thức\ufeff", paragraph("Hết")]))
    assert [p.title for p in document.provisions if p.kind == "article"] == ["Trí thức"]


def test_formulas_fields_links_and_controls_keep_their_words(read) -> None:
    math = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
    field = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> REF x </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>' + run("Điều 9")
        + '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )  # fmt: skip
    body = (
        f"<w:p>{run('Điều 1. Theo ')}{field}{run(', ')}"
        f"<w:hyperlink>{run('liên kết')}</w:hyperlink>{run(', ')}"
        f"<w:sdt><w:sdtPr/><w:sdtContent>{run('ô nhập')}</w:sdtContent></w:sdt>"
        f'<w:fldSimple w:instr="DATE">{run(", ngày 5")}</w:fldSimple>{run(", ")}'
        f"<m:oMath {math}><m:r><m:t>x=y+1</m:t></m:r></m:oMath>"
        '<w:commentRangeStart w:id="1"/><w:r><w:softHyphen/><w:tab/></w:r>'
        f"<w:smartTag>{run('hết')}</w:smartTag></w:p>"
    )
    assert read(docx(body)).text == ("Điều 1. Theo Điều 9, liên kết, ô nhập, ngày 5, x=y+1 hết")


def test_alternate_content_is_read_once(read) -> None:
    mc = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    box = f"<w:txbxContent>{paragraph('Trong khung')}</w:txbxContent>"
    inner = (
        f"<mc:AlternateContent {mc}><mc:Choice><w:drawing>{box}</w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict>{box}</w:pict></mc:Fallback></mc:AlternateContent>"
    )
    body = f"<w:p>{run('Điều 1. Một')}<w:r>{inner}</w:r></w:p>"
    block = (
        f"<mc:AlternateContent {mc}><mc:Choice>{paragraph('Điều 2. Hai')}</mc:Choice>"
        f"<mc:Fallback>{paragraph('Điều 2. Hai')}</mc:Fallback></mc:AlternateContent>"
    )
    document = read(docx(body + block))
    assert lines(document) == ["Trong khung", "Điều 1. Một", "Điều 2. Hai"]


def test_tables_within_tables_and_merged_cells_lose_nothing(read) -> None:
    merged = (
        "<w:tbl><w:tr><w:tc><w:tcPr><w:vMerge w:val='restart'/></w:tcPr>" + paragraph("Gộp")
        + "</w:tc><w:tc>" + table([["trong", "cùng"]]) + paragraph("") + "</w:tc></w:tr>"
        "<w:tr><w:tc><w:tcPr><w:vMerge/></w:tcPr>" + paragraph("") + "</w:tc><w:tc>"
        + paragraph("dưới") + "</w:tc></w:tr><w:sdt><w:sdtContent><w:tr><w:tc>"
        + paragraph("cuối") + "</w:tc></w:tr></w:sdtContent></w:sdt></w:tbl>"
    )  # fmt: skip
    document = read(docx(["Điều 1. Bảng", merged, "Điều 2. Hết"]))
    assert [line for line in lines(document) if "\t" in line] == ["Gộp\ttrong cùng", "\tdưới"]
    assert "cuối" in document.text


def test_a_cell_over_several_columns_leaves_the_others_in_their_places(read) -> None:
    def cell(text: str, properties: str = "") -> str:
        return f"<w:tc><w:tcPr>{properties}</w:tcPr>{paragraph(text)}</w:tc>"

    rows = [
        [cell("TT", '<w:vMerge w:val="restart"/>'), cell("Chỉ tiêu", '<w:gridSpan w:val="2"/>'),
         cell("Đơn vị")],
        [cell("", "<w:vMerge/>"), cell("2025"), cell("2030"), cell("người")],
        [cell("Lạ", '<w:gridSpan w:val="x"/>'), cell("Rộng", '<w:gridSpan w:val="999999999"/>'),
         cell("Hết")],
    ]  # fmt: skip
    body = "".join(f"<w:tr>{''.join(cells)}</w:tr>" for cells in rows)
    document = read(docx([paragraph("Điều 1. Một"), f"<w:tbl>{body}</w:tbl>"]))
    lines = [line.split("\t") for line in document.provisions[-1].text.split("\n")]
    assert lines[:2] == [["TT", "Chỉ tiêu", "", "Đơn vị"], ["", "2025", "2030", "người"]]
    assert (lines[2][:2], lines[2][-1], len(lines[2])) == (["Lạ", "Rộng"], "Hết", 65)
