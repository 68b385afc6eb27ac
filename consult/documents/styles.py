"""The paragraph styles of an official document: one for each component the decree names.

Sizes, weights and spacing follow Nghị định 30/2020/NĐ-CP, Phụ lục I. They are styles, not
formatting typed over text, so an office that edits the file can adjust a component in one place.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from consult.documents.wordml import NAMESPACE, Xml, twips

FONT = "Times New Roman"


class ParagraphStyle(Struct, frozen=True):
    """One style; sizes and distances before and after in points, indent in millimetres."""

    id: str
    name: str
    size: float
    align: Literal["left", "center", "right", "both"] = "left"
    bold: bool = False
    italic: bool = False
    before: float = 0
    after: float = 0
    first_line_mm: float = 0
    line: float = 1.0
    rule: bool = False
    keep_lines: bool = False
    new_page: bool = False
    left_mm: float = 0

    def to_xml(self) -> Xml:
        """Return the style's definition."""
        border = (
            '<w:pBdr><w:top w:val="single" w:sz="6" w:space="1" w:color="auto"/></w:pBdr>'
            if self.rule
            else ""
        )
        # The schema wants them in this order.
        keep = "<w:keepLines/>" if self.keep_lines else ""
        keep += "<w:pageBreakBefore/>" if self.new_page else ""
        # A line in twentieths of a point for the rule, else in 240ths of the font's own height.
        line, kind = (40, "exact") if self.rule else (round(self.line * 240), "auto")
        spacing = (
            f'w:before="{self.before * 20:.0f}" w:after="{self.after * 20:.0f}" '
            f'w:line="{line}" w:lineRule="{kind}"'
        )
        first, left = twips(self.first_line_mm), twips(self.left_mm)
        indent = f'<w:ind w:left="{left}" w:firstLine="{first}"/>' if first or left else ""
        look = ("<w:b/>" if self.bold else "") + ("<w:i/>" if self.italic else "")
        half_points = round(self.size * 2)
        return Xml(
            f'<w:style w:type="paragraph" w:customStyle="1" w:styleId="{self.id}">'
            f'<w:name w:val="{self.name}"/><w:basedOn w:val="Normal"/><w:qFormat/>'
            f"<w:pPr>{keep}{border}<w:spacing {spacing}/>{indent}"
            f'<w:jc w:val="{self.align}"/></w:pPr>'
            f'<w:rPr>{look}<w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/></w:rPr>'
            "</w:style>"
        )


STYLES = (
    ParagraphStyle("Nation", "Quốc hiệu", 12, "center", bold=True),
    ParagraphStyle("Motto", "Tiêu ngữ", 13, "center", bold=True),
    ParagraphStyle("ParentBody", "Cơ quan chủ quản", 12, "center"),
    ParagraphStyle("Body", "Cơ quan ban hành", 12, "center", bold=True),
    ParagraphStyle("Rule", "Đường kẻ", 2, "center", before=2, rule=True),
    ParagraphStyle("Symbol", "Số, ký hiệu", 13, "center", before=4),
    ParagraphStyle("PlaceDate", "Địa danh, thời gian", 13, "center", italic=True, before=4),
    ParagraphStyle("Title", "Tên loại văn bản", 14, "center", bold=True, before=18),
    ParagraphStyle("Subject", "Trích yếu", 14, "center", bold=True),
    ParagraphStyle("State", "Tình trạng văn bản", 13, "center", italic=True, before=6),
    ParagraphStyle("Text", "Nội dung", 14, "both", before=6, first_line_mm=12.7, line=1.1),
    ParagraphStyle("Section", "Đề mục", 14, "both", bold=True, before=6, first_line_mm=12.7),
    ParagraphStyle("Quote", "Trích nguyên văn", 14, "both", italic=True, before=4, left_mm=12.7),
    ParagraphStyle("Footnote", "Chú thích cuối trang", 10, "both"),
    ParagraphStyle("ChartName", "Biểu đồ: tên", 11),
    ParagraphStyle("ChartNumbers", "Biểu đồ: số liệu", 11, "right"),
    ParagraphStyle("Annex", "Tên phụ lục", 14, "center", bold=True, after=6, new_page=True),
    ParagraphStyle("ColumnHead", "Bảng: tên cột", 12, "center", bold=True, before=3, after=3),
    ParagraphStyle(
        "CellHead", "Bảng: điều khoản", 12, bold=True, before=2, after=2, keep_lines=True
    ),
    ParagraphStyle("Cell", "Bảng: nội dung", 12, before=2, after=2),
    ParagraphStyle("CellNumber", "Bảng: số thứ tự", 12, "center", before=2, after=2),
    ParagraphStyle("CellNote", "Bảng: mã ý kiến", 9, before=1, after=2),
    ParagraphStyle("Office", "Chức vụ người ký", 14, "center", bold=True),
    ParagraphStyle("Signer", "Họ tên người ký", 14, "center", bold=True, before=72),
    ParagraphStyle("RecipientsHead", "Nơi nhận", 12, bold=True, italic=True),
    ParagraphStyle("Recipient", "Nơi nhận: danh sách", 11),
    ParagraphStyle("SmallPrint", "Ghi chú cuối văn bản", 9, italic=True, before=12),
    ParagraphStyle("PageNumber", "Số trang", 14, "center"),
    ParagraphStyle("Gap", "Khoảng cách", 6),
)

SIZES = {style.id: style.size for style in STYLES}


def stylesheet() -> Xml:
    """Return the whole styles part: the defaults, the built-in roots and `STYLES`."""
    fonts = " ".join(f'w:{script}="{FONT}"' for script in ("ascii", "hAnsi", "eastAsia", "cs"))
    return Xml(
        f'<w:styles xmlns:w="{NAMESPACE}"><w:docDefaults><w:rPrDefault><w:rPr>'
        f'<w:rFonts {fonts}/><w:color w:val="000000"/><w:sz w:val="28"/><w:szCs w:val="28"/>'
        '<w:lang w:val="vi-VN" w:eastAsia="vi-VN" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>'
        "<w:pPrDefault><w:pPr><w:widowControl/></w:pPr></w:pPrDefault></w:docDefaults>"
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/>'
        "<w:qFormat/></w:style>"
        '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
        '<w:name w:val="Default Paragraph Font"/><w:semiHidden/></w:style>'
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal">'
        '<w:name w:val="Normal Table"/><w:semiHidden/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/>'
        '<w:tblCellMar><w:top w:w="0" w:type="dxa"/><w:left w:w="108" w:type="dxa"/>'
        '<w:bottom w:w="0" w:type="dxa"/><w:right w:w="108" w:type="dxa"/></w:tblCellMar>'
        "</w:tblPr></w:style>"
        '<w:style w:type="numbering" w:default="1" w:styleId="NoList"><w:name w:val="No List"/>'
        f"<w:semiHidden/></w:style>{''.join(style.to_xml() for style in STYLES)}</w:styles>"
    )
