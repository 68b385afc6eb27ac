"""A whole round in roles, from the upload to the answers and Mẫu số 10."""

from __future__ import annotations

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from docx import Document
from playwright.sync_api import Browser

from config import ROOT
from consult.core import clock
from tests.browser.conftest import link_in_letter
from tests.browser.roles import (
    Delegate,
    FrontStaff,
    Intellectual,
    Newcomer,
    Official,
    Secretariat,
    vi,
)
from tests.support import factories as make
from tests.support.live import Live

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
DRAFT = ROOT / "tests" / "data" / "drafts" / "TT-13-2026-BQP.docx"
TITLE = "Lấy ý kiến dự thảo Thông tư về chế độ công tác"


@pytest.fixture
def staff(site: Live) -> dict[str, str]:
    """The accounts that exist before the story begins; their names by role."""
    with site.app.app_context():
        agency = make.organisation("agency", "Sở Khoa học và Công nghệ", short_name="Sở KH&CN")
        front = make.organisation("front", "Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh")
        union = make.organisation("union", "Liên hiệp các Hội Khoa học và Kỹ thuật tỉnh")
        council = make.organisation("council", "Hội đồng nhân dân tỉnh")
        club = make.organisation("club", "Câu lạc bộ Trí thức Đồng Xoài")
        make.user("Trần Thị Bình", roles=(("official", agency),), email="official@example.org")
        make.user("Lê Văn Chi", roles=(("front", front),), email="front@example.org")
        make.user("Ngô Thị Em", roles=(("front", front),), email="front2@example.org")
        make.user("Phạm Thu Dung", roles=(("secretariat", union),), email="union@example.org")
        make.user("Vũ Thị Giang", roles=(("secretariat", union),), email="second@example.org")
        make.user("Hoàng Minh Đạt", roles=(("council", council),), email="council@example.org")
        member = make.user("Điểu Thị Hoa", verified=True, email="member@example.org")
        make.member(member, club)
    return {"club": "Câu lạc bộ Trí thức Đồng Xoài"}


def test_a_round_from_upload_to_answers(  # noqa: PLR0915 - one story, told in order
    browser: Browser, site: Live, staff: dict[str, str]
) -> None:
    # Somebody registers, confirms the address and asks to be verified.
    author = Newcomer(browser, site, "an")
    author.registers("Nguyễn Văn An", "an@example.org", "sông Bé chảy về Đồng Nai 9")
    author.confirms(link_in_letter(site, r"/confirm/\S+"))
    if "/sign-in" in author.page.url or not author.page.locator("details.menu").count():
        author.signs_in("an@example.org", "sông Bé chảy về Đồng Nai 9")
    author.asks_to_be_verified()

    secretariat = Secretariat(browser, site, "dung")
    secretariat.signs_in("union@example.org", make.PASSWORD)
    secretariat.checks("Nguyễn Văn An")
    secretariat.leaves()
    second = Secretariat(browser, site, "giang")
    second.signs_in("second@example.org", make.PASSWORD)
    second.confirms_the_title("Nguyễn Văn An")
    second.leaves()

    # The official opens a round that begins in two hours.
    now = clock.now().replace(second=0, microsecond=0)
    opens, closes = now + timedelta(hours=2), now + timedelta(days=10)
    official = Official(browser, site, "binh")
    official.signs_in("official@example.org", make.PASSWORD)
    official.uploads("Dự thảo Thông tư", DRAFT)
    round_id = official.opens_a_round(TITLE, opens.astimezone(ZONE), closes.astimezone(ZONE))

    # Its hour comes; the scheduler opens it.
    site.move_to(opens - timedelta(minutes=2))
    page = author.goes_to(f"/rounds/{round_id}")
    assert vi("Scheduled") in page.locator("main").inner_text()
    site.move_to(opens)
    page = author.goes_to(f"/rounds/{round_id}")
    assert vi("Open for comment") in page.locator("main").inner_text()
    author.is_fine("round")

    # The author and a club's member write.
    writer = Intellectual.__new__(Intellectual)
    writer.__dict__ = author.__dict__
    key = page.locator("[id].provision").nth(5).get_attribute("id") or ""
    writer.writes(round_id, key, "Disagree", "Quy định này chưa khả thi vì thiếu nguồn lực.", "Bỏ.")
    writer.writes(round_id, None, "Agree with changes", "Dự thảo cần phân công rõ trách nhiệm.")
    reference = writer.sends(round_id, "Show my name: everybody who reads the opinion sees it")
    member = Intellectual(browser, site, "hoa", phone=True)
    member.signs_in("member@example.org", make.PASSWORD)
    member.writes(round_id, key, "Agree", "Tôi tán thành vì phù hợp với thực tiễn của tỉnh.")
    member.sends(
        round_id,
        "Show only my organisation: readers see the club's name, not mine",
        club=staff["club"],
    )

    # It closes to the second; what comes later is refused with the instant, and kept.
    member.goes_to(f"/rounds/{round_id}/write?provision={key}")
    member.page.get_by_label(vi("Agree"), exact=True).check()
    member.page.get_by_label(vi("Your argument")).fill("Ý kiến gửi muộn.")
    site.move_to(closes)
    member.presses(vi("Save in my contribution"))
    member.page.wait_for_load_state()
    member.goes_to(f"/rounds/{round_id}/basket")
    member.sees("Ý kiến gửi muộn.")
    member.sees(closes.astimezone(ZONE).strftime("%d/%m/%Y"))
    assert not member.page.locator("section[aria-labelledby=send]").count()
    member.leaves()

    # The Front summarises, the agency answers.
    front = FrontStaff(browser, site, "chi")
    front.signs_in("front@example.org", make.PASSWORD)
    front.summarises(round_id)
    colleague = FrontStaff(browser, site, "em")
    colleague.signs_in("front2@example.org", make.PASSWORD)
    colleague.approves(round_id)
    colleague.leaves()
    front.releases(round_id, early="Kỳ họp của Hội đồng nhân dân đã gần.")
    front.sees("Mặt trận nhận được các ý kiến sau đây.")
    front.leaves()
    official.answers_everything(round_id, "Partly accepted", "Tiếp thu việc làm rõ trách nhiệm.")
    site.work()

    # The author is told, and reads the answer.
    page = author.goes_to("/notices")
    author.sees(vi("Your points have been answered"))
    author.is_fine("notices")
    assert link_in_letter(site, r"/my/contributions")
    page = author.goes_to("/my/contributions")
    author.sees("Tiếp thu việc làm rõ trách nhiệm.")
    assert reference in page.content()
    author.is_fine("contributions")
    author.leaves()

    # The delegate reads the summary.
    delegate = Delegate(browser, site, "dat")
    delegate.signs_in("council@example.org", make.PASSWORD)
    delegate.reads_the_summary()
    delegate.sees("thiếu nguồn lực")
    delegate.leaves()

    # Mẫu số 10 comes out, with everybody's words and no name that was not to be shown.
    official.goes_to(f"/office/rounds/{round_id}/answers")
    document = Document(str(official.downloads(vi("Form 10 (DOCX)"))))
    text = "\n".join(p.text for p in document.paragraphs) + "\n".join(
        cell.text for table in document.tables for row in table.rows for cell in row.cells
    )
    assert "BẢN TỔNG HỢP Ý KIẾN" in text.upper()
    assert "thiếu nguồn lực" in text
    assert "phù hợp với thực tiễn của tỉnh" in text
    assert staff["club"] in text
    assert "Điểu Thị Hoa" not in text
    assert re.search(r"tiếp thu một phần", text, re.I)
    official.leaves()
