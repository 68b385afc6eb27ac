"""An official uploads a text in an old font and a scan: sample, confirmation, progress."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from consult.drafts.parsing import helpers
from tests.browser.conftest import PHONE, Person
from tests.browser.roles import vi
from tests.support import factories, live
from tests.unit.drafts import old_fonts
from tests.unit.drafts.files import DATA, scanned

LAW = (
    "Điều 1. Phạm vi điều chỉnh\nQuyết định này quy định việc tổ chức lấy ý kiến của các cơ quan, "
    "tổ chức, cá nhân về dự thảo.\nĐiều 2. Hiệu lực\nQuyết định có hiệu lực từ ngày ký; các sở, "
    "ngành, ủy ban nhân dân các xã thực hiện."
)


def official(site: live.Live, person: Callable[..., Person]) -> Person:
    with site.app.app_context():
        agency = factories.organisation(name="Sở Khoa học và Công nghệ")
        factories.user(roles=(("official", agency),), email="can.bo@example.org")
    someone = person("official")
    someone.signs_in("can.bo@example.org", factories.PASSWORD)
    return someone


def uploads(someone: Person, path: Path) -> None:
    someone.goes_to("/office/drafts/upload")
    someone.box("Tên dự thảo").fill("Dự thảo Quyết định về tổ chức lấy ý kiến")
    someone.page.locator("input[type=file]").set_input_files(path)


def test_an_old_font_is_compared_and_confirmed(
    site: live.Live, person: Callable[..., Person], tmp_path: Path
) -> None:
    someone = official(site, person)
    path = tmp_path / "cu.txt"
    path.write_bytes(old_fonts.tcvn3(LAW).encode("latin-1"))
    uploads(someone, path)
    someone.is_fine("upload-draft")
    someone.presses("Đọc văn bản")
    someone.sees("Cách khôi phục văn bản")
    someone.is_fine("reading-to-confirm")
    someone.presses("Tôi đã đối chiếu: xác nhận")
    someone.sees("Đã xác nhận kết quả đọc văn bản.")
    someone.leaves()


def test_a_scan_is_read_while_one_waits(
    site: live.Live, person: Callable[..., Person], tmp_path: Path
) -> None:
    if not helpers.found().ocr:
        pytest.skip("tesseract with Vietnamese is not installed")
    someone = official(site, person)
    path = tmp_path / "quet.pdf"
    path.write_bytes(scanned("ND-293-2025-luong-toi-thieu.pdf", pages=1, dpi=150))
    uploads(someone, path)
    someone.presses("Đọc văn bản")
    someone.sees("Đã đọc 0/1 trang")
    someone.is_fine("scan-in-progress")
    site.work()
    someone.sees("Đã đọc xong bản quét")  # without a reload
    someone.is_fine("scan-read")
    someone.follows("Xem kết quả đọc văn bản")
    someone.sees("Tôi đã đối chiếu: xác nhận")
    someone.is_fine("scan-as-read")
    someone.leaves()


IN_VIEW = """figure => {
    const box = figure.getBoundingClientRect();
    const frame = figure.parentElement.getBoundingClientRect();
    return box.top < frame.bottom && box.bottom > frame.top
        && box.top < innerHeight && box.bottom > 0;
}"""


def test_pages_stand_beside_the_provisions(site: live.Live, person: Callable[..., Person]) -> None:
    someone = official(site, person)
    uploads(someone, DATA / "ND-293-2025-luong-toi-thieu.pdf")
    someone.presses("Đọc văn bản")
    someone.follows(vi("the pages of the original"))
    page = someone.page
    page.locator("#page-1 img").evaluate("image => image.decode()")
    someone.is_fine("pages-beside")
    drawn = page.locator("#page-4 img").evaluate("image => image.complete && image.naturalWidth")
    row = page.locator(".node", has_text=re.compile("khoản 5 Điều 5", re.IGNORECASE)).first
    row.locator("a").first.click()
    page.wait_for_selector(".correct")
    last = page.locator("#page-4")
    page.wait_for_timeout(300)
    assert last.evaluate(IN_VIEW), "the page of the clause came into view"
    last.locator("img").evaluate("image => image.decode()")
    assert not drawn, "it was not fetched before"
    someone.is_fine("pages-beside-chosen")
    page.get_by_text(vi("Kind, number and title")).first.click()
    someone.box(vi("Title")).first.fill("Đối với trường hợp")
    someone.presses(vi("Save the correction"))
    someone.sees("Đối với trường hợp")
    page.wait_for_timeout(300)
    assert last.evaluate(IN_VIEW), "the pages are still beside the provisions"
    someone.presses(vi("Undo"))
    someone.sees(vi("The correction was undone."))
    assert last.count() == 1
    someone.leaves()


def test_a_phone_shows_pages_or_provisions(site: live.Live, person: Callable[..., Person]) -> None:
    someone = official(site, person)
    uploads(someone, DATA / "ND-293-2025-luong-toi-thieu.pdf")
    someone.presses("Đọc văn bản")
    someone.follows(vi("the pages of the original"))
    page = someone.page
    page.set_viewport_size(PHONE)
    assert not page.locator("#page-1").is_visible()
    page.get_by_text(vi("Pages of the original"), exact=True).click()
    page.locator("#page-1 img").evaluate("image => image.decode()")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert not page.locator(".tree-column").is_visible()
    someone.leaves()
