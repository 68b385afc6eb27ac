"""The form of a round as a Word file: to fill in on a screen, or to print and write on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import unescape

from consult.consultations.models import Question
from consult.core.i18n import format_datetime
from consult.documents.form_places import WHOLE_DRAFT, FormOf, mark_of
from consult.documents.layout import (
    MOTTO,
    NATION,
    PORTRAIT,
    section_heading,
    text_block,
    title_block,
    two_columns,
    write_docx,
)
from consult.documents.services import KINDS, STANCES
from consult.documents.wordml import (
    Xml,
    cell,
    control,
    keep_with_next,
    marked,
    paragraph,
    row,
    run,
    table,
)
from consult.drafts.queries import ProvisionLine
from consult.submissions.models import Identity

TITLE = "Phiếu góp ý, phản biện"
IDENTITIES = {
    Identity.PUBLIC: "Công khai họ tên",
    Identity.ORGANISATION: "Chỉ công khai tên tổ chức",
    Identity.SEALED: "Bảo mật danh tính",
}
# What stands in a field until it is filled.
CHOOSE, WRITE = "Chọn một mục", "Nhấn vào đây để ghi"

_LABEL_MM = 45.0
_MOTTO_MM = 56.0  # the words' own width in the style's size: the rule must be as long
_ARGUMENT_MM, _WORDING_MM, _LINE_MM = 42.0, 30.0, 9.0
_FIELDS = re.compile(r"<w:sdt>.*?</w:sdt>", re.DOTALL)
_WORDS = re.compile(r"<w:t(?: [^>]*)?>([^<]*)</w:t>")


def render(form: FormOf, address: str) -> bytes:
    """Return the form as a Word file; ``address`` is where it is uploaded, filled in."""
    subject = _subject(form)
    return write_docx(blocks(form, address), PORTRAIT, title=f"{TITLE} {subject}", dated=None)


def printed(form: FormOf, address: str) -> list[str]:
    """Return the lines of text that the form itself has outside its fields."""
    paragraphs = _FIELDS.sub("", "".join(blocks(form, address))).split("</w:p>")
    return ["".join(map(unescape, _WORDS.findall(markup))) for markup in paragraphs]


def blocks(form: FormOf, address: str) -> list[Xml]:
    """Return the form's content; ``address`` as in `render`."""
    return [
        *_head(form),
        *_guide(form, address),
        *section_heading("I. Người góp ý"),
        *_person(),
        *section_heading("II. Ý kiến về dự thảo"),
        *_slot(WHOLE_DRAFT, "Ý kiến chung về toàn văn dự thảo"),
        *(block for line in form.places for block in _slot(f"p{line.id}", _heading(line))),
        *_questions(form.questions),
        *_foot(),
    ]


def _subject(form: FormOf) -> str:
    title = form.consultation.version.draft.title
    # A title begins with "Dự thảo"; inside a sentence the word takes a small letter.
    title = f"d{title[1:]}" if title.startswith("Dự thảo ") else title
    part = f" ({_heading(form.division)})" if form.division else ""
    return f"đối với {title}{part}"


def _head(form: FormOf) -> list[Xml]:
    consultation = form.consultation
    number = f"Đợt lấy ý kiến số {consultation.id}, văn bản số {consultation.version_id}"
    return [
        paragraph("Nation", run(NATION)),
        paragraph("Motto", run(MOTTO)),
        paragraph("Rule", indent_mm=(PORTRAIT.text_width - _MOTTO_MM) / 2),
        *title_block(TITLE, _subject(form), PORTRAIT),
        paragraph("State", marked(mark_of(form).tag, "Mã phiếu", number)),
        *text_block(f"Kính gửi: {consultation.agency.name}"),
    ]


def _guide(form: FormOf, address: str) -> list[Xml]:
    consultation = form.consultation
    period = ""
    if consultation.opens_at and consultation.closes_at:
        period = (
            f"Thời gian nhận ý kiến: từ {format_datetime(consultation.opens_at)} "
            f"đến {format_datetime(consultation.closes_at)}.\n"
        )
    by_choice = (
        "Các câu hỏi lựa chọn của cơ quan soạn thảo được trả lời trực tiếp trên Cổng.\n"
        if form.by_choice
        else ""
    )
    return text_block(
        f"{period}"
        "Chỉ điền ở những điều, khoản có ý kiến; phần còn lại để trống. Nếu có nhiều ý kiến về "
        "cùng một điều, sao chép cả bảng của điều đó và dán xuống dưới. Ghi ý kiến trong các ô, "
        "không ghi bên ngoài.\n"
        f"Gửi phiếu: tải phiếu đã điền lên {address} để xem lại rồi gửi, hoặc in ra, ký tên và "
        "gửi đến cơ quan chủ trì.\n"
        f"{by_choice}"
        "Không ghi nội dung thuộc bí mật nhà nước."
    )


def _person() -> list[Xml]:
    choices = [(identity.value, words) for identity, words in IDENTITIES.items()]
    return _table(
        [
            _line("Họ và tên", control("name", "Họ và tên", WRITE), _LINE_MM),
            _line("Tổ chức (nếu thay mặt)", control("organisation", "Tổ chức", WRITE), _LINE_MM),
            _line(
                "Công khai danh tính",
                control("identity", "Công khai danh tính", CHOOSE, choices=choices),
                _LINE_MM,
            ),
        ]
    )


def _slot(slot: str, heading: str) -> list[Xml]:
    """Return the table of one place: a heading, and the fields of one point."""
    kinds = [(kind.value, words) for kind, words in KINDS.items()]
    stances = [(stance.value, words) for stance, words in STANCES.items()]
    width = PORTRAIT.text_width
    title = keep_with_next(cell(width, [paragraph("CellHead", run(heading))], columns=2))
    return _table(
        [
            row([title], whole=True),
            _line("Loại ý kiến", control(f"{slot}.kind", "Loại ý kiến", CHOOSE, choices=kinds), 0),
            _line("Quan điểm", control(f"{slot}.stance", "Quan điểm", CHOOSE, choices=stances), 0),
            _line("Ý kiến, lý lẽ", control(f"{slot}.argument", "Ý kiến", WRITE), _ARGUMENT_MM),
            _line("Đề nghị sửa thành", control(f"{slot}.wording", "Đề nghị", WRITE), _WORDING_MM),
        ]
    )


def _questions(questions: Sequence[Question]) -> list[Xml]:
    if not questions:
        return []
    answers = [
        _table(
            [
                row(
                    [
                        cell(
                            PORTRAIT.text_width,
                            [paragraph("CellHead", run(f"Câu {asked.ordinal}. {asked.text}"))],
                            columns=2,
                        )
                    ],
                    whole=True,
                ),
                _line(
                    "Trả lời", control(f"q{asked.ordinal}.argument", "Trả lời", WRITE), _ARGUMENT_MM
                ),
            ]
        )
        for asked in questions
    ]
    return [
        *section_heading("III. Trả lời câu hỏi của cơ quan soạn thảo"),
        *(block for answer in answers for block in answer),
    ]


def _foot() -> list[Xml]:
    signer = [
        paragraph("PlaceDate", run("……………, ngày …… tháng …… năm ………")),
        paragraph("Office", run("NGƯỜI GÓP Ý")),
        paragraph("State", run("(Ký, ghi rõ họ tên)")),
    ]
    return [
        paragraph("Gap", keep_next=True),
        two_columns(PORTRAIT, PORTRAIT.text_width * 0.4, [], signer),
    ]


def _line(label: str, field: Xml, height_mm: float) -> Xml:
    return row(
        [
            cell(_LABEL_MM, [paragraph("Cell", run(label))]),
            cell(PORTRAIT.text_width - _LABEL_MM, [paragraph("Cell", field)]),
        ],
        height_mm=height_mm,
    )


def _table(rows: Sequence[Xml]) -> list[Xml]:
    widths = (_LABEL_MM, PORTRAIT.text_width - _LABEL_MM)
    # A paragraph must follow, or Word joins this table to the next one.
    return [table(widths, rows, lines=True), paragraph("Gap")]


def _heading(line: ProvisionLine) -> str:
    citation = line.citation[:1].upper() + line.citation[1:]
    return f"{citation}. {line.title}" if line.title else citation
