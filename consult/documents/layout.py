"""The components of an official document as Nghị định 30/2020/NĐ-CP lays them out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from consult.core.i18n import format_number_vn
from consult.documents.docx_file import LANDSCAPE, PORTRAIT, Page, write_docx
from consult.documents.model import Letterhead, Signature
from consult.documents.styles import SIZES
from consult.documents.wordml import (
    Xml,
    cell,
    keep_with_next,
    paragraph,
    row,
    run,
    split_paragraphs,
    table,
)

__all__ = [
    "LANDSCAPE",
    "PORTRAIT",
    "Page",
    "format_date_vn",
    "format_number_vn",
    "grid",
    "letterhead",
    "lines_needed",
    "place_and_date",
    "recipient_lines",
    "section_heading",
    "signature_block",
    "signature_lines",
    "small_print",
    "text_block",
    "title_block",
    "two_columns",
    "write_docx",
]

NATION = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"
RECIPIENTS = "Nơi nhận:"
FILED = "Lưu: VT"

_POINT_MM = 25.4 / 72
# Mean advance widths of Times New Roman in ems, measured on Vietnamese text of each kind.
_EM_CAPITALS = 0.61
_EM_TEXT = 0.40
_EM_BOLD = 0.44
# The motto's own width in ems: its rule must be exactly as long as the words.
_EM_MOTTO = 12.25
# "Độ dài bằng từ 1/3 đến 1/2 độ dài của dòng chữ".
_RULE_SHARE = 0.4
# The nation's line in capitals decides how much of the page the right column needs.
_NATION_MM = 90.0


def format_date_vn(day: date) -> str:
    """Return "ngày 05 tháng 3 năm 2026".

    Days under 10 and the months 1 and 2 take a leading zero (Nghị định 30/2020/NĐ-CP, Phụ lục I).
    """
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def lines_needed(text: str, width_mm: float, style: str) -> int:
    """Return an estimate of the lines that ``text`` fills in a column of ``width_mm``."""
    per_line = max(1, int(width_mm / (_EM_TEXT * SIZES[style] * _POINT_MM)))
    return sum(-(-len(line) // per_line) for line in split_paragraphs(text))


def two_columns(page: Page, left_mm: float, left: Sequence[Xml], right: Sequence[Xml]) -> Xml:
    """Return two texts side by side without lines: the head, the foot, a pair of signatures."""
    widths = (left_mm, page.text_width - left_mm)
    cells = (cell(width, content) for width, content in zip(widths, (left, right), strict=True))
    return table(widths, [row(cells, whole=True)], lines=False)


def letterhead(head: Letterhead, page: Page) -> list[Xml]:
    """Return the head: bodies and number on the left, nation, motto, place and date on the right.

    A head without a date leaves room for writing it, one without a symbol bears none.
    """
    right_mm = max(_NATION_MM, page.text_width * 0.5)
    left_mm = page.text_width - right_mm
    left = [
        *_lines("ParentBody", (head.parent_body or "").upper()),
        *_lines("Body", head.body.upper()),
        _rule_under(len(head.body) * _EM_CAPITALS * SIZES["Body"] * _POINT_MM, left_mm),
        *_lines("Symbol", head.symbol),
    ]
    motto_mm = _EM_MOTTO * SIZES["Motto"] * _POINT_MM
    right = [
        paragraph("Nation", run(NATION)),
        paragraph("Motto", run(MOTTO)),
        paragraph("Rule", indent_mm=(right_mm - motto_mm) / 2),
        paragraph("PlaceDate", run(place_and_date(head))),
    ]
    return [two_columns(page, left_mm, left, right)]


def place_and_date(head: Letterhead) -> str:
    """Return "Đồng Nai, ngày 05 tháng 3 năm 2026", with room for a date that is not known."""
    day = format_date_vn(head.date) if head.date else "ngày      tháng      năm          "
    return f"{head.place}, {day}"


def title_block(title: str, subject: str, page: Page) -> list[Xml]:
    """Return the document's kind in capitals and its subject, with the rule under them."""
    side = page.text_width / 12
    subject_mm = len(subject) * _EM_BOLD * SIZES["Subject"] * _POINT_MM
    return [
        paragraph("Title", run(title.upper()), keep_next=True),
        *(paragraph("Subject", run(line), indent_mm=side) for line in split_paragraphs(subject)),
        _rule_under(subject_mm, page.text_width),
    ]


def text_block(text: str, *, keep_next: bool = False) -> list[Xml]:
    """Return body paragraphs: justified, first line indented, one for each line of ``text``."""
    return _lines("Text", text, keep_next=keep_next)


def section_heading(text: str) -> list[Xml]:
    """Return a heading in the body; it stays on one page with what follows."""
    return _lines("Section", text, keep_next=True)


def small_print(text: str) -> list[Xml]:
    """Return a closing note in small type."""
    return _lines("SmallPrint", text)


def grid(widths_mm: Sequence[float], heads: Sequence[str], rows: Sequence[Xml]) -> list[Xml]:
    """Return a ruled table whose row of column names repeats on every page.

    The last of ``rows`` (at least one) stays with what follows: no signature alone on a page.
    """
    head = row(
        (
            cell(width, _lines("ColumnHead", name), centred=True)
            for width, name in zip(widths_mm, heads, strict=True)
        ),
        header=True,
        whole=True,
    )
    whole = table(widths_mm, [head, *rows[:-1], keep_with_next(rows[-1])], lines=True)
    # A paragraph must follow, or Word joins this table to the next one.
    return [paragraph("Gap", keep_next=True), whole, paragraph("Gap", keep_next=True)]


def signature_block(signature: Signature, recipients: Sequence[str], page: Page) -> list[Xml]:
    """Return "Nơi nhận" on the left and the signer on the right, never split over two pages.

    A list that does not say where the document is filed gets "Lưu: VT" as its last line.
    """
    left = [paragraph("RecipientsHead", run(RECIPIENTS))]
    for line in recipient_lines(recipients):
        left += _lines("Recipient", line)
    return [
        paragraph("Gap", keep_next=True),
        two_columns(page, page.text_width * 0.45, left, signature_lines(signature)),
    ]


def signature_lines(signature: Signature) -> list[Xml]:
    """Return authority and office in capitals, room for signing, the name."""
    return [
        *_lines("Office", (signature.authority or "").upper()),
        *_lines("Office", signature.office.upper()),
        paragraph("Signer", run(signature.name or "")),
    ]


def recipient_lines(recipients: Sequence[str]) -> list[str]:
    """Return the lines under "Nơi nhận:" as they are printed, "Lưu" the last."""
    items = [item.strip().lstrip("-–").rstrip(";.").strip() for item in recipients]
    items = [item for item in items if item]
    if not any(item.startswith("Lưu") for item in items):
        items.append(FILED)
    ends = [";"] * (len(items) - 1) + ["."]
    return [f"- {item}{end}" for item, end in zip(items, ends, strict=True)]


def _lines(style: str, text: str, *, keep_next: bool = False) -> list[Xml]:
    return [paragraph(style, run(line), keep_next=keep_next) for line in split_paragraphs(text)]


def _rule_under(text_mm: float, width_mm: float) -> Xml:
    return paragraph("Rule", indent_mm=(width_mm - _RULE_SHARE * min(text_mm, width_mm)) / 2)
