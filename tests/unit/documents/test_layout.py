"""The components of an official document, as Nghị định 30/2020/NĐ-CP lays them out."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal

import pytest
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm, Pt

from consult.documents import layout
from consult.documents.model import Letterhead, Signature
from consult.documents.wordml import Xml

HEAD = Letterhead(
    "Ủy ban Trung ương MTTQ Việt Nam",
    "Ủy ban MTTQ Việt Nam tỉnh Đồng Nai",
    "Số: 12/BC-MTTQ-BTT",
    "Đồng Nai",
    date(2026, 3, 5),
)


def reopened(blocks: list[Xml], page: layout.Page = layout.PORTRAIT):
    content = layout.write_docx(blocks, page, title="Báo cáo", dated=date(2026, 3, 5))
    return Document(io.BytesIO(content))


def cell_texts(document, column: int) -> list[str]:
    return [p.text for p in document.tables[0].cell(0, column).paragraphs]


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 3, 5), "ngày 05 tháng 3 năm 2026"),
        (date(2026, 1, 31), "ngày 31 tháng 01 năm 2026"),
        (date(2026, 2, 9), "ngày 09 tháng 02 năm 2026"),
        (date(2025, 10, 10), "ngày 10 tháng 10 năm 2025"),
    ],
)
def test_dates(day: date, words: str) -> None:
    assert layout.format_date_vn(day) == words


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "0"),
        (999, "999"),
        (40924, "40.924"),
        (-1234567, "-1.234.567"),
        (Decimal("1234.5"), "1.234,5"),
    ],
)
def test_numbers(number: int | Decimal, words: str) -> None:
    assert layout.format_number_vn(number) == words


def test_letterhead() -> None:
    document = reopened(layout.letterhead(HEAD, layout.PORTRAIT))
    assert cell_texts(document, 0) == [
        "ỦY BAN TRUNG ƯƠNG MTTQ VIỆT NAM",
        "ỦY BAN MTTQ VIỆT NAM TỈNH ĐỒNG NAI",
        "",
        "Số: 12/BC-MTTQ-BTT",
    ]
    assert cell_texts(document, 1) == [
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "",
        "Đồng Nai, ngày 05 tháng 3 năm 2026",
    ]


def test_letterhead_without_parent_and_date_leaves_room() -> None:
    head = Letterhead(None, "Liên hiệp các Hội", "Số:      /BC-LHH", "Đồng Nai", None)
    document = reopened(layout.letterhead(head, layout.PORTRAIT))
    assert cell_texts(document, 0)[0] == "LIÊN HIỆP CÁC HỘI"
    assert cell_texts(document, 1)[3].split() == ["Đồng", "Nai,", "ngày", "tháng", "năm"]


@pytest.mark.parametrize("page", [layout.PORTRAIT, layout.LANDSCAPE])
def test_rules_have_the_length_the_decree_gives(page: layout.Page) -> None:
    table = reopened(layout.letterhead(HEAD, page)).tables[0]

    def rule_mm(column: int) -> float:
        cell = table.cell(0, column)
        [rule] = [p for p in cell.paragraphs if p.style.name == "Đường kẻ"]
        form = rule.paragraph_format
        return (cell.width - form.left_indent - form.right_indent) / Mm(1)

    # The motto in bold 13 measures 56.1 mm; the body's name is cut at the column's width.
    assert rule_mm(1) == pytest.approx(56.1, abs=0.3)
    name_mm = min(93.0, table.cell(0, 0).width / Mm(1))
    assert name_mm / 3 <= rule_mm(0) <= name_mm / 2


def test_styles_carry_the_decree_s_sizes() -> None:
    styles = {style.name: style for style in reopened([]).styles}
    expected = {
        "Quốc hiệu": (12, True, None),
        "Tiêu ngữ": (13, True, None),
        "Cơ quan chủ quản": (12, None, None),
        "Cơ quan ban hành": (12, True, None),
        "Số, ký hiệu": (13, None, None),
        "Địa danh, thời gian": (13, None, True),
        "Tên loại văn bản": (14, True, None),
        "Trích yếu": (14, True, None),
        "Nội dung": (14, None, None),
        "Nơi nhận": (12, True, True),
        "Nơi nhận: danh sách": (11, None, None),
        "Chức vụ người ký": (14, True, None),
        "Họ tên người ký": (14, True, None),
    }
    for name, (size, bold, italic) in expected.items():
        font = styles[name].font
        assert (font.size, font.bold, font.italic) == (Pt(size), bold, italic), name
    text = styles["Nội dung"].paragraph_format
    assert text.alignment == WD_ALIGN_PARAGRAPH.JUSTIFY
    assert text.first_line_indent == pytest.approx(Mm(12.7), abs=700)
    assert text.space_before >= Pt(6)
    assert 1 <= text.line_spacing <= 1.5


def test_the_font_is_times_new_roman_for_every_script() -> None:
    defaults = reopened([]).styles.element.find(".//{*}docDefaults//{*}rFonts")
    assert set(defaults.attrib.values()) == {"Times New Roman"}
    assert len(defaults.attrib) == 4


@pytest.mark.parametrize(("page", "size"), [("PORTRAIT", (210, 297)), ("LANDSCAPE", (297, 210))])
def test_page_margins_and_numbers(page: str, size: tuple[int, int]) -> None:
    section = reopened([], getattr(layout, page)).sections[0]
    assert tuple(round(side / Mm(1)) for side in (section.page_width, section.page_height)) == size
    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(margin / Mm(1)) for margin in margins] == [20, 20, 30, 15]
    assert section.different_first_page_header_footer
    assert section.first_page_header.is_linked_to_previous, "page 1 must have an empty header"
    [number] = section.header.paragraphs
    assert number.style.name == "Số trang"
    assert number.style.paragraph_format.alignment == WD_ALIGN_PARAGRAPH.CENTER
    assert "PAGE" in number._p.xml


def test_signature_and_recipients() -> None:
    signature = Signature("TM. Ban Thường trực", "Chủ tịch", "Nguyễn Văn Thành")
    recipients = ("- Sở Nội vụ;", "Như trên", " ", "Lưu: VT, BTT.")
    document = reopened(layout.signature_block(signature, recipients, layout.PORTRAIT))
    assert cell_texts(document, 0) == [
        "Nơi nhận:",
        "- Sở Nội vụ;",
        "- Như trên;",
        "- Lưu: VT, BTT.",
    ]
    assert cell_texts(document, 1) == ["TM. BAN THƯỜNG TRỰC", "CHỦ TỊCH", "Nguyễn Văn Thành"]
    signer = document.tables[0].cell(0, 1).paragraphs[-1]
    assert signer.style.paragraph_format.space_before >= Pt(60), "room for the hand and the seal"


def test_recipients_always_say_where_the_document_is_filed() -> None:
    block = layout.signature_block(Signature(None, "Giám đốc", None), (), layout.PORTRAIT)
    assert cell_texts(reopened(block), 0) == ["Nơi nhận:", "- Lưu: VT."]


def test_the_file_names_nobody_and_no_program() -> None:
    properties = reopened([]).core_properties
    assert properties.title == "Báo cáo"
    assert properties.created.date() == properties.modified.date() == date(2026, 3, 5)
    for blank in ("author", "last_modified_by", "comments", "keywords", "category"):
        assert getattr(properties, blank) == ""
