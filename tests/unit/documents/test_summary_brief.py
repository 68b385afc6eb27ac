"""The brief for the Council keeps to two pages, however much there is to tell."""

from __future__ import annotations

import pypdfium2
import pytest

import consult.submissions.paper.models  # noqa: F401  (a mapper of submissions names it)
from consult.accounts.models import User
from consult.consultations.models import Consultation
from consult.core.portal import Portal
from consult.documents.model import Mau10Dissent
from consult.documents.official_pdf import render_pdf
from consult.documents.summary_brief import brief_document
from consult.documents.summary_material import Material
from consult.drafts.models import Draft, DraftVersion
from consult.people.models import Organisation
from consult.submissions.models import Authorship, Identity, Point, Stance, Submission
from consult.summaries.matrix import Line
from consult.summaries.models import Passage, State, Summary
from consult.summaries.sections import Apart, SectionView

LONG = "Chính sách hỗ trợ, đãi ngộ, tôn vinh và sử dụng đội ngũ trí thức khoa học, công nghệ "
CHAPTERS = 40


def a_passage(number: int, stance: Stance) -> Passage:
    writer = User(full_name="PGS. TS. Nguyễn Phước Hoàng Thị Thanh Huyền", email="a@example.org")
    who = Authorship(user=writer, identity=Identity.PUBLIC)
    words = (LONG * 3)[:239] + "."
    point = Point(id=number, argument=words, stance=stance, submission=Submission(authorship=who))
    return Passage(point_id=number, point=point, text=words, start=0, end=240)


def a_section(number: int, title: str) -> SectionView:
    line = Line(
        id=number,
        key=f"c{number}",
        kind="chapter",
        citation=f"chương {number}",
        title=title,
        text="",
        depth=0,
        parent_id=None,
        ordinal=number,
    )
    counts = dict.fromkeys(Stance, 10234 + number)
    return SectionView(line, counts, LONG * 20, [a_passage(number, one) for one in Stance])


def a_brief(sections: list[SectionView]) -> Material:
    agency = Organisation(name="Sở Khoa học và Công nghệ", kind="agency")
    front = Organisation(
        name="Ban Thường trực Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh Đồng Nai",
        kind="front",
        place="Đồng Nai",
        parent=Organisation(name="Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh Đồng Nai", kind="front"),
    )
    return Material(
        summary=Summary(state=State.DRAFT),
        introduction=LONG * 50,
        conclusion=LONG * 50,
        consultation=Consultation(
            agency=agency, version=DraftVersion(draft=Draft(title=f"Dự thảo {LONG * 3}"[:300]))
        ),
        manifest={
            "received": 1_640_924,
            "withdrawn": [1, 2, 3],
            "submissions": 640_924,
            "people": 400_924,
            "organisations": 10_924,
            "texts": 900_924,
        },
        lines=[section.line for section in sections if section.line],
        sections=sections,
        apart=Apart(known=True),
        points={},
        draft={},
        dissents=(Mau10Dissent("A", LONG, "YK-1"),),
        front=front,
        addressees=(),
        settings=Portal(),
        log="Bản chốt sổ: " + "consult.example.org/log 40924 " + "A1b2C3d4" * 30,
    )


def pages(sections: list[SectionView]) -> list[str]:
    with pypdfium2.PdfDocument(render_pdf(brief_document(a_brief(sections)))) as opened:
        return [page.get_textpage().get_text_bounded() for page in opened]


@pytest.mark.parametrize("chapters", [1, 3, 5, 8, 12, CHAPTERS])
@pytest.mark.parametrize("title", [LONG[:20], LONG * 5])
def test_two_pages_hold_whatever_there_is(chapters: int, title: str) -> None:
    assert len(pages([a_section(number, title) for number in range(1, chapters + 1)])) <= 2


def test_chapters_without_a_bar_are_counted_together() -> None:
    told = "".join(pages([a_section(number, LONG) for number in range(1, CHAPTERS + 1)]))
    assert "phần còn lại" in told
    assert f"YK-{CHAPTERS}" in told  # still somebody is quoted word for word
    assert "xem báo cáo tổng hợp" in " ".join(told.split())
